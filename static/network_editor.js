// The field in which a weight is set by hand: in the popover of a unit or a connection. A unit's own bias and each weight
// that leads to it are in one list, so that the keyboard reaches all of them.

import { element, say } from "./live_element.js"
import { changed, typed } from "./network_edits.js"

const BIAS = "bias"
const EDITABLE = "click a unit or a line to change its weight"
const REFUSED = "Type a number between −1,000,000 and 1,000,000."

export class Editor {
  // picture: a `NetworkPicture`, whose `edits` are changed.
  constructor(picture) {
    Object.assign(this, {picture, open: null})
    this.which = element("select")
    this.which.setAttribute("aria-label", "Which weight")
    this.which.onchange = () => this.choose(this.which.value)
    this.field = Object.assign(element("input"), {type: "number", step: "0.1"})
    this.field.setAttribute("aria-label", "Its value")
    this.field.oninput = () => this.enter()
    this.wrong = element("div", "network-wrong")
    this.wrong.setAttribute("role", "alert")
    this.form = element("div", "network-editor", "", [this.which, this.field, this.wrong])
    this.form.hidden = true
    this.form.addEventListener("keydown", (event) => this.key(event))
    this.form.addEventListener("focusout", ({relatedTarget}) => {
      if (relatedTarget && !this.form.contains(relatedTarget)) this.close()
    })
  }

  /** Open it for a unit, at its bias, or at the weight of a connection. Whether there is something to edit. */
  show({column, unit, input}) {
    const {picture} = this, {frame, edits} = picture
    if (!edits.can || !frame?.columns || column < 1 || unit < 0) return false
    const {kernel, units} = frame.columns[column], inputs = kernel.length / units
    this.open = {column, unit}
    this.which.replaceChildren(...[BIAS, ...Array.from({length: inputs}, (_, place) => place)].map((value) =>
      Object.assign(element("option", "", value === BIAS ? BIAS : `weight from ${picture.nameOf(column - 1, value)}`), {value})))
    this.form.hidden = false
    this.choose(String(input ?? BIAS))
    picture.popover.edit(true)
    picture.popover.show(picture)
    this.field.focus()
    this.field.select()
    return true
  }

  // One of the unit's weights.
  choose(which) {
    const {picture, open: {column, unit}} = this, {kernel, bias, units} = picture.frame.columns[column]
    const {name} = picture.prepared.structure.steps[picture.prepared.structure.columns[column - 1].kernel]
    const input = which === BIAS ? undefined : Number(which), at = input === undefined ? unit : input * units + unit
    Object.assign(this, {path: `${name}/${input === undefined ? "bias" : "kernel"}`, place: at})
    const value = (input === undefined ? bias : kernel)[at]
    this.which.value = which
    // What was typed stays as it was typed; of the network's own weights, five digits are enough.
    const edit = picture.edits.of(this.path, at)
    this.field.value = String(edit ?? Number(value.toPrecision(5)))
    this.refuse("")
    // The connection alone stands out.
    if (!picture.chosen?.link) picture.mark(input)
  }

  enter() {
    const value = this.field.validity.badInput ? null : typed(this.field.value)
    this.refuse(value === null ? REFUSED : "")
    if (value !== null) this.set(value)
  }

  set(value) {
    const {edits} = this.picture
    edits.change(changed(edits.list, [this.path, this.place, value], this.picture.weight(this.path, this.place, [])))
  }

  refuse(text) {
    say(this.wrong, text)
    this.field.setAttribute("aria-invalid", String(Boolean(text)))
  }

  // Both leave with what was typed: everything has followed it already, and one button puts it back.
  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || (event.key !== "Enter" && event.key !== "Escape")) return
    event.preventDefault()
    event.stopPropagation()
    this.close()
    this.picture.popover.dismiss(this.picture, true)
    this.picture.chart.focus()
  }

  // In the card's line: what to look for, that weights can be edited, or why there is nothing to see at this moment.
  tell() {
    const {content, prepared, edits, note: line} = this.picture
    const note = content?.note ?? prepared?.structure.note ?? ""
    say(line, edits.can ? `${EDITABLE} · ${note}` : note)
    line.title = line.textContent
  }

  close() {
    if (!this.open) return
    this.open = null
    this.form.hidden = true
    this.picture.pinned = false
    this.picture.popover.edit(false)
    this.picture.mark(undefined)
  }
}
