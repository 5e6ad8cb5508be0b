// Weights that the learner sets by hand, in a copy of the shown run's: which ones, and what the card says of them. The
// server has the same list (ui/live/weight_editor.py), and evaluates the network with it.

import { element, say } from "./live_element.js"

/** @typedef {[string, number, number]} Edit name of the weights, such as dense_1/kernel; place among them; value */

export const LARGEST = 1e6
const SEND_MS = 100

/**
 * Put edits into the weights of each step.
 * @param {{name: string}[]} steps
 * @param {Record<string, Float32Array>[]} weights of `weightsOf`; changed in place
 * @param {Edit[]} edits
 */
export function applied(steps, weights, edits) {
  for (const [path, at, value] of edits) {
    const cut = path.lastIndexOf("/"), step = steps.findIndex(({name}) => name === path.slice(0, cut))
    const values = weights[step]?.[path.slice(cut + 1)]
    if (values && at < values.length) values[at] = value
  }
  return weights
}

/**
 * The edits with one more: each weight is there once, and not at all where it has its own value again.
 * @param {Edit[]} edits
 * @param {Edit} edit
 * @param {number} own what it was
 * @returns {Edit[]}
 */
export function changed(edits, [path, at, value], own) {
  const others = edits.filter((one) => one[0] !== path || one[1] !== at)
  return Math.fround(value) === own ? others : [...others, [path, at, value]]
}

/**
 * The number that was typed; null where it is none, or too large.
 * @param {string} text
 */
export function typed(text) {
  const value = Number(text)
  return text.trim() && Math.abs(value) <= LARGEST ? value : null
}

// What stands in the card's header while there are edits, and the way to the server and back.
export class Edits {
  // follow: called when the edits have changed.
  constructor(follow) {
    Object.assign(this, {follow, list: [], turn: 0, base: null, can: false, sent: -Infinity})
    this.words = element("span", "network-edited")
    this.words.setAttribute("role", "status")
    this.back = button("Put it back", "Undo all edits", () => this.change([]))
    this.train = button("Train from these weights", "Start a new run that begins with them", () =>
      this.command?.("continue", {edits: this.list}))
    this.strip = element("span", "network-edits", "", [this.words, this.back, this.train])
    this.strip.hidden = true
  }

  // What the server knows. What it says of an earlier change than the last one here is out of date.
  take({weights, edits = [], turn = 0, editable = false, fate = "", effect = "", trainable = false}) {
    if (weights !== this.base || turn >= this.turn) {
      this.list = edits
      this.turn = Math.max(turn, this.turn)
    }
    Object.assign(this, {base: weights, can: editable, fate, effect})
    this.train.hidden = !trainable
    this.tell()
  }

  /** The value that a weight was set to; undefined for the network's own. */
  of(path, at) {
    return this.list.find((one) => one[0] === path && one[1] === at)?.[2]
  }

  change(list) {
    this.list = list
    this.turn++
    this.send()
    this.tell()
    this.follow()
  }

  // The newest list, at most ten times a second.
  send() {
    const rest = this.sent + SEND_MS - performance.now()
    if (rest > 0) {
      this.timer ??= setTimeout(() => {
        this.timer = undefined
        this.send()
      }, rest)
      return
    }
    this.sent = performance.now()
    this.command?.("edit", {edits: this.list, turn: this.turn})
  }

  tell() {
    const {length} = this.list
    this.strip.hidden = !length
    this.strip.closest(".network-card")?.classList.toggle("edited", length > 0)
    // The result first: a narrow card cuts the rest.
    const told = [this.effect, `${length} edited ${length === 1 ? "weight" : "weights"}`, this.fate]
    say(this.words, length ? told.filter(Boolean).join(" · ") : "")
    this.words.title = this.words.textContent
  }
}

function button(text, title, press) {
  const made = element("button", "live-switch", text)
  Object.assign(made, {type: "button", title, onclick: press})
  return made
}
