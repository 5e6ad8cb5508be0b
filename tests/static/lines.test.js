import assert from "node:assert/strict"
import { test } from "node:test"

import { frame, pathOf } from "../../static/live_lines.js"

const axis = (scale, autorange = true) => ({c2p: (value) => value * scale, autorange, _length: 100})
const [x, y] = [axis(10), axis(20)]

test("a path goes through the points in pixels", () => {
  assert.equal(pathOf([0, 1, 2], [1, 2, 3], x, y, Infinity), "M0.00,20.00L10.00,40.00L20.00,60.00")
})

test("a path ends where its time has come", () => {
  assert.equal(pathOf([0, 1, 2], [1, 2, 3], x, y, 1.5), "M0.00,20.00L10.00,40.00")
  assert.equal(pathOf([0, 1, 2], [1, 2, 3], x, y, -Infinity), "")
})

test("a gap begins a new piece", () => {
  assert.equal(pathOf([0, 1, 2], [1, null, 3], x, y, Infinity), "M0.00,20.00M20.00,60.00")
  assert.equal(pathOf([0, 1, 2], [1, NaN, 3], x, y, Infinity), "M0.00,20.00M20.00,60.00")
})

test("a point outside of an axis that fits the data is Plotly's to draw", () => {
  assert.equal(pathOf([0, 1], [1, 6], x, y, Infinity), null)
  assert.equal(pathOf([0, 1], [1, 6], x, axis(20, false), Infinity), "M0.00,20.00L10.00,120.00")
})

test("new points leave the frame as it is; a new name or axis does not", () => {
  const figure = (points, name = "loss", title = "") =>
    ({traces: [{x: points, y: points, customdata: points, name}], layout: {title}})
  assert.equal(frame(figure([1])), frame(figure([1, 2])))
  assert.notEqual(frame(figure([1])), frame(figure([1], "accuracy")))
  assert.notEqual(frame(figure([1])), frame(figure([1], "loss", "Loss")))
})
