// From a layer in the picture to the number that sets it.

import assert from "node:assert/strict"
import { test } from "node:test"

import { beside, nearest } from "../../static/network_layout.js"
import { numberOf } from "../../static/network_settings.js"

test("a layer has the number of its kind, whatever lies between", () => {
  const layers = ["Conv2D", "MaxPooling2D", "Conv2D", "Flatten", "Dense"].map((kind) => ({kind}))
  assert.deepEqual(numberOf(layers, 2), ["_filters_2"])
  assert.deepEqual(numberOf(layers, 4), ["_hidden_units_1", "_dense_units_1"])
  assert.deepEqual(numberOf(layers, 1), [])
})

test("the nearest column, and the unit beside one", () => {
  assert.equal(nearest([{x: 10}, {x: 50}, {x: 90}], 71), 2)
  const tiles = (...heights) => heights.map((y, unit) => ({unit, x: 0, y, width: 1, height: 1}))
  assert.equal(beside(tiles(0, 20, 40), 9, tiles(0, 30, 60)), 1)
})
