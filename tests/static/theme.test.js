import assert from "node:assert/strict"
import { test } from "node:test"

import { mix, themed } from "../../static/live_theme.js"

const theme = {surface: "#ffffff", text: "#222222", muted: "rgb(9,9,9)"}

test("one colour over another is their weighted mean", () => {
  assert.equal(mix("#000000", "#ffffff", 0.25), "rgb(191,191,191)")
  assert.equal(mix("#ff8000", "#123456", 1), "rgb(255,128,0)")
})

test("names of colours become the theme's, with a share mixed into the surface", () => {
  assert.deepEqual(themed({line: {color: "@muted"}, fillcolor: "@#000000/0.5", layer: ["@text", "below"]}, theme),
    {line: {color: "rgb(9,9,9)"}, fillcolor: "rgb(128,128,128)", layer: ["#222222", "below"]})
})

test("words are plain text, whoever chose them", () => {
  const {name, text} = themed({name: "<a href='x'>%{x}</a>", text: ["a\nb", "R&D", 3]}, theme)
  assert.equal(name, "&lt;a href='x'&gt;%&#123;x}&lt;/a&gt;")
  assert.deepEqual(text, ["a<br>b", "R&amp;D", 3])
})

test("percentages get a space, other formats stay", () => {
  const {hovertemplate, yaxis} = themed(
    {hovertemplate: "%{y:.1%} of %{x:.3f}, 100 %", yaxis: {tickformat: ".0%"}}, theme)
  assert.equal(hovertemplate, "%{y:$.1%} of %{x:.3f}, 100 %")
  assert.equal(yaxis.tickformat, "$.0%")
})

test("a figure is copied, and numbers are handed on", () => {
  const figure = {traces: [{x: [1, 2], y: {bdata: "AAA=", dtype: "i2"}, name: "@text"}], layout: {}}
  const before = structuredClone(figure), {traces} = themed(figure, theme)
  assert.deepEqual(figure, before)
  assert.deepEqual(traces[0], {x: [1, 2], y: {bdata: "AAA=", dtype: "i2"}, name: "@text"})
})
