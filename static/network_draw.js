// Draws a frame of the network's picture: columns from left to right, the connections under them.

import { cut, paintCurve, paintDistribution, paintLinks, paintMaps, paintPlain, colorsOf, css, shade } from "./network_paint.js"
import { column as valuesOf } from "./network_math.js"
import { captions, inputTitles, linkOf } from "./network_layout.js"
import { paintStages } from "./network_stages.js"
import { percent, probabilities, top, worded } from "./try_answer.js"

/** A number in three digits. @param {number} value */
export const number = (value) => Number.isFinite(value) ? Number(value.toPrecision(3)).toString().replace("-", "−") : "–"

const WIDEST = 6
// Numbers of a forecast that a reader hears.
const MOST_TOLD = 4

/**
 * @param {CanvasRenderingContext2D} context
 * @param {any} picture a `NetworkPicture`
 * @param {{width: number, height: number}} box
 */
export function paintNetwork(context, picture, box) {
  const {columns, prepared} = picture
  context.textBaseline = "middle"
  if (!prepared.structure.columns.length) return paintStages(context, picture, box, example)
  for (let place = 1; place < columns.length; place++) links(context, picture, place)
  columns.forEach((_, place) => {
    if (!place && prepared.image) example(context, picture)
    else tiles(context, picture, place)
    titles(context, picture, place, box)
  })
  names(context, picture, box)
}

function links(context, {columns, frame, theme, chosen, prepared}, place) {
  const {tiles: before} = columns[place - 1], {tiles: after} = columns[place]
  const image = place === 1 && prepared.image
  if (!frame || image) {
    return paintPlain(context, before.flatMap((from) => after.map((to) => linkOf(from, to))), theme)
  }
  const {kernel, units, weight: most} = frame.columns[place], found = []
  for (const from of before) {
    for (const to of after) {
      const weight = kernel[from.unit * units + to.unit]
      if (Math.abs(weight) < 0.01 * most) continue
      found.push({link: linkOf(from, to), weight, faint: Boolean(chosen) && !touches(chosen, place, from.unit, to.unit)})
    }
  }
  // Where units are close together, thick lines would hide one another.
  const close = Math.max(before.length, after.length) > 1 ? Math.min(pitch(before), pitch(after)) : WIDEST
  paintLinks(context, found, most, Math.max(2, Math.min(WIDEST, close / 4)), theme)
}

const pitch = (tiles) => tiles.length > 1 ? tiles[1].y - tiles[0].y : Infinity

// Whether a connection into column `place` belongs to what is chosen.
function touches(chosen, place, input, unit) {
  if (chosen.input !== undefined) return chosen.column === place && chosen.input === input && chosen.unit === unit
  return (chosen.column === place && chosen.unit === unit) || (chosen.column === place - 1 && chosen.unit === input)
}

function tiles(context, picture, place) {
  const {columns, frame, theme, prepared, chosen} = picture, {tiles: own} = columns[place]
  const last = place === columns.length - 1, data = frame?.columns[place]
  if (data) {
    const share = shareOf(prepared.structure, data, last), colors = colorsOf(prepared.structure, last, theme)
    if (data.map && prepared.height > 1) maps(context, picture, place, data, colors, share)
    else for (const tile of own) unit(context, tile, data, {prepared, theme, place, share, colors})
  }
  context.strokeStyle = theme.muted
  context.lineWidth = 0.75
  context.beginPath()
  for (const {x, y, width, height} of own) context.rect(x, y, width, height)
  if (!data) {
    context.fillStyle = theme.surface
    context.fill()
  }
  context.stroke()
  const ring = own.find((tile) => chosen && !chosen.link && chosen.column === place && chosen.unit === tile.unit)
  if (ring) {
    context.strokeStyle = theme.text
    context.lineWidth = 2
    context.strokeRect(ring.x - 1, ring.y - 1, ring.width + 2, ring.height + 2)
  }
}

function maps(context, picture, place, data, colors, share) {
  const {prepared, columns} = picture, {tiles: own} = columns[place], shown = own.map((tile) => tile.unit)
  const canvas = picture.maps[place] ??= document.createElement("canvas")
  paintMaps(canvas, data.map, data.units, shown, colors, share, prepared.width)
  context.imageSmoothingEnabled = true
  own.forEach(({x, y, width, height}, row) =>
    // Half a point less at each edge, so that no map shows its neighbour's colours.
    context.drawImage(canvas, 0.5, row * prepared.height + 0.5, prepared.width - 1, prepared.height - 1, x, y, width, height))
}

