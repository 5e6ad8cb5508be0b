// @ts-check
// The rules of both worlds, for whoever plays in the browser: those of core/agents/grid.py and core/agents/cartpole.py.

/**
 * A grid world. rewards: by letter, beside `step`, which every move gives.
 * @typedef {{rows: string[], rewards: Record<string, number>, step: number, slip: number, wind: number, most_steps: number}} Grid
 */

export const FREE = ".", WALL = "#", PIT = "P", GOAL = "G", SMALL = "g", START = "S"
// The change of row and column for each action: up, right, down, left.
export const MOVES = [[-1, 0], [0, 1], [1, 0], [0, -1]]
const UP = 0

export const letterAt = ({rows}, cell) => rows[Math.floor(cell / rows[0].length)][cell % rows[0].length]
export const startOf = ({rows}) => rows.join("").indexOf(START)
export const endsAt = (grid, cell) => [PIT, GOAL, SMALL].includes(letterAt(grid, cell))
/** The reward of a move that ends in this cell. @param {Grid} grid @param {number} cell */
export const gives = (grid, cell) => grid.step + (grid.rewards[letterAt(grid, cell)] ?? 0)

/**
 * The cell to which a move leads, without slip and wind.
 * @param {{rows: string[]}} grid
 * @param {number} cell
 * @param {number} action
 */
export function neighbour({rows}, cell, action) {
  const width = rows[0].length, [down, right] = MOVES[action]
  const row = Math.floor(cell / width) + down, column = cell % width + right
  const letter = rows[row]?.[column]
  return letter === undefined || letter === WALL ? cell : row * width + column
}

/**
 * The cell after a move, with slip and wind.
 * @param {Grid} grid
 * @param {number} cell
 * @param {number} action
 * @param {number[]} chances two random numbers from 0 to 1: whether it slips, and whether the wind blows
 */
export function moved(grid, cell, action, [slips, blows]) {
  const turn = slips < grid.slip / 2 ? 1 : slips < grid.slip ? 3 : 0
  const there = neighbour(grid, cell, (action + turn) % 4)
  return blows < grid.wind && !endsAt(grid, there) ? neighbour(grid, there, UP) : there
}

export const GRAVITY = 9.8, CART_MASS = 1, POLE_MASS = 0.1, HALF_LENGTH = 0.5, FORCE = 10, TICK = 0.02
export const MOST_POSITION = 2.4, MOST_ANGLE = 12 * 2 * Math.PI / 360, MOST_STEPS = 500
const FIRST = 0.05, LEFT = 0

/**
 * CartPole one tick later. Source: Barto, Sutton and Anderson, 1983; by Euler's method, as in gymnasium.
 * @param {number[]} state position (m), velocity (m/s), angle (rad) and angular velocity (rad/s)
 * @param {number} action 0: a push to the left, 1: to the right
 */
export function pushed([x, speed, angle, turning], action) {
  const force = action === LEFT ? -FORCE : FORCE, mass = CART_MASS + POLE_MASS, moment = POLE_MASS * HALF_LENGTH
  const sin = Math.sin(angle), cos = Math.cos(angle), push = (force + moment * turning ** 2 * sin) / mass
  const turns = (GRAVITY * sin - cos * push) / (HALF_LENGTH * (4 / 3 - POLE_MASS * cos ** 2 / mass))
  const speeds = push - moment * turns * cos / mass
  return [x + TICK * speed, speed + TICK * speeds, angle + TICK * turning, turning + TICK * turns]
}

export const fallen = (angle) => Math.abs(angle) > MOST_ANGLE
export const outside = (x) => Math.abs(x) > MOST_POSITION

// An episode that the learner plays.
class Game {
  total = 0
  steps = 0
  over = false
  action = -1
  /** @type {number[]} cells so far; empty where there are none */
  trail = []

  /** @param {number[]} state where it begins */
  constructor(state) {
    this.state = this.before = state
  }

  /** @param {number} action @param {number[]} state that it led to @param {number} reward */
  went(action, state, reward) {
    Object.assign(this, {before: this.state, state, action})
    this.total += reward
    this.steps += 1
  }
}

/** An episode in a grid world, move by move. */
export class GridGame extends Game {
  /** @param {Grid} grid @param {() => number} random */
  constructor(grid, random = Math.random) {
    super([startOf(grid)])
    this.grid = grid
    this.random = random
    this.trail.push(...this.state)
  }

  /** @param {number} action */
  step(action) {
    if (this.over) return
    const cell = moved(this.grid, this.state[0], action, [this.random(), this.random()])
    this.went(action, [cell], gives(this.grid, cell))
    this.trail.push(cell)
    this.over = endsAt(this.grid, cell) || this.steps >= this.grid.most_steps
  }
}

/** An episode of CartPole, tick by tick. */
export class PoleGame extends Game {
  /** @param {() => number} random */
  constructor(random = Math.random) {
    super(Array.from({length: 4}, () => FIRST * (2 * random() - 1)))
  }

  /** @param {number} action */
  step(action) {
    if (this.over) return
    this.went(action, pushed(this.state, action), 1)
    this.over = fallen(this.state[2]) || outside(this.state[0]) || this.steps >= MOST_STEPS
  }
}
