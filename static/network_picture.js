// The picture of the network: inputs, columns of units and the connections between them, drawn from the network's own
// weights. Painted once a frame, and only while somebody can see it. What it is told: core/views/network.py.

import { element, head, say } from "./live_parts.js"
import { readTheme } from "./live_theme.js"
import { Editor } from "./network_editor.js"
import { Edits } from "./network_edits.js"
import { compute, prepare, weightsIn } from "./network_frame.js"
import { fit, layout, linkUnder, nameRoom, ordered, pixelName, tileAt } from "./network_layout.js"
import { aboutPicture, paintNetwork } from "./network_draw.js"
import { Popover } from "./network_popover.js"
import { layoutStages, unpack } from "./network_grid.js"
import { listen } from "./network_hands.js"
import { observed } from "./network_watch.js"

const HELP = "Arrow keys go from unit to unit. Enter on an input shows the next test example; on another unit it edits "
  + "its weights, once the run is paused or has ended, and else leads to the layer's settings, as Shift and Enter always "
  + "does. Escape leaves."

export class NetworkPicture {
  constructor() {
    this.heading = element("button", "live-title", "Network")
    this.heading.type = "button"
    this.title = "Network"
    this.note = element("span", "live-note network-note")
    this.canvas = element("canvas")
    this.canvas.setAttribute("role", "img")
    this.said = element("span", "network-said")
    this.said.setAttribute("role", "status")
    this.popover = new Popover()
    this.edits = new Edits(() => {
      this.refresh()
      this.onEdits?.()
    })
    this.editor = new Editor(this)
    this.popover.side.append(this.editor.form)
    this.chart = element("div", "network-chart", "", [this.canvas, this.popover.root, this.said])
    this.chart.tabIndex = 0
    this.chart.setAttribute("role", "group")
    this.chart.setAttribute("aria-label", `The network, unit by unit. ${HELP}`)
    this.section = element("section", "live-card network-card st-key-network", "",
      [element("header", "", "", [element("h3", "", "", [this.heading]), this.note, this.edits.strip]), this.chart])
    Object.assign(this, {visible: true, scroll: [], orders: [], chosen: null, frame: null, maps: []})
    listen(this)
    this.observers = observed(this)
  }

  dispose() {
    for (const observer of this.observers) observer.disconnect()
  }

  // The network itself changed: what was scrolled and chosen is of another one.
  setStructure(content) {
    head(this, content)
    if (content.hidden) return
    const key = JSON.stringify([content.layers, content.names])
    if (key !== this.network) Object.assign(this, {scroll: [], orders: [], chosen: null})
    this.network = key
    this.prepared = prepare(content)
    this.editor.tell()
    this.show()
  }

  // An input of the learner's own instead of the test example, as the network sees it, with what the layers give for it
  // where a worker computed that; null for the test example again.
  setTried(tried) {
    if (!tried && !this.tried) return
    this.tried = tried
    if (this.prepared) this.show()
  }

  show() {
    const {prepared, tried} = this
    prepared.own ??= {example: prepared.example, structure: prepared.structure}
    Object.assign(prepared, prepared.own)
    // While another network is chosen, it may be an input of the one before.
    this.trying = tried?.x.length === prepared.inputs ? tried : null
    if (this.trying) {
      prepared.example = tried.x
      const words = tried.words ?? prepared.structure.example?.words
      prepared.structure = {...prepared.structure, example: {...prepared.structure.example, label: "", own: true, words}}
    }
    this.refresh()
  }

  setWeights(content) {
    this.content = content
    this.edits.take(content)
    this.editor.tell()
    if (!this.edits.can) this.editor.close()
    this.refresh()
  }

  refresh() {
    this.recompute = true
    this.request()
  }

  // Painted with what else is drawn in this frame, once, however much was told.
  request() {
    if (this.asked) return
    this.asked = true
    queueMicrotask(() => {
      this.asked = false
      if (this.visible && this.prepared && this.chart.isConnected && this.chart.clientWidth) this.paint()
    })
  }

  paint() {
    const began = performance.now()
    const projector = Boolean(this.section.closest(".projector"))
    if (this.theme?.projector !== projector) this.theme = sized(readTheme(this.section), projector)
    if (this.recompute) this.frame = this.compute()
    this.recompute = false
    const {clientWidth: width, clientHeight: height} = this.chart, ratio = globalThis.devicePixelRatio || 1
    if (this.canvas.width !== Math.round(width * ratio) || this.canvas.height !== Math.round(height * ratio)) {
      Object.assign(this.canvas, {width: Math.round(width * ratio), height: Math.round(height * ratio)})
    }
    this.place(width, height)
    const context = this.canvas.getContext("2d")
    context.setTransform(ratio, 0, 0, ratio, 0, 0)
    context.clearRect(0, 0, width, height)
    paintNetwork(context, this, {width, height})
    this.popover.show(this)
    const about = aboutPicture(this)
    if (this.canvas.getAttribute("aria-label") !== about) this.canvas.setAttribute("aria-label", about)
    this.section.dataset.updates = Number(this.section.dataset.updates || 0) + 1
    this.section.dataset.milliseconds = (performance.now() - began).toFixed(2)
  }

