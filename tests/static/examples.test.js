// Test examples as dots of a chart.

import assert from "node:assert/strict"
import { test } from "node:test"

import { beside, dotsOf, exampleOf, ring } from "../../static/live_examples.js"

const TRACES = [{x: [0], y: [0]}, {x: [1, 2], y: [3, 4], customdata: [7, 0]}, {x: [5], y: [6], customdata: [9]}]

test("a click chooses the example of the dot, not the area behind it", () => {
  assert.equal(exampleOf([{}, {customdata: 0}]), 0)
  assert.equal(exampleOf([{customdata: "10 (3 %)"}]), null)
  assert.equal(exampleOf([]), null)
})

test("the chosen example has a ring, where it is drawn", () => {
  const [{x, y, hoverinfo}] = ring(TRACES, 0, "red")
  assert.deepEqual([x, y, hoverinfo], [[2], [4], "skip"])
  assert.deepEqual(ring(TRACES, 8, "red"), [])
  assert.deepEqual(ring(TRACES, undefined, "red"), [])
})

test("the arrow keys go from dot to dot, and no further than the last", () => {
  const dots = dotsOf(TRACES)
  assert.deepEqual(dots.map(({example}) => example), [7, 0, 9])
  const go = (example, move) => beside(dots, example, move)?.example
  assert.deepEqual([go(7, [0, 1]), go(0, [0, 1]), go(9, [0, 1])], [0, 9, undefined])
  assert.deepEqual([go(9, [0, -1]), go(7, [-1, 0]), go(0, [1, 0])], [0, 0, 7])
  assert.equal(go(undefined, [0, 1]), 7)
})
