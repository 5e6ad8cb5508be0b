// The status of the shown run in one line, and everything else about it over the page. Text is only ever textContent.

import { element, pair, say } from "./live_element.js"
import { opens } from "./live_popover.js"

export function statusLine() {
  const sign = element("span", "live-sign"), word = element("span", "live-word")
  sign.setAttribute("aria-hidden", "true")
  const badge = pair("span", sign, word, "live-badge")
  badge.setAttribute("role", "status")
  // Numbers or a sentence, in a place as wide as the numbers may get.
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
  const section = element("section", "live-status st-key-status", "",
    [badge, element("div", "live-said", "", [line, sentence]), more, details, bar])
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
  const room = content.room ?? roomFor(content.numbers)
  const said = room.map((_, place) => content.numbers[content.line[place]] ?? {name: "", value: ""})
  // With a space, also for a reader.
  rows(status.line, said, () => element("span", "", "", [element("i"), " ", element("b")]), small)
  room.forEach((characters, place) => { status.line.children[place].style.minWidth = `${LETTER * characters}ch` })
  status.line.classList.toggle("silent", !content.line.length)
  rows(status.numbers, content.numbers, () => pair("div", element("dt"), element("dd")))
}

// As in the middle of a line, beside the metric; MAE stays MAE.
const small = (name) => name.startsWith("Test ") ? "test" : /^[A-Z][a-z]/.test(name) ? name[0].toLowerCase() + name.slice(1) : name

const LETTER = 0.9  // of a digit's width, in the mean of what is said

// The most characters that the numbers in the line take with their names, in any state of a run: nothing beside them
// moves. Their places are those of `WATCHED` in core/views/status.py.
function roomFor(numbers) {
  const epochs = numbers[0].value.split("/ ")[1] ?? "100"
  return [`epoch ${epochs}.0 / ${epochs}`, "loss 0.0000", `${numbers[7].name} 100.0 %`, "time left 0:00 min"].map(({length}) => length)
}

function rows(parent, values, make, named = (name) => name) {
  while (parent.children.length > values.length) parent.lastChild.remove()
  values.forEach(({name, value}, index) => {
    if (!parent.children[index]) parent.append(make())
    const [term, said] = parent.children[index].children
    say(term, named(name))
    say(said, value)
  })
}
