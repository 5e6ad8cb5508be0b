import assert from "node:assert/strict"
import { Buffer } from "node:buffer"
import { test } from "node:test"

import { fixed, number, tight } from "../../static/agents_canvas.js"
import { areas, margins, onMap } from "../../static/agents_cartpole.js"
import { beside, cellAt, cellBox, placeOf } from "../../static/agents_cells.js"
import { GridScene, arrowsOf } from "../../static/agents_grid.js"
import { actionOf, due, swiped } from "../../static/agents_play.js"
import { weather } from "../../static/agents_world.js"
import { Follow, clock, poseAt, unpacked, watched } from "../../static/agents_pose.js"

const typed = (dtype, array) => ({dtype, bdata: Buffer.from(array.buffer).toString("base64")})
const told = {step: 40, observations: typed("f4", new Float32Array([0, 1, 1, 4])), actions: typed("i2", new Int16Array([1, 1, 2])),
  scores: typed("f4", new Float32Array([1, 2, 3, 4, 5, 6])), values: typed("f4", new Float32Array([2, 4, 6])), total: 0.5, ended: true}

test("the best action gets an arrow, equals share it, and nothing learned has none", () => {
  const actions = (scores, policy) => arrowsOf(scores, policy).map(({action, best}) => [action, best])
  assert.deepEqual(actions([0, 0, 0, 0], false), [])
  assert.deepEqual(actions([0.1, 0.5, 0.5, -1], false), [[1, true], [2, true]])
  assert.deepEqual(actions([0.25, 0.25, 0.25, 0.25], true), [])
  assert.deepEqual(actions([0.6, 0.3, 0.1, 0], true), [[0, true], [1, false], [2, false]])
})

test("a pixel of a cell leads back to it, beside the board there is none, and the cursor stays on it", () => {
  const place = placeOf(300, 200, ["....", "....", "...."])
  for (let cell = 0; cell < 12; cell++) {
    const {x, y, side} = cellBox(place, cell)
    assert.ok(x >= 0 && y >= 0 && x + side <= 300 && y + side <= 200)
    assert.equal(cellAt(place, x + side / 2, y + side / 2), cell)
  }
  assert.equal(cellAt(place, place.x - 1, 100), -1)
  assert.deepEqual([[0, 1], [1, 0], [-1, 0], [0, -1]].map((way) => beside(place, 11, way)), [11, 11, 7, 10])
})

test("the parts of CartPole's picture lie in it, beside each other", () => {
  for (const [width, height] of [[520, 440], [340, 290], [900, 320]]) {
    const boxes = Object.values(areas(width, height, 13))
    for (const box of boxes) {
      assert.ok(box.x >= 0 && box.x + box.width <= width + 1e-9 && box.y + box.height <= height + 1e-9, `${width} ${JSON.stringify(box)}`)
      for (const other of boxes.filter((one) => one !== box)) {
        const apart = box.x + box.width <= other.x || other.x + other.width <= box.x || box.y + box.height <= other.y || other.y + other.height <= box.y
        assert.ok(apart, `${width}: ${JSON.stringify([box, other])}`)
      }
    }
  }
})

test("the map says right above zero, and the dot is in the middle of its pixel", () => {
  assert.deepEqual(margins([[0.2, 0.56], [0.5, 0.5]], true).map((one) => Number(one.toFixed(6))), [0.6, 0])
  assert.deepEqual(margins([[4, 3], [1, 5]], false), [-0.5, 1])
  const [across, down] = onMap([0, 0, -0.21, 9])
  assert.ok(Math.abs(across - 0.5 / 21) < 1e-9 && Math.abs(down - 0.5 / 21) < 1e-9)
  assert.deepEqual(onMap([1, 1, 0, 0]), [0.5, 0.5])
})

