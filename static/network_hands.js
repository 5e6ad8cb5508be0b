// What pointer, wheel and keys do in the network's picture: they choose units and connections, scroll columns, and lead on.

import { beside, nearest, tileAt } from "./network_layout.js"
import { openSettings } from "./network_settings.js"

const TITLE = 18  // pixels from the top
const MOVES = {ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1]}

/** @param {any} picture a `NetworkPicture` */
export function listen(picture) {
  const {chart} = picture
  chart.addEventListener("pointermove", (event) => point(picture, event))
  chart.addEventListener("pointerleave", () => picture.pinned || picture.choose(null))
  chart.addEventListener("blur", ({relatedTarget}) => chart.contains(relatedTarget) || picture.choose(null))
  chart.addEventListener("keydown", (event) => key(picture, event))
  chart.addEventListener("wheel", (event) => wheel(picture, event), {passive: false})
  chart.addEventListener("click", (event) => press(picture, event))
}

function point(picture, event) {
  // Where something appears or goes under a pointer that rests, browsers tell of a move, too.
  const at = `${event.clientX},${event.clientY}`
  if (at === picture.rested) return
  picture.rested = at
  look(picture, event)
}

function look(picture, event) {
  picture.popover.dismiss(picture, false)
  if (!picture.columns?.length || picture.pinned || picture.editor.open) return
  picture.chart.style.cursor = picture.at(event)[1] < TITLE ? "pointer" : ""
  picture.choose(picture.under(event))
}

function key(picture, event) {
  if (event.target !== picture.chart) return
  picture.popover.dismiss(picture, false)
  if (event.key === "Escape" && picture.chosen) {
    picture.choose(null)
    event.stopPropagation()
    return
  }
  if (event.key === "Enter") {
    event.preventDefault()
    return enter(picture, event.shiftKey)
  }
  const move = MOVES[event.key]
  if (!move || !picture.columns?.length || event.ctrlKey || event.metaKey || event.altKey) return
  event.preventDefault()
  const {column = 0, row = 0} = picture.chosen ?? {}, [across, down] = picture.chosen ? move : [0, 0]
  const place = Math.max(0, Math.min(picture.columns.length - 1, column + across)), {tiles, shown} = picture.columns[place]
  let next = row + down
  if (across && picture.columns[column].tiles.length) next = beside(picture.columns[column].tiles, row, tiles)
  if (next < 0 || next >= tiles.length) {
    picture.turn(place, Math.sign(down), shown)
    next = Math.max(0, Math.min(tiles.length - 1, next))
  }
  picture.place(picture.chart.clientWidth, picture.chart.clientHeight)
  picture.choose({column: place, row: next, unit: picture.columns[place].tiles[next].unit}, true)
}

// On an input, the next test example; on another unit its weights, or where its layer is set.
function enter(picture, settings) {
  const {prepared, chosen} = picture
  if (!prepared) return
  if (!chosen?.column) return prepared.structure.plane ? undefined : picture.next()
  if (settings || !picture.editor.show(chosen)) openSettings(prepared.structure, chosen.column)
}

function columnAt(picture, x) {
  return (picture.columns ?? []).findIndex(({tiles}) => tiles.length && x >= tiles[0].x - 12
    && x <= tiles[0].x + tiles[0].width + 12)
}

function wheel(picture, event) {
  const [x] = picture.at(event), place = columnAt(picture, x)
  if (place >= 0 && picture.turn(place, Math.sign(event.deltaY), picture.columns[place].shown)) {
    event.preventDefault()
    look(picture, event)
  }
}

// A click on the input's title or picture shows the next example, one on a layer's title its settings, one below a
// column its next units: for those without a wheel. Any other holds on to what is under the pointer.
function press(picture, event) {
  picture.popover.dismiss(picture, false)
  if (!picture.columns?.length || picture.popover.root.contains(event.target)) return
  const [x, y] = picture.at(event), place = columnAt(picture, x)
  const input = x < (picture.columns[0].x + picture.columns[1].x) / 2
  if (input && !picture.prepared.structure.plane && (y < TITLE || tileAt(picture.columns, x, y)?.unit === -1)) return picture.next()
  if (y < TITLE) return openSettings(picture.prepared.structure, nearest(picture.columns, x))
  const chosen = picture.under(event)
  if (chosen?.column && picture.edits.can) {
    picture.choose(chosen)
    picture.pinned = true
    if (picture.editor.show(chosen)) return
  }
  if (place < 0 || y < picture.chart.clientHeight - 18) return picture.pin()
  const {shown} = picture.columns[place]
  if (!picture.turn(place, shown, shown)) picture.turn(place, -picture.prepared.units[place], shown)
}
