// Where the parts of the network's picture are: pure functions of sizes and counts, in pixels.

const LEAST = 12, EASY = 17, MOST = 34  // the distance between two units: at least, once they scroll, at most
const TOP = 20, BOTTOM = 18             // a column's title, and what it says below
const AIR = 4
const NEAR = 6  // to a connection, for the pointer

/** @typedef {{units: number, order: number[], scroll: number, size?: number}} Column */
/** @typedef {{x: number, y: number, width: number, height: number, unit: number}} Tile */

/**
 * How many of a column's units are drawn, and how far they are apart.
 * @param {number} units
 * @param {number} height what the units have
 * @returns {{shown: number, pitch: number}}
 */
export function fit(units, height) {
  const shown = units * LEAST <= height ? units : Math.max(1, Math.min(units, Math.floor(height / EASY)))
  return {shown, pitch: Math.min(MOST, height / Math.max(1, shown))}
}

/**
 * The order in which a column shows its units: the most active ones first, in the order of their numbers, then all
 * others. A unit that is shown stays until another one is half as active again: nothing jumps at every frame.
 * @param {ArrayLike<number>} activity of each unit
 * @param {number} shown how many are in sight
 * @param {number[]} [before] the order so far
 */
export function ordered(activity, shown, before) {
  const units = activity.length, all = Array.from({length: units}, (_, unit) => unit)
  if (shown >= units) return all
  if (before?.length !== units) {
    const ranked = all.toSorted((one, other) => activity[other] - activity[one] || one - other)
    const first = ranked.slice(0, shown).sort((one, other) => one - other), seen = new Set(first)
    return [...first, ...all.filter((unit) => !seen.has(unit))]
  }
  const order = [...before]
  const least = order.slice(0, shown).reduce((at, unit, place) => activity[unit] < activity[order[at]] ? place : at, 0)
  let most = shown
  for (let place = shown; place < units; place++) if (activity[order[place]] > activity[order[most]]) most = place
  if (activity[order[most]] > 1.5 * activity[order[least]]) [order[least], order[most]] = [order[most], order[least]]
  return order
}

/**
 * The units of a column that are in sight.
 * @param {Column} column
 * @param {number} shown
 */
export function inSight({order, scroll}, shown) {
  const from = Math.max(0, Math.min(scroll, order.length - shown))
  return order.slice(from, from + shown)
}

/**
 * What stands over the inputs, in fewer and fewer words: which example is shown, and that there is a next one.
 * @param {{example: {index: number} | null, plane: object | null}} structure
 */
export function inputTitles({example, plane}) {
  if (example?.own && !plane) return ["Your input", "Yours"]
  return example && !plane ? [`Test example ${example.index + 1} ›`, `Example ${example.index + 1} ›`, "Input ›"] : ["Input"]
}

/**
 * What a column says below its units where not all are shown: the same in fewer and fewer words.
 * @param {number} units
 * @param {number} shown
 * @param {boolean} ranked whether the shown ones are the most active
 */
export function captions(units, shown, ranked) {
  const part = `${shown} of ${units}`
  return [...ranked ? [`${part} shown: the most active`, `${part}: most active`] : [], `${part} shown`, part]
}

/**
 * The tiles of all columns, from left to right.
 * @param {Column[]} columns the inputs first; `size` is that of a single picture in place of units
 * @param {{width: number, height: number}} box
 * @param {{left: number, right: number, wide: number}} room for the names beside the columns, and how many times as
 *   wide as high a tile is
 * @returns {{x: number, shown: number, tiles: Tile[]}[]} x: of the column's middle
 */
export function layout(columns, {width, height}, {left, right, wide}) {
  const room = height - TOP - BOTTOM
  const fitted = columns.map(({units, size}) => size ? {shown: 1, pitch: size + AIR} : fit(units, room))
  const widest = (width - left - right) / Math.max(1, columns.length) * 0.6
  const sizes = fitted.map(({pitch}, place) => columns[place].size
    ?? Math.max(4, Math.min(pitch - (pitch > 20 ? AIR : 1), widest / wide)))
  const widths = sizes.map((size, place) => columns[place].size ? size : size * wide)
  const first = left + widths[0] / 2, last = width - right - widths.at(-1) / 2
  return columns.map((column, place) => {
    const x = columns.length < 2 ? first : first + (last - first) * place / (columns.length - 1)
    const {shown, pitch} = fitted[place], size = sizes[place]
    const units = column.size ? [-1] : inSight(column, shown), from = TOP + (room - pitch * units.length) / 2
    return {x, shown, tiles: units.map((unit, row) => ({unit, x: x - widths[place] / 2, width: widths[place],
      y: from + pitch * row + (pitch - size) / 2, height: size}))}
  })
}

/**
 * The connection from one tile to another.
 * @param {Tile} from
 * @param {Tile} to
 */
