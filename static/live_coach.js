// The coach's word in the status line, so that nothing jumps when it has something to say; a click on it opens what
// it says over the page. Text is only ever set as textContent.

import { element, say } from "./live_element.js"
import { opens } from "./live_popover.js"

const SILENT = "Coach: nothing to say yet"
const NAME = /^Coach: (.)/  // stands beside it

// advise: called with the name of the advice whose button was pressed. train: called to train what came of it.
export function coachLine(advise, train) {
  const title = element("span", "live-coach-title"), evidence = element("span", "live-coach-evidence")
  const more = element("span", "live-coach-more"), said = element("span", "live-coach-said", "", [title, evidence])
  said.setAttribute("role", "status")
  const sign = element("span", "live-coach-sign", "✎"), name = element("span", "live-coach-name", "Coach")
  sign.setAttribute("aria-hidden", "true")
  const line = element("button", "live-coach-line", "", [sign, name, said, more])
  const list = element("div", "live-coach-list")
  opens(line, list)
  const section = element("section", "live-coach st-key-coach", "", [line, list])
  section.setAttribute("aria-label", "Coach")
  const coach = {section, line, list, title, evidence, more, advise, train, advice: [], taken: new Set()}
  show(coach)
  return coach
}

export function drawCoach(coach, {line, advice}) {
  // Whatever is new, what was taken before is done with.
  if (JSON.stringify(advice) !== JSON.stringify(coach.advice)) coach.taken.clear()
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
  say(coach.evidence, first ? first.evidence : (coach.quiet || SILENT).replace(NAME, (_, letter) => letter.toUpperCase()))
  say(coach.more, first ? (advice.length > 1 ? `+${advice.length - 1} ▾` : "▾") : "")
  line.title = first ? `${first.title}. ${first.evidence}` : coach.quiet || SILENT
  // What is inside announces itself, and so gives the button no name.
  line.setAttribute("aria-label", first ? first.title : coach.quiet || SILENT)
  // Buttons stay as long as their advice does: one that is being pressed must not be another one.
  while (list.children.length > advice.length) list.lastChild.remove()
  advice.forEach((one, index) => {
    if (!list.children[index]) list.append(entry())
    fill(list.children[index], one, coach)
  })
}

function entry() {
  const parts = [element("h3", ""), element("p", "live-coach-why"), element("p", "live-coach-text"),
    element("button", "live-coach-button"), element("p", "live-coach-done"), element("button", "live-coach-train", "▶ Train")]
  parts[3].type = parts[5].type = "button"
  parts[4].setAttribute("role", "status")
  return element("article", "live-coach-advice", "", parts)
}

function fill(node, one, coach) {
  const [title, evidence, text, button, done, train] = node.children, taken = coach.taken.has(one.name)
  node.dataset.name = one.name
  say(title, one.title)
  say(evidence, one.evidence)
  say(text, one.text)
  say(button, one.button)
  button.hidden = !one.button || taken  // what came of the last advice is only told
  button.disabled = Boolean(one.refused)
  button.title = one.refused || `Changes: ${one.changes}`
  say(done, taken ? `Changed: ${one.changes}.` : one.refused)
  train.hidden = !taken
  button.onclick = () => {
    coach.advise(one.name)
    coach.taken.add(one.name)
    show(coach)
    train.focus()
  }
  train.onclick = () => {
    coach.list.hidePopover()
    coach.train()
  }
}
