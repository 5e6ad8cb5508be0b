import assert from "node:assert/strict"
import { test } from "node:test"

import { plot } from "../../static/plot.js"

test("Reset axes leads to the ends of the data that is shown, not of what was zoomed or shown before", () => {
  globalThis.window = {Plotly: {react: (chart, traces, layout) => { chart.layout = layout }}}
  const chart = {_fullLayout: {xaxis: {_rangeInitial0: -6, _rangeInitial1: 6}, yaxis: {_rangeInitial0: -6, _rangeInitial1: 6}}}
  const home = () => ["xaxis", "yaxis"].map((name) => [chart._fullLayout[name]._rangeInitial0, chart._fullLayout[name]._rangeInitial1])
  const layout = {xaxis: {range: [0, 7]}, yaxis: {}}
  plot(chart, {traces: [], layout}, {})
  assert.deepEqual(home(), [[0, 7], [undefined, undefined]])
  layout.xaxis.range = [2, 3]
  plot(chart, {traces: [], layout}, {})
  assert.deepEqual(home()[0], [0, 7])
})
