// Weights set by hand: what becomes of a list of edits, and what counts as a number.

import assert from "node:assert/strict"
import { test } from "node:test"

import { applied, changed, typed } from "../../static/network_edits.js"

test("a weight is edited once, and no more once it has its own value again", () => {
  const one = changed([], ["dense_1/bias", 2, 1.5], Math.fround(0.1))
  const two = changed(one, ["dense_1/bias", 2, 2.5], Math.fround(0.1))
  assert.deepEqual(two, [["dense_1/bias", 2, 2.5]])
  assert.deepEqual(changed(two, ["dense_1/kernel", 2, 0], 1).length, 2)
  assert.deepEqual(changed(two, ["dense_1/bias", 2, 0.1], Math.fround(0.1)), [])
})

test("numbers are taken, and nothing else", () => {
  assert.deepEqual(["-2.5", "1e6", " 3 ", "0"].map(typed), [-2.5, 1e6, 3, 0])
  assert.deepEqual(["", "  ", "1e7", "-1000001", "x", "Infinity", "NaN"].map(typed), Array(7).fill(null))
})

test("edits change the weights they name, and those of no other network", () => {
  const steps = [{name: "dense_1"}, {name: "logits"}]
  const weights = [{kernel: new Float32Array(4), bias: new Float32Array(2)}, {kernel: new Float32Array(2), bias: new Float32Array(1)}]
  applied(steps, weights, [["dense_1/kernel", 3, 7], ["logits/bias", 0, -1], ["logits/bias", 5, 9], ["dense_9/bias", 0, 9]])
  assert.deepEqual(weights.map(({kernel, bias}) => [[...kernel], [...bias]]), [[[0, 0, 0, 7], [0, 0]], [[0, 0], [-1]]])
})
