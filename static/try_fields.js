// The features of a table, each with a slider and a number, or a list of its categories.

import { element } from "./live_element.js"

/** A value with as many digits as its slider has, or some `more`. */
export const rounded = (value, step, more = 0) => value.toFixed(Math.max(0, Math.min(8, more - Math.floor(Math.log10(step)))))

export class Fields {
  // changed: called after each change.
  constructor(changed) {
    this.changed = changed
    this.root = element("div", "try-fields")
    this.rows = []
  }

  // fields: {name, at, low, high, step} or {name, at, options}; size: how many inputs there are.
  setUp(fields, size) {
    const key = JSON.stringify([fields, size])
    if (key === this.key) return false
    Object.assign(this, {key, fields, size})
    this.rows = fields.map((field) => field.options ? choice(field, () => this.changed()) : slider(field, () => this.changed()))
    this.root.replaceChildren(...this.rows.map(({root}) => root))
    return true
  }

  // Show these values, one an input, in their own units. For a moment they may be of another dataset than the fields:
  // both come in parts of their own.
  begin(values) {
    if (this.fields.some(({at}) => at.some((place) => place >= values.length))) return
    this.fields.forEach((field, place) => this.rows[place].show(field.at.map((at) => values[at])))
    this.changed()
  }

  // The inputs in their own units; null where one is missing.
  get values() {
    const found = new Float64Array(this.size)
    for (const [place, {at}] of this.fields.entries()) {
      const own = this.rows[place].values
      if (!own || !own.every(Number.isFinite)) return null
      at.forEach((to, index) => { found[to] = own[index] })
    }
    return found
  }

  // What is wrong with an input, or strange about it, in words.
  get doubt() {
    for (const [place, {name, low, high, options}] of this.fields.entries()) {
      if (options) continue
      const [value] = this.rows[place].values ?? [NaN]
      if (!Number.isFinite(value)) return {missing: true, text: `Type a number for ${name}.`}
      const room = high - low
      if (value < low - room || value > high + room) {
        return {missing: false, text: `${name} is far from all examples (${low} to ${high}): do not trust the answer.`}
      }
    }
    return null
  }
}

function slider({name, low, high, step}, changed) {
  const range = Object.assign(element("input"), {type: "range", min: low, max: high, step})
  const number = Object.assign(element("input"), {type: "number", step: "any"})
  const label = element("span", "try-name", name)
  label.title = name
  range.setAttribute("aria-label", name)
  number.setAttribute("aria-label", `${name}, as a number`)
  range.oninput = () => {
    number.value = range.value
    changed()
  }
  number.oninput = () => {
    if (number.value !== "") range.value = number.value
    changed()
  }
  return {root: element("div", "try-field", "", [label, number, range]),
    show: ([value]) => { range.value = number.value = String(Number(rounded(value, step, 1))) },
    get values() { return number.value === "" ? null : [Number(number.value)] }}
}

// One input for each category, or a single one that is 0 or 1.
function choice({name, at, options}, changed) {
  const select = element("select", "run-menu", "", options.map((option) => element("option", "", option)))
  select.setAttribute("aria-label", name)
  select.onchange = changed
  const label = element("span", "try-name", name)
  label.title = name
  const single = at.length === 1 && options.length === 2
  return {root: element("div", "try-field", "", [label, select]),
    show: (values) => { select.selectedIndex = single ? Math.round(values[0]) : values.indexOf(Math.max(...values)) },
    get values() { return single ? [select.selectedIndex] : at.map((_, index) => Number(index === select.selectedIndex)) }}
}
