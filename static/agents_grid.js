// @ts-check
// A grid world as a picture: the board, the value of each cell, the policy as arrows, Q values, and the agent on its way.

import { arrow, fixed, number, tight, write } from "./agents_canvas.js"
import { cellAt, cellBox, paintLines, paintShape, placeOf } from "./agents_cells.js"
import { rows } from "./agents_pose.js"
import { FREE, GOAL, MOVES, PIT, SMALL, START, WALL, endsAt, gives, letterAt } from "./agents_rules.js"
import { numbers } from "./board.js"
import { mix } from "./live_theme.js"

const ALIKE = 1e-6          // scores that differ by less are equal
const TINT = 0.72           // of a value's colour, at most
const LEAST_TILE = 84       // of the cell whose Q values are shown, where cells are smaller
const AROUND = 5            // of two numbers that stand side by side
const LETTERS = {[WALL]: "wall", [PIT]: "pit", [GOAL]: "goal", [SMALL]: "small goal"}

/**
 * Which arrows a cell gets: of Q values the best ones; of a policy each action, as long as it is probable. None where all
 * are alike, as before anything was learned.
 * @param {number[]} scores
 * @param {boolean} policy
 * @returns {{action: number, share: number, best: boolean}[]}
 */
export function arrowsOf(scores, policy) {
  const most = Math.max(...scores), least = Math.min(...scores)
  if (!(most - least > ALIKE)) return []
  return scores.map((score, action) => ({action, share: policy ? score / most : 1, best: most - score <= ALIKE}))
    .filter(({best, share}) => best || (policy && share > 0.02))
}

/** The largest size of a value on a board; 0 where there is none. @param {ArrayLike<number>} values */
export const mostOf = (values) => Array.from(values).reduce((most, value) => Math.max(most, Math.abs(value) || 0), 0)

/** The value's colour: green above zero, purple below, as strong as it is large. */
const tint = (value, most, look) => mix(value < 0 ? look.minus : look.plus, look.surface, TINT * Math.min(1, Math.abs(value) / most || 0))

export class GridScene {
  /** steps a second of a demonstration, and milliseconds from one moment to the next while it learns */
  rate = 6
  glide = 130

  /** @param {any} world */
  constructor(world) {
    this.grid = world.grid
    this.chosen = -1
    this.receive(world)
  }

  receive(world) {
    this.world = world
    this.grid = world.grid
    this.values = world.values ? numbers(world.values) : null
    this.scores = world.scores ? rows(numbers(world.scores), world.actions.length) : null
    this.most = this.values ? mostOf(this.values) : 0
    this.mostScore = this.scores ? mostOf(this.scores.flat()) : 0
    this.wide = 0
  }

  get about() {
    const {rows: board} = this.grid
    return `Grid world of ${board.length} rows and ${board[0].length} columns. Arrow keys choose a cell.`
  }

  /** Whether an episode ends in this cell, or nothing ever is there: then it has no values. */
  empty(cell) {
    return endsAt(this.grid, cell) || letterAt(this.grid, cell) === WALL
  }

  /**
   * @param {CanvasRenderingContext2D} to
   * @param {number} width
   * @param {number} height
   * @param {import("./agents_canvas.js").Look} look
   * @param {import("./agents_pose.js").Pose | null} pose
   * @param {boolean} spread whether every cell shows its Q values
   */
  paint(to, width, height, look, pose, spread) {
    const place = this.place = placeOf(width, height, this.grid.rows), known = this.scores && !pose?.you
    const wide = known ? this.wide ||= this.room(to, look) : 0
    this.roomy = place.side >= wide
    to.fillStyle = look.surface
    to.fillRect(place.x, place.y, place.side * place.columns, place.side * place.rows)
    for (let cell = 0; cell < place.rows * place.columns; cell++) this.cell(to, cell, look, Boolean(known), spread && this.roomy)
    paintLines(to, place, look)
    if (pose) this.agents(to, pose, look)
    if (this.chosen >= 0 && !pose?.you) this.choice(to, look, wide, width, height, Boolean(known))
  }