test("a demonstration is unpacked, and shown as the clock goes, with a rest at its end", () => {
  const demo = unpacked(told)
  assert.equal(unpacked({step: -1}), null)
  assert.deepEqual([demo.observations, demo.scores, demo.steps], [[[0], [1], [1], [4]], [[1, 2], [3, 4], [5, 6]], 3])
  assert.deepEqual([clock(250, 3, 6, 1000), clock(499, 3, 6, 1000), clock(1600, 3, 6, 1000)],
    [{at: 1.5, done: false}, {at: 2.994, done: false}, {at: 3, done: true}])
  const {from, to, share, action, value, trail, over} = poseAt(demo, 1.5)
  assert.deepEqual([from, to, share, action, value, trail, over], [[1], [1], 0.5, 1, 4, [0, 1], false])
  assert.deepEqual([poseAt(demo, 3).to, poseAt(demo, 3).share, poseAt(demo, 3).over], [[4], 1, true])
})

test("of an agent that walks in circles, two rounds are shown; of one that arrives, everything", () => {
  const circles = {observations: [[0], [1], [0], [1], [0], [1], [0]], steps: 6}
  assert.equal(watched({...circles, ended: false}), 4)
  assert.equal(watched({...circles, ended: true}), 6)
})

test("a learning agent glides one step, jumps over several, and starts anew with an episode", () => {
  const follow = new Follow(), now = (cell, length) => ({observation: [cell], scores: [0, 1], value: length, action: 1, total: -length, length})
  follow.take(now(0, 0), 0)
  follow.take(now(1, 1), 100)
  assert.deepEqual([follow.pose(150, 100).from, follow.pose(150, 100).to, follow.pose(150, 100).share], [[0], [1], 0.5])
  follow.take(now(1, 1), 180)  // told again: nothing new
  assert.equal(follow.pose(190, 100).share, 0.9)
  follow.take(now(7, 4), 300)
  assert.deepEqual([follow.pose(300, 100).from, follow.pose(300, 100).trail], [[7], [0, 1, 7]])
  follow.take(now(0, 0), 400)
  assert.deepEqual([follow.pose(400, 100).trail, follow.pose(400, 100).share], [[0], 1])
})

test("keys and swipes are actions, and time is cut into ticks", () => {
  assert.deepEqual([actionOf("grid", "ArrowLeft"), actionOf("grid", "W"), actionOf("cartpole", "ArrowUp"), actionOf("cartpole", "d")], [3, 0, undefined, 1])
  assert.deepEqual([swiped(30, -10), swiped(-5, 40), swiped(3, 4), swiped(2, -25)], [1, 2, undefined, 0])
  assert.deepEqual(due(15, 16, 1), {ticks: 1, left: 11})
  assert.deepEqual(due(0, 50, 0.5), {ticks: 1, left: 5})
  assert.equal(due(0, 10_000, 1).ticks, 5)  // a page that was asleep does not catch up
})

test("a cell is told in words, with its values where it has some", () => {
  const scene = new GridScene({grid: {rows: ["SP", ".G"], rewards: {G: 1, P: -1}, step: -0.1}, actions: ["up", "down"], policy: false,
    values: typed("f4", new Float32Array([0.5, 0, 0, 0])), scores: typed("f4", new Float32Array([0.5, -0.25, 0, 0, 0, 0, 0, 0]))})
  scene.place = placeOf(100, 100, ["SP", ".G"])
  assert.equal(scene.told(0), "Row 1, column 1: value 0.50. Q values: up 0.50, down −0.25.")
  assert.equal(scene.told(1), "Row 1, column 2, pit: −1.1 for entering it, and the episode ends.")
  assert.equal(scene.sofar(unpacked({...told, observations: typed("f4", new Float32Array([0, 2, 2, 3]))}), 3).toFixed(6), "0.700000")
})

test("chance is told where there is some", () => {
  assert.deepEqual([weather({slip: 0, wind: 0}), weather({slip: 0.2, wind: 0}), weather({slip: 0, wind: 0.125}), weather({slip: 0.2, wind: 0.1})],
    ["", "Slip 20 %.", "Wind 12.5 %.", "Slip 20 %, wind 10 %."])
})

test("numbers in cells are short", () => {
  assert.deepEqual([0.724, -0.3, 1.02, -1, 12.34, -0.001, 0.999].map(tight), [".72", "−.30", "1.0", "−1.0", "12", ".00", "1.0"])
  assert.deepEqual([fixed(-0.001), fixed(2), number(undefined), number(-0.12345)], ["0.00", "2.00", "–", "−0.123"])
})