export const linkOf = (from, to) => ({x0: from.x + from.width, y0: from.y + from.height / 2,
  x1: to.x, y1: to.y + to.height / 2})

/**
 * The height of a connection's curve at x; see `curve`.
 * @param {{x0: number, y0: number, x1: number, y1: number}} link
 * @param {number} x
 */
export function heightAt({x0, y0, x1, y1}, x) {
  // Its x is 3/2 t (1 - t) + t^3 from 0 to 1, which rises steadily: halved until it is near enough.
  const share = (x - x0) / (x1 - x0)
  let low = 0, high = 1
  for (let turn = 0; turn < 20; turn++) {
    const t = (low + high) / 2
    if (1.5 * t * (1 - t) + t ** 3 < share) low = t
    else high = t
  }
  const t = (low + high) / 2
  return y0 + (y1 - y0) * (3 * t * t - 2 * t ** 3)
}

/**
 * Add the curve of a connection to a path: it leaves and arrives level.
 * @param {Path2D | CanvasRenderingContext2D} path
 * @param {{x0: number, y0: number, x1: number, y1: number}} link
 */
export function curve(path, {x0, y0, x1, y1}) {
  const middle = (x0 + x1) / 2
  path.moveTo(x0, y0)
  path.bezierCurveTo(middle, y0, middle, y1, x1, y1)
}

/**
 * The tile under a point, and its column; null where there is none.
 * @param {{tiles: Tile[]}[]} columns
 * @param {number} x
 * @param {number} y
 */
export function tileAt(columns, x, y) {
  for (const [place, {tiles}] of columns.entries()) {
    const row = tiles.findIndex((tile) => x >= tile.x - 2 && x <= tile.x + tile.width + 2 && y >= tile.y - 1
      && y <= tile.y + tile.height + 1)
    if (row >= 0) return {column: place, row, unit: tiles[row].unit}
  }
  return null
}

/**
 * The connection under a point: the nearest of those between the two columns beside it; null where there is none.
 * @param {{tiles: Tile[]}[]} columns
 * @param {({kernel: Float32Array, units: number} | null)[]} kernels of the connections into each column
 * @param {number} x
 * @param {number} y
 */
export function linkUnder(columns, kernels, x, y) {
  const place = columns.findIndex(({tiles}) => tiles.length && tiles[0].x > x), into = kernels[place]
  if (place < 1 || !into) return null
  let found = null, least = NEAR
  for (const from of columns[place - 1].tiles) {
    for (const to of columns[place].tiles) {
      const link = linkOf(from, to)
      if (x < link.x0) continue
      // Across the line, not straight down: a steep one is further away from above than from the side.
      const slope = (heightAt(link, Math.min(link.x1, x + 1)) - heightAt(link, Math.max(link.x0, x - 1))) / 2
      const away = Math.abs(heightAt(link, x) - y) / Math.hypot(1, slope) - 2 * Math.min(1, Math.abs(into.kernel[from.unit * into.units + to.unit]))
      if (away < least) [least, found] = [away, {column: place, input: from.unit, unit: to.unit, link: true, at: [x, y]}]
    }
  }
  return found
}

/**
 * The room for names on both sides, in pixels.
 * @param {number} width
 * @param {{names: string[], output: {names: string[]}, plane: object | null}} structure
 * @param {unknown} image
 * @param {number} scale of the text
 */
export function nameRoom(width, {names, output, plane}, image, scale) {
  /** @param {string[]} texts */
  const longest = (texts) => Math.max(0, ...texts.slice(0, 40).map((text) => text.length))
  const narrow = width < 480, large = scale > 1 ? 0.08 : 0, value = plane ? 0 : 52 * scale
  return {left: image ? 4 : Math.min(width * (narrow ? 0.19 : 0.2 + large), 7.5 * scale * longest(names) + 10),
    right: Math.min(width * (narrow ? 0.26 : 0.25), 7.5 * scale * longest(output.names) + 10 + value)}
}

/**
 * An input without a name of its own.
 * @param {number} unit
 * @param {number[]} shape
 */
export function pixelName(unit, [, width, channels]) {
  const pixel = Math.floor(unit / channels)
  return `pixel in row ${Math.floor(pixel / width) + 1}, column ${pixel % width + 1}`
}

/**
 * The column whose middle is nearest to x.
 * @param {{x: number}[]} columns
 * @param {number} x
 */
export const nearest = (columns, x) => columns.reduce((best, column, place) =>
  Math.abs(column.x - x) < Math.abs(columns[best].x - x) ? place : best, 0)

/**
 * The tile that is nearest in height to one of another column.
 * @param {Tile[]} from
 * @param {number} row there
 * @param {Tile[]} to
 */
export function beside(from, row, to) {
  const {y} = from[Math.min(row, from.length - 1)]
  return to.reduce((best, tile, index) => Math.abs(tile.y - y) < Math.abs(to[best].y - y) ? index : best, 0)
}
