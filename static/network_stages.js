// A network that is too large to be drawn unit by unit, layer by layer: feature maps of an image with the filters that
// made them, rows of units, series as heatmaps, and the way to the answers. A worker computed them for one example.

import { mix } from "./live_theme.js"
import { valueOf } from "./network_grid.js"
import { inputTitles } from "./network_layout.js"
import { colorsOf, css, cut, shade } from "./network_paint.js"
import { imageOf, percent, worded } from "./try_answer.js"
import { above, insideWords, paintAbove, paintSeries, sizes } from "./network_series.js"
import { labelled, paintLabels, paintSentence, wordsOf } from "./network_words.js"

const LOWER = 9     // of the second line below a column: its middle over the edge
const WEAK = 0.25   // of a layer's largest value: no map is drawn stronger than if it reached that
const SHORT = {Convolution: "Conv", "Max pooling": "Pooling", "Average pooling": "Pooling", "Separable convolution": "Conv",
  "Global average pooling": "Average", "Global average pooling of a series": "Average",
  "Global max pooling of a series": "Maximum", "Residual block": "Residual"}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {any} picture a `NetworkPicture`
 * @param {{width: number, height: number}} box
 * @param {(context: CanvasRenderingContext2D, picture: any) => void} example paints the input image
 */
export function paintStages(context, picture, box, example) {
  const {columns, prepared: {structure, image}, frame, theme} = picture
  arrows(context, columns, theme)
  if (image) example(context, picture)
  else paintInput(context, picture)
  structure.stages.forEach((stage, place) => {
    const own = frame?.stages[place], {tiles: where} = columns[place + 1]
    const filters = place === 0 && where[0].width > where[0].height + 2 ? frame?.filters : null
    if (own) paintStage(context, own, where, filters, theme)
    outline(context, where, theme, !own)
    if (above(stage, structure)) paintAbove(context, picture, where)
    if (labelled(stage, structure, where[0].width)) paintLabels(context, wordsOf(structure), where, theme)
    words(context, picture, place, box)
  })
  context.font = `600 ${theme.small}px ${theme.font}`
  const room = 2 * columns[0].x - 4, titles = inputTitles(structure)
  head(context, titles.find((one) => context.measureText(one).width <= room) ?? titles.at(-1), columns[0].x, room, theme)
  const label = structure.example?.label
  below(context, [label ? `test ${image ? "image" : "example"}: ${label}` : "", label ?? ""], columns[0].x, upper(box, theme), 2 * columns[0].x - 4, theme)
  paintAnswers(context, picture, box)
  ring(context, picture)
}

function arrows(context, columns, theme) {
  context.strokeStyle = mix(theme.text, theme.surface, 0.4)
  context.lineWidth = 1.25
  context.beginPath()
  for (let place = 1; place < columns.length; place++) {
    const from = Math.max(...columns[place - 1].tiles.map(({x, width}) => x + width))
    const to = Math.min(...columns[place].tiles.map(({x}) => x)), x = (from + to) / 2
    const {tiles: own} = columns[0], y = own[0].y + (own.at(-1).y + own.at(-1).height - own[0].y) / 2
    context.moveTo(x - 2, y - 4)
    context.lineTo(x + 2, y)
    context.lineTo(x - 2, y + 4)
  }
  context.stroke()
}

const canvas = {}  // one for all stages: each is painted and copied at once

/** The pixels of a stage's values, all maps one below the other. */
function atlas({values, shape: [rows, columns, colors], channels, ...own}, theme) {
  canvas.all ??= document.createElement("canvas")
  const height = rows * channels.length
  Object.assign(canvas.all, {width: columns, height})
  const context = canvas.all.getContext("2d"), image = context.createImageData(columns, height)
  const pixels = new Uint32Array(image.data.buffer)
  if (colors === 3) {
    for (let at = 0; at < pixels.length; at++) {
      pixels[at] = (255 << 24 | values[3 * at + 2] << 16 | values[3 * at + 1] << 8 | values[3 * at]) >>> 0
    }
  } else {
    const scale = colorsOf({output: {activation: "linear", colors: []}}, false, theme)(0), size = rows * columns
    for (let from = 0; from < pixels.length; from += size) {
      const most = strength(own, values.subarray(from, from + size))
      const {low, high} = own, step = (high - low) / 255 / most, first = low / most
      for (let at = from; at < from + size; at++) pixels[at] = shade(scale, first + step * values[at])
    }
  }
  context.putImageData(image, 0, 0)
  return canvas.all
}

// The value that is drawn strongest: the largest of the layer, of a weak map less, so that its pattern is seen.
function strength(own, values) {
  if (values.length === 1) return own.most
  let low = 255, high = 0
  for (const level of values) {
    if (level < low) low = level
    if (level > high) high = level
  }
  return Math.max(Math.abs(valueOf(own, low)), Math.abs(valueOf(own, high)), WEAK * own.most)
}

