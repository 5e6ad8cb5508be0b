// A chart painted in a millisecond: while a run trains, this stands over what Plotly drew last, in the same place and
// with the same look. Axes with names stay Plotly's; axes with numbers are painted too, because they move.

import { axisOf } from "./paint_axes.js"
import { paintTrace, paintable } from "./paint_traces.js"

const SVG = "http://www.w3.org/2000/svg"
// Where Plotly writes: the distance of ticks' texts from the plot, in pixels and in letters' heights.
const BELOW = {space: 1, height: 1.2}, BESIDE = {space: 3.4, height: 0.35}
const LABEL = {space: 4, height: 0.95}
const SLACK = 1, LINE = 1.3

export class Painting {
  constructor(chart) {
    this.chart = chart
    this.root = document.createElement("div")
    this.root.className = "live-painted"
    this.root.setAttribute("aria-hidden", "true")
    this.canvas = document.createElement("canvas")
    this.labels = document.createElementNS(SVG, "svg")
    this.root.append(this.canvas, this.labels)
  }

  // Plotly is about to draw this, and will write into it: the next is painted into its place.
  plotting({layout}) {
    delete this.chart.dataset.painted
    this.frame = frameOf(layout)
    this.given = structuredClone({x: layout.xaxis.range, y: layout.yaxis.range, of: layout.uirevision})
    this.spaces = undefined
  }

  /**
   * Paint `figure` as it is at `reached` of x; false where Plotly must draw it.
   * @param {{traces: any[], layout: any}} figure
   * @param {number} reached
   */
  show({traces, layout}, reached = Infinity) {
    const drawn = this.chart._fullLayout
    if (!drawn?.xaxis || layout.yaxis2 || this.frame !== frameOf(layout) || !traces.every(paintable)) return false
    if (Math.abs(drawn.width - this.chart.clientWidth) > SLACK || Math.abs(drawn.height - this.chart.clientHeight) > SLACK) return false
    const named = layout.xaxis.type === "category"
    const y = named ? undefined : axisOf(this.asZoomed("y", layout), drawn.yaxis, true)
    const across = this.across(layout, drawn, y?.ticks ?? [])
    const x = named ? undefined : axisOf(this.asZoomed("x", layout), across, false)
    if (!named && !(x && y)) return false
    const axes = {x, y}, place = {left: across._offset, top: drawn.yaxis._offset, width: across._length,
      height: drawn.yaxis._length, font: layout.font.family}
    this.lay()
    const to = this.clear(drawn)
    if (!named) grid(to, layout, axes, place)
    to.save()
    to.beginPath()
    to.rect(place.left, place.top, place.width, place.height)
    to.clip()
    const shapes = layout.shapes ?? [], behind = ({layer}) => layer === "below"
    for (const shape of shapes.filter(behind)) rule(to, shape, axes, place)
    for (const trace of traces) paintTrace(to, trace, axes, trace.behind ? Infinity : reached, place)
    for (const shape of shapes.filter((one) => !behind(one))) {
      if (named) box(to, shape, layout, place)
      else rule(to, shape, axes, place)
    }
    to.restore()
    if (!named) frame(to, layout, place)
    this.write(layout, axes, place)
    this.chart.dataset.painted = named ? "plot" : "whole"
    return true
  }

  // Where the plot lies from left to right. Plotly makes the room for wide numbers, and takes it back.
  across({margin, font, yaxis}, {xaxis: {_offset, _length}}, ticks) {
    if (!yaxis.automargin || !ticks.length || _offset <= margin.l + SLACK) return {_offset, _length}
    this.spaces ??= spacesOf(this.chart, font)
    const left = Math.max(margin.l, Math.round(_offset + widest(ticks.map(({text}) => text), font) - this.spaces.widest))
    return {_offset: left, _length: _length + _offset - left}
  }

  // The axis of this name as the learner zoomed into it, if so; else as the layout has it.
  asZoomed(name, layout) {
    const axis = layout[`${name}axis`], {range, autorange} = this.chart._fullLayout[`${name}axis`], given = this.given[name]
    const zoomed = this.given.of === layout.uirevision && (given ? given.some((end, index) => end !== range[index]) : !autorange)
    return zoomed ? {...axis, range, dtick: undefined} : axis
  }

