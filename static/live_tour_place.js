// @ts-check
// Where the tour's card stands on a wide screen: never over what it speaks of.

/** @typedef {{left: number, top: number, right: number, bottom: number}} Box */

/**
 * Whether two boxes have more in common than an edge.
 * @param {Box} one
 * @param {Box} other
 */
export function overlap(one, other) {
  return one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom
}

/**
 * Over the sidebar, so that all of the stage is seen; beside it where the card speaks of one of its fields; in a corner
 * where the sidebar is closed.
 * @param {Box | undefined} target what the card speaks of
 * @param {boolean} inside whether that is in the sidebar
 * @param {Box | undefined} sidebar undefined while it is closed
 * @param {{width: number, height: number}} size of the card
 * @param {Box} room where the card may be
 */
export function freePlace(target, inside, sidebar, size, room) {
  const right = room.right - size.width, low = room.bottom - size.height
  const level = Math.max(room.top, Math.min(low, target?.top ?? low))
  const beside = sidebar ? [{left: inside ? sidebar.right + room.left : room.left, top: level}] : []
  const corners = [room.left, right].flatMap((left) => [{left, top: low}, {left, top: room.top}])
  const free = [...beside, ...corners].find(({left, top}) => !target
    || !overlap({left, top, right: left + size.width, bottom: top + size.height}, target))
  return free ?? {left: room.left, top: low}
}
