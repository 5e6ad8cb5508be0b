// Test examples that are chosen in a chart, by pointer or by keyboard: the dot of one, or a cell of the confusion matrix,
// which stands for all that are counted in it.

import { element, say } from "./live_element.js"
import { beside, dotsOf, exampleOf, ring } from "./live_examples.js"

const MOVES = {ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0]}
const DOTS = "Arrow keys go from one test example to the next.", CELLS = "Arrow keys go from cell to cell, Enter chooses an example in it."

export class Chooser {
  // chart: its element. command: sends one. redraw: called when the keyboard's cell is another one.
  constructor(chart, command, redraw) {
    Object.assign(this, {chart, command, redraw, cell: null})
    this.said = element("span", "network-said")
    this.said.setAttribute("role", "status")
    chart.after(this.said)
    chart.addEventListener("keydown", (event) => this.key(event))
    chart.addEventListener("blur", () => this.to(null))
  }

  // content: what the chart shows. example: the chosen one.
  tell(content, example) {
    Object.assign(this, {content, example})
    this.cells = content.cell === undefined ? undefined : content.traces.find(({type}) => type === "heatmap")
    const can = Boolean(this.cells || dotsOf(content.traces).length), {chart} = this
    chart.tabIndex = can ? 0 : -1
    chart.classList.toggle("chooses", can)
    // Of an image, a screen reader passes no keys on.
    chart.setAttribute("role", can ? "application" : "img")
    const chosen = this.cells && content.cell ? ` The chosen test example: ${this.wordsOf(content.cell)}.` : ""
    const about = content.about.replace(/[^.]$/, "$&.")
    chart.setAttribute("aria-label", can ? `${about}${chosen} ${this.cells ? CELLS : DOTS}` : content.about)
  }

  // What marks the chosen example: more traces, and more shapes.
  get marks() {
    if (!this.cells) return {traces: ring(this.content.traces, this.example, "@text"), shapes: []}
    const chosen = this.content.cell && frame(this.content.cell, "solid")
    return {traces: [], shapes: [chosen, this.cell && frame(this.cell, "dot")].filter(Boolean)}
  }

  wordsOf([row, column]) {
    return `${this.cells.y[row]} predicted as ${this.cells.x[column]}`
  }

  // Something was clicked on: points of Plotly's event.
  clicked(points) {
    if (this.cells) return this.choose(points[0]?.pointNumber)
    const example = exampleOf(points)
    if (example !== null) this.command("view", {example})
  }

  choose(cell) {
    if (Array.isArray(cell)) this.command("cell", [...cell])
  }

  key(event) {
    if (event.target !== this.chart || event.ctrlKey || event.metaKey || event.altKey) return
    const move = MOVES[event.key], enter = event.key === "Enter" || event.key === " "
    if (!this.cells && move) this.step(move)
    else if (this.cells && move) this.to(this.moved(move))
    else if (this.cells && enter && this.cell) this.choose(this.cell)
    else return
    event.preventDefault()
  }

  step(move) {
    const dot = beside(dotsOf(this.content.traces), this.example, move)
    if (!dot) return
    say(this.said, `Test example ${dot.example + 1}. ${dot.text}`)
    this.command("view", {example: dot.example})
  }

  // The first press of a key leads to where the chosen example is.
  moved([down, across]) {
    const last = this.cells.z.length - 1, within = (at) => Math.max(0, Math.min(last, at))
    if (!this.cell) return this.content.cell ?? [0, 0]
    return [within(this.cell[0] + down), within(this.cell[1] + across)]
  }

  to(cell) {
    if (cell === this.cell) return
    this.cell = cell
    if (cell) say(this.said, `${this.wordsOf(cell)}: ${this.cells.customdata[cell[0]][cell[1]].split("\n").at(-1)}`)
    this.redraw()
  }
}

const frame = ([row, column], dash) => ({type: "rect", x0: column - 0.5, x1: column + 0.5, y0: row - 0.5, y1: row + 0.5,
  line: {color: "@text", width: 2, dash}})
