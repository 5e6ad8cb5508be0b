// Sentences in the browser: cut as the server cuts them, what their words speak for, and how they are drawn.

import assert from "node:assert/strict"
import { test } from "node:test"

import { broken, labelled, looks, wordsOf } from "../../static/network_words.js"
import { pieces, spoken } from "../../static/try_text.js"

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
