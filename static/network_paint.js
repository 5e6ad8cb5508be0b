// How the parts of the network's picture are painted. Colours: green is above zero, purple below, a dash is a negative
// weight; classes have their own. Everything here costs little enough to be painted with every frame.

import { mix } from "./live_theme.js"
import { column as valuesOf, distribution } from "./network_math.js"
import { curve } from "./network_layout.js"

const SIGNS = {light: {plus: "#1b7837", minus: "#762a83"}, dark: {plus: "#5fbf7f", minus: "#c08ad8"}}
const LEVELS = 8, DASH = [5, 4]
const MAP_LEVELS = 255
const BINS = 9

const cache = {}  // by what it was made from

/** The two colours of signs in this theme. @param {{dark: boolean}} theme */
export const signs = ({dark}) => SIGNS[dark ? "dark" : "light"]

/** CSS rgb() as one little-endian pixel. @param {string} color */
function pixel(color) {
  const [red, green, blue] = color.match(/\d+/g).map(Number)
  return (255 << 24 | blue << 16 | green << 8 | red) >>> 0
}

/**
 * The pixels from one colour by a neutral one to another: 511, for -1 to 1.
 * @param {string} low
 * @param {string} neutral
 * @param {string} high
 */
export function scale(low, neutral, high) {
  const key = low + neutral + high
  return cache[key] ??= Uint32Array.from({length: 2 * MAP_LEVELS + 1}, (_, at) => {
    const share = at / MAP_LEVELS - 1
    return pixel(mix(share < 0 ? low : high, neutral, Math.abs(share)))
  })
}

/** The pixel of a value from -1 to 1. @param {Uint32Array} colors @param {number} value */
export function shade(colors, value) {
  const at = Math.round(value * MAP_LEVELS) + MAP_LEVELS
  return colors[at > 0 ? Math.min(at, 2 * MAP_LEVELS) : 0]  // NaN is the lowest
}

/** A pixel as CSS. @param {number} one */
export const css = (one) => `rgb(${one & 255},${one >> 8 & 255},${one >> 16 & 255})`

/**
 * The colours of a column's values: `colors(unit)` for -1 to 1, after dividing by `size` and moving by `shift`.
 * @param {{output: {activation: string, colors: string[]}}} structure
 * @param {boolean} last whether it is the output
 * @param {any} theme
 */
export function colorsOf({output}, last, theme) {
  const {plus, minus} = signs(theme), neutral = mix(theme.text, theme.surface, 0.025)
  if (!last || output.activation === "linear") return () => scale(minus, neutral, plus)
  if (output.activation === "sigmoid") return () => scale(mix(output.colors[0], neutral, 0.85), neutral, mix(output.colors[1], neutral, 0.85))
  return (unit) => scale(neutral, neutral, output.colors[unit % output.colors.length])
}

/**
 * The maps of some units in one picture, one below the other.
 * @param {HTMLCanvasElement} canvas
 * @param {Float32Array} values (points, units), the points row by row
 * @param {number} units
 * @param {number[]} shown
 * @param {(unit: number) => Uint32Array} colors
 * @param {(value: number) => number} share of a value: -1 to 1
 * @param {number} size of a map
 */
export function paintMaps(canvas, values, units, shown, colors, share, size) {
  const height = size * shown.length
  if (canvas.width !== size || canvas.height !== height) Object.assign(canvas, {width: size, height})
  const context = canvas.getContext("2d")
  if (canvas.image?.height !== height || canvas.image.width !== size) canvas.image = context.createImageData(size, height)
  const pixels = new Uint32Array(canvas.image.data.buffer)
  let to = 0
  for (const unit of shown) {
    const own = colors(unit)
    for (let at = unit; at < values.length; at += units) pixels[to++] = shade(own, share(values[at]))
  }
  context.putImageData(canvas.image, 0, 0)
}

/**
 * The connections between two columns: those of one sign and about one width in one stroke.
 * @param {CanvasRenderingContext2D} context
 * @param {{link: any, weight: number, faint: boolean}[]} links
 * @param {number} most the weight that is drawn widest
 * @param {number} widest how wide that is
 * @param {any} theme
 */