  // Under what Plotly shows of the pointer.
  lay() {
    const first = this.chart.querySelector(".main-svg")
    if (first.nextSibling !== this.root) first.after(this.root)
  }

  clear({width, height}) {
    const {canvas} = this, ratio = devicePixelRatio || 1
    const [across, down] = [Math.round(width * ratio), Math.round(height * ratio)]
    if (canvas.width !== across || canvas.height !== down) Object.assign(canvas, {width: across, height: down})
    const to = canvas.getContext("2d")
    to.setTransform(1, 0, 0, 1, 0, 0)
    to.clearRect(0, 0, across, down)
    to.setTransform(ratio, 0, 0, ratio, 0, 0)
    return to
  }

  // Numbers beside the axes, their names, and words in the plot: only where they are others than before.
  write({xaxis, yaxis, font, annotations = [], shapes = []}, {x, y}, place) {
    const labelled = shapes.filter(({label}) => label)
    const key = JSON.stringify([x?.ticks, y?.ticks, xaxis.title, yaxis.title, font, annotations, labelled, place])
    if (key === this.written) return
    this.written = key
    const {left, top, width, height} = place, {size} = font, bottom = top + height
    const text = (words, style, attributes) => {
      const made = document.createElementNS(SVG, "text"), lines = words.split("<br>")
      made.textContent = lines.length > 1 ? "" : plain(words)
      if (lines.length > 1) made.append(...lines.map((line, index) => lineOf(plain(line), attributes.x, index, lines.length)))
      made.style.cssText = `font: ${style.size}px ${font.family}; fill: ${style.color}; white-space: pre`
      for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value)
      return made
    }
    const notes = [...annotations.map((one) => text(one.text, one.font, wordAt(one, x, place))),
      ...labelled.map((one) => text(one.label.text, {...font, ...one.label.font}, labelAt(one, y, place)))]
    if (!x) return this.labels.replaceChildren(...notes)
    this.spaces ??= spacesOf(this.chart, font)
    const named = (axis) => ({size: axis.title?.font?.size ?? Math.round(1.2 * size), color: font.color}), baseline = bottom + BELOW.space + BELOW.height * size
    const edge = left - BESIDE.space, beside = edge - widest(y.ticks.map((tick) => tick.text), font) - this.spaces.left
    this.labels.replaceChildren(
      ...x.ticks.map((tick) => text(tick.text, font, {x: tick.at, y: baseline, "text-anchor": "middle"})),
      ...y.ticks.map((tick) => text(tick.text, font, {x: edge, y: tick.at + BESIDE.height * size, "text-anchor": "end"})),
      text(xaxis.title?.text ?? "", named(xaxis), {x: left + width / 2, y: baseline + this.spaces.below, "text-anchor": "middle"}),
      text(yaxis.title?.text ?? "", named(yaxis), {x: beside, y: top + height / 2, "text-anchor": "middle",
        transform: `rotate(-90,${beside},${top + height / 2})`}),
      ...notes)
  }
}

// What must be as Plotly drew it: margins, and axes of names whole.
const frameOf = ({margin, font, xaxis, yaxis}) => JSON.stringify([margin, xaxis.type === "category" ? [font, ...[xaxis, yaxis].map(
  ({title, ticktext}) => [title, ticktext])] : [xaxis, yaxis].map(
  ({visible, showticklabels}) => [visible, showticklabels])])