// A unit of data that has no plane: its value for the example as a filled square, beside it what it takes for others:
// a distribution, of pixels the weights as an image.
function unit(context, tile, data, {prepared, theme, place, share, colors}) {
  const {x, y, height} = tile, side = height
  if (data.map) {
    context.fillStyle = theme.surface
    context.fillRect(x, y, tile.width, height)
    return paintCurve(context, valuesOf(data.map, data.units, tile.unit), data.most, tile, theme)
  }
  context.fillStyle = theme.surface
  context.fillRect(x, y, tile.width, height)
  context.fillStyle = css(shade(colors(tile.unit), share(data.example[tile.unit])))
  context.fillRect(x, y, side, height)
  if (place === 1 && prepared.image?.[2] === 1) return paintWeights(context, data, tile.unit, prepared.image, {x: x + side, y, width: side, height}, theme)
  paintDistribution(context, data.probe, data.units, tile.unit,
    {x: x + side + 2, y: y + 2, width: tile.width - side - 3, height: height - 2}, theme)
}

const canvases = {}

/** The weights of a unit that reads an image, as an image. */
export function paintWeights(context, {kernel, units, weight}, unit, [height, width], box, theme) {
  const canvas = canvases.weights ??= document.createElement("canvas")
  // The colours of a hidden unit, whatever the column is.
  const colors = colorsOf({output: {activation: "linear", colors: []}}, false, theme)(0)
  const most = Math.min(weight, Math.max(...valuesOf(kernel, units, unit).map(Math.abs))) || 1
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, {width, height, image: null})
  const own = canvas.getContext("2d"), image = canvas.image ??= own.createImageData(width, height)
  const pixels = new Uint32Array(image.data.buffer)
  for (let at = 0; at < pixels.length; at++) pixels[at] = shade(colors, kernel[at * units + unit] / most)
  own.putImageData(image, 0, 0)
  context.imageSmoothingEnabled = false
  context.drawImage(canvas, box.x, box.y, box.width, box.height)
}

/** A column's values as shares of what is drawn strongest: -1 to 1. */
export function shareOf({output}, {most}, last) {
  return last && output.activation === "sigmoid" ? (value) => 2 * value - 1 : (value) => value / most
}

// The example itself, where it is an image.
function example(context, {columns, prepared, theme}) {
  const [tile] = columns[0].tiles, [height, width, channels] = prepared.image, values = prepared.example
  context.fillStyle = theme.grid
  context.fillRect(tile.x, tile.y, tile.width, tile.height)
  if (values) {
    const canvas = canvases.example ??= document.createElement("canvas")
    Object.assign(canvas, {width, height})
    const own = canvas.getContext("2d"), image = own.createImageData(width, height)
    const most = Math.max(1e-6, ...values)
    for (let at = 0; at < width * height; at++) {
      for (let color = 0; color < 3; color++) {
        image.data[4 * at + color] = 255 * values[at * channels + (channels === 3 ? color : 0)] / most
      }
      image.data[4 * at + 3] = 255
    }
    own.putImageData(image, 0, 0)
    context.imageSmoothingEnabled = false
    context.drawImage(canvas, tile.x, tile.y, tile.width, tile.height)
  }
  context.strokeStyle = theme.muted
  context.lineWidth = 1
  context.strokeRect(tile.x, tile.y, tile.width, tile.height)
}

function titles(context, picture, place, {width, height}) {
  const {columns, theme} = picture, {x} = columns[place]
  // Half way to the neighbours, or to the edge.
  const room = 2 * Math.min(x - (columns[place - 1] ? (x + columns[place - 1].x) / 2 : 0),
    (columns[place + 1] ? (x + columns[place + 1].x) / 2 : width) - x) - 6
  const say = (texts, y) => {
    const text = texts.find((one) => context.measureText(one).width <= room) ?? cut(context, texts.at(-1), room)
    context.fillText(text, x, y)
  }
  context.textAlign = "center"
  context.font = `600 ${theme.small}px ${theme.font}`
  context.fillStyle = theme.text
  const {structure} = picture.prepared, title = structure.columns[place - 1]?.title
  say(place ? [title, title.replace("Hidden ", "H"), title.slice(0, 3)] : inputTitles(structure), 8)
  context.font = `${theme.small}px ${theme.font}`
  context.fillStyle = theme.muted
  say(below(picture, place), height - 8)
}

