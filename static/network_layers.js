// The layers of a network that is not drawn unit by unit: one block each, with its shape and its parameters.

import { mix } from "./live_theme.js"
import { cut } from "./network_paint.js"

const GAP = 10, SMALL = 12

/** A shape in words: `28 x 28 x 32`. @param {number[]} shape */
export const size = (shape) => shape.join(" x ")

/**
 * Where the blocks are: as many in a row as fit, in as many rows as needed.
 * @param {number} count
 * @param {{width: number, height: number}} box
 * @returns {{x: number, y: number, width: number, height: number}[]}
 */
export function blocks(count, {width, height}) {
  const columns = Math.max(1, Math.min(count, Math.floor(width / 78))), rows = Math.ceil(count / columns)
  const wide = width / columns, high = height / rows
  return Array.from({length: count}, (_, place) => ({x: (place % columns) * wide, y: Math.floor(place / columns) * high,
    width: wide - GAP, height: high - 4}))
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {any} structure the part `network`
 * @param {{width: number, height: number}} box
 * @param {any} theme
 */
export function paintLayers(context, {layers, shape}, box, theme) {
  const all = [{label: "Input", shape, parameters: 0, activation: ""}, ...layers]
  blocks(all.length, box).forEach((place, at) => block(context, all[at], place, at < all.length - 1, theme))
}

function block(context, {label, shape, parameters, activation}, {x, y, width, height}, more, theme) {
  const room = Math.max(16, height - 66), middle = x + width / 2
  const side = Math.min(room, width * 0.6), tall = shape.length === 1 ? Math.min(room, 12 + 9 * Math.log2(1 + shape[0])) : side
  const wide = shape.length === 1 ? 10 : side
  context.fillStyle = parameters ? mix("#0072B2", theme.surface, 0.35) : theme.grid
  context.strokeStyle = theme.muted
  context.lineWidth = 1
  const top = y + 4 + (room - tall) / 2
  if (shape.length === 3) {
    for (const away of [6, 3]) context.strokeRect(middle - wide / 2 + away, top - away, wide, tall)
  }
  context.fillRect(middle - wide / 2, top, wide, tall)
  context.strokeRect(middle - wide / 2, top, wide, tall)
  context.textAlign = "center"
  const lines = [[label, theme.text, 600], [size(shape) + (activation ? ` ${activation}` : ""), theme.muted, 400],
    [parameters ? `${parameters.toLocaleString("en-US")} weights` : "", theme.muted, 400]]
  lines.forEach(([text, color, weight], line) => {
    context.font = `${weight} ${SMALL}px ${theme.font}`
    context.fillStyle = color
    context.fillText(cut(context, text, width + GAP - 4), middle, y + room + 18 + 16 * line)
  })
  if (more) {
    context.beginPath()
    context.moveTo(x + width - 1, y + 4 + room / 2)
    context.lineTo(x + width + GAP - 2, y + 4 + room / 2)
    context.stroke()
  }
}
