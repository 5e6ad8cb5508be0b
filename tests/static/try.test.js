import assert from "node:assert/strict"
import { test } from "node:test"

import { centreOfMass, cleaned, fitted, inkBox, isLight, resized, shifted, turned } from "../../static/try_image.js"
import { flip, percent } from "../../static/try_answer.js"
import { between, continued } from "../../static/try_series.js"
import { placeOf, valuesAt } from "../../static/try_plane.js"

const image = (rows) => ({values: Float32Array.from(rows.flat()), width: rows[0].length, height: rows.length})
const rows = ({values, width}) => Array.from({length: values.length / width}, (_, row) =>
  Array.from(values.slice(row * width, (row + 1) * width), (value) => Number(value.toFixed(4))))
const blank = (width, height) => ({values: new Float32Array(width * height), width, height})

test("what is no number is no share", () => {
  assert.deepEqual([NaN, Infinity, null].map((one) => percent(one)), ["–", "–", "–"])
})

test("the box around the ink leaves out all paper", () => {
  const drawn = blank(6, 5)
  drawn.values[1 * 6 + 2] = drawn.values[3 * 6 + 4] = 1
  assert.deepEqual(inkBox(drawn), {x: 2, y: 1, width: 3, height: 3})
  assert.equal(inkBox(blank(4, 4)), null)
})

test("a smaller image has the mean of what each pixel covers", () => {
  const found = resized(image([[1, 0, 0], [1, 0, 0], [0, 0, 1]]), {x: 0, y: 0, width: 3, height: 3}, 2, 2)
  // Each pixel covers 1.5 x 1.5: the first has all of two bright ones, half as high the second: (1 + 0.5) / 2.25.
  assert.deepEqual(rows(found), [[0.6667, 0], [0.2222, 0.4444]])
})

test("an L is fitted and centred as MNIST is, by hand", () => {
  // A vertical stroke of 4 x 20 and a foot of 10 x 4 in a large drawing; the box around it is 10 x 20.
  const drawn = blank(60, 60)
  for (let y = 30; y < 50; y++) for (let x = 7; x < 17; x++) if (x < 11 || y >= 46) drawn.values[y * 60 + x] = 1
  const found = fitted(drawn, {width: 28, height: 28}, {fit: 20, middle: "mass"})
  // Its longer side is 20 already. Its mass: 80 pixels around (2, 10), 24 around (7, 18): the middle is (3.154, 11.846).
  // So its left edge is at round(14 - 3.154) = 11, its upper one at round(14 - 11.846) = 2.
  assert.deepEqual(inkBox(found), {x: 11, y: 2, width: 10, height: 20})
  assert.equal(found.values.reduce((sum, value) => sum + value, 0), 104)
  const {x, y} = centreOfMass(found)
  assert.ok(Math.abs(x - 14.154) < 1e-3 && Math.abs(y - 13.846) < 1e-3)
})

test("size and place of a drawing change nothing", () => {
  const draw = (size, left, top) => {
    const drawn = blank(120, 120)
    for (let y = 0; y < 5 * size; y++) for (let x = 0; x < 3 * size; x++) if (y < size || x >= 2 * size) drawn.values[(top + y) * 120 + left + x] = 1
    return rows(fitted(drawn, {width: 28, height: 28}, {fit: 20, middle: "mass"}))
  }
  assert.deepEqual(draw(4, 3, 90), draw(16, 50, 20))
})

test("other datasets have a box of their own, or take the drawing as it is", () => {
  const drawn = blank(80, 80)
  for (let y = 10; y < 20; y++) for (let x = 60; x < 65; x++) drawn.values[y * 80 + x] = 1
  assert.deepEqual(inkBox(fitted(drawn, {width: 8, height: 8}, {fit: 8, middle: "box"})), {x: 2, y: 0, width: 4, height: 8})
  assert.equal(fitted(drawn, {width: 8, height: 8}, {fit: 0, middle: ""}).values[8 + 6], 0.5)
  assert.equal(Math.max(...fitted(blank(80, 80), {width: 8, height: 8}, {fit: 8, middle: "mass"}).values), 0)
})

