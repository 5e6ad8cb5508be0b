import assert from "node:assert/strict"
import { test } from "node:test"

import { axisOf, decadesOf, fitCurves, tickStep, topOf, written } from "../../static/paint_axes.js"

const place = {_offset: 60, _length: 200}

test("a value lies where its share of the axis is", () => {
  assert.equal(axisOf({range: [0, 10]}, place, false).at(5), 160)
  assert.equal(axisOf({range: [0, 10]}, place, true).at(10), 60)
  assert.equal(axisOf({type: "log", range: [-1, 1]}, place, true).at(1), 160)
})

test("an axis whose ends nobody gave is Plotly's", () => {
  assert.equal(axisOf({}, place, false), null)
  assert.equal(axisOf({range: [1, 1]}, place, false), null)
})

test("ticks are 2, 5 or 10 times a power of ten apart", () => {
  assert.deepEqual([tickStep(0, 1.2, 6), tickStep(0, 1.5, 6), tickStep(0, 60, 8)], [0.2, 0.5, 10])
  assert.deepEqual(axisOf({range: [0, 1.5], nticks: 6}, place, true).ticks.map(({text}) => text), ["0", "0.5", "1", "1.5"])
  assert.deepEqual(axisOf({type: "log", range: [-1, 0], dtick: "D2"}, place, true).ticks.map(({text}) => text),
    ["0.1", "0.2", "0.5", "1"])
})

test("numbers are written as Plotly writes them", () => {
  assert.deepEqual([written(0.3 - 0.1, "~g"), written(-2, "~g"), written(0.825, "$~%"), written(20000), written(1e-7, "~g")],
    ["0.2", "\u22122", "82.5 %", "20k", "1e\u22127"])
  const steps = (end) => axisOf({range: [0, end], nticks: 3}, place, false).ticks.map(({text}) => text)
  assert.deepEqual([steps(8000), steps(20_000), steps(2_000_000)], [["0", "5000"], ["0", "10k", "20k"], ["0", "1M", "2M"]])
  assert.deepEqual(axisOf({range: [0, 15_000], nticks: 4}, place, false).ticks.map(({text}) => text), ["0", "5k", "10k", "15k"])
})

test("an axis grows in steps, and holds what it shows", () => {
  for (const most of [1e-6, 0.0731, 0.98, 1, 3.3, 99, 12345]) {
    assert.ok(topOf(most) >= most && topOf(most) <= 2 * most, `${most}`)
    const [low, high] = decadesOf(most / 3, most)
    assert.ok(low < most / 3 && high > most)
  }
  assert.equal(topOf(1.02), topOf(1.1))
  assert.equal(topOf(0), 1)
})

test("curves get ends that hold all of their points", () => {
  const figure = {traces: [{x: [1, 2, 7], y: [0.9, null, 0.1]}], layout: {xaxis: {autorangeoptions: {include: [0, 5]}}, yaxis: {}}}
  fitCurves(figure, false)
  assert.deepEqual(figure.layout.xaxis.autorangeoptions.clipmax, 7)
  assert.deepEqual(figure.layout.yaxis.autorangeoptions, {include: [0, 1], clipmin: 0, clipmax: 1})
})
