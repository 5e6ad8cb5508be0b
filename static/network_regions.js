// What weights set by hand make of the predictions' card, painted in the same frame: the regions over two features, or the
// curve over one. Everything else about the test set follows from a worker.

import { encoded } from "./live_bytes.js"
import { probabilities, top } from "./try_answer.js"

/**
 * The traces of the card with the network's answers in place of a worker's; the same traces where there are none.
 * @param {any[]} traces of `decision_regions` or `fitted_curve` (core/charts)
 * @param {(rows: number[][]) => number[][] | null} predict the answers to inputs in their own units
 */
export function repainted(traces, predict) {
  return traces.map((trace) => {
    if (trace.meta?.levels) return regions(trace, predict)
    return trace.name === "network" && trace.mode === "lines" ? curve(trace, predict) : trace
  })
}

function regions({text, ...trace}, predict) {
  const {meta: {levels, classes}, z: {shape}, x0, dx, y0, dy} = trace, [rows, columns] = shape.split(",").map(Number)
  const answers = predict(Array.from({length: rows * columns}, (_, at) =>
    [x0 + dx * (at % columns), y0 + dy * Math.floor(at / columns)]))
  if (!answers) return {...trace, text}
  const found = Uint8Array.from(answers, (own) => {
    const shares = probabilities(own, classes.length), best = top(shares)
    // A byte for the class and its confidence, as in core/charts/predictions.py.
    return best * levels + Math.floor(Math.floor((shares[best] || 0) * 255) * levels / 256)
  })
  return {...trace, z: {...trace.z, bdata: encoded(found)}}
}

function curve(trace, predict) {
  const answers = predict(trace.x.map((value) => [value]))
  return answers ? {...trace, y: answers.map(([value]) => Number.isFinite(value) ? value : null)} : trace
}
