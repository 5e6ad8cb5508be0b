// The run bar: the buttons of a run, their keys, and the two menus beside them. See core/views/run_bar.py for what it
// is told, and ui/live/commands.py for what its commands do.

import { typing } from "./live_choices.js"
import { element, say } from "./live_element.js"
import { Rewind } from "./live_rewind.js"

// Key of the keyboard, word, sign, and what the button does where no words of the page's own say so.
const BUTTONS = {
  train: ["t", "Train", "▶", "Train a network with these settings"],
  pause: ["p", "Pause", "❚❚", "Pause the run"],
  resume: ["g", "Resume", "▶", "Go on with the run"],
  step: ["n", "Step", "▶❚", "Train a single step or epoch, then pause"],
  stop: ["s", "Stop", "■", "End the run; its curves stay"],
  reset: ["z", "Reset", "↺", "Start again from the first weights"]}
const MENUS = {unit: ["step_unit", "What one press of Step does"], pace: ["pace", "How fast the epochs go by, at most"]}
const AUTO_MS = 300
// Train, Pause and Resume take turns in one place; Pause and Resume may stand beside Train.
const TURNS = new Set(["train", "pause", "resume"])

// command: called with the name of a command and its value. adopt: called to put the shown run's settings into the
// sidebar. words: what buttons and menus do on another page, by their names; `slider`: what that counts.
export function runBar(command, adopt, words = {}) {
  const nodes = {buttons: {}, menus: {}, can: new Set()}
  const children = []
  for (const [name, [key, word, sign, does]] of Object.entries(BUTTONS)) {
    const title = words[name] ?? does
    const button = element("button", "run-button", "", [element("span", "run-sign", sign), element("span", "", word),
      element("kbd", "", key.toUpperCase())])
    button.type = "button"
    button.title = `${title} (${key.toUpperCase()})`
    button.setAttribute("aria-keyshortcuts", key.toUpperCase())
    button.firstChild.setAttribute("aria-hidden", "true")
    button.lastChild.setAttribute("aria-hidden", "true")
    button.onclick = () => command(name)
    nodes.buttons[name] = button
    children.push(element("div", `st-key-${name}`, "", [button]))
    if (name === "step") children.push(menu("unit", nodes, command))
  }
  nodes.rewind = new Rewind(command, words.slider)
  children.push(nodes.rewind.root, menu("pace", nodes, command, words.pace), autoTrain(nodes, command))
  nodes.note = element("p", "run-note")
  nodes.note.setAttribute("role", "status")
  nodes.adopt = element("button", "run-adopt", "Use its settings")
  nodes.adopt.type = "button"
  nodes.adopt.onclick = adopt
  nodes.onward = element("button", "run-adopt", "Continue", [element("span", "run-long", " from here")])
  nodes.onward.type = "button"
  nodes.onward.onclick = () => command("continue", {at: null, edits: []})
  const onward = element("div", "st-key-continue", "", [nodes.onward])
  // Where there is no room for the note, it drops out of sight as a whole; the button beside it has it as its title.
  nodes.told = element("div", "run-told", "", [element("span"), nodes.note])
  nodes.root = element("div", "run-bar st-key-run_bar", "", [...children, onward, nodes.told, nodes.adopt])
  nodes.root.id = "run-bar"
  nodes.root.tabIndex = -1
  nodes.root.setAttribute("role", "toolbar")
  nodes.root.setAttribute("aria-label", "Run")
  nodes.skip = skipLink(nodes.root)
  nodes.keys = (event) => press(nodes, event, command)
  // Before the fields hear of it: a select box would open at a letter.
  document.addEventListener("keydown", nodes.keys, true)
  return nodes
}

export function drawBar(nodes, {shown, enabled, primary, pace, unit, menus, note, refused, over, continues, onward, adopts, view, choices}) {
  nodes.can = new Set(enabled)
  for (const [name, button] of Object.entries(nodes.buttons)) {
    button.disabled = !nodes.can.has(name)
    button.parentElement.hidden = TURNS.has(name) && !shown.includes(name)
    button.classList.toggle("primary", name === primary)
  }
  fill(nodes.menus.pace, menus.pace, pace)
  fill(nodes.menus.unit, menus.unit, unit)
  say(nodes.note, note)
  nodes.note.title = nodes.adopt.title = note
  nodes.note.classList.toggle("refused", refused)
  nodes.note.classList.toggle("over", over)
  nodes.told.classList.toggle("over", over)
  nodes.told.classList.toggle("silent", !note)
  nodes.adopt.hidden = !adopts
  nodes.onward.parentElement.hidden = !continues
  nodes.onward.title = onward
  nodes.auto.checked = view.auto
  follow(nodes, view.auto && enabled.includes("train"), choices)
}

export function removeBar(nodes) {
  clearTimeout(nodes.waiting)
  nodes.rewind.stop()
  document.removeEventListener("keydown", nodes.keys, true)
  nodes.skip.remove()
  nodes.root.remove()
}

function autoTrain(nodes, command) {
  nodes.auto = Object.assign(element("input"), {type: "checkbox"})
  nodes.auto.onchange = () => command("view", {auto: nodes.auto.checked})
  nodes.begin = () => command("train", "auto")
  const label = element("label", "run-auto", "", [nodes.auto, element("span", "", "Auto", [element("span", "run-long-word", "-train")])])
  label.title = "Start a run by itself whenever a setting was changed"
  return element("div", "st-key-auto", "", [label])
}

// Train what was chosen once nothing more is chosen. on: whether a run should start by itself.
function follow(nodes, on, choices) {
  const changed = nodes.choices !== undefined && nodes.choices !== choices
  nodes.choices = choices
  if (!on || changed) clearTimeout(nodes.waiting)
  if (on && changed) nodes.waiting = setTimeout(nodes.begin, AUTO_MS)
}

function menu(name, nodes, command, does) {
  const [key, usual] = MENUS[name], title = does ?? usual, select = element("select", "run-menu")
  select.title = title
  select.setAttribute("aria-label", title)
  select.onchange = () => command(name, select.value)
  nodes.menus[name] = select
  return element("div", `st-key-${key}`, "", [select])
}

function fill(select, options, chosen) {
  if (select.options.length !== options.length) {
    select.replaceChildren(...options.map((option) => Object.assign(element("option", "", option), {value: option})))
  }
  if (select.value !== chosen) select.value = chosen
}

function press(nodes, event, command) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || typing(event.target)) return
  if (nodes.rewind.pressed(event)) {
    event.preventDefault()
    event.stopPropagation()
    return
  }
  const name = Object.keys(BUTTONS).find((one) => BUTTONS[one][0] === event.key.toLowerCase())
  if (!name) return
  // A key that is held steps again and again; it presses the other buttons once.
  const acts = nodes.can.has(name) && (!event.repeat || name === "step")
  event.preventDefault()
  event.stopPropagation()
  if (acts) command(name)
}

// The first stop of the Tab key leads here, past all the choices.
function skipLink(bar) {
  const link = element("a", "run-skip", "Skip to the run")
  link.href = "#run-bar"
  link.onclick = (event) => {
    event.preventDefault()
    const first = bar.querySelector("button:not(:disabled)")
    ;(first ?? bar).focus()
  }
  document.body.prepend(link)
  return link
}
