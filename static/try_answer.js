// What the network answers, as bars or numbers; and what would have to change for another answer: pure functions but for
// `Answer`, which draws them.

import { element, say } from "./live_element.js"

const MOST_BARS = 10, PROJECTED = 6, POINTS = 40, HALVINGS = 14, SAID_MS = 700

/** All classes' probabilities, also where one output says that of the second. @param {number[]} answers */
export const probabilities = (answers, classes) =>
  classes === 2 && answers.length === 1 ? [1 - answers[0], answers[0]] : [...answers]

/** A share in words, with so many `digits`; what is not 0 is never called 0. */
export const percent = (share, digits = 1) => {
  if (!Number.isFinite(share)) return "–"
  const value = 100 * share, least = 10 ** -digits, little = value < least / 2
  return `${little && value > 0 ? `< ${least}` : value.toFixed(little || value > 100 - least / 2 ? 0 : digits)}\u00a0%`
}

const NO_NUMBERS = "What the network computes is no longer a number."

const written = (value) => Number.isFinite(value) ? Number(value.toPrecision(3)).toString().replace("-", "−") : "–"

const reconstruction = (error) => error === null ? "Reconstruction" : `Reconstruction, error ${written(error)}`

/** The output with the words that its answers are about, where each answer has others. @param {string[]} [words] */
export const worded = (output, words) => words ? {...output, classes: words, names: words} : output

/** The largest value's place. @param {ArrayLike<number>} values */
export function top(values) {
  let best = 0
  for (let at = 1; at < values.length; at++) if (values[at] > values[best]) best = at
  return best
}

/**
 * The smallest change of a single feature that changes the predicted class: as a share of the feature's range.
 * @param {{at: number[], low?: number, high?: number, options?: string[]}[]} fields
 * @param {Float64Array} values
 * @param {(rows: Float64Array[]) => number[]} classesOf predicts several inputs at once
 * @returns {{field: number, value: number, to: number, share: number} | null} value: the new number, or which option;
 *   null where no single feature is enough
 */
export function flip(fields, values, classesOf) {
  const tried = [], [now] = classesOf([values])
  fields.forEach((field, place) => {
    const {low, high, options} = field
    if (options) options.forEach((_, option) => tried.push({field: place, value: option, share: 1}))
    else {
      for (let point = 0; high > low && point <= POINTS; point++) {
        const value = low + (high - low) * point / POINTS
        tried.push({field: place, value, share: Math.abs(value - values[field.at[0]]) / (high - low)})
      }
    }
  })
  const changed = ({field, value}) => changedTo(fields[field], values, value)
  const classes = classesOf(tried.map(changed))
  const others = tried.map((one, at) => ({...one, to: classes[at]})).filter(({to}) => to !== now).sort((one, other) => one.share - other.share)
  if (!others.length) return null
  // The nearest point of each feature is not yet the edge.
  const nearest = others.filter((one, at) => others.findIndex(({field}) => field === one.field) === at && one.share <= others[0].share + 1 / POINTS)
  return nearest.map((one) => edge(fields[one.field], values, one, now, classesOf)).sort((one, other) => one.share - other.share)[0]
}

function changedTo(field, values, value) {
  const other = values.slice()
  if (!field.options) other[field.at[0]] = value
  else if (field.at.length === 1) other[field.at[0]] = value
  else field.at.forEach((to, index) => { other[to] = Number(index === value) })
  return other
}

// Between the value now and one that changes the class, halved again and again.
function edge(field, values, found, now, classesOf) {
  if (field.options) return found
  let [same, other, to] = [values[field.at[0]], found.value, found.to]
  for (let half = 0; half < HALVINGS; half++) {
    const middle = (same + other) / 2, [answer] = classesOf([changedTo(field, values, middle)])
    if (answer === now) same = middle
    else [other, to] = [middle, answer]
  }
  return {...found, value: other, to, share: Math.abs(other - values[field.at[0]]) / (field.high - field.low)}
}

/**
 * Paints numbers that are pixels, from 0 to `most`.
 * @param {HTMLCanvasElement} canvas
 * @param {ArrayLike<number>} values
 * @param {{reconstructs: number[], most: number}} output
 */
