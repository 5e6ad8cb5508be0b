// What a small dense network computes, from the weights that travel with each evaluation (core/views/network.py).
// Pure functions on typed arrays; tests/core/views/test_network.py compares all of it with Keras.

/** @typedef {{op: string, reads: number, units: number, activation: string}} Step */

const EPSILON = 1e-3  // Keras's default in both normalizations
const SELU_ALPHA = 1.6732632423543772, SELU_SCALE = 1.0507009873554805

const sigmoid = (x) => 1 / (1 + Math.exp(-x))
const elu = (x) => x > 0 ? x : Math.expm1(x)

// The error function to 1.2e-7: Numerical Recipes, 2nd edition, section 6.2, `erfcc`.
function erf(x) {
  const z = Math.abs(x), t = 1 / (1 + z / 2)
  const rest = t * Math.exp(-z * z - 1.26551223 + t * (1.00002368 + t * (0.37409196 + t * (0.09678418
    + t * (-0.18628806 + t * (0.27886807 + t * (-1.13520398 + t * (1.48851587 + t * (-0.82215223 + t * 0.17087277)))))))))
  return x >= 0 ? 1 - rest : rest - 1
}

// One for each activation on offer (core/catalog/activations.py).
export const ACTIVATIONS = {
  relu: (x) => x > 0 ? x : 0,
  leaky_relu: (x) => x > 0 ? x : 0.2 * x,
  elu,
  selu: (x) => SELU_SCALE * (x > 0 ? x : SELU_ALPHA * Math.expm1(x)),
  gelu: (x) => x * 0.5 * (1 + erf(x * Math.SQRT1_2)),
  silu: (x) => x * sigmoid(x),
  tanh: Math.tanh,
  sigmoid,
  softplus: (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))),
  linear: (x) => x,
}

/**
 * The weights of each step, as views of one array: those trained come first, then the moments of normalizations.
 * @param {Step[]} steps
 * @param {Float32Array} values
 * @returns {{kernel?: Float32Array, bias?: Float32Array, gamma?: Float32Array, beta?: Float32Array,
 *   mean?: Float32Array, variance?: Float32Array}[] | null} null where their number is another
 */
export function weightsOf(steps, values) {
  let at = 0
  const take = (count) => values.subarray(at, at += count)
  const found = steps.map(({op, reads, units}) => op === "dense" ? {kernel: take(reads * units), bias: take(units)}
    : op === "activation" ? {} : {gamma: take(units), beta: take(units)})
  steps.forEach(({op, units}, place) => {
    if (op === "batch_normalization") Object.assign(found[place], {mean: take(units), variance: take(units)})
  })
  return at === values.length ? found : null
}

const OPERATIONS = {
  dense({reads, units, activation}, {kernel, bias}, x, count) {
    const y = new Float32Array(count * units), sums = new Float64Array(units)
    for (let row = 0; row < count; row++) {
      sums.set(bias)
      for (let input = 0; input < reads; input++) {
        const value = x[row * reads + input]
        if (value === 0) continue
        for (let unit = 0, at = input * units; unit < units; unit++, at++) sums[unit] += value * kernel[at]
      }
      y.set(sums, row * units)
    }
    return activated(activation, y)
  },
  activation: ({activation}, _, x) => activated(activation, x.slice()),
  batch_normalization({units}, {gamma, beta, mean, variance}, x, count) {
    const y = new Float32Array(count * units)
    for (let unit = 0; unit < units; unit++) {
      const scale = gamma[unit] / Math.sqrt(variance[unit] + EPSILON), shift = beta[unit] - mean[unit] * scale
      for (let at = unit; at < y.length; at += units) y[at] = x[at] * scale + shift
    }
    return y
  },
  layer_normalization({units}, {gamma, beta}, x, count) {
    const y = new Float32Array(count * units)
    for (let from = 0; from < y.length; from += units) {
      let mean = 0, variance = 0
      for (let unit = 0; unit < units; unit++) mean += x[from + unit] / units
      for (let unit = 0; unit < units; unit++) variance += (x[from + unit] - mean) ** 2 / units
      const scale = 1 / Math.sqrt(variance + EPSILON)
      for (let unit = 0; unit < units; unit++) y[from + unit] = (x[from + unit] - mean) * scale * gamma[unit] + beta[unit]
    }
    return y
  },
}

function activated(name, values) {
  if (name === "linear") return values
  const of = ACTIVATIONS[name]
  for (let at = 0; at < values.length; at++) values[at] = of(values[at])
  return values
}

