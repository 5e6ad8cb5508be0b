// A sentence of the learner's own: typed, and below it each word in the colour of the class that it speaks for.

import { element } from "./live_element.js"
import { probabilities } from "./try_answer.js"

// As in core/datasets/words.py.
const WORD = /[\p{L}\p{N}]+(?:'[\p{L}\p{N}]+)*/gu
const WORD_OR_GAP = new RegExp(`_+|${WORD.source}`, "gu")
const FAINT = 0.4, STRONG = 50  // a pull that is drawn strongest at the least; its colour in percent
const NAMED = 3, NAMED_FROM = 0.1  // how many words are named, and from which share of the strongest pull on
const LEAST = 1e-6  // a probability: the logarithm of 0 is infinite

/**
 * The words of a text, or its characters, and where they are in it.
 * @param {string} text
 * @param {string} unit `words` or `characters`
 * @param {boolean} [gaps] whether `_` stands for a word
 * @returns {{piece: string, from: number, to: number}[]}
 */
export function pieces(text, unit, gaps = false) {
  const pattern = unit === "words" ? gaps ? WORD_OR_GAP : WORD : /\S|\s+/gu, found = [...text.matchAll(pattern)]
  return found.map(({0: piece, index}) => ({piece: /^\s/.test(piece) ? " " : piece.toLowerCase(), from: index, to: index + piece.length}))
    .filter(({piece, from, to}) => piece !== " " || (from > 0 && to < text.length))
}

/**
 * For which class each word speaks and how much: how far that class's probability falls without it.
 * @param {number[][]} contributions of each word to each answer
 * @param {number} classes how many there are; one answer may stand for two
 * @returns {{to: number, by: number}[]}
 */
export function spoken(contributions, classes) {
  return contributions.map((one) => {
    const all = falls(one, classes), by = Math.max(...all)
    return {to: all.indexOf(by), by}
  })
}

const falls = (one, classes) => classes === 2 && one.length === 1 ? [-one[0], one[0]] : one

/**
 * How much a word pulls the answer to class `to`: by how much the logarithm of that class's odds falls without it. Where
 * the network is sure, no probability falls by much, however much the word says.
 * @param {number[]} answers as the worker sends them, and what the word contributes to each
 * @param {number[]} contribution
 * @param {number} classes
 * @param {number} to
 */
export function pull(answers, contribution, classes, to) {
  const now = probabilities(answers, classes), fall = falls(contribution, classes), without = now.map((one, at) => one - fall[at])
  return logOdds(now, to) - logOdds(without, to)
}

// 1 minus the class's own would be all rounding where that is close to 1.
function logOdds(values, to) {
  const others = values.reduce((sum, one, at) => at === to ? sum : sum + one, 0)
  return Math.log(Math.max(LEAST, values[to]) / Math.max(LEAST, others))
}

const points = (by) => by > 0 && by < 0.0005 ? "less than 0.1" : (100 * by).toFixed(1)

/**
 * What integrated gradients add up to, in words: from the answer to words of zeros to the one that is shown.
 * @param {number[]} answers
 * @param {number[]} nothing
 * @param {string[]} classes
 */
export function total(answers, nothing, classes) {
  const now = probabilities(answers, classes.length), before = probabilities(nothing, classes.length), to = now.indexOf(Math.max(...now))
  return `All words together take ${classes[to]} from ${(100 * before[to]).toFixed(1)} to ${(100 * now[to]).toFixed(1)} %.`
}

export class Sentence {
  // changed: called after each change.
  constructor(changed) {
    this.changed = changed
    this.area = Object.assign(element("textarea", "try-sentence"), {rows: 3, spellcheck: false, placeholder: "Type a sentence."})
    this.area.setAttribute("aria-label", "A sentence of your own")
    this.words = element("p", "try-words")
    this.root = element("div", "try-text", "", [this.area, this.words])
    // Two ways to say what a word does: the answer without it, or its share by integrated gradients.
    this.way = Object.assign(element("button", "try-tool", "Integrated gradients"), {type: "button", onclick: () => {
      this.gradients = !this.gradients
      this.way.ariaPressed = String(this.gradients)
      this.colors.clear()
      this.paint()
      changed()
    }})
    this.way.title = "Off: how far the answer falls without each word. On: integrated gradients, which share the answer out among the words, so that they add up."
    this.way.ariaPressed = "false"
    this.gradients = false
    this.area.oninput = () => {
      this.typed = true
      this.paint()
      changed()
    }
    this.colors = new Map()
  }

  // Whether it is laid out anew.
  setUp({unit, length, most, gaps}) {
    const key = [unit, length, most, gaps].join()
    if (key === this.key) return false
    Object.assign(this, {key, unit, length, most, gaps, colors: new Map()})
    this.area.placeholder = gaps ? "Type a sentence with _ for a missing word." : "Type a sentence."
    return true
  }

  begin(text) {
    this.typed = false
    this.area.value = text
    this.colors.clear()
    this.paint()
    this.changed()
  }

  // No answer will come: the colours were of another moment.
  forget() {
    this.colors.clear()
    this.paint()
  }

  /** The text; null for none. */
  get values() {
    return this.area.value.trim() ? this.area.value : null
  }

  /** What is read of it, as the network's picture names it. */
  get read() {
    return pieces(this.area.value, this.unit, this.gaps).slice(0, this.length).map(({piece}) => piece)
  }

  // Take a word out, and ask which one was there.
  hide(from, to) {
    const {value} = this.area
    this.area.value = `${value.slice(0, from)}_${value.slice(to)}`
    this.area.oninput()
  }

  get doubt() {
    const {value} = this.area, count = value.length > this.most ? 0 : pieces(value, this.unit, this.gaps).length
    if (value.length > this.most) {
      return {missing: true, text: `The text has ${value.length.toLocaleString("en-US")} characters. Shorten it to ${this.most.toLocaleString("en-US")}; the network reads only the first ${this.length} ${this.unit} anyway.`}
    }
    if (this.gaps && this.values && !this.read.some((piece) => piece.startsWith("_"))) {
      return {missing: true, text: "Write _ in the place of a word, or click a word below to hide it."}
    }
    if (this.values && !count) return {missing: false, text: "There is no word in it: for the network it is one unknown word."}
    return count > this.length ? {missing: false, text: `The network reads the first ${this.length} ${this.unit} of ${count}.`} : null
  }

  /**
   * The answer to what was typed. Returns what speaks most for the answer, in words.
   * @param {{answers: number[], contributions: number[][], unknown: boolean[], gradients?: number[][], nothing?: number[]}} told
   * @param {{classes: string[], colors: string[]}} output
   */
  show({answers, contributions, unknown, gradients, nothing}, output) {
    const {classes} = output, read = this.read, spoke = spoken(this.gradients && gradients ? gradients : contributions, classes.length)
    // An answer to another text than this one, which is still to come.
    if (read.length !== spoke.length) return this.doubt?.text ?? ""
    if (this.gradients && !gradients) return "Integrated gradients: compiling…"
    const pulls = spoke.map(({to, by}, at) => this.gradients ? by : pull(answers, contributions[at], classes.length, to))
    const most = Math.max(this.gradients ? LEAST : FAINT, ...pulls)
    this.colors = new Map(read.map((piece, at) => [piece, {...spoke[at], share: Math.max(0, pulls[at]) / most, color: output.colors[spoke[at].to],
      name: classes[spoke[at].to], unknown: unknown[at], adds: this.gradients}]))
    this.paint()
    if (unknown.every(Boolean)) return `${this.doubt?.text ?? ""} None of these ${this.unit} is known: every such sentence gets this answer.`.trim()
    const spokenFor = output.classes.map((name, to) => {
      const own = [...this.colors].filter(([, one]) => one.to === to && one.share > NAMED_FROM).sort(([, one], [, other]) => other.share - one.share).slice(0, NAMED)
      return own.length ? `For ${name}: ${own.map(([piece]) => piece).join(", ")}.` : ""
    })
    return [this.doubt?.text, ...spokenFor, this.gradients ? total(answers, nothing, classes) : ""].filter(Boolean).join(" ")
  }

  // Words that were there before keep their colours until the answer comes.
  paint() {
    const text = this.area.value.slice(0, this.most), found = pieces(text, this.unit, this.gaps), nodes = []
    let end = 0
    found.forEach(({piece, from, to}, at) => {
      const told = this.colors.get(piece), node = element("span", at >= this.length ? "cut" : told?.unknown ? "unknown" : "", text.slice(from, to))
      if (at >= this.length) node.title = "Not read: the sentence is too long"
      else if (this.gaps) {
        node.title = "Click to hide it"
        node.onclick = () => this.hide(from, to)
      }
      else if (told) {
        node.style.background = `color-mix(in srgb, ${told.color} ${Math.round(STRONG * told.share)}%, transparent)`
        node.title = told.unknown ? "Unknown: not in the vocabulary" : told.adds ? `Adds ${points(told.by)} points to ${told.name}`
          : `Without it, ${told.name} is ${points(told.by)} points less likely`
      }
      nodes.push(text.slice(end, from), node)
      end = to
    })
    this.words.replaceChildren(...nodes, text.slice(end))
  }
}
