// Where the tour's card stands: never over what it speaks of.

import assert from "node:assert/strict"
import { test } from "node:test"

import { freePlace, overlap } from "../../static/live_tour_place.js"

const box = (left, top, width, height) => ({left, top, right: left + width, bottom: top + height})
const SIDEBAR = box(0, 0, 300, 720), SIZE = {width: 280, height: 250}, ROOM = {left: 10, top: 10, right: 1270, bottom: 710}

test("over the sidebar for the stage, beside it for a setting, in a corner without one", () => {
  assert.deepEqual(freePlace(box(955, 124, 313, 287), false, SIDEBAR, SIZE, ROOM), {left: 10, top: 124})
  assert.deepEqual(freePlace(box(312, 600, 313, 100), false, SIDEBAR, SIZE, ROOM), {left: 10, top: 460})
  assert.deepEqual(freePlace(box(30, 434, 136, 63), true, SIDEBAR, SIZE, ROOM), {left: 310, top: 434})
  assert.deepEqual(freePlace(undefined, false, undefined, SIZE, ROOM), {left: 10, top: 460})
})

test("it covers nothing that it speaks of, wherever that is", () => {
  for (let left = 0; left <= 960; left += 80) {
    for (let top = 40; top <= 420; top += 20) {
      const target = box(left, top, 313, 287), at = freePlace(target, false, undefined, SIZE, ROOM)
      assert.ok(!overlap(target, box(at.left, at.top, SIZE.width, SIZE.height)), `${left} ${top}`)
    }
  }
})