function paintStage(context, own, where, filters, theme) {
  const maps = atlas(own, theme), [rows, columns] = own.shape
  context.imageSmoothingEnabled = false
  where.forEach(({x, y, width, height}, row) => {
    const inset = filters ? width - height : 0
    context.drawImage(maps, 0, row * rows, columns, rows, x + inset, y, width - inset, height)
  })
  if (!filters) return
  const kernels = atlas(filters, theme), [high, wide] = filters.shape
  where.forEach(({x, y, width, height}, row) => {
    const side = width - height - 2
    context.drawImage(kernels, 0, row * high, wide, high, x, y + (height - side) / 2, side, side)
  })
}

function outline(context, where, theme, empty) {
  context.strokeStyle = mix(theme.text, theme.surface, 0.35)
  context.lineWidth = 0.5
  context.beginPath()
  for (const {x, y, width, height} of where) context.rect(x, y, width, height)
  if (empty) {
    context.fillStyle = theme.surface
    context.fill()
  }
  if (where[0].height > 5) context.stroke()
}

function head(context, text, x, room, theme) {
  context.textAlign = "center"
  context.font = `600 ${theme.small}px ${theme.font}`
  context.fillStyle = theme.text
  const whole = context.measureText(text).width <= room ? text : SHORT[text] ?? text
  context.fillText(cut(context, whole, room), x, 8)
}

// The middle of the first one.
const upper = ({height}, {projector}) => height - LOWER - (projector ? 20 : 15)

function below(context, texts, x, y, room, theme) {
  context.textAlign = "center"
  context.font = `${theme.small}px ${theme.font}`
  context.fillStyle = theme.muted
  const text = texts.find((one) => context.measureText(one).width <= room) ?? cut(context, texts.at(-1), room)
  if (text) context.fillText(text, x, y)
}

function words(context, {columns, prepared: {structure}, frame, theme}, place, box) {
  const {x} = columns[place + 1], {title, shape, parameters} = structure.stages[place]
  const room = x - columns[place].x - 6, own = frame?.stages[place]
  head(context, title, x, room, theme)
  below(context, sizes(structure.stages[place]), x, upper(box, theme), room, theme)
  const weights = weighed({parameters})
  const shown = own && own.channels.length < own.total && shape.length !== 2
  const part = shown ? `${own.channels.length} of ${own.total}` : "", active = own && alive(own)
  below(context, own && active < own.channels.length ? [`${active} of ${own.total} active`, `${active} active`] : shown ? [`${part} shown: most active`, `${part}, most active`, `${part} shown`, part] : weights,
    x, box.height - LOWER, room, theme)
}

// How many weights a layer has, in fewer and fewer words.
function weighed({parameters}) {
  if (!parameters) return [""]
  return [`${parameters.toLocaleString("en-US")} weights`, ...parameters < 1000 ? [] : [`${Math.round(parameters / 1000)}k weights`], ""]
}

// How many of the shown maps are not zero everywhere; where some are, none of the others is more active.
function alive({values, channels, low, high}) {
  if (low !== 0) return channels.length
  const size = values.length / channels.length
  return high ? channels.filter((_, at) => values.subarray(at * size, (at + 1) * size).some(Boolean)).length : 0
}

// The input of data that is no image: its values as cells, or as a line.
function paintInput(context, {columns, prepared, theme}) {
  const {example, structure} = prepared
  const {tiles: where} = columns[0], sentence = wordsOf(structure)
  if (sentence) return paintSentence(context, sentence, where[0], theme)
  if (!example?.length) return outline(context, where, theme, true)
  const most = Math.max(1, ...example.map(Math.abs))
  if (where[0].unit >= 0) {
    const scale = colorsOf({output: {activation: "linear", colors: []}}, false, theme)(0)
    for (const {unit, x, y, width, height} of where) {
      context.fillStyle = css(shade(scale, example[unit] / most))
      context.fillRect(x, y, width, height)
    }
    return outline(context, where, theme, false)
  }
  outline(context, where, theme, true)
  paintSeries(context, prepared, where[0], theme)
}

