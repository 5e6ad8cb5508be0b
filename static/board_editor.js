// @ts-check
// The board of a grid world, which the learner draws. See ui/agents/board_editor.py for who calls it: {rows, cells:
// [[letter, name], ...], boards: [[name, rows], ...], least, most, disabled, version}. It tells {rows, version} at each change.

import { cleared, lookOf } from "./agents_canvas.js"
import { beside, cellAt, cellBox, paintLines, paintShape, placeOf } from "./agents_cells.js"
import { FREE, GOAL, SMALL, START } from "./agents_rules.js"
import { element, say } from "./live_element.js"
import { readTheme } from "./live_theme.js"

const UNHEARD = 5000  // milliseconds without an answer, after which a change is told again
const WAYS = {ArrowUp: [-1, 0], ArrowRight: [0, 1], ArrowDown: [1, 0], ArrowLeft: [0, -1]}
const MOST_SIDE = 48  // of a cell, in pixels
const editors = new WeakMap()  // the component's element -> its editor

export default function (component) {
  const {parentElement} = component
  if (!editors.has(parentElement)) editors.set(parentElement, new Editor(parentElement))
  editors.get(parentElement).receive(component)
}

/** @typedef {{rows: string[], why?: undefined} | {why: string, rows?: undefined}} Edit the new board, or why there is none */

const goalless = (rows) => !rows.some((row) => row.includes(GOAL) || row.includes(SMALL))
const replaced = (rows, cell, letter) => {
  const width = rows[0].length, row = Math.floor(cell / width), column = cell % width
  return rows.map((one, at) => at === row ? one.slice(0, column) + letter + one.slice(column + 1) : one)
}

/**
 * The board with this letter in a cell. There is always one start, which moves, and at least one goal.
 * @param {string[]} rows
 * @param {number} cell
 * @param {string} letter
 * @returns {Edit}
 */
export function painted(rows, cell, letter) {
  const start = rows.join("").indexOf(START)
  if (cell === start && letter !== START) return {why: "The start has to be somewhere. To move it, choose “start”, then another cell."}
  const found = replaced(letter === START ? replaced(rows, start, FREE) : rows, cell, letter)
  return goalless(found) ? {why: "This is the only goal. Place another one first."} : {rows: found}
}

/**
 * The board with one more row or column at its end, or without its last.
 * @param {string[]} rows
 * @param {"row" | "column"} axis
 * @param {1 | -1} by
 * @returns {Edit}
 */
export function resized(rows, axis, by) {
  if (by > 0) return {rows: axis === "row" ? [...rows, FREE.repeat(rows[0].length)] : rows.map((row) => row + FREE)}
  const found = axis === "row" ? rows.slice(0, -1) : rows.map((row) => row.slice(0, -1))
  if (!found.some((row) => row.includes(START))) return {why: `The start is in the last ${axis}. Move it first.`}
  return goalless(found) ? {why: `The only goal is in the last ${axis}. Place another one first.`} : {rows: found}
}

class Editor {
  constructor(parent) {
    this.parent = parent
    /** @type {string[]} */
    this.rows = []
    this.chosen = 1
    this.version = this.cursor = 0
    this.note = ""
    this.tools = element("div", "board-tools")
    this.tools.setAttribute("role", "group")
    this.tools.setAttribute("aria-label", "What to place")
    this.canvas = element("canvas")
    this.canvas.tabIndex = 0
    this.canvas.setAttribute("role", "application")
    this.view = element("div", "board-view", "", [this.canvas])
    this.said = element("p", "board-said")
    this.said.setAttribute("aria-live", "polite")
    this.sizes = element("div", "board-sizes")
    this.presets = element("select")
    this.presets.setAttribute("aria-label", "Another board")
    this.presets.onchange = () => this.load()
    this.listen()
    const style = Object.assign(element("link"), {rel: "stylesheet", href: new URL("board_editor.css", import.meta.url).href, onload: () => this.show()})
    parent.querySelector(".board-place")?.replaceChildren(style, this.tools, this.view, this.said, this.sizes)
    new ResizeObserver(() => this.show()).observe(this.view)
  }

  listen() {
    const {canvas} = this
    canvas.addEventListener("pointerdown", (event) => this.down(event))
    canvas.addEventListener("pointermove", (event) => this.drag(event))
    for (const end of ["pointerup", "pointercancel"]) canvas.addEventListener(end, () => this.up())
    canvas.addEventListener("keydown", (event) => this.key(event))
    for (const type of ["focus", "blur"]) canvas.addEventListener(type, () => this.show())
  }

  receive({data, setTriggerValue}) {
    this.tell = (value) => setTriggerValue("drawn", value)
    this.data = data
    // What was drawn meanwhile is on its way: an older answer must not take it away again.
    if (data.version >= this.version && this.stroke === undefined) {
      clearTimeout(this.waiting)
      this.version = data.version
      this.rows = data.rows
    }
    if (!this.tools.children.length) this.buttons()
    this.show()
  }

  buttons() {
    const {cells, boards} = this.data
    this.tools.append(...cells.map(([letter, name], index) => {
      const icon = element("canvas"), button = this.button(name, () => this.choose(index), [icon, element("span", "", name)])
      button.dataset.letter = letter
      return button
    }))
    const size = (sign, axis, by) => {
      const button = this.button(`${by > 0 ? "Add a" : "Remove the last"} ${axis}`, () => this.change(resized(this.rows, axis, by)), [`${sign} ${axis}`])
      return Object.assign(button, {full: () => this.count(axis) === (by > 0 ? this.data.most : this.data.least)})
    }
    this.sizes.append(size("−", "row", -1), size("+", "row", 1), size("−", "column", -1), size("+", "column", 1), this.presets)
    this.presets.append(...[["Boards …", null], ...boards].map(([name], index) => Object.assign(element("option", "", name), {value: String(index - 1)})))
  }

