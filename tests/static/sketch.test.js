// Curves that a learner draws: strokes, keys, and the lines that stay.

import assert from "node:assert/strict"
import { test } from "node:test"
import { raised, sketched, stroked } from "../../static/live_sketch.js"

test("a first stroke is a whole curve, and follows the line between its ends", () => {
  const heights = stroked([], 5, {at: 1, height: 4}, {at: 3, height: 2})
  assert.deepEqual(heights, [4, 4, 3, 2, 4])
  // Backwards over two of its points.
  assert.deepEqual(stroked(heights, 5, {at: 4, height: 0}, {at: 3, height: 1}), [4, 4, 3, 1, 0])
})

test("a key lifts a point, and all to its right while none of them was set", () => {
  assert.deepEqual(raised([1, 1, 1, 1], 1, 2, 1), [1, 2, 2, 2])
  // Two points were set already: the first of them goes alone.
  assert.deepEqual(raised([1, 2, 3, 3], 0, 5, 2), [5, 2, 3, 3])
})

test("what was sketched lies behind the run's curve, over its epochs", () => {
  const content = {open: false, epochs: 10, curves: [{card: "loss_curve", name: "training", heights: [1, 0.5, 0]},
    {card: "accuracy_curve", name: "training", heights: [0, 1]}, {card: "loss_curve", name: "validation", heights: []}]}
  const [line, ...more] = sketched(content, "loss_curve")
  assert.deepEqual([line.x, line.y, line.name, line.line.dash], [[0, 5, 10], [1, 0.5, 0], "Your sketch", "solid"])
  assert.equal(more.length, 0)
  assert.deepEqual(sketched({...content, open: true}, "loss_curve"), [])
})
