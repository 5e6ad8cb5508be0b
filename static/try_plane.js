// The plane of two features, or the line of one, coloured by the network's answers: wherever the pointer is, is the input.

import { element } from "./live_element.js"
import { readTheme } from "./live_theme.js"
import { top } from "./try_answer.js"

const SIDE = 40, LINE = 80, PALEST = 0.12, STRONGEST = 0.8

export class Plane {
  // choose: called with the values under the pointer, in their own units.
  constructor(choose) {
    this.canvas = element("canvas", "try-plane")
    this.canvas.setAttribute("role", "img")
    this.canvas.title = "Point at any place; a click holds on to it"
    this.map = document.createElement("canvas")
    const move = (event) => {
      const box = this.canvas.getBoundingClientRect()
      choose(valuesAt(this.fields, (event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height))
    }
    this.canvas.addEventListener("pointermove", (event) => { if (!this.held || event.buttons) move(event) })
    this.canvas.addEventListener("pointerdown", (event) => {
      this.held = event.pointerType === "mouse" ? !this.held : true
      move(event)
    })
  }

  setUp(fields) {
    this.fields = fields
    this.about = fields.length > 1 ? `The plane of ${fields[0].name} (across) and ${fields[1].name} (up)` : `The network's answer over ${fields[0].name}`
    this.canvas.setAttribute("aria-label", `${this.about}. The sliders below choose a point of it.`)
  }

  // Colour the plane anew. predict: gives the answers to several inputs, or null. output: classes with their colours.
  learn(predict, output) {
    const rows = gridOf(this.fields), answers = predict(rows)
    this.output = output
    this.curve = this.fields.length === 1 && answers ? answers.map(([first]) => first) : null
    this.painted = Boolean(answers)
    if (!answers || this.curve) return
    Object.assign(this.map, {width: SIDE, height: SIDE})
    const context = this.map.getContext("2d"), image = context.createImageData(SIDE, SIDE)
    const numbers = answers.map(([first]) => first), low = Math.min(...numbers), high = Math.max(...numbers)
    answers.forEach((own, at) => {
      const [color, share] = output.classes.length ? classColor(own, output) : [[0, 114, 178], (own[0] - low) / (high - low || 1)]
      image.data.set([...color, 255 * (PALEST + (STRONGEST - PALEST) * share)], 4 * at)
    })
    context.putImageData(image, 0, 0)
  }

  // Paint the plane with the chosen point.
  show(values) {
    const {canvas, fields} = this, theme = readTheme(canvas), ratio = globalThis.devicePixelRatio || 1
    const {clientWidth: width, clientHeight: height} = canvas
    if (!width || !height) return
    Object.assign(canvas, {width: Math.round(width * ratio), height: Math.round(height * ratio)})
    const context = canvas.getContext("2d")
    context.scale(ratio, ratio)
    context.fillStyle = theme.surface
    context.fillRect(0, 0, width, height)
    if (this.curve) this.line(context, theme, {width, height}, values)
    else if (this.painted) {
      context.imageSmoothingEnabled = true
      context.drawImage(this.map, 0, 0, width, height)
    }
    context.strokeStyle = theme.muted
    context.strokeRect(0.5, 0.5, width - 1, height - 1)
    if (!values || this.curve) return
    const [x, y] = placeOf(fields, values)
    dot(context, theme, x * width, y * height)
  }

  line(context, theme, {width, height}, values) {
    const {curve, fields: [{low, high}]} = this, least = Math.min(...curve), most = Math.max(...curve)
    const down = (value) => height - 8 - (height - 16) * (value - least) / (most - least || 1)
    Object.assign(context, {strokeStyle: theme.text, lineWidth: 2})
    context.beginPath()
    curve.forEach((value, at) => context.lineTo(width * at / (LINE - 1), down(value)))
    context.stroke()
    context.lineWidth = 1
    if (!values) return
    const share = (values[0] - low) / (high - low), at = share * (LINE - 1), before = Math.max(0, Math.min(LINE - 2, Math.floor(at)))
    dot(context, theme, share * width, down(curve[before] + (at - before) * (curve[before + 1] - curve[before])))
  }
}

function dot(context, theme, x, y) {
  for (const [color, wide] of [[theme.surface, 5], [theme.text, 2.5]]) {
    Object.assign(context, {strokeStyle: color, lineWidth: wide})
    context.beginPath()
    context.arc(x, y, 6, 0, 2 * Math.PI)
    context.stroke()
  }
}

function classColor(own, {classes, colors}) {
  const values = classes.length === 2 && own.length === 1 ? [1 - own[0], own[0]] : own, best = top(values)
  return [[1, 3, 5].map((at) => parseInt(colors[best].slice(at, at + 2), 16)), (values[best] * classes.length - 1) / (classes.length - 1)]
}

/** The inputs at a place of the plane, in shares of its width and height. @param {{low: number, high: number}[]} fields */
export function valuesAt(fields, x, y) {
  const clamp = (share) => Math.min(1, Math.max(0, share))
  return fields.map(({low, high}, axis) => low + (high - low) * clamp(axis ? 1 - y : x))
}

/** The same the other way round. @param {{low: number, high: number}[]} fields */
export function placeOf(fields, values) {
  const [x, y = 0] = fields.map(({low, high}, axis) => (values[axis] - low) / (high - low))
  return [x, 1 - y]
}

/** The inputs of a grid, the upper row first; of a line from low to high. @param {{low: number, high: number}[]} fields */
export function gridOf(fields) {
  if (fields.length === 1) return Array.from({length: LINE}, (_, at) => Float64Array.from(valuesAt(fields, at / (LINE - 1), 0)))
  return Array.from({length: SIDE * SIDE}, (_, at) =>
    Float64Array.from(valuesAt(fields, (at % SIDE + 0.5) / SIDE, (Math.floor(at / SIDE) + 0.5) / SIDE)))
}