  // What a cell needs, in pixels, so that its numbers fit.
  room(to, look) {
    to.font = `600 ${look.small}px ${look.font}`
    const widest = Math.max(...this.scores.flat().map((score) => to.measureText(tight(score)).width))
    return Math.max(2 * widest + AROUND, 4 * look.small + AROUND)
  }

  cell(to, cell, look, known, spread) {
    const box = cellBox(this.place, cell), letter = letterAt(this.grid, cell), empty = this.empty(cell)
    if (known && this.values && !empty && !spread) this.ground(to, box, this.values[cell], look)
    if (known && spread && !empty) this.triangles(to, box, this.scores[cell], look)
    else paintShape(to, letter, box, look)
    if (known && !empty && !spread) this.arrows(to, box, this.scores[cell], look, letter === START)
  }

  ground(to, {x, y, side}, value, look) {
    to.fillStyle = tint(value, this.most, look)
    to.fillRect(x, y, side, side)
    if (!(value < 0)) return
    // Not by colour alone: what is below zero is dashed.
    Object.assign(to, {strokeStyle: mix(look.minus, look.surface, 0.3 + 0.7 * Math.min(1, -value / this.most)), lineWidth: 1})
    to.setLineDash([3, 3])
    to.strokeRect(x + 2.5, y + 2.5, side - 4, side - 4)
    to.setLineDash([])
  }

  // One that is alone stands in the middle, unless something else does.
  arrows(to, {x, y, side}, scores, look, marked) {
    to.strokeStyle = to.fillStyle = look.text
    const shown = arrowsOf(scores, this.world.policy), alone = shown.length === 1 && !marked
    for (const {action, share, best} of shown) {
      const [down, right] = MOVES[action], length = side * (alone ? 0.42 : 0.14 + 0.2 * share), off = alone ? 0 : side * 0.07 + length / 2
      to.globalAlpha = best ? 1 : 0.35 + 0.4 * share
      arrow(to, x + side / 2 + off * right, y + side / 2 + off * down, MOVES[action], length, best ? Math.max(2, side / 18) : 1.2)
    }
    to.globalAlpha = 1
  }

  // Four triangles, one for each action, on the side to which it leads.
  triangles(to, {x, y, side}, scores, look) {
    const most = this.mostScore, best = Math.max(...scores), alike = best - Math.min(...scores) <= ALIKE
    const [cx, cy] = [x + side / 2, y + side / 2]
    scores.forEach((score, action) => {
      const [down, right] = MOVES[action], half = side / 2, top = !alike && best - score <= ALIKE
      to.fillStyle = this.world.policy ? mix(look.text, look.surface, 0.4 * score) : tint(score, most, look)
      to.beginPath()
      to.moveTo(cx, cy)
      to.lineTo(cx + half * (right - down), cy + half * (down + right))
      to.lineTo(cx + half * (right + down), cy + half * (down - right))
      to.closePath()
      to.fill()
      Object.assign(to, {strokeStyle: mix(look.text, look.surface, 0.25), lineWidth: 1})
      to.stroke()
      // Numbers to the left and right lean against their side; those above and below have the width of the cell.
      const align = right > 0 ? "right" : right < 0 ? "left" : "center"
      write(to, tight(score), cx + right * (half - 2), cy + down * (half - 0.75 * look.small), look, {align, bold: top, size: look.small})
    })
  }

  choice(to, look, wide, width, height, known) {
    const box = cellBox(this.place, this.chosen)
    if (known && !this.empty(this.chosen)) {
      const side = Math.max(box.side, wide, this.roomy ? 0 : LEAST_TILE), keep = (at, most) => Math.max(1, Math.min(most - side - 1, at))
      Object.assign(box, {x: keep(box.x + (box.side - side) / 2, width), y: keep(box.y + (box.side - side) / 2, height), side})
      this.triangles(to, box, this.scores[this.chosen], look)
    }
    Object.assign(to, {strokeStyle: look.text, lineWidth: 2})
    to.strokeRect(box.x + 1, box.y + 1, box.side - 1, box.side - 1)
  }

