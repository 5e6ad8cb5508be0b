// Sentences in the browser: cut as the server cuts them, what their words speak for, and how they are drawn.

import assert from "node:assert/strict"
import { test } from "node:test"

import { broken, labelled, looks, wordsOf } from "../../static/network_words.js"
import { pieces, pull, spoken, total } from "../../static/try_text.js"

// As in tests/core/datasets/test_sentences.py.
test("a text is cut into the words and characters that the server finds", () => {
  const cut = (text, unit = "words") => pieces(text, unit).map(({piece}) => piece)
  assert.deepEqual(cut("don't; it's a-b 42"), ["don't", "it's", "a", "b", "42"])
  assert.deepEqual(cut("Über_alles 'quoted' naïve"), ["über", "alles", "quoted", "naïve"])
  assert.deepEqual(cut(" A \t b!", "characters"), ["a", " ", "b", "!"])
  assert.deepEqual(cut("..."), [])
  const [, second] = pieces("A good film", "words")
  assert.deepEqual(second, {piece: "good", from: 2, to: 6})
})

test("a word speaks for the class that loses most without it", () => {
  assert.deepEqual(spoken([[0.2, -0.2], [-0.1, 0.1]], 2), [{to: 0, by: 0.2}, {to: 1, by: 0.1}])
  assert.deepEqual(spoken([[0.2], [-0.1]], 2), [{to: 1, by: 0.2}, {to: 0, by: 0.1}], "one output for two classes")
  assert.deepEqual(spoken([[-0.3, 0.1, 0.2]], 3), [{to: 2, by: 0.2}])
})

test("where the network is sure, a word that carries the answer still pulls strongly", () => {
  // 99.95 % without which 99.5 %, and 75 % without which 50 %: the probability falls by half a point and by 25.
  assert.ok(Math.abs(pull([0.0005, 0.9995], [-0.0045, 0.0045], 2, 1) - Math.log(0.9995 / 0.0005 / (0.995 / 0.005))) < 1e-9)
  assert.ok(Math.abs(pull([0.25, 0.75], [-0.25, 0.25], 2, 1) - Math.log(3)) < 1e-9)
  assert.ok(Math.abs(pull([0.75], [0.25], 2, 1) - Math.log(3)) < 1e-9, "one output for two classes")
  assert.ok(Math.abs(pull([0.2, 0.3, 0.5], [0, -0.1, 0.1], 3, 2) - Math.log(1 / (0.4 / 0.6))) < 1e-9)
  assert.ok(Math.abs(pull([1, 0], [0, 0], 2, 0)) < 1e-9 && Number.isFinite(pull([1, 0], [1, -1], 2, 0)))
})

test("integrated gradients add up to the answer", () => {
  assert.equal(total([0.1, 0.9], [0.45, 0.55], ["bad", "good"]), "All words together take good from 55.0 to 90.0 %.")
  assert.equal(total([0.1], [0.45], ["bad", "good"]), "All words together take bad from 55.0 to 90.0 %.", "one output for two classes")
})

test("a sentence is broken into lines that fit, and a long word stays whole", () => {
  assert.deepEqual(broken(["a", "bc", "def", "longer", "g"], (text) => text.length <= 6), ["a bc", "def", "longer", "g"])
  assert.deepEqual(broken([], () => true), [])
})

test("words stand over a stage with a column for each, where there is room", () => {
  const structure = {text: true, example: {words: ["not", "bad"]}}
  assert.deepEqual(wordsOf(structure), ["not", "bad"])
  assert.equal(wordsOf({text: false, example: {words: []}}), null)
  assert.equal(wordsOf({text: true, example: null}), null)
  assert.ok(labelled({inside: "attention", shape: [40, 40, 2]}, structure, 30))
  assert.ok(!labelled({inside: "attention", shape: [40, 40, 2]}, structure, 20))
  assert.ok(!labelled({inside: "", shape: [32]}, structure, 300))
})

test("a head says which words look at which", () => {
  const own = {values: Uint8Array.from([0, 255, 51, 204, 9, 9, 9, 9]), shape: [2, 2], low: 0, high: 1}
  assert.equal(looks(["not", "bad"], own, 0), "not → bad 100 %, bad → bad 80 %, bad → not 20 %")
  assert.equal(looks(["not", "bad", "film"], own, 0), "", "the maps are of another sentence")
})
