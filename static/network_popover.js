// What stands over the picture beside the pointer: one unit or connection in words, and its map enlarged.

import { element, say } from "./live_parts.js"
import { colorsOf, paintCurve, paintDistribution, paintMaps } from "./network_paint.js"
import { column as valuesOf } from "./network_math.js"
import { number, paintWeights, shareOf } from "./network_draw.js"
import { enlargeStage, stageWords } from "./network_stages.js"

const SIDE = 112

export class Popover {
  constructor() {
    this.canvas = element("canvas")
    this.lines = element("div", "network-lines")
    this.side = element("div", "", "", [this.lines])
    this.root = element("div", "network-popover", "", [this.canvas, this.side])
    this.root.hidden = true
    this.dismissed = false
    this.edit(false)
  }

  // Where a weight is set. on: whether something is edited now; without it, all of this is said elsewhere, to those who
  // cannot see it.
  edit(on) {
    this.root.classList.toggle("editing", on)
    if (on) this.root.removeAttribute("aria-hidden")
    else this.root.setAttribute("aria-hidden", "true")
  }

  // Nothing stands over the picture until the pointer moves or a key is pressed, although the unit stays chosen.
  dismiss(picture, dismissed) {
    if (this.dismissed === dismissed) return
    this.dismissed = dismissed
    picture.request()
  }

  show(picture) {
    const {chosen, columns, frame} = picture
    const there = chosen && !this.dismissed && columns.length && (chosen.link || columns[chosen.column]?.tiles.length)
    this.root.hidden = !there
    if (!there) return
    const words = this.words(picture)
    while (this.lines.children.length > words.length) this.lines.lastChild.remove()
    words.forEach((text, line) => {
      if (!this.lines.children[line]) this.lines.append(element("div"))
      say(this.lines.children[line], text)
    })
    const stages = !picture.prepared.structure.columns.length
    this.canvas.hidden = !frame || chosen.link || chosen.unit < 0 || (stages && !frame.stages[chosen.column - 1])
    if (!this.canvas.hidden) this.enlarge(picture, stages)
    this.stand(picture)
  }

  // Beside the unit, on the side with more room; of a connection a little off the pointer.
  stand({chosen, columns, chart}) {
    const {tiles} = columns[chosen.column], tile = tiles.find(({unit}) => unit === chosen.unit) ?? tiles[0]
    const {offsetWidth: width, offsetHeight: height} = this.root, {clientWidth, clientHeight} = chart
    const right = tile.x + tile.width + 10, left = tile.x - width - 10
    const [x, y] = chosen.link ? [chosen.at[0] - width / 2, chosen.at[1] + (chosen.at[1] > clientHeight / 2 ? -height - 14 : 16)]
      : [right + width <= clientWidth ? right : left, tile.y + tile.height / 2 - height / 2]
    this.root.style.left = `${Math.max(0, Math.min(clientWidth - width, x))}px`
    this.root.style.top = `${Math.max(0, Math.min(clientHeight - height, y))}px`
  }

  enlarge(picture, stages) {
    const {chosen: {column, unit}, frame, prepared, theme, columns} = picture
    const context = this.canvas.getContext("2d"), last = column === columns.length - 1
    const ratio = globalThis.devicePixelRatio || 1, box = {x: 0, y: 0, width: SIDE, height: SIDE}
    Object.assign(this.canvas, {width: SIDE * ratio, height: SIDE * ratio})
    context.setTransform(ratio, 0, 0, ratio, 0, 0)
    if (stages) return enlargeStage(context, picture, SIDE)
    const data = frame.columns[column]
    if (data.map && prepared.height > 1) {
      const map = this.map ??= document.createElement("canvas")
      paintMaps(map, data.map, data.units, [unit], colorsOf(prepared.structure, last, theme),
        shareOf(prepared.structure, data, last), prepared.width)
      context.drawImage(map, 0.5, 0.5, prepared.width - 1, prepared.height - 1, 0, 0, SIDE, SIDE)
    } else if (data.map) {
      paintCurve(context, valuesOf(data.map, data.units, unit), data.most, box, theme)
    } else if (column === 1 && prepared.image?.[2] === 1) {
      paintWeights(context, data, unit, prepared.image, box, theme)
    } else {
      paintDistribution(context, data.probe, data.units, unit, {x: 0, y: 8, width: SIDE, height: SIDE - 8}, theme)
    }
  }

  // The same in words.
  words(picture) {
    const {chosen, frame, prepared: {structure}, columns} = picture, {column, unit} = chosen
    if (!structure.columns.length) return stageWords(picture)
    if (unit < 0) return [structure.example?.own ? "Your input" : "The chosen test image", structure.example && !structure.example.own ? `test example ${structure.example.index + 1}` : ""]
    const name = picture.nameOf(column, unit), title = name[0].toUpperCase() + name.slice(1)
    if (!frame) return [title]
    const data = frame.columns[column]
    if (chosen.link) {
      const at = chosen.input * data.units + unit
      return [`${picture.nameOf(column - 1, chosen.input)} → ${name}`, `weight: ${setTo(picture, column, "kernel", at) ?? number(data.kernel[at])}`]
    }
    const values = valuesOf(data.map ?? data.probe, data.units, unit)
    const [own, shift] = unitsOf(structure, column, columns.length - 1, unit)
    const told = [title]
    if (column) told.push(`bias: ${setTo(picture, column, "bias", unit) ?? number(data.bias[unit])}`)
    const what = column ? "output" : "value"
    if (!structure.plane) told.push(`${what} for ${structure.example?.own ? "your input" : "the chosen example"}: ${number(data.example[unit] * own + shift)}`)
    const low = number(Math.min(...values) * own + shift), high = number(Math.max(...values) * own + shift)
    told.push(`${what} ${structure.plane ? "across its map" : `for ${structure.probe.count} test examples`}: from ${low} to ${high}`)
    if (column === 1 && !structure.names.length) told.push("the picture: its weights, pixel by pixel")
    return told
  }
}

// What a weight was set to, as it was typed; undefined for the network's own.
function setTo({edits, prepared: {structure: {steps, columns}}}, column, kind, at) {
  const value = edits.of(`${steps[columns[column - 1].kernel].name}/${kind}`, at)
  return value === undefined ? undefined : String(value).replace("-", "−")
}

// What turns the values of a column into the learner's own units: factor and shift. Inputs were scaled, and numbers to
// predict as well; what lies between has no unit.
export function unitsOf({mean, deviation, target_mean: target, target_deviation: spread}, column, last, unit) {
  if (column === 0 && mean.length) return [deviation[unit % mean.length], mean[unit % mean.length]]
  if (column === last && target?.length) return [spread[unit % target.length], target[unit % target.length]]
  return [1, 0]
}