test("a drawing is stretched to the width of the dataset's images, within limits", () => {
  const box = (wide, high, goal) => {
    const drawn = blank(80, 80)
    for (let y = 0; y < high; y++) for (let x = 0; x < wide; x++) drawn.values[(70 - high + y) * 80 + 5 + x] = 1
    return fitted(drawn, {width: 8, height: 8}, {fit: 8, middle: "box", wide: goal})
  }
  assert.deepEqual(inkBox(box(50, 50, 6)), {x: 1, y: 0, width: 6, height: 8}, "a square becomes narrower")
  assert.deepEqual(inkBox(box(20, 40, 5.6)), {x: 1, y: 0, width: 6, height: 8}, "4 pixels become 5.6")
  // A half pixel on each side is grey instead of rounded away.
  assert.deepEqual(rows(box(25, 40, 0))[0].map((value) => Math.round(100 * value)), [0, 50, 100, 100, 100, 100, 50, 0])
  // A 1 of 4 x 40 would be 0.8 wide: no more than 1.4 times as much. Its mass stays in the middle.
  const slim = box(4, 40, 6)
  assert.ok(Math.abs(slim.values.reduce((sum, value) => sum + value, 0) - 8 * 0.8 * 1.4) < 1e-4)
  assert.equal(centreOfMass(slim)?.x, 4)
  assert.deepEqual(inkBox(box(70, 7, 6)), {x: 0, y: 3, width: 8, height: 2}, "a dash stays one")
})

test("images are shifted and turned", () => {
  const one = image([[1, 2, 0], [0, 0, 0], [0, 0, 0]])
  assert.deepEqual(rows(shifted(one, 1, 2)), [[0, 0, 0], [0, 0, 0], [0, 1, 2]])
  assert.deepEqual(rows(shifted(one, -1, 0)), [[2, 0, 0], [0, 0, 0], [0, 0, 0]])
  assert.deepEqual(rows(turned(one, 90)), [[0, 0, 1], [0, 0, 2], [0, 0, 0]])
  assert.deepEqual(rows(turned(one, 0)), rows(one))
})

test("a photo of dark ink on light paper becomes bright ink on dark paper", () => {
  const photo = image([[0.8, 0.82, 0.8, 0.8], [0.8, 0.1, 0.2, 0.79], [0.8, 0.1, 0.75, 0.8], [0.8, 0.8, 0.8, 0.81]])
  assert.ok(isLight(photo))
  assert.deepEqual(rows(cleaned(photo)), [[0, 0, 0, 0], [0, 1, 1, 0], [0, 1, 0, 0], [0, 0, 0, 0]])
  assert.ok(!isLight(image([[0, 0, 0], [0, 1, 0], [0, 0, 0]])))
  assert.equal(Math.max(...cleaned(image([[0.5, 0.5, 0.5], [0.5, 0.52, 0.5], [0.5, 0.5, 0.5]])).values), 0)
})

test("the smallest change of one feature is found, and its edge", () => {
  // The class changes where 2 a + b reaches 3. Of a it takes 0.5 of a range of 10, of b 1 of a range of 100.
  const fields = [{at: [0], low: 0, high: 10}, {at: [1], low: 0, high: 100}], values = Float64Array.of(0.5, 1)
  const found = flip(fields, values, (rows) => rows.map(([a, b]) => Number(2 * a + b >= 3)))
  assert.deepEqual([found.field, found.to], [1, 1])
  assert.ok(Math.abs(found.value - 2) < 1e-3)
  assert.equal(flip(fields, values, (rows) => rows.map(() => 0)), null)
  const option = flip([{at: [0, 1], options: ["red", "blue"]}], Float64Array.of(1, 0), (rows) => rows.map(([red]) => Number(red === 0)))
  assert.deepEqual([option.value, option.to], [1, 1])
  assert.deepEqual([percent(1), percent(0.12345), percent(0.0001), percent(0)], ["100\u00a0%", "12.3\u00a0%", "< 0.1\u00a0%", "0\u00a0%"])
  assert.deepEqual([0.999, 0.126, 0.004, 0].map((share) => percent(share, 0)), ["100\u00a0%", "13\u00a0%", "< 1\u00a0%", "0\u00a0%"])
})

test("a drawn series has a value at each step, and goes on with the forecast", () => {
  assert.deepEqual(between({step: 4, value: 8}, {step: 2, value: 4}), [{step: 4, value: 8}, {step: 3, value: 6}, {step: 2, value: 4}])
  assert.deepEqual(between({step: 1, value: 0}, {step: 1, value: 5}), [{step: 1, value: 5}])
  assert.deepEqual(continued([1, 2, 3], [4]), [2, 3, 4])
  assert.deepEqual(continued([1, 2], [3, 4, 5]), [4, 5])
})

test("a place of the plane is an input, and back", () => {
  const fields = [{low: -1, high: 1}, {low: 0, high: 10}]
  assert.deepEqual(valuesAt(fields, 0.75, 0.1), [0.5, 9])
  assert.deepEqual(placeOf(fields, [0.5, 9]).map((one) => Number(one.toFixed(6))), [0.75, 0.1])
  assert.deepEqual(valuesAt(fields, 2, -1), [1, 10])
})
