// A series in the network's picture: the input as a line, above what a layer makes of each of its steps.

import { outlined } from "./network_paint.js"
import { looks } from "./network_words.js"

export const ABOVE = 30  // pixels over a layer's picture

/** Whether the input's line stands above a stage: it has a column for each step. */
export const above = ({inside}, {shape}) => Boolean(inside) && shape.length === 2

/**
 * The input series as one line for each of its channels.
 * @param {CanvasRenderingContext2D} context
 * @param {{example: Float32Array, structure: {shape: number[]}}} prepared
 * @param {{x: number, y: number, width: number, height: number}} box
 * @param {any} theme
 * @param {number} [inset] of the first and the last step; half a cell where cells stand below
 * @param {[number, number]} [range] the values at the lower and the upper edge
 */
export function paintSeries(context, {example, structure}, {x, y, width, height}, theme, inset = 3, range = around(example)) {
  const channels = structure.shape[1], count = example.length / channels
  const [low, high] = range, reach = height - 6
  context.strokeStyle = theme.text
  context.lineWidth = 1.5
  for (let channel = 0; channel < channels; channel++) {
    context.beginPath()
    for (let at = 0; at < count; at++) {
      context.lineTo(x + inset + (width - 2 * inset) * at / Math.max(1, count - 1),
        y + 3 + reach * (high - example[at * channels + channel]) / (high - low || 1))
    }
    context.stroke()
  }
}

// The same for most examples, so that one can be compared with the next.
function around(example) {
  const most = Math.max(1, ...example.map(Math.abs))
  return [-most, most]
}

/** The same above the first row of a stage's pictures, step over step. */
export function paintAbove(context, {prepared, theme}, tiles) {
  const {example, structure: {shape: [steps]}} = prepared, top = Math.min(...tiles.map(({y}) => y))
  if (!example?.length) return
  for (const {x, y, width} of tiles) {
    if (y > top + 1 || width < ABOVE) continue
    const box = {x, y: y - ABOVE, width, height: ABOVE - 4}
    outlined(context, box, theme)
    paintSeries(context, prepared, box, theme, width / steps / 2, [Math.min(...example), Math.max(...example)])
  }
}

/** What a layer's states or attention weights are, in words; null for other layers. */
export function insideWords({title, inside, shape}, own, unit, range, words = null) {
  if (inside === "attention" && words) {
    return [`${title}, head ${own.channels[unit] + 1} of ${own.total}`, "each row: where that word looks, from the first word at the left to the last", looks(words, own, unit)]
  }
  if (inside === "states") {
    return [title, `${shape[1]} units from top to bottom, ${shape[0]} steps from left to right`, range]
  }
  if (inside !== "attention") return null
  return [`${title}, head ${own.channels[unit] + 1} of ${own.total}`,
    "each row: where that step looks, from the first step at the left to the last", range]
}

/** The size of a stage, in fewer and fewer words. */
export function sizes({inside, shape, detail}) {
  const more = detail ? `, ${detail}` : ""
  if (inside === "states") return [`${shape[1]} units, ${shape[0]} steps${more}`, `${shape[1]} units, ${shape[0]} steps`, `${shape[1]} units`]
  if (inside === "attention") return [`${shape[2]} heads, ${shape[0]} x ${shape[1]} steps`, `${shape[2]} heads`]
  return [`${shape.join(" x ")}${more}`, shape.join(" x "), shape.join("x")]
}