const SIGNS = {"&amp;": "&", "&lt;": "<", "&gt;": ">", "&#123;": "{"}
// Words without what live_theme.js did to them for Plotly.
const plain = (text) => text.replace(/&amp;|&lt;|&gt;|&#123;/g, (sign) => SIGNS[sign])

// One of several lines, which together stand around the place of a single one.
function lineOf(words, x, index, count) {
  const made = document.createElementNS(SVG, "tspan")
  made.textContent = words
  made.setAttribute("x", x)
  made.setAttribute("dy", `${index ? LINE : -LINE * (count - 1) / 2}em`)
  return made
}

let ruler
function widest(texts, {size, family}) {
  ruler ??= document.createElement("canvas").getContext("2d")
  ruler.font = `${size}px ${family}`
  return Math.max(0, ...texts.map((text) => ruler.measureText(text).width))
}

// How far Plotly's names of axes lie from the numbers, which depends on the font.
function spacesOf(chart, font) {
  const number = (node, name) => Number(node?.getAttribute(name))
  const [x, y] = ["x", "y"].map((name) => chart.querySelector(`.${name}title`))
  const [across, up] = ["x", "y"].map((name) => [...chart.querySelectorAll(`.${name}tick text`)])
  const room = widest(up.map((one) => one.textContent), font)
  return {widest: room, below: x && across.length ? number(x, "y") - number(across[0], "y") : 20.3,
    left: y && up.length ? number(up[0], "x") - room - number(y, "x") : 12.4}
}

function wordAt({x, y, xref, yanchor, xanchor, xshift = 0, yshift = 0, font}, axis, {left, top, width, height}) {
  const across = (xref === "paper" ? left + x * width : axis.at(x)) + xshift
  const down = top + (1 - y) * height - yshift
  const baseline = {top: 1.05 * font.size + 2, bottom: -0.25 * font.size - 2}[yanchor] ?? 0.35 * font.size
  return {x: across, y: down + baseline, "text-anchor": xanchor === "left" ? "start" : "middle"}
}

// The words of a horizontal line, below it at its left end.
const labelAt = ({x0, y0, label}, y, {left, width}) =>
  ({x: left + x0 * width, y: y.at(y0) + LABEL.space + LABEL.height * label.font.size, "text-anchor": "start"})

// Lines of one pixel, sharp on every screen.
const sharp = (at) => Math.floor(at) + 0.5

function grid(to, {xaxis, yaxis}, {x, y}, {left, top, width, height}) {
  Object.assign(to, {lineWidth: 1, strokeStyle: xaxis.gridcolor})
  to.setLineDash([])
  to.beginPath()
  const inside = (at, from, length) => at > from + SLACK && at < from + length - SLACK
  if (xaxis.showgrid !== false) {
    for (const {at} of x.ticks) if (inside(at, left, width)) { to.moveTo(sharp(at), top); to.lineTo(sharp(at), top + height) }
  }
  if (yaxis.showgrid !== false) {
    for (const {at} of y.ticks) if (inside(at, top, height)) { to.moveTo(left, sharp(at)); to.lineTo(left + width, sharp(at)) }
  }
  to.stroke()
}

// The lines of the axes themselves, over everything.
function frame(to, {xaxis}, {left, top, width, height}) {
  Object.assign(to, {lineWidth: 1, strokeStyle: xaxis.linecolor})
  to.setLineDash([])
  to.beginPath()
  to.moveTo(left - 1, top + height + 0.5)
  to.lineTo(left + width, top + height + 0.5)
  to.moveTo(left - 0.5, top)
  to.lineTo(left - 0.5, top + height)
  to.stroke()
}

// A frame around a cell between axes of names, whose places are 0, 1, ...
function box(to, {x0, x1, y0, y1, line}, {xaxis, yaxis}, {left, top, width, height}) {
  const part = ([low, high], value) => (value - low) / (high - low)
  const [from, end] = [x0, x1].map((value) => left + width * part(xaxis.range, value))
  const [bottom, up] = [y0, y1].map((value) => top + height * (1 - part(yaxis.range, value)))
  Object.assign(to, {lineWidth: line.width, strokeStyle: line.color})
  to.setLineDash(line.dash === "dot" ? [3, 3] : [])
  to.strokeRect(from, bottom, end - from, up - bottom)
}

function rule(to, {x0, x1, y0, y1, xref, yref, line}, {x, y}, {left, top, width, height}) {
  const across = (value) => xref === "paper" ? left + value * width : x.at(value)
  const down = (value) => yref === "paper" ? top + (1 - value) * height : y.at(value)
  Object.assign(to, {lineWidth: line.width, strokeStyle: line.color})
  to.setLineDash(line.dash === "dash" ? [9, 9] : [3, 3])
  to.beginPath()
  to.moveTo(across(x0), down(y0))
  to.lineTo(across(x1), down(y1))
  to.stroke()
}