// What stands below a column, in fewer and fewer words.
function below({columns, prepared: {structure, units, image}, frame, scroll}, place) {
  const {shown} = columns[place], count = units[place], label = structure.example?.label
  if (shown < count && (place || !image)) return captions(count, shown, Boolean(frame) && !scroll[place])
  if (!place) return label && !structure.plane ? [`test ${image ? "image" : "example"}: ${label}`, label] : [""]
  const {detail, parameters} = structure.columns[place - 1], [first] = detail.split(",")
  const learned = frame ? [] : [`${count} ${detail}, ${parameters.toLocaleString("en-US")} weights`,
    `${parameters.toLocaleString("en-US")} weights`]
  return [...learned, `${count} ${detail}`, `${count} ${first}`, first, String(count)]
}

function wideName(context, name, theme) {
  context.font = `${theme.names}px ${theme.font}`
  const {width} = context.measureText(name)
  context.font = `600 ${theme.names}px ${theme.font}`
  return width
}

// The names of inputs and outputs, each beside its unit.
function names(context, {columns, prepared: {structure, image}, theme, frame, names: room}, {width}) {
  context.font = `${theme.names}px ${theme.font}`
  context.fillStyle = theme.text
  if (!image) {
    context.textAlign = "right"
    for (const {unit, x, y, height} of columns[0].tiles) {
      context.fillText(cut(context, structure.names[unit] ?? "", room.left - 6), x - 6, y + height / 2)
    }
  }
  context.textAlign = "left"
  const {tiles: outputs} = columns.at(-1), {output, target_mean: mean, target_deviation: deviation} = structure
  for (const {unit, x, y, width: wide, height} of outputs) {
    const value = frame?.columns.at(-1).example[unit]
    const told = value === undefined || structure.plane ? "" : output.classes.length ? ` ${percent(value, 0)}`
      : ` ${number(value * (deviation?.[unit] ?? 1) + (mean?.[unit] ?? 0))}`
    const left = x + wide + 6, room = width - left - 1
    context.fillStyle = theme.text
    context.font = `600 ${theme.names}px ${theme.font}`
    const last = context.measureText(told).width
    context.fillText(told, left + Math.min(wideName(context, output.names[unit], theme), room - last), y + height / 2)
    context.font = `${theme.names}px ${theme.font}`
    context.fillText(cut(context, output.names[unit], room - last), left, y + height / 2)
  }
}

/** What a screen reader says of the picture. @param {any} picture a `NetworkPicture` */
export function aboutPicture(picture) {
  const {prepared: {structure}, frame, edits: {list: {length}}} = picture
  const told = [structure.about, structure.look_for && !frame?.columns ? `${structure.look_for}.` : "", answerOf(structure, frame)]
  if (frame?.strongest?.step >= 0) {
    const {step, input, unit, weight} = frame.strongest
    const place = structure.columns.findIndex(({kernel}) => kernel === step)
    told.push(`The strongest connection leads from ${picture.nameOf(place, input)} to ${picture.nameOf(place + 1, unit)}: ${number(weight)}.`)
  }
  if (length) told.push(`${length} of its weights ${length > 1 ? "were" : "was"} edited.`)
  return told.filter(Boolean).join(" ")
}

// What the network answers to the input that the picture is about; of a plane it is about all of it.
export function answerOf({example, plane, output: own, target_mean: mean, target_deviation: deviation}, frame) {
  const answers = frame?.answers ?? frame?.columns?.at(-1).example, output = worded(own, frame?.words)
  if (!answers || !example || plane) return ""
  const about = example.own ? "your input" : `test example ${example.index + 1}`
  if (output.reconstructs) return `The output is ${about} as the network gives it back.`
  if (!output.classes.length) {
    const told = [...answers].slice(0, MOST_TOLD).map((value, unit) =>
      `${output.names[unit]} ${number(value * (deviation?.[unit] ?? 1) + (mean?.[unit] ?? 0))}`)
    return `For ${about} it answers ${told.join(", ")}${answers.length > MOST_TOLD ? " and so on" : ""}.`
  }
  const shares = probabilities(answers, output.classes.length), best = top(shares)
  return `For ${about} it answers ${output.classes[best]}, ${percent(shares[best])}.`
}