  button(title, act, children) {
    return Object.assign(element("button", "", "", children), {type: "button", title, onclick: act})
  }

  count(axis) {
    return axis === "row" ? this.rows.length : this.rows[0].length
  }

  choose(index) {
    this.chosen = index
    this.note = ""
    this.show()
  }

  load() {
    const [, rows] = this.data.boards[Number(this.presets.value)] ?? []
    this.presets.value = "-1"
    if (rows) this.change({rows})
  }

  show() {
    if (!this.data) return
    const {cells, disabled} = this.data, look = this.look = lookOf(this.view, readTheme(this.parent)), columns = this.rows[0].length
    this.cursor = Math.min(this.cursor, this.rows.length * columns - 1)
    for (const [index, button] of [...this.tools.children].entries()) {
      button.disabled = disabled
      button.setAttribute("aria-pressed", String(index === this.chosen))
      paintShape(cleared(button.firstChild, 18, 18), button.dataset.letter, {x: 0.5, y: 0.5, side: 17}, look)
    }
    for (const button of this.sizes.querySelectorAll("button")) button.disabled = disabled || button.full()
    this.presets.disabled = disabled
    this.view.style.setProperty("--columns", String(columns))
    this.canvas.setAttribute("aria-disabled", String(disabled))
    this.canvas.setAttribute("aria-label", `Board of ${this.rows.length} rows and ${columns} columns. Arrow keys move the frame, Enter places, digits choose what.`)
    this.asked ??= requestAnimationFrame(() => this.paint())
    const [, name] = cells[this.chosen]
    say(this.said, this.note || (disabled ? "This board is fixed." : `Click a cell, or drag, to place: ${name}.`))
  }

  paint() {
    this.asked = undefined
    const {look} = this, columns = this.rows[0].length, room = Math.min(MOST_SIDE, Math.floor((this.view.clientWidth - 2) / columns))
    if (room < 1) return
    const width = room * columns + 2, height = room * this.rows.length + 2
    Object.assign(this.canvas.style, {width: `${width}px`, height: `${height}px`})
    const to = cleared(this.canvas, width, height), place = this.place = placeOf(width, height, this.rows)
    to.fillStyle = look.surface
    to.fillRect(place.x, place.y, place.side * place.columns, place.side * place.rows)
    this.rows.join("").split("").forEach((letter, cell) => paintShape(to, letter, cellBox(place, cell), look))
    paintLines(to, place, look)
    if (!this.canvas.matches(":focus-visible")) return
    const {x, y, side} = cellBox(place, this.cursor)
    Object.assign(to, {strokeStyle: look.agent, lineWidth: 3})
    to.strokeRect(x + 1.5, y + 1.5, side - 2, side - 2)
  }

  under({clientX, clientY}) {
    const {left, top} = this.canvas.getBoundingClientRect()
    return this.place ? cellAt(this.place, clientX - left, clientY - top) : -1
  }

  // What is there already is taken away again.
  letter(cell) {
    const [letter] = this.data.cells[this.chosen]
    return letter !== START && this.rows.join("")[cell] === letter ? FREE : letter
  }

  down(event) {
    const cell = this.under(event)
    if (cell < 0 || this.data.disabled || event.button > 0) return
    this.canvas.setPointerCapture(event.pointerId)
    this.before = this.rows
    this.stroke = this.letter(cell)
    this.cursor = -1
    this.drag(event)
  }

  drag(event) {
    const cell = this.under(event)
    if (this.stroke === undefined || cell < 0 || cell === this.cursor) return
    this.cursor = cell
    this.put(cell, this.stroke)
    this.show()
  }

  // A stroke is one change.
  up() {
    if (this.stroke === undefined) return
    this.stroke = undefined
    if (this.rows !== this.before) this.told()
  }

  put(cell, letter) {
    const {rows, why} = painted(this.rows, cell, letter)
    this.note = why ?? ""
    if (rows) this.rows = rows
    return Boolean(rows)
  }

  key(event) {
    const way = WAYS[event.key], digit = Number(event.key), {cells, disabled} = this.data
    if (event.ctrlKey || event.metaKey || event.altKey) return
    if (way) {
      this.cursor = beside({rows: this.rows.length, columns: this.rows[0].length}, this.cursor, way)
      this.where()
    } else if (event.key === "Enter" || event.key === " ") {
      if (!disabled && this.put(this.cursor, this.letter(this.cursor))) {
        this.where()
        this.told()
      }
    } else if (digit >= 1 && digit <= cells.length) this.choose(digit - 1)
    else return
    event.preventDefault()
    event.stopPropagation()
    this.show()
  }

  // Where the frame is, for whoever does not see it.
  where() {
    const letter = this.rows.join("")[this.cursor], [, name] = this.data.cells.find(([one]) => one === letter)
    this.note = `Row ${Math.floor(this.cursor / this.rows[0].length) + 1}, column ${this.cursor % this.rows[0].length + 1}: ${name}.`
  }

  /** @param {Edit} edit */
  change({rows, why}) {
    if (this.data.disabled) return
    this.note = why ?? ""
    if (rows) {
      this.rows = rows
      this.told()
    }
    this.show()
  }

  told() {
    this.version += 1
    this.send()
  }

  // A change can get lost on its way. Then the agent would learn on another board than this shows.
  send() {
    clearTimeout(this.waiting)
    if (this.data.disabled || !this.canvas.isConnected) return
    this.tell({rows: this.rows, version: this.version})
    this.waiting = setTimeout(() => this.send(), UNHEARD)
  }
}