// The answers as bars, or as numbers.
function paintAnswers(context, {columns, prepared: {structure}, frame, theme}, box) {
  const {layers} = structure, output = worded(structure.output, frame?.words)
  const {tiles: where, x} = columns.at(-1), values = frame ? probabilities(output, frame.answers) : null
  head(context, "Output", x, 140, theme)
  below(context, weighed(layers.at(-1)), x, upper(box, theme), 140, theme)
  if (output.reconstructs?.length === 3) return paintBack(context, where[0], output, frame, theme)
  const names = output.classes.length ? output.classes : output.names
  context.font = `${theme.names}px ${theme.font}`
  const longest = Math.max(...names.slice(0, where.length).map((name) => context.measureText(name).width))
  for (const {unit, x: left, y, width, height} of where) {
    const value = values?.[unit], size = Math.min(theme.names, height)
    context.font = `${Math.max(12, size)}px ${theme.font}`
    context.textAlign = "left"
    context.fillStyle = theme.text
    const room = Math.min(width * 0.5, longest + 8), middle = y + height / 2
    context.fillText(cut(context, names[unit], room - 4), left, middle)
    if (!output.classes.length) {
      if (value !== undefined) context.fillText(String(Number(value.toPrecision(3))).replace("-", "−"), left + room, middle)
      continue
    }
    const long = width - room - 46
    context.fillStyle = theme.grid
    context.fillRect(left + room, middle - 4, long, 8)
    if (value === undefined) continue
    context.fillStyle = output.colors[unit]
    context.fillRect(left + room, middle - 4, long * value, 8)
    context.fillStyle = theme.text
    context.textAlign = "right"
    context.fillText(percent(value, 0), left + width, middle)
  }
}

// The image that the network gives back.
function paintBack(context, where, output, frame, theme) {
  if (!frame) return outline(context, [where], theme, true)
  canvas.back ??= document.createElement("canvas")
  imageOf(canvas.back, frame.answers, output)
  context.imageSmoothingEnabled = false
  context.drawImage(canvas.back, where.x, where.y, where.width, where.height)
  outline(context, [where], theme, false)
}

/** Probabilities of all classes, also where one output says that of the second. */
function probabilities({classes}, answers) {
  return classes.length === 2 && answers.length === 1 ? [1 - answers[0], answers[0]] : answers
}

function ring(context, {columns, chosen, theme}) {
  const tile = chosen && columns[chosen.column]?.tiles.find(({unit}) => unit === chosen.unit)
  if (!tile) return
  context.strokeStyle = theme.text
  context.lineWidth = 2
  context.strokeRect(tile.x - 1, tile.y - 1, tile.width + 2, tile.height + 2)
}

/**
 * One tile of a stage, enlarged; false where there is nothing to enlarge.
 * @param {CanvasRenderingContext2D} context
 * @param {any} picture
 * @param {number} side
 */
export function enlargeStage(context, {chosen: {column, unit}, frame, theme}, side) {
  const own = frame?.stages[column - 1]
  if (!own) return false
  const [rows, columns] = own.shape, high = rows > columns ? side : side * Math.max(rows / columns, 0.4)
  context.imageSmoothingEnabled = false
  context.drawImage(atlas(own, theme), 0, unit * rows, columns, rows, 0, (side - high) / 2, rows > columns ? side * Math.max(columns / rows, 0.4) : side, high)
  return true
}

/** The same in words. */
export function stageWords({chosen: {column, unit}, frame, prepared: {structure, example}, columns}) {
  const {stages, names} = structure, output = worded(structure.output, frame?.words)
  if (column === 0) {
    if (unit < 0) return [structure.example?.own ? "Your input" : structure.shape.length === 3 ? "The chosen test image" : "The chosen test example"]
    const {mean, deviation} = structure
    return [names[unit], example.length ? number(example[unit] * (deviation[unit] ?? 1) + (mean[unit] ?? 0)) : ""]
  }
  if (column === columns.length - 1 && output.reconstructs?.length === 3) return ["What the network gives back"]
  if (column === columns.length - 1) {
    const value = frame && probabilities(output, frame.answers)[unit]
    return [(output.classes.length ? output.classes : output.names)[unit],
      value === null ? "" : output.classes.length ? percent(value) : number(value)]
  }
  const stage = stages[column - 1], own = frame?.stages[column - 1]
  if (!own) return [stage.title, `gives ${stage.shape.join(" x ")}`, ...weighed(stage).slice(0, 1).filter(Boolean)]
  const size = own.values.length / own.channels.length, values = own.values.subarray(unit * size, (unit + 1) * size)
  const [low, high] = [Math.min(...values), Math.max(...values)].map((level) => number(valueOf(own, level)))
  const inside = insideWords(stage, own, unit, `${low} to ${high}`, wordsOf(structure))
  if (inside) return inside
  if (stage.shape.length === 2) return [stage.title, "units from top to bottom, steps from left to right", `${low} to ${high}`]
  const kind = stage.shape.length === 3 ? "map" : "unit"
  return [`${stage.title}, ${kind} ${own.channels[unit] + 1} of ${own.total}`, size > 1 ? `${low} to ${high}` : low]
}

const number = (value) => Number.isFinite(value) ? Number(value.toPrecision(3)).toString().replace("-", "−") : "–"
