import assert from "node:assert/strict"
import { test } from "node:test"

import { captions, fit, heightAt, layout, linkOf, linkUnder, ordered, tileAt } from "../../static/network_layout.js"
import { answerOf } from "../../static/network_draw.js"
import { percent } from "../../static/try_answer.js"
import { activity, distribution, points } from "../../static/network_math.js"
import { grid, tiles, unpack, valueOf } from "../../static/network_grid.js"

const column = (units, more = {}) => ({units, scroll: 0, order: Array.from({length: units}, (_, unit) => unit), ...more})
const box = {width: 640, height: 240}, room = {left: 90, right: 90, wide: 1}

test("as many units are shown as fit, and no tile leaves its place", () => {
  assert.deepEqual(fit(8, 202), {shown: 8, pitch: 202 / 8})
  assert.equal(fit(2, 202).pitch, 34, "two units are not blown up")
  assert.equal(fit(16, 202).shown, 16)
  assert.equal(fit(64, 202).shown, 11)
  for (const {tiles} of layout([column(4), column(64), column(16), column(3)], box, room)) {
    tiles.forEach(({x, y, width, height}, row) => {
      assert.ok(x >= 0 && x + width <= box.width && y >= 20 && y + height <= box.height - 18)
      if (row) assert.ok(y >= tiles[row - 1].y + tiles[row - 1].height)
    })
  }
})

test("columns keep apart on a phone, too", () => {
  const columns = layout([column(4), column(16), column(16), column(3)], {width: 340, height: 230}, {left: 60, right: 60, wide: 2})
  columns.slice(1).forEach(({tiles: [tile]}, place) => {
    const before = columns[place].tiles[0]
    assert.ok(tile.x - before.x - before.width > 15)
  })
})

test("the most active units are shown, in the order of their numbers", () => {
  assert.deepEqual(ordered([1, 9, 2, 8, 7], 3), [1, 3, 4, 0, 2])
  assert.deepEqual(ordered([1, 9], 3), [0, 1])
})

test("a shown unit makes room only for one that is clearly more active, and only one at a time", () => {
  const before = [1, 3, 4, 0, 2]
  assert.deepEqual(ordered([8, 9, 2, 8, 7], 3, before), before)
  assert.deepEqual(ordered([50, 9, 40, 8, 7], 3, before), [1, 3, 0, 4, 2])
})

test("scrolling reaches every unit and goes no further", () => {
  const shown = (scroll) => layout([column(4), column(64, {scroll})], box, room)[1].tiles.map(({unit}) => unit)
  assert.deepEqual(shown(5).slice(0, 2), [5, 6])
  assert.equal(shown(1000).at(-1), 63)
  assert.equal(captions(64, 12, true)[0], "12 of 64 shown: the most active")
  assert.deepEqual(captions(64, 12, false), ["12 of 64 shown", "12 of 64"], "scrolled to, not chosen")
})

test("the tile under a point is found, and a connection is as high as it is drawn", () => {
  const columns = layout([column(2), column(8)], box, room), {x, y, unit} = columns[1].tiles[3]
  assert.deepEqual(tileAt(columns, x + 3, y + 3), {column: 1, row: 3, unit})
  assert.equal(tileAt(columns, 320, 3), null)
  const link = {x0: 10, y0: 0, x1: 110, y1: 50}
  assert.ok(Math.abs(heightAt(link, 10)) < 1e-3 && Math.abs(heightAt(link, 60) - 25) < 1e-3)
  // By De Casteljau at t = 1/4: x is 21.9 % of the way, y 15.6 %.
  const t = 0.25, at = (a, b, c, d) => (1 - t) ** 3 * a + 3 * (1 - t) ** 2 * t * b + 3 * (1 - t) * t * t * c + t ** 3 * d
  assert.ok(Math.abs(heightAt(link, at(10, 60, 60, 110)) - at(0, 0, 50, 50)) < 1e-3)
})

