// A chart of growing lines. Plotly.react works out axes, ticks, hover and legend anew, 12-18 ms a chart; a
// line that grows within its axes needs only its new path. So between two drawings by Plotly the paths alone
// are set, and points that came together are shown one after another, in the time until the next are due:
// a curve flows, however seldom the page hears of it.

import { plot } from "./plot.js"

const WHOLE_MS = 1000, HOVERED_MS = 200       // Plotly draws again after so long
const WHOLE_REST = 20, HOVERED_REST = 5       // or after so many times as long as it took, if that is longer
const FRAME_MS = 45, SOONEST_MS = 50, LATEST_MS = 1000

/** @typedef {{x: ArrayLike<number>, y: ArrayLike<number | null>}} Trace */
/** @typedef {{traces: Trace[], layout: object}} Figure */

/**
 * Everything about a figure but the points of its lines and what is said of them: where this differs, Plotly must draw.
 * @param {Figure} figure
 */
export const frame = ({traces, layout}) => JSON.stringify([layout, traces.map(({x, y, customdata, ...rest}) => rest)])
const clamp = (value, low, high) => Math.min(high, Math.max(low, value))

export class Lines {
  // drawn: called after each drawing.
  constructor(chart, config, drawn) {
    Object.assign(this, {chart, config, drawn, every: 100, reached: -Infinity, whole: -Infinity, cost: 0})
  }

  // Show `figure`. own: where the traces begin that grow; those before lie behind. flows: whether to
  // show new points one after another; otherwise all at once.
  show(figure, own, flows) {
    const now = performance.now(), shown = frame(figure)
    this.every += 0.3 * (clamp(now - (this.came ?? now), SOONEST_MS, LATEST_MS) - this.every)
    this.came = now
    const same = this.shown === shown
    Object.assign(this, {figure, own, shown})
    const end = Math.max(-Infinity, ...figure.traces.slice(own).map(({x}) => x.at(-1) ?? -Infinity))
    this.flow = {from: this.reached, end, began: now}
    // What comes often needs no frames in between.
    const jumps = !flows || matchMedia("(prefers-reduced-motion: reduce)").matches || this.every < 2 * FRAME_MS
    if (!same || jumps || !(this.reached < end)) this.reached = end
    const rest = !flows ? 0 : this.chart.matches(":hover") ? Math.max(HOVERED_MS, HOVERED_REST * this.cost)
      : Math.max(WHOLE_MS, WHOLE_REST * this.cost)
    if (!same || now - this.whole > rest || !this.move()) this.draw()
    this.later()
  }

  // The next points, as far as their time has come.
  step() {
    const {from, end, began} = this.flow, now = performance.now()
    const share = clamp((now - began) / this.every, 0, 1)
    this.reached = share === 1 ? end : from + share * (end - from)
    if (now - this.whole > WHOLE_MS || !this.move()) this.draw()
    this.later()
  }

  // Once more: soon while there are points to show, in the end so that Plotly knows all of them.
  later() {
    clearTimeout(this.timer)
    const flowing = this.reached < this.flow.end
    if (flowing || this.moved) this.timer = setTimeout(() => this.step(), flowing ? FRAME_MS : WHOLE_MS)
  }

  draw() {
    const began = performance.now()
    plot(this.chart, this.figure, this.config)
    this.whole = performance.now()
    this.cost = this.whole - began
    this.moved = false
    if (this.reached < this.flow.end) this.move()
    this.drawn()
  }

  // Set the lines' paths; false where Plotly must draw.
  move() {
    const {xaxis, yaxis} = this.chart._fullLayout ?? {}, {traces} = this.figure
    if (!yaxis || this.chart.calcdata?.length !== traces.length) return false
    const paths = []
    for (const [index, {x, y}] of traces.entries()) {
      const lines = this.chart.calcdata[index][0]?.node3?.node()?.querySelectorAll(".js-line") ?? []
      const path = pathOf(x, y, xaxis, yaxis, index < this.own ? Infinity : this.reached)
      if (path === null || (path && !lines.length)) return false
      // Plotly makes a line of each piece between two gaps; one path can hold all of them.
      lines.forEach((line, piece) => paths.push([line, piece ? "" : path]))
    }
    const changed = paths.filter(([line, path]) => line.getAttribute("d") !== path)
    for (const [line, path] of changed) line.setAttribute("d", path)
    if (changed.length) {
      this.moved = true
      this.drawn()
    }
    return true
  }

  // Axes and paths are others from now on.
  resize() {
    window.Plotly.Plots.resize(this.chart)
    this.whole = -Infinity
    if (this.figure) this.step()
  }

  stop() {
    clearTimeout(this.timer)
  }
}

/**
 * The path through points up to `reached`, "" through none; null where one is outside of axes that should fit the
 * data. A point without a y, or none that an axis can show, is a gap.
 * @param {Trace["x"]} x
 * @param {Trace["y"]} y
 * @param {{c2p: (value: number) => number, autorange?: boolean, _length: number}} xaxis Plotly's own
 * @param {{c2p: (value: number) => number, autorange?: boolean, _length: number}} yaxis
 * @param {number} reached of x
 * @returns {string | null}
 */
export function pathOf(x, y, xaxis, yaxis, reached) {
  const outside = (at, {autorange, _length}) => autorange && (at < -1 || at > _length + 1)
  let path = "", pen = "M"
  for (let index = 0; index < y.length && x[index] <= reached; index++) {
    const [across, down] = [xaxis.c2p(x[index]), y[index] === null ? NaN : yaxis.c2p(y[index])]
    if (Number.isFinite(across) && Number.isFinite(down)) {
      if (outside(across, xaxis) || outside(down, yaxis)) return null
      path += `${pen}${across.toFixed(2)},${down.toFixed(2)}`
      pen = "L"
    } else pen = "M"
  }
  return path
}
