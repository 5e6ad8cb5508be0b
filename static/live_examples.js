// Test examples as dots of a chart: which one a click chose, and a ring around the one that is chosen. The dots know
// their numbers in the test set (core/charts/predictions.py).

const RING = 15

/**
 * The number of the example among the points that were clicked on; null where there is none.
 * @param {{customdata?: unknown}[]} points of Plotly's event
 * @returns {number | null}
 */
export const exampleOf = (points) => /** @type {number | undefined} */ (
  points.map(({customdata}) => customdata).find(Number.isInteger)) ?? null

/**
 * The ring around the chosen example as traces: none where it is not drawn.
 * @param {{customdata?: number[], x: number[], y: number[]}[]} traces
 * @param {number | undefined} example
 * @param {string} color
 */
export function ring(traces, example, color) {
  for (const {customdata, x, y} of traces) {
    const at = customdata?.indexOf?.(example ?? -1) ?? -1
    if (at >= 0) {
      return [{type: "scatter", mode: "markers", x: [x[at]], y: [y[at]], hoverinfo: "skip",
        marker: {size: RING, symbol: "circle", color: "rgba(0,0,0,0)", line: {color, width: 2}}}]
    }
  }
  return []
}

/**
 * All dots that are test examples.
 * @param {{customdata?: any, x: number[], y: (number | null)[], text?: string[]}[]} traces
 */
export const dotsOf = (traces) => traces.flatMap(({customdata, x, y, text}) => Number.isInteger(customdata?.[0])
  ? Array.from(customdata, (example, at) => ({example, x: x[at], y: y[at], text: text?.[at] ?? `${x[at]}, ${y[at]}`})) : [])

/**
 * The dot that follows the chosen one to one side, by x or by y; the first one where none is chosen.
 * @param {ReturnType<typeof dotsOf>} dots
 * @param {number | undefined} example the chosen one
 * @param {number[]} move down and across: one of them is 1 or -1
 */
export function beside(dots, example, [down, across]) {
  // Upwards is where the values grow.
  const by = across ? "x" : "y", way = across || -down
  const sorted = dots.filter(({y}) => y !== null).sort((one, other) => one[by] - other[by] || one.example - other.example)
  const at = sorted.findIndex((dot) => dot.example === example)
  return at < 0 ? sorted[0] : sorted[at + way]
}