test("a click a few pixels beside a thin line takes it, and of two lines the nearer one", () => {
  const columns = layout([column(4), column(8)], box, room), into = {kernel: new Float32Array(32).fill(0.01), units: 8}
  const link = linkOf(columns[0].tiles[0], columns[1].tiles[7]), x = (link.x0 + link.x1) / 2, y = heightAt(link, x)
  const slope = (heightAt(link, x + 1) - heightAt(link, x - 1)) / 2, long = Math.hypot(1, slope)
  // At right angles to the line, which is steep here.
  const beside = (away) => linkUnder(columns, [null, into], x - away * slope / long, y + away / long)
  assert.ok(slope > 0.5)
  assert.deepEqual(["input", "unit"].map((name) => beside(0)[name]), [0, 7])
  const alone = linkUnder([{tiles: columns[0].tiles.slice(0, 1)}, {tiles: columns[1].tiles.slice(7)}], [null, into], x - 5 * slope / long, y + 5 / long)
  assert.deepEqual([alone.input, alone.unit], [0, 7])
  assert.equal(linkUnder([{tiles: columns[0].tiles.slice(0, 1)}, {tiles: columns[1].tiles.slice(7)}], [null, into], x - 8 * slope / long, y + 8 / long), null)
})

test("maps begin at the upper left", () => {
  const grid = Array.from(points({low: [0, 10], high: [1, 20]}, 3))
  assert.deepEqual(grid.slice(0, 4), [0, 20, 0.5, 20])
  assert.deepEqual(grid.slice(-2), [1, 10])
  assert.deepEqual([...points({low: [-1], high: [1]}, 3)], [-1, 0, 1])
})

test("a unit's distribution and activity count every example", () => {
  const {low, high, counts} = distribution(Float32Array.of(0, 0, 1, 4), 4)
  assert.deepEqual([low, high, ...counts], [0, 4, 2, 1, 0, 1])
  assert.deepEqual([...distribution(Float32Array.of(3, 3), 4).counts], [0, 0, 2, 0])
  assert.deepEqual([...activity(Float32Array.of(1, -2, 3, -4), 2)], [2, 3])
})

test("maps fill their box, whatever their number", () => {
  for (const count of [1, 5, 16, 64]) {
    const box = {x: 100, y: 20, width: 70, height: 180}, found = tiles(count, box)
    assert.equal(found.length, count)
    for (const {x, y, width, height} of found) {
      assert.ok(x >= 99.9 && x + width <= 170.1 && y >= 19.9 && y + height <= 200.1)
    }
  }
  assert.deepEqual(grid(16, 40, 160), {columns: 2, side: 20})
})

test("levels are read as they were packed, two in a byte", () => {
  const stage = {coarse: true, levels: btoa(String.fromCharCode(0x0f, 0xa0)), shape: [1, 1], channels: [4, 5, 9], total: 12, low: -1, high: 1}
  const {stages: [one], answers} = unpack({stages: [stage], filters: null, answers: [1]})
  assert.deepEqual(Array.from(one.values), [0, 255, 170])
  assert.equal(valueOf(one, 255), 1)
  assert.deepEqual(answers, [1])
  assert.equal(unpack({weights: ""}), undefined)
})

test("a reader hears what the network answers, whatever it predicts", () => {
  const said = (output, answers, more = {}) => answerOf({example: {index: 2}, output, ...more}, {answers})
  assert.equal(said({classes: ["cat", "dog"], names: []}, [0.25, 0.75]), `For test example 3 it answers dog, ${percent(0.75)}.`)
  assert.equal(said({classes: [], names: ["price"]}, [-0.5], {target_mean: [100], target_deviation: [20]}),
    "For test example 3 it answers price 90.")
  assert.equal(said({classes: [], names: ["a", "b", "c", "d", "e"]}, [1, 2, 3, 4, 5]),
    "For test example 3 it answers a 1, b 2, c 3, d 4 and so on.")
  assert.equal(said({classes: [], names: [], reconstructs: [8, 8, 1]}, [0]), "The output is test example 3 as the network gives it back.")
})
