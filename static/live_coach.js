// The coach's word in the status line, so that nothing jumps when it has something to say; a click on it opens what
// it says over the page. Text is only ever set as textContent.

import { element, say } from "./live_element.js"
import { opens } from "./live_popover.js"

const SILENT = "Coach: nothing to say yet"

// advise: called with the name of the advice whose button was pressed.
export function coachLine(advise) {
  const title = element("span", "live-coach-title"), evidence = element("span", "live-coach-evidence")
  const more = element("span", "live-coach-more"), said = element("span", "live-coach-said", "", [title, evidence])
  said.setAttribute("role", "status")
  const sign = element("span", "live-coach-sign", "✎")
  sign.setAttribute("aria-hidden", "true")
  const line = element("button", "live-coach-line", "", [sign, said, more])
  const list = element("div", "live-coach-list")
  opens(line, list)
  const section = element("section", "live-coach st-key-coach", "", [line, list])
  section.setAttribute("aria-label", "Coach")
  const coach = {section, line, list, title, evidence, more, advise, advice: []}
  show(coach)
  return coach
}

export function drawCoach(coach, {line, advice}) {
  coach.advice = advice
  coach.quiet = line
  show(coach)
}

function show(coach) {
  const {section, line, list, advice} = coach, [first] = advice
  section.classList.toggle("speaks", advice.length > 0)
  line.disabled = !advice.length
  if (!first && list.matches(":popover-open")) list.hidePopover()
  say(coach.title, first ? first.title : "")
  say(coach.evidence, first ? first.evidence : coach.quiet || SILENT)
  say(coach.more, first ? (advice.length > 1 ? `+${advice.length - 1} ▾` : "▾") : "")
  line.title = first ? `${first.title}. ${first.evidence}` : coach.quiet || SILENT
  // Buttons stay as long as their advice does: one that is being pressed must not be another one.
  while (list.children.length > advice.length) list.lastChild.remove()
  advice.forEach((one, index) => {
    if (!list.children[index]) list.append(entry())
    fill(list.children[index], one, coach.advise)
  })
}

function entry() {
  const parts = [element("h3", ""), element("p", "live-coach-why"), element("p", "live-coach-text"),
    element("button", "live-coach-button")]
  parts[3].type = "button"
  return element("article", "live-coach-advice", "", parts)
}

function fill(node, one, advise) {
  const [title, evidence, text, button] = node.children
  node.dataset.name = one.name
  say(title, one.title)
  say(evidence, one.evidence)
  say(text, one.text)
  say(button, one.button)
  button.hidden = !one.button  // what came of the last advice is only told
  button.title = "Puts this into the choices on the left; Train starts it"
  button.onclick = () => advise(one.name)
}
