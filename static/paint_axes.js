// Axes without Plotly: where a value lies, which ticks there are, and how they are written. The same as Plotly's own
// (plotly.js, src/plots/cartesian/axes.js: autoTicks, roundDTick), so that nothing moves when Plotly draws again.

const STEPS = [2, 5, 10]                                   // of a tick, times a power of ten
const TOPS = [1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10]      // of an axis that grows
const LOG_STEPS = 4                                        // a logarithmic axis grows by such parts of a decade

/** @typedef {{type?: string, range?: number[], autorangeoptions?: {clipmin: number, clipmax: number}, nticks?: number, dtick?: number | string, tickformat?: string, ticktext?: string[], tickvals?: number[]}} Given */
/** @typedef {{_offset: number, _length: number}} Place Plotly's axis, as it lies in the chart */

/**
 * @param {Given} given as the figure has it
 * @param {Place} place
 * @param {boolean} upwards whether its values grow from the bottom to the top
 * @returns {{at: (value: number) => number, ticks: {at: number, text: string}[], low: number, high: number} | null}
 *   null where it is left to Plotly
 */
export function axisOf(given, place, upwards) {
  const ends = endsOf(given)
  if (!ends || !(place._length > 0)) return null
  const [low, high] = ends, log = given.type === "log", {_offset: from, _length: length} = place
  const part = (value) => (value - low) / (high - low)
  const at = (value) => from + length * (upwards ? 1 - part(log ? Math.log10(value) : value) : part(log ? Math.log10(value) : value))
  const end = log ? undefined : Math.max(Math.abs(low), Math.abs(high))
  const values = given.tickvals ?? (log ? logTicks(low, high, given.dtick) : linearTicks(low, high, given, length, upwards))
  return {at, low, high, ticks: values.map((value, index) =>
    ({at: at(value), text: given.showticklabels === false ? "" : given.ticktext?.[index] ?? written(value, given.tickformat, end)}))}
}

// The ends as Plotly has them: of a logarithmic axis, powers of ten.
function endsOf({type, range, autorangeoptions}) {
  const {clipmin, clipmax} = autorangeoptions ?? {}
  const ends = range ?? (clipmax === undefined ? undefined : type === "log" ? [Math.log10(clipmin), Math.log10(clipmax)] : [clipmin, clipmax])
  return ends?.every(Number.isFinite) && ends[0] !== ends[1] ? ends : undefined
}

/** The distance of two ticks. */
export function tickStep(low, high, most) {
  const rough = Math.abs(high - low) / most, base = 10 ** Math.floor(Math.log10(rough))
  return base * (STEPS.find((step) => step >= rough / base - 1e-9) ?? 10)
}

function linearTicks(low, high, {nticks, dtick}, length, upwards) {
  const step = typeof dtick === "number" ? dtick
    : tickStep(low, high, nticks || Math.min(9, Math.max(4, length / (upwards ? 40 : 80))) + 1)
  const [first, last] = [Math.min(low, high), Math.max(low, high)], slack = 1e-4 * (last - first)
  const ticks = []
  for (let index = Math.ceil((first - slack) / step); index * step <= last + slack; index++) ticks.push(index * step)
  return ticks
}

function logTicks(low, high, dtick) {
  const within = (power) => power >= low - 1e-4 && power <= high + 1e-4, ticks = []
  const step = typeof dtick === "number" ? dtick : 1
  for (let power = Math.floor(low); power <= Math.ceil(high); power++) {
    if (power % step) continue
    for (const digit of dtick === "D2" ? [1, 2, 5] : [1]) {
      if (within(power + Math.log10(digit))) ticks.push(Number(`${digit}e${power}`))
    }
  }
  return ticks
}

/** A number beside an axis, in the formats of core/charts/style.py. end: of the axis; all of its numbers have one unit. */
export function written(value, format, end = value) {
  const short = Number(value.toPrecision(6))
  if (format?.endsWith("%")) return `${sign(trimmed((100 * short).toFixed(6)))} %`
  const power = format || !short ? 0 : thousands(end)
  if (power) return `${sign(trimmed((short / 10 ** power).toPrecision(6)))}${UNITS[power]}`
  return sign(trimmed(short.toPrecision(6)))
}

// From about 10,000 on, Plotly writes thousands; then millions.
const UNITS = {3: "k", 6: "M", 9: "B"}
function thousands(end) {
  const power = Math.floor(Math.log10(Math.abs(end)) + 0.01)
  return power > 3 ? Math.min(9, 3 * Math.round((power - 1) / 3)) : 0
}

const trimmed = (text) => text.replace(/(\.\d*?)0+(?=e|$)/, "$1").replace(/\.(?=e|$)/, "")
const sign = (text) => text.replace("-", "\u2212")

/** The end of an axis from 0 that shows `most`: it grows in steps, so that it stands still often. */
export function topOf(most) {
  if (!(most > 0)) return 1
  const base = 10 ** Math.floor(Math.log10(most)), wanted = 1.02 * most / base
  return Number(((TOPS.find((top) => top >= wanted - 1e-9) ?? 12) * base).toPrecision(3))
}

/** Ends of a logarithmic axis around positive values. */
export function decadesOf(least, most) {
  const [low, high] = [Math.floor(LOG_STEPS * Math.log10(least) - 0.1) / LOG_STEPS, Math.ceil(LOG_STEPS * Math.log10(most) + 0.1) / LOG_STEPS]
  return [10 ** low, 10 ** high]
}

/**
 * Give the axes of growing curves ends that move in steps, the same for Plotly and for what is painted. The learner's
 * zoom and the way back from it stay Plotly's: for it these are axes that fit the data.
 * @param {{traces: any[], layout: any}} figure changed in place
 * @param {boolean} log
 */
export function fitCurves({traces, layout}, log) {
  const {xaxis, yaxis} = layout
  if (xaxis.range) {
    // Nothing there yet. Ends that are only there until something is must not be those that a double click goes back to.
    if (!traces.some((one) => one.x.length)) xaxis.autorange = yaxis.autorange = true
    return
  }
  const x = Math.max(xaxis.autorangeoptions?.include?.at(-1) ?? 1, ...traces.map((one) => one.x.at(-1) ?? 0))
  xaxis.autorangeoptions = exactly(0, x)
  if (yaxis.range) return
  // At an earlier moment, as much as the whole run takes.
  let [least, most] = yaxis.autorangeoptions?.include ?? [Infinity, 0]
  for (const {y} of traces) {
    for (const one of y) {
      if (one === null || !(one > 0)) continue
      least = Math.min(least, one)
      most = Math.max(most, one)
    }
  }
  if (!log) yaxis.autorangeoptions = exactly(0, topOf(most))
  else if (most > 0) {
    const ends = decadesOf(least, most), decades = Math.log10(ends[1] / ends[0])
    Object.assign(yaxis, {type: "log", rangemode: "normal", uirevision: `${layout.uirevision} log`,
      dtick: decades < 4 ? "D2" : Math.ceil(decades / 6), autorangeoptions: exactly(...ends)})
  }
}

const exactly = (low, high) => ({include: [low, high], clipmin: low, clipmax: high})
