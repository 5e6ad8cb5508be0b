import assert from "node:assert/strict"
import { Buffer } from "node:buffer"
import { test } from "node:test"

import { numbers, remaining } from "../../static/board.js"
import { placeOf } from "../../static/chart.js"
import { merge } from "../../static/live_follow.js"

test("what has a content is taken over, the rest stays", () => {
  const held = {status: {version: 1, content: "old"}, loss: {version: 4, content: "loss"}}
  assert.deepEqual(merge(held, {status: {version: 2, content: "new"}, loss: {version: 4}}), {fresh: ["status"], whole: true})
  assert.deepEqual(held, {status: {version: 2, content: "new"}, loss: {version: 4, content: "loss"}})
})

test("a content that got lost on its way is missing", () => {
  assert.equal(merge({loss: {version: 4, content: "loss"}}, {loss: {version: 5}}).whole, false)
  assert.equal(merge({}, {loss: {version: 5}}).whole, false)
})

test("a chart under the hand waits, one that nobody sees waits, one beside the first rests", () => {
  const seen = {visible: true, drawn: 1000, cost: 10}
  assert.ok(remaining({...seen, pressed: true}, 99_999, false) > 0)
  assert.ok(remaining(seen, 1000, false) <= 0)
  assert.ok(remaining(seen, 1249, true) > 0)
  assert.ok(remaining(seen, 1250, true) <= 0)
  assert.ok(remaining({...seen, visible: false}, 1250, false) > 0)
  assert.ok(remaining({...seen, visible: false}, 1700, false) <= 0)
})

test("numbers arrive as numbers or as bytes of them", () => {
  const base64 = (array) => Buffer.from(array.buffer).toString("base64")
  assert.deepEqual(numbers({dtype: "f4", bdata: base64(new Float32Array([0.5, -2]))}), new Float32Array([0.5, -2]))
  assert.deepEqual(numbers({dtype: "i2", bdata: base64(new Int16Array([300, -1]))}), new Int16Array([300, -1]))
  assert.deepEqual(numbers([1, null]), [1, null])
})

test("a click says row and column of a heatmap, and a number elsewhere", () => {
  assert.deepEqual(placeOf([{pointNumber: [2, 3]}]), [2, 3])
  assert.deepEqual(placeOf([{pointNumber: 0}]), [0])
  assert.deepEqual(placeOf([{pointIndex: [0, 1]}]), [0, 1])
  assert.equal(placeOf([]), undefined)
})
