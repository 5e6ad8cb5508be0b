// What can be given to a network of the learner's own, by the kind of its input: a form for each, and how it is asked.

import { bytes, encoded } from "./live_bytes.js"
import { element } from "./live_element.js"

const LOADING = "Loading the examples."
const plain = (values) => ({values: Array.from(values)})

/**
 * One kind. `card` is the `TryCard` (live_try.js), which has the forms.
 * @typedef {object} Kind
 * @property {string} empty what the card says while there is no input
 * @property {number} [axes] of the network's input, if the form depends on its shape
 * @property {boolean} [begins] whether the form begins with the chosen test example by itself
 * @property {(card: any) => {fresh: boolean, again?: boolean, nodes: () => Element[]}} lay sets the form up. fresh: whether it is
 *   another one than before; again: whether its nodes are.
 * @property {(card: any) => any} values the input in its own units; null without one
 * @property {(card: any) => {missing: boolean, text: string} | null} [doubt] what is wrong with it, or strange about it
 * @property {(card: any, example: any, own: (value: number, at: number) => number) => void} [begin] takes a test example
 *   over. own: from a number that the network sees to the input's own units.
 * @property {(values: any, card: any) => object} asked the question that goes to the server
 */

/** @type {Record<string, Kind>} */
export const KINDS = {
  image: {
    empty: "Draw something or choose an example, and the network tells you what it sees.",
    axes: 3,
    lay: ({drawing, structure: {shape}, content: {most, fit, middle, wide}}) => (
      {fresh: drawing.setUp({shape, most, how: {fit, middle, wide}}), nodes: () => [drawing.surface, drawing.seen, drawing.tools]}),
    values: ({drawing}) => drawing.pixels,
    begin: ({drawing, content: {most}}, {pixels, values}, own) => drawing.begin(pixels
      ? Float32Array.from(bytes(pixels), (level) => level / 255) : Float32Array.from(values, (value, at) => own(value, at) / most)),
    asked: (values) => ({pixels: encoded(values)}),
  },
  table: {
    empty: LOADING,
    axes: 1,
    begins: true,
    lay: layTable,
    values: ({fields}) => fields.fields ? fields.values : null,
    doubt: ({fields}) => fields.fields ? fields.doubt : null,
    begin: ({fields}, {values}, own) => fields.begin(values.map(own)),
    asked: plain,
  },
  series: {
    empty: LOADING,
    axes: 2,
    begins: true,
    lay: ({series, example, structure: {shape, output}, content: {low, high, name}}) => {
      const horizon = output.reconstructs || output.classes.length ? 0 : output.names.length
      return {fresh: series.setUp({shape, horizon, low, high, name}), nodes: () => [series.canvas, example, series.onward, series.stepwise]}
    },
    values: ({series}) => series.values ?? null,
    begin: ({series}, {values}, own) => series.begin(values.map(own)),
    asked: plain,
  },
  text: {
    empty: "Type a sentence, and the network answers as you type.",
    begins: true,
    lay: ({text, example, content}) => (
      {fresh: text.setUp(content), nodes: () => [text.root, element("div", "try-tools", "", [example, ...content.gaps ? [] : [text.way]])]}),
    values: ({text}) => text.values,
    doubt: ({text}) => text.doubt,
    begin: ({text}, example) => text.begin(example.text),
    asked: (values, {text}) => ({text: values, gradients: text.gradients && !text.gaps}),
  },
  pairs: {
    empty: LOADING,
    lay: ({ratings, content}) => {
      ratings.setUp(content)
      return {fresh: false, nodes: () => [ratings.root]}
    },
    values: ({ratings}) => ratings.values,
    asked: plain,
  },
}

// Two numbers that this browser can compute with are a plane, too.
function layTable(card) {
  const {fields, plane, example, structure: {shape}, content} = card, before = card.flat
  const fresh = fields.setUp(content.fields, shape[0])
  card.flat = card.computes && shape[0] <= 2 && content.fields.every(({low, high}) => high > low)
  if (fresh) plane.setUp(content.fields)
  card.section.classList.toggle("flat", card.flat)
  return {fresh, again: card.flat !== before, nodes: () => [...card.flat ? [plane.canvas] : [], fields.root, example]}
}
