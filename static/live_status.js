// The status of the shown run in one line, and everything else about it over the page. Text is only ever textContent.

import { element, pair, say } from "./live_element.js"
import { opens } from "./live_popover.js"

export function statusLine() {
  const sign = element("span", "live-sign"), word = element("span", "live-word")
  sign.setAttribute("aria-hidden", "true")
  const badge = pair("span", sign, word, "live-badge")
  badge.setAttribute("role", "status")
  const line = element("span", "live-line"), sentence = element("p", "live-sentence")
  const more = element("button", "live-more", "⋯")
  more.title = "All figures of this run"
  more.setAttribute("aria-label", more.title)
  const whole = element("p", "live-whole"), numbers = element("dl", "live-numbers")
  const details = element("div", "live-details", "", [whole, numbers])
  const fill = element("div", "live-fill"), bar = element("div", "live-bar", "", [fill])
  bar.setAttribute("role", "progressbar")
  bar.setAttribute("aria-label", "Epochs done")
  opens(more, details)
  const section = element("section", "live-status st-key-status", "", [badge, line, sentence, more, details, bar])
  return {section, badge, sign, word, line, sentence, whole, fill, bar, numbers}
}

export function drawStatus(status, content) {
  status.section.dataset.status = content.status
  status.bar.classList.toggle("busy", content.busy)
  status.fill.style.width = `${100 * content.progress}%`
  status.bar.setAttribute("aria-valuenow", Math.round(100 * content.progress))
  say(status.sign, content.sign)
  say(status.word, content.word)
  status.badge.title = content.sentence
  say(status.sentence, content.line.length ? "" : content.sentence)
  status.sentence.title = content.sentence
  say(status.whole, content.sentence)
  // By their places: a run of another task names some of them otherwise.
  rows(status.line, content.line.map((place) => content.numbers[place]), () => pair("span", element("i"), element("b")), small)
  rows(status.numbers, content.numbers, () => pair("div", element("dt"), element("dd")))
}

// As in the middle of a line; MAE stays MAE.
const small = (name) => /^[A-Z][a-z]/.test(name) ? name[0].toLowerCase() + name.slice(1) : name

function rows(parent, values, make, named = (name) => name) {
  while (parent.children.length > values.length) parent.lastChild.remove()
  values.forEach(({name, value}, index) => {
    if (!parent.children[index]) parent.append(make())
    const [term, said] = parent.children[index].children
    say(term, named(name))
    say(said, value)
  })
}
