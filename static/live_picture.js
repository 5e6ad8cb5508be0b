// One chart of the live panel. What is new is painted at once (paint.js); Plotly, ten times as slow, draws when the run
// rests, or somebody touches or points at the chart, so that hover, zoom and exact values are Plotly's. Points of a curve
// that came together are shown one after another, in the time until the next are due: it flows, however seldom the page
// hears of it.

import { Painting } from "./paint.js"
import { plot } from "./plot.js"

const SETTLE_MS = 250                                       // from the last news to Plotly
const HOVERED_MS = 200, HOVERED_REST = 5                    // Plotly draws again under the pointer after so long
const FRAME_MS = 45, SOONEST_MS = 50, LATEST_MS = 1000

const clamp = (value, low, high) => Math.min(high, Math.max(low, value))

export class Picture {
  // drawn: called after each drawing.
  constructor(chart, config, drawn) {
    Object.assign(this, {chart, config, drawn, every: 100, reached: -Infinity, whole: -Infinity, cost: 0})
    this.painting = new Painting(chart)
    this.flow = {from: 0, end: 0, began: 0}
    chart.addEventListener("pointerenter", () => this.wanted())
    chart.addEventListener("pointerdown", () => { this.pressed = true; this.wanted() }, true)
    for (const name of ["pointerup", "pointercancel"]) chart.addEventListener(name, () => this.released(), true)
    chart.addEventListener("pointerleave", () => { if (this.pressed) this.released() })
  }

  // Show `figure`. own: where the traces begin that grow; those before lie behind. live: whether more will come soon.
  // flows: whether it is a chart of lines that grow.
  show(figure, {own = 0, live = false, flows = false} = {}) {
    const now = performance.now()
    this.every += 0.3 * (clamp(now - (this.came ?? now), SOONEST_MS, LATEST_MS) - this.every)
    this.came = now
    figure.traces.forEach((trace, index) => { if (index < own) trace.behind = true })
    Object.assign(this, {figure, live, stale: true})
    const end = flows ? Math.max(-Infinity, ...figure.traces.slice(own).map(({x}) => x.at(-1) ?? -Infinity)) : Infinity
    this.flow = {from: this.reached, end, began: now}
    // What comes often needs no frames in between.
    const jumps = !live || !flows || matchMedia("(prefers-reduced-motion: reduce)").matches || this.every < 2 * FRAME_MS
    // A run's first point has none before it to come from.
    if (jumps || !Number.isFinite(this.reached) || !(this.reached < end)) this.reached = end
    this.next()
  }

  // The next points, as far as their time has come, and Plotly where it is due.
  step() {
    const {from, end, began} = this.flow, share = clamp((performance.now() - began) / this.every, 0, 1)
    this.reached = share === 1 ? end : from + share * (end - from)
    this.next()
  }

  next() {
    if (this.pressed) return
    const since = performance.now() - this.whole
    const due = this.stale && (this.live ? this.hovered && since > this.rest : this.settling)
    this.settling = false
    if (due || !this.paint()) this.plot()
    clearTimeout(this.timer)
    const flowing = this.reached < this.flow.end
    if (flowing) this.timer = setTimeout(() => this.step(), FRAME_MS)
    else if (this.stale && !this.live) this.timer = setTimeout(() => this.settle(), SETTLE_MS)
    else if (this.stale && this.hovered) this.timer = setTimeout(() => this.step(), this.rest)
  }

  // One chart after another, when the browser has nothing else to do.
  settle() {
    const idle = window.requestIdleCallback ?? setTimeout
    idle(() => { this.settling = true; if (this.chart.isConnected) this.next() }, {timeout: 1000})
  }

  paint() {
    if (!this.painting.show(this.figure, this.reached)) return false
    this.tell()
    return true
  }

  plot() {
    const began = performance.now()
    this.painting.plotting(this.figure)
    plot(this.chart, this.figure, this.config)
    if (!this.hears) this.chart.on("plotly_click", ({points}) => this.clicked?.(points))
    this.hears = true
    this.whole = performance.now()
    this.cost = this.whole - began
    this.stale = false
    // It knows all points, also those whose time has not come.
    if (!(this.reached < this.flow.end && this.paint())) this.tell()
  }

  // How far the lines reach can be read off the element, whoever drew them.
  tell() {
    if (Number.isFinite(this.reached)) this.chart.dataset.reached = this.reached
    else delete this.chart.dataset.reached
    this.drawn()
  }

  // Somebody points at the chart or touches it.
  wanted() {
    if (!this.figure || !this.stale) return
    this.plot()
    if (this.live) this.next()
  }

  released() {
    this.pressed = false
    // Plotly hears of it after this.
    setTimeout(() => { if (this.figure && this.chart.isConnected) this.next() })
  }

  get hovered() {
    return this.chart.matches(":hover")
  }

  get rest() {
    return Math.max(HOVERED_MS, HOVERED_REST * this.cost)
  }

  resize() {
    if (!this.figure) return
    window.Plotly.Plots.resize(this.chart)
    this.plot()
    if (this.live) this.paint()
  }

  stop() {
    clearTimeout(this.timer)
  }
}