export function imageOf(canvas, values, {reconstructs: [height, width, channels], most}) {
  Object.assign(canvas, {height, width})
  const context = canvas.getContext("2d"), image = context.createImageData(width, height)
  for (let pixel = 0; pixel < width * height; pixel++) {
    for (let color = 0; color < 3; color++) {
      image.data[4 * pixel + color] = 255 * values[pixel * channels + (channels === 3 ? color : 0)] / most
    }
    image.data[4 * pixel + 3] = 255
  }
  context.putImageData(image, 0, 0)
}

export class Answer {
  constructor() {
    this.verdict = element("p", "try-verdict")
    this.bars = element("ul", "try-bars")
    this.back = element("canvas", "try-back")
    this.back.hidden = true
    this.back.setAttribute("role", "img")
    this.back.setAttribute("aria-label", "What the network gives back")
    this.more = element("p", "try-more")
    this.said = element("span", "network-said")
    this.said.setAttribute("role", "status")
    this.root = element("div", "try-answer", "", [this.verdict, this.bars, this.back, this.more, this.said])
  }

  // A sentence instead of an answer.
  words(text) {
    say(this.verdict, text)
    this.back.hidden = true
    this.root.dataset.answered = ""
    this.verdict.classList.add("words")
    this.bars.replaceChildren()
    say(this.more, "")
    return text
  }

  // The answers in the output's own units. Returns them in words.
  // error: of a reconstruction; else null.
  show(answers, output, error = null) {
    if (!answers.every(Number.isFinite)) return this.words(NO_NUMBERS)
    this.verdict.classList.remove("words")
    this.root.dataset.answered = "1"
    this.back.hidden = output.reconstructs?.length !== 3
    const words = !this.back.hidden ? this.image(answers, output, error) : output.classes.length ? this.classes(probabilities(answers, output.classes.length), output) : this.numbers(answers, output, error)
    clearTimeout(this.saying)
    this.saying = setTimeout(() => say(this.said, words), SAID_MS)
    return words
  }

  classes(values, {classes, colors}) {
    const best = top(values)
    say(this.verdict, `${classes[best]}, ${percent(values[best])}`)
    const order = values.map((_, at) => at)
    // Of large letters fewer fit.
    const most = this.root.closest(".projector .live-card:not(.filled)") ? PROJECTED : MOST_BARS
    const shown = order.length <= most ? order : order.sort((one, other) => values[other] - values[one]).slice(0, most)
    this.fill(shown.length, (place) => {
      const at = shown[place]
      return {name: classes[at], text: percent(values[at]), share: values[at], color: colors[at], best: at === best}
    })
    return `${classes[best]}, ${percent(values[best])}`
  }

  // An image that is given back.
  image(answers, output, error) {
    say(this.verdict, reconstruction(error))
    this.bars.replaceChildren()
    imageOf(this.back, answers, output)
    return `${reconstruction(error)}. It is an image.`
  }

  numbers(answers, {names, reconstructs}, error) {
    const told = answers.map(written)
    say(this.verdict, reconstructs ? reconstruction(error) : names.length > 1 ? "The forecast" : told[0])
    this.fill(names.length > 1 ? names.length : 0, (place) => ({name: names[place], text: told[place], share: 0, best: false}))
    const all = names.map((name, place) => `${name}: ${told[place]}`).join(", ")
    return reconstructs ? `${reconstruction(error)}. ${all}` : all
  }

  fill(count, of) {
    const {bars} = this
    while (bars.children.length > count) bars.lastChild.remove()
    while (bars.children.length < count) bars.append(element("li", "", "", [element("span", "try-class"), element("i", "", "", [element("b")]), element("span", "try-share")]))
    for (const [place, row] of [...bars.children].entries()) {
      const {name, text, share, color, best} = of(place), [label, track, value] = row.children
      row.classList.toggle("best", best)
      row.dataset.share = share
      say(label, name)
      label.title = name
      say(value, text)
      track.hidden = color === undefined
      track.firstChild.style.cssText = `width: ${100 * share}%; background: ${color}`
    }
  }
}