export function paintLinks(context, links, most, widest, theme) {
  const groups = new Map(), {plus, minus} = signs(theme)
  for (const {link, weight, faint} of links) {
    const level = Math.min(LEVELS, Math.ceil(LEVELS * Math.abs(weight) / most)) || 1
    const key = (faint ? 0 : 100) + 2 * level + (weight < 0 ? 1 : 0)
    if (!groups.has(key)) groups.set(key, {path: new Path2D(), level, weight, faint})
    curve(groups.get(key).path, link)
  }
  for (const key of [...groups.keys()].sort((one, other) => one - other)) {
    const {path, level, weight, faint} = groups.get(key), share = level / LEVELS
    context.strokeStyle = weight < 0 ? minus : plus
    context.globalAlpha = faint ? 0.07 : 0.12 + 0.7 * share
    context.lineWidth = Math.max(0.75, widest * (share - 0.5 / LEVELS))
    context.setLineDash(weight < 0 ? DASH : [])
    context.stroke(path)
  }
  context.globalAlpha = 1
  context.setLineDash([])
}

/**
 * Connections without weights yet, all alike.
 * @param {CanvasRenderingContext2D} context
 * @param {any[]} links
 * @param {any} theme
 */
export function paintPlain(context, links, theme) {
  const path = new Path2D()
  for (const link of links) curve(path, link)
  context.strokeStyle = mix(theme.text, theme.surface, 0.18)
  context.lineWidth = 0.75
  context.stroke(path)
}

/**
 * How one unit's values are distributed, as bars in a box.
 * @param {CanvasRenderingContext2D} context
 * @param {Float32Array} values (examples, units)
 * @param {number} units
 * @param {number} unit
 * @param {{x: number, y: number, width: number, height: number}} box
 * @param {any} theme
 */
export function paintDistribution(context, values, units, unit, {x, y, width, height}, theme) {
  const {counts} = distribution(valuesOf(values, units, unit), BINS), most = Math.max(...counts), step = width / BINS
  context.beginPath()
  counts.forEach((count, bin) => {
    const high = count ? Math.max(1, height * count / most) : 0
    context.rect(x + bin * step, y + height - high, Math.max(1, step - (step > 4 ? 1 : 0)), high)
  })
  context.fillStyle = theme.muted
  context.fill()
}

/**
 * A curve over one feature: one unit's values from left to right.
 * @param {CanvasRenderingContext2D} context
 * @param {Float32Array} values of the unit
 * @param {number} most the size that reaches the upper end
 * @param {{x: number, y: number, width: number, height: number}} box
 * @param {any} theme
 */
export function paintCurve(context, values, most, {x, y, width, height}, theme) {
  const path = new Path2D(), middle = y + height / 2
  values.forEach((value, at) => {
    const point = [x + width * at / (values.length - 1), middle - 0.46 * height * Math.max(-1, Math.min(1, value / most || 0))]
    if (at) path.lineTo(...point)
    else path.moveTo(...point)
  })
  const {plus, minus} = signs(theme)
  for (const [color, from] of [[plus, y], [minus, middle]]) {
    context.save()
    context.beginPath()
    context.rect(x, from, width, height / 2)
    context.clip()
    context.strokeStyle = color
    context.lineWidth = 1.5
    context.stroke(path)
    context.restore()
  }
  context.strokeStyle = theme.grid
  context.lineWidth = 1
  context.strokeRect(x, middle, width, 0)
}

/**
 * An empty box with a thin edge.
 * @param {CanvasRenderingContext2D} context
 * @param {{x: number, y: number, width: number, height: number}} box
 * @param {any} theme
 */
export function outlined(context, {x, y, width, height}, theme) {
  context.fillStyle = theme.surface
  context.fillRect(x, y, width, height)
  context.strokeStyle = mix(theme.text, theme.surface, 0.35)
  context.lineWidth = 0.5
  context.strokeRect(x, y, width, height)
}

/**
 * Text cut to a width, with an ellipsis.
 * @param {CanvasRenderingContext2D} context
 * @param {string} text
 * @param {number} width
 */
export function cut(context, text, width) {
  if (context.measureText(text).width <= width) return text
  let end = text.length
  while (end > 1 && context.measureText(`${text.slice(0, end)}…`).width > width) end--
  return `${text.slice(0, end).trimEnd()}…`
}
