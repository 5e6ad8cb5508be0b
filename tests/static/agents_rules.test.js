import assert from "node:assert/strict"
import { test } from "node:test"

import { GridGame, PoleGame, gives, moved, neighbour, pushed } from "../../static/agents_rules.js"

const grid = {rows: ["S.#.", "..#g", "P..G"], rewards: {G: 1, g: 0.3, P: -1}, step: -0.02, slip: 0.2, wind: 0.1, most_steps: 5}

test("moves lead where core.agents.grid says, walls and edges stop them", () => {
  // GridWorld(rows, ...).next, for each cell up, right, down and left
  const next = [[0, 1, 4, 0], [1, 1, 5, 0], [2, 3, 2, 1], [3, 3, 7, 3], [0, 5, 8, 4], [1, 5, 9, 4], [6, 7, 10, 5],
    [3, 7, 11, 7], [4, 9, 8, 8], [5, 10, 9, 8], [10, 11, 10, 9], [7, 11, 11, 10]]
  next.forEach((row, cell) => row.forEach((there, action) => assert.equal(neighbour(grid, cell, action), there, `${cell} ${action}`)))
})

test("a slip turns to either side, the wind blows up, but not out of a goal or a pit", () => {
  assert.equal(moved(grid, 4, 1, [0.5, 0.5]), 5)    // to the right, as meant
  assert.equal(moved(grid, 4, 1, [0.05, 0.5]), 8)   // slips down
  assert.equal(moved(grid, 4, 1, [0.15, 0.5]), 0)   // slips up
  assert.equal(moved(grid, 4, 1, [0.5, 0.05]), 1)   // is blown up
  assert.equal(moved(grid, 4, 2, [0.5, 0.05]), 8)   // into the pit, where no wind helps
})

test("a game adds up what each cell gives, and ends in a goal, a pit, or when its moves are over", () => {
  const calm = {...grid, slip: 0, wind: 0}, down = new GridGame(calm, () => 0.5)
  assert.deepEqual([gives(grid, 11), gives(grid, 5)], [0.98, -0.02])
  for (const action of [2, 2, 2]) down.step(action)
  assert.deepEqual([down.over, down.steps, Number(down.total.toFixed(6)), down.state], [true, 2, -1.04, [8]])
  const still = new GridGame(calm, () => 0.5)
  for (let move = 0; move < 9; move++) still.step(3)
  assert.deepEqual([still.over, still.steps, still.state], [true, 5, [0]])
})

test("CartPole goes as gymnasium's CartPole-v1, in float64", () => {
  let state = [0.03, -0.02, 0.04, 0.01]
  const actions = [1, 1, 0, 1, 1, 0, 1, 1, 1, 0], expected = {
    1: [0.029599999999999998, 0.1745261466416398, 0.0402, -0.2697989554581428],
    5: [0.051305399794219574, 0.5630840354604386, 0.008267974067390242, -0.8178426149615134],
    10: [0.11543523774894134, 0.7596486574321503, -0.08561447311383494, -1.145407275962508],
    20: [0.35846937662431355, 1.557033090100762, -0.4929287297423644, -3.0034846584993034]}
  for (let tick = 1; tick <= 20; tick++) {
    state = pushed(state, actions[(tick - 1) % 10])
    expected[tick]?.forEach((value, axis) => assert.ok(Math.abs(state[axis] - value) < 1e-9, `${tick} ${axis}`))
  }
})

test("a pole that is always pushed to the right falls, and each step gives 1", () => {
  const game = new PoleGame(() => 0.5)
  game.state = [0.03, -0.02, 0.04, 0.01]
  for (let tick = 0; tick < 30; tick++) game.step(1)
  assert.deepEqual([game.over, game.steps, game.total], [true, 10, 10])
})
