import assert from "node:assert/strict"
import { test } from "node:test"

import { painted, resized } from "../../static/board_editor.js"

const rows = ["S.#", "..G"]

test("a letter is placed, and the start moves instead of being doubled", () => {
  assert.deepEqual(painted(rows, 1, "P").rows, ["SP#", "..G"])
  assert.deepEqual(painted(rows, 4, "S").rows, ["..#", ".SG"])
  assert.deepEqual(painted(rows, 0, "S").rows, rows)
})

test("what a board cannot do without stays, and the learner reads why", () => {
  assert.match(painted(rows, 0, "#").why, /start/)
  assert.match(painted(rows, 5, ".").why, /only goal/)
  assert.match(painted(rows, 5, "S").why, /only goal/)
  assert.deepEqual(painted(rows, 5, "g").rows, ["S.#", "..g"])
})

test("rows and columns come and go at the end, unless start or goal would go", () => {
  assert.deepEqual(resized(rows, "row", 1).rows, ["S.#", "..G", "..."])
  assert.deepEqual(resized(rows, "column", 1).rows, ["S.#.", "..G."])
  assert.deepEqual(resized(["S.g#", ".G.."], "row", -1).rows, ["S.g#"])
  assert.match(resized(rows, "column", -1).why, /only goal is in the last column/)
  assert.match(resized(["..", "Gg", ".S"], "row", -1).why, /start is in the last row/)
})
