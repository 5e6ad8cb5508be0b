// One frame of the network's picture: everything it shows of one set of weights, as typed arrays.

import { bytes } from "./live_parts.js"
import { applied } from "./network_edits.js"
import { activity, answers, forward, largest, points, strong, strongest, weightsOf } from "./network_math.js"

export const MAP_SIZE = 20
const BOUNDED = ["tanh", "sigmoid", "softmax"]

/** The numbers in a base64 text of float32. @param {string} text */
export const floats = (text) => new Float32Array(bytes(text).buffer)

/**
 * What a frame is computed from and does not change with the weights: inputs as typed arrays.
 * @param {any} structure the part `network` (core/views/network.py)
 */
export function prepare(structure) {
  const {example, probe, plane, columns, shape} = structure
  const inputs = shape.reduce((product, side) => product * side, 1)
  return {structure, inputs, units: [inputs, ...columns.map(({units}) => units)],
    image: shape.length === 3 && shape[2] !== 2 ? shape : null,
    example: example && pixels(example), probe: probe && floats(probe.values),
    grid: plane && points(plane, MAP_SIZE), width: MAP_SIZE, height: plane?.low.length === 2 ? MAP_SIZE : 1}
}

// Of an image that only a worker computes, its pixels are known from 0 to 255.
function pixels({values, pixels: text}) {
  return text ? Float32Array.from(bytes(text), (level) => level / 255) : Float32Array.from(values)
}

/**
 * The columns of a frame, the inputs first; null where the weights are not of this network.
 *
 * Of each: `example` (units,), `probe` (examples, units), `map` (points, units) or null, `activity` (units,), `most`,
 * the size that is drawn strongest, and from the second on `kernel` (units before, units) and `bias`.
 * @param {ReturnType<typeof prepare>} prepared
 * @param {string} text the weights, in base64
 * @param {import("./network_edits.js").Edit[]} [edits] made in a copy of them
 */
export function compute(prepared, text, edits = []) {
  const {structure: {steps, columns, output, probe}, example, grid, inputs} = prepared
  const weights = example && weightsIn(prepared, text, edits)
  if (!weights) return null
  const sets = [[example, 1], [prepared.probe, probe.count], ...grid ? [[grid, grid.length / inputs]] : []]
  const given = sets.map(([x, count]) => forward(steps, weights, x, count))
  const made = columns.map(({kernel, step, units}, place) => {
    const last = place === columns.length - 1
    const [own, probed, map] = given.map((values) => last ? answers(output.activation, values[step], units) : values[step])
    const bounded = BOUNDED.includes(last ? output.activation : steps[step].activation)
    return {example: own, probe: probed, map: map ?? null, activity: activity(probed, units), units,
      most: bounded ? 1 : strong(map ?? probed),
      kernel: weights[kernel].kernel, bias: weights[kernel].bias, weight: largest(weights[kernel].kernel, 1)}
  })
  const first = {example, probe: prepared.probe, map: grid ?? null, units: inputs, most: strong(grid ?? prepared.probe),
    activity: reach(made[0].kernel, inputs)}
  return {columns: [first, ...made], strongest: strongest(steps, weights)}
}

/**
 * The weights of each step, with edits made in them; null where they are not of this network.
 * @param {ReturnType<typeof prepare>} prepared
 * @param {string} text in base64
 * @param {import("./network_edits.js").Edit[]} edits
 */
export function weightsIn({structure: {steps}}, text, edits) {
  const weights = text ? weightsOf(steps, floats(text)) : null
  return weights && applied(steps, weights, edits)
}

// How much each input matters to the first units: the sizes of its weights, added up.
function reach(kernel, inputs) {
  const units = kernel.length / inputs
  return activity(kernel, kernel.length).reduce((found, size, at) => {
    found[Math.floor(at / units)] += size
    return found
  }, new Float32Array(inputs))
}

/**
 * The answers to several inputs, in the output's own units; null where the weights are not of this network.
 * @param {any} structure the part `network`
 * @param {string} text the weights, in base64
 * @param {import("./network_edits.js").Edit[]} edits
 * @param {Float32Array[]} rows the inputs as the network sees them
 * @returns {number[][] | null}
 */
export function predicted(structure, text, edits, rows) {
  const {steps, output, target_mean: shift, target_deviation: scale} = structure
  const weights = weightsIn({structure}, text, edits)
  if (!weights) return null
  const x = Float32Array.from(rows.flatMap((row) => [...row])), {units} = steps.at(-1)
  const found = answers(output.activation, forward(steps, weights, x, rows.length).at(-1), units)
  return rows.map((_, row) => Array.from(found.subarray(row * units, (row + 1) * units),
    (value, at) => value * (scale?.[at] ?? 1) + (shift?.[at] ?? 0)))
}