  agents(to, pose, look) {
    const {place} = this
    /** @type {(cell: number) => [number, number]} */
    const middle = (cell) => {
      const {x, y, side} = cellBox(place, cell)
      return [x + side / 2, y + side / 2]
    }
    const [from, goal] = [middle(pose.from[0]), middle(pose.to[0])], [down, right] = MOVES[pose.action] ?? [0, 0]
    const eased = pose.share * pose.share * (3 - 2 * pose.share)
    // Against a wall it gives a knock, and stays.
    const knock = pose.from[0] === pose.to[0] ? 0.16 * place.side * Math.sin(Math.PI * pose.share) : 0
    const [x, y] = [0, 1].map((axis) => from[axis] + (goal[axis] - from[axis]) * eased + knock * [right, down][axis])
    const color = pose.you ? look.text : look.agent
    this.trail(to, [...(pose.trail ?? []).map(middle), [x, y]], color)
    if (pose.ghost) this.token(to, middle(pose.ghost[0]), 0.2 * place.side, look.agent, look, false)
    this.token(to, [x, y], 0.25 * place.side, color, look, Boolean(pose.you))
    if (pose.action < 0) return
    to.strokeStyle = to.fillStyle = look.surface
    arrow(to, x, y, [down, right], 0.3 * place.side, Math.max(1.5, place.side / 24))
  }

  // Its last cells, the longer ago the fainter.
  trail(to, points, color) {
    Object.assign(to, {strokeStyle: color, lineWidth: Math.max(2, this.place.side / 12), lineCap: "round"})
    points.slice(1).forEach((point, index) => {
      to.globalAlpha = 0.5 * (index + 1) / points.length
      to.beginPath()
      to.moveTo(...points[index])
      to.lineTo(...point)
      to.stroke()
    })
    to.globalAlpha = 1
    to.lineCap = "butt"
  }

  // The agent is round, the learner square.
  token(to, [x, y], r, color, look, square) {
    Object.assign(to, {fillStyle: color, strokeStyle: look.surface, lineWidth: 2})
    to.beginPath()
    if (square) to.rect(x - r * 0.9, y - r * 0.9, 1.8 * r, 1.8 * r)
    else to.arc(x, y, r, 0, 7)
    to.fill()
    to.stroke()
  }

  /** The cell under a pixel. @param {number} x @param {number} y */
  under(x, y) {
    return this.place ? cellAt(this.place, x, y) : -1
  }

  /** What a cell is and what is known of it, in words. @param {number} cell */
  told(cell) {
    const {columns} = this.place, letter = letterAt(this.grid, cell)
    const free = letter === FREE || letter === START, what = free ? "" : `, ${LETTERS[letter]}`
    const name = `Row ${Math.floor(cell / columns) + 1}, column ${cell % columns + 1}${what}`
    if (letter === WALL) return `${name}.`
    if (endsAt(this.grid, cell)) return `${name}: ${number(gives(this.grid, cell))} for entering it, and the episode ends.`
    if (!this.scores) return `${name}.`
    const each = this.scores[cell].map((score, action) => `${this.world.actions[action]} ${fixed(score)}`).join(", ")
    return `${name}: value ${fixed(this.values[cell])}. ${this.world.policy ? "Probabilities" : "Q values"}: ${each}.`
  }

  /** The return of the first `steps` moves of a demonstration. */
  sofar({observations}, steps) {
    return observations.slice(1, steps + 1).reduce((sum, [cell]) => sum + gives(this.grid, cell), 0)
  }

  /** How an episode ended, in words. @param {number[]} state @param {number} steps @param {boolean} circles */
  ending([cell], steps, circles) {
    const taken = `${steps} step${steps === 1 ? "" : "s"}`, letter = letterAt(this.grid, cell)
    if (circles) return `walked in circles until its ${this.grid.most_steps} steps were used up`
    if (letter === PIT) return `fell into a pit after ${taken}`
    return endsAt(this.grid, cell) ? `reached the ${LETTERS[letter]} in ${taken}` : `did not reach a goal in ${taken}`
  }

  /** A return as it is written. */
  points = fixed
}

