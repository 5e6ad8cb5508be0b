// A sentence in the network's picture: the input as text, and its words over what a layer makes of each of them.

import { cut, outlined } from "./network_paint.js"

export const ROOM = 50       // pixels over a layer's picture, for words that stand upright
const LINE = 16, LEAST = 13  // a line of the input; a word's width at least
const PAIRS = 3

/** The words of the example; null for other data, and until they are here. @param {any} structure */
export const wordsOf = ({text, example}) => (text && example?.words) || null

/** Whether words stand over a stage, in so many pixels: it has a column for each. */
export function labelled({inside, shape}, structure, width) {
  const words = wordsOf(structure)
  return Boolean(words?.length) && (inside === "attention" || shape.length === 2) && width / words.length >= LEAST
}

/** The sentence in its box, line by line; what does not fit is left out. */
export function paintSentence(context, words, {x, y, width, height}, theme) {
  outlined(context, {x, y, width, height}, theme)
  context.font = `${theme.small}px ${theme.font}`
  context.fillStyle = theme.text
  context.textAlign = "left"
  const line = Math.max(LINE, theme.small + 4), lines = broken(words, (text) => context.measureText(text).width <= width - 8)
  const shown = Math.max(1, Math.floor((height - 6) / line))
  const top = y + 3 + line / 2 + Math.max(0, (height - 6 - lines.length * line) / 2)
  lines.slice(0, shown).forEach((text, at) => {
    const last = at === shown - 1 && lines.length > shown
    context.fillText(cut(context, last ? `${text} …` : text, width - 8), x + 4, top + at * line)
  })
}

/**
 * Words in lines.
 * @param {string[]} words
 * @param {(text: string) => boolean} fits
 */
export function broken(words, fits) {
  const lines = []
  for (const word of words) {
    const longer = lines.length ? `${lines.at(-1)} ${word}` : word
    if (lines.length && fits(longer)) lines[lines.length - 1] = longer
    else lines.push(word)
  }
  return lines
}

/** The words upright over the first row of a stage's pictures. */
export function paintLabels(context, words, tiles, theme) {
  const top = Math.min(...tiles.map(({y}) => y))
  context.font = `${theme.small}px ${theme.font}`
  context.fillStyle = theme.text
  context.textAlign = "left"
  for (const {x, y, width} of tiles) {
    if (y > top + 1 || width / words.length < LEAST) continue
    words.forEach((word, at) => {
      context.save()
      context.translate(x + width * (at + 0.5) / words.length, y - 3)
      context.rotate(-Math.PI / 2)
      context.fillText(cut(context, word, ROOM - 6), 0, 0)
      context.restore()
    })
  }
}

/**
 * Which words look at which others most, in words: of one head.
 * @param {string[]} words
 * @param {{values: Uint8Array, shape: number[], low: number, high: number}} own of all heads
 * @param {number} unit the head
 */
export function looks(words, {values, shape: [rows, columns], low, high}, unit) {
  if (rows !== words.length || columns !== rows) return ""
  const own = values.subarray(unit * rows * columns, (unit + 1) * rows * columns)
  const pairs = Array.from(own, (level, at) => ({level, from: Math.floor(at / columns), to: at % columns}))
  return pairs.sort((one, other) => other.level - one.level).slice(0, PAIRS)
    .map(({level, from, to}) => `${words[from]} → ${words[to]} ${Math.round(100 * (low + (high - low) * level / 255))} %`).join(", ")
}
