import assert from "node:assert/strict"
import { test } from "node:test"

import { clamp, fromBoard, nearest, onBoard, placed } from "../../static/points.js"

test("the corners and the middle of the board are drawn where they belong", () => {
  assert.deepEqual(onBoard([-4, 4], 4), [0, 0])
  assert.deepEqual(onBoard([0, 0], 4), [150, 150])
  assert.deepEqual(onBoard([4, -4], 4), [300, 300])
})

test("a click hits the place that is drawn there, whatever the board's size", () => {
  for (const place of [[-4, 4], [1, 2.5], [3.75, -0.25]]) {
    const pixel = onBoard(place, 4).map((at) => at * 2 / 3)  // a board 200 pixels wide
    fromBoard(pixel, [200, 200], 4).forEach((one, axis) => assert.ok(Math.abs(one - place[axis]) < 1e-9))
  }
})

test("a point lies within the limit and has two decimals", () => {
  assert.deepEqual(placed([1.23456, -9], 2, 4), [1.23, -4, 2])
  assert.equal(clamp(-5, 4), -4)
})

test("the nearest point is found, if it is near enough", () => {
  const points = [[0, 0, 0], [3, 4, 1], [3.1, 4, 0]]
  assert.equal(nearest(points, [3, 3.9], 1), 1)
  assert.equal(nearest(points, [-3, -4], 4.9), -1)
  assert.equal(nearest(points, [-3, -4], 5), 0)
  assert.equal(nearest([], [0, 0], Infinity), -1)
})
