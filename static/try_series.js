// The last values of a series, drawn by the learner, and the forecast that the network makes of them.

import { element } from "./live_element.js"
import { readTheme } from "./live_theme.js"

const ROOM = 0.1, STEP = 0.04  // of the range: above and below it, and for one press of a key
const HELP = "Left and right choose a step, up and down change its value."

export class Series {
  // changed: called after each change.
  constructor(changed) {
    this.changed = changed
    this.canvas = element("canvas", "try-series")
    this.canvas.tabIndex = 0
    this.canvas.setAttribute("role", "img")
    this.onward = Object.assign(element("button", "try-tool", "Continue"), {type: "button", title: "Take the whole forecast as the next values", onclick: () => this.proceed(this.horizon)})
    this.stepwise = Object.assign(element("button", "try-tool", "One step"), {type: "button", title: "Take the first step of the forecast as the next value, and forecast again", onclick: () => this.proceed(1)})
    this.forecast = []
    this.chosen = null
    this.canvas.addEventListener("pointerdown", (event) => {
      event.preventDefault()
      this.canvas.focus({preventScroll: true})
      this.canvas.setPointerCapture(event.pointerId)
      this.from = null
      this.draw(event)
    })
    this.canvas.addEventListener("pointermove", (event) => { if (event.buttons && this.canvas.hasPointerCapture(event.pointerId)) this.draw(event) })
    this.canvas.addEventListener("keydown", (event) => this.key(event))
  }

  // shape: steps and channels, of which the first is forecast; horizon: how many steps are; low, high: of all examples.
  setUp({shape, horizon, low, high, name}) {
    const key = JSON.stringify([shape, horizon, low, high, name])
    if (key === this.form) return false
    const room = ROOM * (high - low || 1)
    Object.assign(this, {form: key, steps: shape[0], channels: shape[1], horizon, low: low - room, high: high + room, name, values: null})
    this.onward.hidden = !horizon
    this.onward.disabled = this.channels > 1
    this.stepwise.hidden = this.channels > 1 || horizon < 2
    return true
  }

  begin(values) {
    Object.assign(this, {values: Float64Array.from(values), forecast: [], chosen: null})
    this.changed()
  }

  // The points between the last place of the pointer and this one.
  draw(event) {
    if (!this.values) return
    const box = this.canvas.getBoundingClientRect()
    const at = (event.clientX - box.left) / box.width * this.width - 0.5, share = (event.clientY - box.top) / box.height
    const value = this.high - (this.high - this.low) * Math.min(1, Math.max(0, share)), to = {step: Math.round(at), value}
    for (const {step, value: own} of between(this.from ?? to, to)) {
      if (step >= 0 && step < this.steps) this.values[step * this.channels] = own
    }
    this.from = to
    this.chosen = null
    this.changed()
  }

  key(event) {
    const across = {ArrowLeft: -1, ArrowRight: 1}[event.key], up = {ArrowUp: 1, ArrowDown: -1}[event.key]
    if (!this.values || (!across && !up) || event.ctrlKey || event.metaKey || event.altKey) return
    event.preventDefault()
    const last = this.steps - 1
    this.chosen = across ? Math.min(last, Math.max(0, (this.chosen ?? last + 1) + across)) : this.chosen ?? last
    if (up) this.values[this.chosen * this.channels] += up * STEP * (this.high - this.low)
    this.changed()
  }

  // steps: of the forecast, which become the newest values.
  proceed(steps) {
    if (!this.values || !this.forecast.length || this.channels > 1) return
    this.begin(continued(this.values, this.forecast.slice(0, steps)))
  }

  get width() {
    return this.steps + this.horizon
  }

  // Paint the values, and the forecast if there is one.
  show(forecast) {
    this.forecast = forecast ?? []
    const {canvas, values, steps, channels, low, high} = this, theme = readTheme(canvas), ratio = globalThis.devicePixelRatio || 1
    const {clientWidth: wide, clientHeight: tall} = canvas
    if (!wide || !tall || !values) return
    Object.assign(canvas, {width: Math.round(wide * ratio), height: Math.round(tall * ratio)})
    const context = canvas.getContext("2d"), x = (step) => (step + 0.5) / this.width * wide, y = (value) => (high - value) / (high - low) * tall
    context.scale(ratio, ratio)
    context.fillStyle = theme.surface
    context.fillRect(0, 0, wide, tall)
    context.strokeStyle = theme.grid
    context.beginPath()
    context.moveTo(x(steps - 0.5), 0)
    context.lineTo(x(steps - 0.5), tall)
    context.stroke()
    const own = Array.from({length: steps}, (_, step) => values[step * channels])
    // Without a horizon, what is said is about the same steps.
    const [first, said] = this.horizon ? [steps - 1, [own.at(-1), ...this.forecast]] : [0, this.forecast.filter((_, at) => at % channels === 0)]
    line(context, own.map((value, step) => [x(step), y(value)]), theme.text, [])
    line(context, said.map((value, step) => [x(first + step), y(value)]), theme.dark ? "#56b4e9" : "#0072b2", [5, 4])
    context.fillStyle = theme.text
    if (this.chosen !== null) context.fillRect(x(this.chosen) - 3, y(own[this.chosen]) - 3, 6, 6)
    context.strokeStyle = theme.muted
    context.setLineDash([])
    context.strokeRect(0.5, 0.5, wide - 1, tall - 1)
    const at = this.chosen ?? steps - 1
    const short = (value) => Number(value.toPrecision(3)), told = this.forecast.length ? ` Forecast: ${this.forecast.map(short).join(", ")}.` : ""
    canvas.setAttribute("aria-label", `The last ${steps} values of ${this.name}. Step ${at + 1}: ${short(own[at])}.${told} Draw to change them. ${HELP}`)
  }
}

function line(context, points, color, dash) {
  Object.assign(context, {strokeStyle: color, lineWidth: 2})
  context.setLineDash(dash)
  context.beginPath()
  for (const point of points) context.lineTo(...point)
  context.stroke()
  context.lineWidth = 1
}

/**
 * Each step from one place to another, both included, with its value on the line between them.
 * @param {{step: number, value: number}} from
 * @param {{step: number, value: number}} to
 */
export function between(from, to) {
  const count = Math.abs(to.step - from.step), way = Math.sign(to.step - from.step)
  return Array.from({length: count + 1}, (_, at) => ({step: from.step + way * at,
    value: count ? from.value + (to.value - from.value) * at / count : to.value}))
}

/** The newest values once the forecast has come true. @param {ArrayLike<number>} values @param {number[]} forecast */
export const continued = (values, forecast) => [...Array.from(values), ...forecast].slice(-values.length)
