// What static/network_math.js computes, as JSON: standard input says of what. Called by
// tests/core/views/test_network.py, which compares it with Keras.

import { readFileSync } from "node:fs"
import process from "node:process"

import { ACTIVATIONS, answers, forward, points } from "../../static/network_math.js"
import { floats, predicted, weightsIn } from "../../static/network_frame.js"
import { repainted } from "../../static/network_regions.js"

const {networks, x} = JSON.parse(readFileSync(0, "utf8"))
const curves = Object.fromEntries(Object.entries(ACTIVATIONS).map(([name, of]) => [name, x.map(of)]))
const computed = networks.map(({structure, frame, edits = [], traces}) => {
  const {steps, columns, probe, plane, output} = structure
  const weights = weightsIn({structure}, frame.weights, edits), given = forward(steps, weights, floats(probe.values), probe.count)
  const last = steps.at(-1), grid = plane && points(plane, 5)
  const {mean, deviation} = structure
  const predict = (rows) => predicted(structure, frame.weights, edits, rows.map((row) => Float32Array.from(row, (value, at) => (value - mean[at]) / deviation[at])))
  return {traces: traces && repainted(traces, predict), columns: columns.map(({step}) => [...given[step]]), answers: [...answers(output.activation, given.at(-1), last.units)],
    grid: grid && [...grid], map: grid && [...forward(steps, weights, grid, grid.length / plane.low.length).at(-1)]}
})
process.stdout.write(JSON.stringify({curves, computed}))
