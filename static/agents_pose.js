// @ts-check
// Which moment of an episode is on the screen: in a demonstration, which plays by the clock, or where the agent is now.

import { numbers } from "./board.js"

/**
 * A demonstration, unpacked.
 * @typedef {object} Demo
 * @property {number} step after how many steps of learning
 * @property {number} steps of the episode
 * @property {number[][]} observations steps + 1 of them
 * @property {ArrayLike<number>} actions
 * @property {number[][]} scores by step
 * @property {ArrayLike<number>} values by step
 * @property {number} total the return
 * @property {boolean} ended by itself; else it was cut off
 */

/**
 * A moment of an episode.
 * @typedef {object} Pose
 * @property {number[]} from the observation before
 * @property {number[]} to the observation after
 * @property {number} share how much of the way is done, 0 to 1
 * @property {number} action -1: none yet
 * @property {number} at steps done
 * @property {boolean} over
 * @property {number[]} [trail] cells up to `from`, the newest last
 * @property {ArrayLike<number>} [scores]
 * @property {number} [value]
 * @property {ArrayLike<number>} [values] over the episode, for a line
 * @property {number[]} [ghost] where the agent of the demonstration is, while the learner plays
 * @property {boolean} [you] whether the learner plays
 */

const TRAIL = 12

/** Rows of `width` numbers. @param {ArrayLike<number>} flat @param {number} width */
export function rows(flat, width) {
  const all = Array.from(flat)
  return Array.from({length: all.length / width}, (_, row) => all.slice(row * width, (row + 1) * width))
}

/**
 * What was told of a demonstration; null before the first.
 * @param {any} told
 * @returns {Demo | null}
 */
export function unpacked(told) {
  if (!told || told.step < 0) return null
  const actions = numbers(told.actions), flat = numbers(told.observations), scores = numbers(told.scores), steps = actions.length
  return {step: told.step, steps, observations: rows(flat, flat.length / (steps + 1)), actions, scores: rows(scores, scores.length / steps || 1),
    values: numbers(told.values), total: told.total, ended: told.ended}
}

/**
 * How many steps of a demonstration are worth watching: one that never ends walks in circles, and two rounds show it.
 * @param {Demo} demo
 * @returns {number}
 */
export function watched({observations, steps, ended}) {
  if (ended) return steps
  const visits = new Map()
  const again = observations.findIndex(([cell]) => {
    visits.set(cell, (visits.get(cell) ?? 0) + 1)
    return visits.get(cell) > 2
  })
  return again < 0 ? steps : again
}

/**
 * Where a demonstration is after so many milliseconds.
 * @param {number} elapsed
 * @param {number} steps
 * @param {number} rate steps a second
 * @param {number} rest milliseconds at its end, before it begins again
 * @returns {{at: number, done: boolean}} at: steps, with a fraction; done: whether the next may begin
 */
export function clock(elapsed, steps, rate, rest) {
  const length = 1000 * steps / rate
  return {at: Math.min(steps, elapsed * rate / 1000), done: elapsed >= length + rest}
}

/**
 * A demonstration after `at` steps.
 * @param {Demo} demo
 * @param {number} at with a fraction
 * @param {number} last the steps that are shown
 * @returns {Pose}
 */
export function poseAt(demo, at, last = demo.steps) {
  const {observations, actions, scores, values} = demo, step = Math.max(0, Math.min(Math.floor(at), last - 1))
  return {from: observations[step], to: observations[Math.min(step + 1, demo.steps)], share: Math.min(1, at - step), at: Math.floor(at), over: at >= last,
    action: actions[step] ?? -1, trail: observations.slice(Math.max(0, step - TRAIL), step + 1).map(([cell]) => cell), scores: scores[step], value: values[step], values}
}

/** What is told of the agent while it learns, one moment after the other. */
export class Follow {
  constructor() {
    this.before = this.now = null
    /** @type {number[]} */
    this.trail = []
    /** @type {number[]} */
    this.values = []
    this.since = 0
  }

  /** @param {any} told @param {number} time in ms */
  take(told, time) {
    const same = this.now && told.length === this.now.length && told.total === this.now.total && told.observation.join() === this.now.observation.join()
    if (same) return
    const goes = this.now && told.length > this.now.length
    this.before = goes ? this.now : told
    // Several steps at once could lead through walls.
    if (goes && told.length - this.now.length > 1 && told.observation.length === 1) this.before = told
    if (!goes) [this.trail, this.values] = [[], []]
    this.trail = [...this.trail, told.observation[0]].slice(-TRAIL)
    this.values[told.length] = told.value
    this.now = told
    this.since = time
  }

  /** @param {number} time @param {number} glide how long it takes, in ms @returns {Pose} */
  pose(time, glide) {
    const {now, before, trail} = this, share = before === now ? 1 : Math.min(1, (time - this.since) / glide)
    return {from: before.observation, to: now.observation, share, action: now.action, at: now.length, over: false,
      trail: trail.slice(0, share < 1 ? -1 : undefined), scores: now.scores, value: now.value, values: this.values}
  }
}
