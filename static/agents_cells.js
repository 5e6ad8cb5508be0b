// @ts-check
// The cells of a board: where they are, and their shapes, which differ not by colour alone.

import { GOAL, PIT, SMALL, START, WALL } from "./agents_rules.js"
import { write } from "./agents_canvas.js"
import { mix } from "./live_theme.js"

const LARGEST = 72  // of a shape, in pixels

/** @typedef {{x: number, y: number, side: number}} Cell from the upper left */
/** @typedef {{x: number, y: number, side: number, rows: number, columns: number}} Place of a board; side: of a cell */

/**
 * Where a board lies in a box: as large as it can be, in the middle, on whole pixels.
 * @param {number} width
 * @param {number} height
 * @param {string[]} board
 * @returns {Place}
 */
export function placeOf(width, height, board) {
  const rows = board.length, columns = board[0].length, side = Math.max(1, Math.floor(Math.min((width - 2) / columns, (height - 2) / rows)))
  return {x: Math.round((width - side * columns) / 2), y: Math.round((height - side * rows) / 2), side, rows, columns}
}

/** @param {Place} place @param {number} cell @returns {Cell} */
export const cellBox = ({x, y, side, columns}, cell) => ({x: x + side * (cell % columns), y: y + side * Math.floor(cell / columns), side})

/** The cell under a pixel; -1 beside the board. @param {Place} place @param {number} x @param {number} y */
export function cellAt(place, x, y) {
  const column = Math.floor((x - place.x) / place.side), row = Math.floor((y - place.y) / place.side)
  return column >= 0 && row >= 0 && column < place.columns && row < place.rows ? row * place.columns + column : -1
}

/**
 * The cell beside another on the board, whatever is there; the same at the edge.
 * @param {{rows: number, columns: number}} board
 * @param {number} cell
 * @param {number[]} way down and right
 */
export function beside({rows, columns}, cell, [down, right]) {
  const row = Math.min(rows - 1, Math.max(0, Math.floor(cell / columns) + down))
  return row * columns + Math.min(columns - 1, Math.max(0, cell % columns + right))
}

// A letter of the board -> how its cell is painted.
const SHAPES = {
  [WALL](to, {x, y, side}, look) {
    to.fillStyle = mix(look.text, look.surface, 0.55)
    to.fillRect(x, y, side, side)
    to.strokeStyle = mix(look.text, look.surface, 0.35)
    to.lineWidth = 1
    to.beginPath()
    for (const [row, at] of [[1, 0], [2, 0.5], [3, 0]]) {  // like bricks
      if (row < 3) to.rect(x, y + side * row / 3, side, 0)
      for (const joint of [at + 0.25, at + 0.75].filter((one) => one < 1)) to.rect(x + side * joint, y + side * (row - 1) / 3, 0, side / 3)
    }
    to.stroke()
  },

  [PIT](to, {x, y, side}, look) {
    const r = 0.34 * side
    to.fillStyle = look.dark ? "#000" : mix(look.text, look.surface, 0.85)
    to.strokeStyle = look.text
    to.lineWidth = 1
    to.beginPath()
    to.ellipse(x + side / 2, y + side / 2, r, r * 0.86, 0, 0, 7)
    to.fill()
    to.stroke()
    to.strokeStyle = look.dark ? look.text : look.surface
    to.lineWidth = Math.max(1.5, side / 22)
    const arm = r * 0.42, [cx, cy] = [x + side / 2, y + side / 2]
    to.beginPath()
    to.moveTo(cx - arm, cy - arm)
    to.lineTo(cx + arm, cy + arm)
    to.moveTo(cx + arm, cy - arm)
    to.lineTo(cx - arm, cy + arm)
    to.stroke()
  },

  [GOAL]: (to, box, look) => flag(to, box, look, 1),
  [SMALL]: (to, box, look) => flag(to, box, look, 0.62),

  [START](to, {x, y, side}, look) {
    to.strokeStyle = look.text
    to.lineWidth = 1.5
    to.setLineDash([3, 3])
    to.beginPath()
    to.arc(x + side / 2, y + side / 2, 0.36 * side, 0, 7)
    to.stroke()
    to.setLineDash([])
    if (side > 1.4 * look.size) write(to, "S", x + side / 2, y + side / 2 + 0.5, look, {bold: true})
  },
}

// A flag on its pole; that of a small goal is small and hollow.
function flag(to, {x, y, side}, look, size) {
  const high = 0.7 * side * size, left = x + side * (0.5 - 0.2 * size), foot = y + side * (0.5 + 0.36 * size)
  Object.assign(to, {strokeStyle: look.text, fillStyle: look.text, lineWidth: Math.max(1.5, side / 20), lineJoin: "round"})
  to.beginPath()
  to.moveTo(left - 0.12 * side * size, foot)
  to.lineTo(left + 0.12 * side * size, foot)
  to.moveTo(left, foot)
  to.lineTo(left, foot - high)
  to.lineTo(left + 0.46 * side * size, foot - 0.74 * high)
  to.lineTo(left, foot - 0.46 * high)
  to.stroke()
  if (size === 1) to.fill()
}

/**
 * The shape of a cell, over its background. What is free has none.
 * @param {CanvasRenderingContext2D} to
 * @param {string} letter
 * @param {Cell} box
 * @param {import("./agents_canvas.js").Look} look
 */
export function paintShape(to, letter, box, look) {
  const side = letter === WALL ? box.side : Math.min(box.side, LARGEST), off = (box.side - side) / 2
  SHAPES[letter]?.(to, {x: box.x + off, y: box.y + off, side}, look)
}

/** Thin lines between the cells, and a frame. @param {CanvasRenderingContext2D} to @param {Place} place @param {import("./agents_canvas.js").Look} look */
export function paintLines(to, {x, y, side, rows, columns}, look) {
  to.strokeStyle = mix(look.text, look.surface, 0.22)
  to.lineWidth = 1
  to.beginPath()
  for (let row = 0; row <= rows; row++) to.rect(x, y + row * side + 0.5, side * columns, 0)
  for (let column = 0; column <= columns; column++) to.rect(x + column * side + 0.5, y, 0, side * rows)
  to.stroke()
}