  compute() {
    const {prepared} = this, content = this.trying?.content ?? this.content
    if (!content) return null
    if (prepared.structure.columns.length) return compute(prepared, content.weights, this.edits.list)
    const frame = unpack(content)
    // While another network is chosen, what is here may be of the one before.
    return frame?.stages.length === prepared.structure.stages.length ? frame : null
  }

  // Where everything is, for this size and these weights.
  place(width, height) {
    const {prepared: {units, image, structure}, frame} = this, room = height - 38
    if (!structure.columns.length) {
      this.columns = layoutStages(this, {width, height})
      return
    }
    const wide = structure.plane ? 1 : 2
    const columns = units.map((count, place) => {
      if (!place && image) return {units: count, order: [], scroll: 0, size: Math.min(room * 0.6, width * 0.2, 130)}
      const {shown} = fit(count, room), active = frame?.columns[place].activity
      if (active && !this.scroll[place]) this.orders[place] = ordered(active, shown, this.orders[place])
      return {units: count, scroll: this.scroll[place] ?? 0,
        order: this.orders[place] ?? Array.from({length: count}, (_, unit) => unit)}
    })
    this.names = nameRoom(width, structure, image, this.theme.projector ? 1.4 : 1)
    this.columns = layout(columns, {width, height}, {...this.names, wide})
  }

  /** One of the network's weights, with the edits made so far or with others. */
  weight(path, at, edits = this.edits.list) {
    const {prepared, content} = this, cut = path.lastIndexOf("/")
    const step = prepared.structure.steps.findIndex(({name}) => name === path.slice(0, cut))
    return weightsIn(prepared, content.weights, edits)[step][path.slice(cut + 1)][at]
  }

  // Let one connection to the chosen unit stand out; undefined for all of them.
  mark(input) {
    if (!this.chosen || this.chosen.link) return
    const {input: _, ...unit} = this.chosen
    this.chosen = input === undefined ? unit : {...unit, input}
    this.request()
  }

  // A unit in words.
  nameOf(column, unit) {
    const {structure: {columns, names, output, shape}} = this.prepared
    if (column === 0) return names[unit] ?? pixelName(unit, shape)
    if (column === columns.length) return output.names[unit]
    return `${columns[column - 1].title.toLowerCase()}, unit ${unit + 1}`
  }

  at(event) {
    const box = this.chart.getBoundingClientRect()
    return [event.clientX - box.left, event.clientY - box.top]
  }

  // What is clicked on stays enlarged while the network learns, until the next click.
  pin() {
    this.pinned = Boolean(this.chosen) && !this.pinned
  }

  // The unit or the connection under a point.
  under(event) {
    const [x, y] = this.at(event)
    return tileAt(this.columns, x, y) ?? this.linkAt(x, y)
  }

  linkAt(x, y) {
    const kernels = this.frame?.columns?.map((column, place) => place === 1 && this.prepared.image ? null : column)
    return kernels ? linkUnder(this.columns, kernels, x, y) : null
  }

  choose(chosen, said = false) {
    this.pinned = this.pinned && Boolean(chosen)
    if (JSON.stringify(chosen) === JSON.stringify(this.chosen)) return
    this.chosen = chosen
    this.request()
    say(this.said, said && chosen ? this.popover.words(this).join(". ") : "")
  }

  // Scroll a column; whether it moved.
  turn(place, by, shown) {
    const most = this.prepared.units[place] - shown, before = this.scroll[place] ?? 0
    if (!this.prepared.structure.columns.length || most <= 0 || (place === 0 && this.prepared.image)) return false
    this.scroll[place] = Math.max(0, Math.min(most, before + by))
    if (this.scroll[place] === before) return false
    this.request()
    return true
  }

  // The next test example, after the last one the first.
  next() {
    const {example} = this.prepared.structure
    if (example) this.onExample?.((example.index + 1) % example.count)
  }
}

// The theme with the sizes of text: small beside the columns' units, larger for names.
const sized = (theme, projector) => ({...theme, projector, small: projector ? 18 : 12, names: projector ? 18 : 13})