/**
 * What each step gives for `count` examples, (count, units) each, row by row.
 * @param {Step[]} steps
 * @param {NonNullable<ReturnType<typeof weightsOf>>} weights
 * @param {Float32Array} x (count, inputs), as the network sees them
 * @param {number} count
 */
export function forward(steps, weights, x, count) {
  let last = x
  return steps.map((step, place) => last = OPERATIONS[step.op](step, weights[place], last, count))
}

/**
 * The outputs as answers: probabilities for classes, numbers as they are. A copy.
 * @param {string} name softmax, sigmoid or linear
 * @param {Float32Array} logits (count, units)
 * @param {number} units
 */
export function answers(name, logits, units) {
  if (name !== "softmax") return activated(name, logits.slice())
  const found = logits.slice()
  for (let from = 0; from < found.length; from += units) {
    let most = -Infinity, sum = 0
    for (let at = from; at < from + units; at++) most = Math.max(most, found[at])
    for (let at = from; at < from + units; at++) sum += found[at] = Math.exp(found[at] - most)
    for (let at = from; at < from + units; at++) found[at] /= sum
  }
  return found
}

/**
 * The points of a square grid over the plane, the upper row first; over a line its points from low to high.
 * @param {{low: number[], high: number[]}} plane of two features, or of one
 * @param {number} size
 */
export function points({low, high}, size) {
  const at = (axis, place) => low[axis] + (high[axis] - low[axis]) * place / (size - 1)
  if (low.length === 1) return Float32Array.from({length: size}, (_, place) => at(0, place))
  const found = new Float32Array(2 * size * size)
  for (let row = 0, to = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      found[to++] = at(0, column)
      found[to++] = at(1, size - 1 - row)
    }
  }
  return found
}

/**
 * One unit's values among those of all units.
 * @param {Float32Array} values (count, units)
 * @param {number} units
 * @param {number} unit
 */
export function column(values, units, unit) {
  const found = new Float32Array(values.length / units)
  for (let row = 0, at = unit; row < found.length; row++, at += units) found[row] = values[at]
  return found
}

/**
 * The mean size of each unit's values.
 * @param {Float32Array} values (count, units)
 * @param {number} units
 */
export function activity(values, units) {
  const found = new Float32Array(units), rows = Math.max(1, values.length / units)
  for (let at = 0, unit = 0; at < values.length; at++, unit = unit + 1 === units ? 0 : unit + 1) {
    found[unit] += Math.abs(values[at]) / rows
  }
  return found
}

/**
 * The largest size of all values, at least `least`; what is not finite does not count.
 * @param {Float32Array} values
 * @param {number} [least]
 */
export function largest(values, least = 1e-6) {
  let most = least
  for (const value of values) {
    const size = Math.abs(value)
    if (size > most && size < Infinity) most = size
  }
  return most
}

/**
 * The size that is drawn strongest: two and a half times the root mean square, or the largest if that is smaller.
 * One outlier then does not make all others pale.
 * @param {Float32Array} values
 */
export function strong(values) {
  let sum = 0
  for (const value of values) sum += value * value
  const typical = 2.5 * Math.sqrt(sum / Math.max(1, values.length)), most = largest(values)
  return typical > 1e-6 && typical < most ? typical : most
}

/**
 * How many values lie in each of `bins` equal parts of their range.
 * @param {Float32Array} values
 * @param {number} bins
 * @returns {{low: number, high: number, counts: Float32Array}}
 */
export function distribution(values, bins) {
  const counts = new Float32Array(bins)
  let low = Infinity, high = -Infinity
  for (const value of values) {
    if (value < low) low = value
    if (value > high) high = value
  }
  if (!(high > low)) {
    counts[bins >> 1] = values.length
    return {low, high, counts}
  }
  for (const value of values) counts[Math.min(bins - 1, Math.floor((value - low) / (high - low) * bins))]++
  return {low, high, counts}
}

/**
 * The connection with the largest weight of all: its step, input and unit.
 * @param {Step[]} steps
 * @param {NonNullable<ReturnType<typeof weightsOf>>} weights
 */
export function strongest(steps, weights) {
  const found = {step: -1, input: 0, unit: 0, weight: 0}
  steps.forEach(({op, units}, step) => {
    if (op !== "dense") return
    weights[step].kernel.forEach((weight, at) => {
      if (Math.abs(weight) > Math.abs(found.weight)) {
        Object.assign(found, {step, input: Math.floor(at / units), unit: at % units, weight})
      }
    })
  })
  return found
}
