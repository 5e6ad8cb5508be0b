// Where the layers of a larger network are in its picture, and what was told of them: pure functions.

import { bytes } from "./live_parts.js"
import { ABOVE, above } from "./network_series.js"
import { ROOM, labelled } from "./network_words.js"

const TOP = 20, GAP = 14
// Two lines below a column.
const BELOW = 34, LARGE_BELOW = 42
const ANSWERS = 10, LARGEST = 64, MATRIX = 130
const FILTER = 0.5  // of a map's side
const ROOMY = 60    // a column with less room shows no filters

/**
 * How `count` tiles fill a box as large as possible.
 * @param {number} count
 * @param {number} width
 * @param {number} height
 * @param {number} wide how many times as wide as high a tile is
 * @param {number} largest the largest side
 * @returns {{columns: number, side: number}} side: a tile's height, its share of the gaps included
 */
export function grid(count, width, height, wide = 1, largest = LARGEST) {
  let best = {columns: 1, side: 0}
  for (let columns = 1; columns <= count; columns++) {
    const side = Math.min(width / columns / wide, height / Math.ceil(count / columns), largest)
    if (side > best.side + 1e-9) best = {columns, side}
  }
  return best
}

/**
 * Where the tiles of one stage are: a grid around the middle of its box.
 * @param {number} count
 * @param {{x: number, y: number, width: number, height: number}} box
 * @param {number} [wide]
 * @param {number} [largest]
 */
export function tiles(count, box, wide = 1, largest = LARGEST) {
  const {columns, side} = grid(count, box.width, box.height, wide, largest), rows = Math.ceil(count / columns)
  const air = side > 8 ? 2 : side > 4 ? 1 : 0
  const left = box.x + (box.width - columns * side * wide) / 2, top = box.y + (box.height - rows * side) / 2
  return Array.from({length: count}, (_, unit) => ({unit, x: left + (unit % columns) * side * wide,
    y: top + Math.floor(unit / columns) * side, width: side * wide - air, height: side - air}))
}

/** What was told of one frame, as bytes. @param {any} content of the part `network_weights` */
export function unpack({stages, filters, answers, words}) {
  const opened = (one) => one && {...one, values: one.coarse ? halves(one) : bytes(one.levels), most: Math.max(Math.abs(one.low), Math.abs(one.high)) || 1}
  return stages && {stages: stages.map(opened), filters: opened(filters), answers, words}
}

// Levels from 0 to 15, two in a byte, as levels from 0 to 255.
function halves({levels, shape, channels}) {
  const packed = bytes(levels), count = shape.reduce((product, side) => product * side, channels.length)
  return Uint8Array.from({length: count}, (_, at) => 17 * (at % 2 ? packed[at >> 1] & 15 : packed[at >> 1] >> 4))
}

/** The value that a level of a layer stands for. */
export const valueOf = ({low, high}, level) => low + (high - low) * level / 255

/**
 * The columns of the picture: the input, each stage, the answers.
 * @param {any} picture a `NetworkPicture`
 * @param {{width: number, height: number}} size
 */
export function layoutStages({prepared: {structure, image, inputs}, frame, theme}, {width, height}) {
  const {stages, output} = structure, right = Math.min(150, width * 0.27)
  const across = (width - right) / (stages.length + 1), room = height - TOP - (theme?.projector ? LARGE_BELOW : BELOW)
  const box = (place) => ({x: place * across + GAP / 2, y: TOP, width: across - GAP, height: room})
  const middle = (place) => (place + 0.5) * across
  const side = Math.min(across - GAP, room, 120)
  const input = structure.text
    ? [{unit: -1, ...box(0)}]
    : image || structure.shape.length > 1
    ? [{unit: -1, x: middle(0) - side / 2, y: TOP + (room - side) / 2, width: side, height: side}]
    : tiles(inputs, box(0))
  const shown = stages.map((stage, place) => {
    const own = frame?.stages[place], whole = box(place + 1)
    const attends = stage.inside === "attention", wide = attends ? Math.min(whole.width, MATRIX) : whole.width
    const strip = labelled(stage, structure, wide) ? ROOM : above(stage, structure) ? ABOVE : 0
    const own_box = {...whole, y: whole.y + strip, height: whole.height - strip}
    if (stage.shape.length === 2) return [{unit: 0, ...own_box}]
    if (attends) return tiles(stage.shape[2], own_box, 1, MATRIX)
    const count = own ? own.channels.length : Math.min(stage.shape.at(-1), stage.shape.length === 3 ? 16 : 128)
    return tiles(count, own_box, place === 0 && frame?.filters && across > ROOMY ? 1 + FILTER : 1)
  })
  const whole = {x: middle(0), shown: 1, tiles: input}, maps = shown.map((own, place) => ({x: middle(place + 1), shown: own.length, tiles: own}))
  if (output.reconstructs?.length === 3) {
    const size = Math.min(right - 16, room, 120)
    return [whole, ...maps, {x: width - right / 2, shown: 1, tiles: [{unit: 0, x: width - right / 2 - size / 2, y: TOP + (room - size) / 2, width: size, height: size}]}]
  }
  const count = Math.min(output.names.length, ANSWERS), step = Math.min(26, room / count)
  const answers = Array.from({length: count}, (_, unit) => ({unit, x: width - right + 8, width: right - 10,
    y: TOP + (room - step * count) / 2 + step * unit, height: step - 2}))
  return [whole, ...maps,
    {x: width - right / 2, shown: count, tiles: answers}]
}
