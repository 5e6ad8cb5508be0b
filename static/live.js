// The live panel: mounted once, then told what changed. See ui/live/component.py for who calls it and
// core/views/run_panel.py for what it is told: {part: {version, content?}}, content only where it is new.

import { CONFIG, themed } from "./live_theme.js"
import { fitted } from "./live_fit.js"
import { Stage } from "./live_stage.js"
import { build, chooses, draw, fitLegend, head, tellRegions } from "./live_parts.js"
import { coachLine, drawCoach } from "./live_coach.js"
import { axes, drawAxes } from "./live_axes.js"
import { drawBar, removeBar, runBar } from "./live_bar.js"
import { Picture } from "./live_picture.js"
import { fitCurves } from "./paint_axes.js"
import { Follower } from "./live_follow.js"
import { plotly, stylesheets } from "./live_load.js"
import { repainted } from "./network_regions.js"
import { Chooser } from "./live_chooser.js"
import { faces } from "./try_faces.js"
import { Sketch, sketchAxes, sketched } from "./live_sketch.js"
import { LessonLine } from "./live_lesson.js"
import { Tour } from "./live_tour.js"

const CHARTS = ["loss_curve", "accuracy_curve", "confusion_matrix", "predictions", "schedule_curve"]
// The charts in which test examples are chosen.
const CHOOSING = ["predictions", "confusion_matrix"]
const CURVES = ["loss_curve", "accuracy_curve"]
const UNSEEN_MS = 500
// The last run's pictures stay until the next has some of its own, but no longer than this.
const BLANK_MS = 300
const REST = 0.2
const GOING = ["waiting", "compiling", "training"]
const LOG = "playground.loss.log"

const panels = new WeakMap()  // the component's element -> its panel

export default async function (component) {
  const {data, parentElement} = component
  await Promise.all([plotly(data.plotly), stylesheets(
    ["live.css", "live_stage.css", "live_bar.css", "live_coach.css", "network.css", "paint.css", "try.css", "lesson.css",
     "tour.css"])])
  if (parentElement.isConnected) {
    if (!panels.has(parentElement)) panels.set(parentElement, new Panel(parentElement))
    panels.get(parentElement).receive(component)
  }
  // Streamlit also calls this for an update that was overtaken by the next: then nothing has ended.
  return () => setTimeout(() => {
    if (!parentElement.isConnected) panels.get(parentElement)?.dispose()
  })
}

class Panel extends Follower {
  constructor(parent) {
    super(parent, CHARTS)
    this.log = readLog()
    this.nodes = build({
      show: (id) => this.command("show", id),
      overlay: (id) => this.command("overlay", id),
      forget: (id) => this.command("forget", id),
      onward: (id) => this.command("continue", {run: id, at: null, edits: []}),
      adopt: (id) => this.adopt(id),
      start: (id) => this.adopt(id, true),
      log: (on) => this.switchLog(on)})
    this.nodes.coach = coachLine((name) => this.component.setTriggerValue("advice", name), () => this.command("train"))
    this.nodes.status.section.append(this.nodes.coach.section)
    chooses(this.nodes, (example) => this.command("view", {example}))
    this.nodes.network.edits.command = (name, value) => this.command(name, value)
    this.axes = axes(this.nodes.predictions.choices, (pair) => this.command("features", pair))
    this.view = new Stage(this.nodes, () => CHARTS.forEach((name) => this.schedule(name)),
      (view) => this.command("view", view))
    this.nodes.try_it.join({command: (name, value) => this.command(name, value), network: this.nodes.network,
      next: (example) => this.command("view", {example}), streams: () => Boolean(this.component.data.stream)})
    const follow = this.nodes.network.onEdits
    this.nodes.network.onEdits = () => { follow(); this.schedule("predictions") }
    this.turn = faces(this.nodes, () => this.view.filled, (card) => this.view.choose(card))
    this.nodes.scale(this.log)
    parent.querySelector(".live-place")?.remove()
    parent.append(this.nodes.root)
    this.lines = new Map(CHARTS.map((name) =>
      [name, new Picture(this.nodes[name].chart, CONFIG, () => this.count(name))]))
    this.choosers = new Map(CHOOSING.map((name) => [name, new Chooser(this.nodes[name].chart,
      (command, value) => this.command(command, value), () => this.schedule(name))]))
    for (const [name, chooser] of this.choosers) this.lines.get(name).clicked = (points) => chooser.clicked(points)
    this.sketches = new Map(CURVES.map((name) => [name, new Sketch(this.nodes[name], name,
      (command, value) => this.command(command, value))]))
    this.lesson = new LessonLine(this.nodes.root)
    this.tour = new Tour(this.nodes, (name, value) => this.command(name, value), () => this.bar?.root)
    this.observer = new ResizeObserver(() => this.schedule("resize"))
    // Its card, as a gallery stands in the place of a chart.
    this.seen = new Map(CHARTS.map((name) => [this.nodes[name].section, {visible: true, drawn: 0}]))
    this.sight = new IntersectionObserver((entries) => {
      for (const {target, isIntersecting} of entries) this.seen.get(target).visible = isIntersecting
    }, {rootMargin: "200px"})
    for (const name of CHARTS) {
      this.observer.observe(this.nodes[name].chart)
      this.sight.observe(this.nodes[name].section)
    }
  }

  // Without a stream the page has buttons of its own: then there is no part that says what these show.
  followBar() {
    const streams = Boolean(this.component?.data.stream)
    if (streams === Boolean(this.bar)) return
    if (this.bar) removeBar(this.bar)
    this.bar = streams ? runBar((name, value) => this.command(name, value),
      () => this.adopt()) : undefined
    this.nodes.root.classList.toggle("streams", streams)
    if (!this.bar) return
    this.nodes.root.prepend(this.bar.root)
    this.schedule("bar")
  }

  // Put a run's settings into the sidebar; the shown run's without an id. start: with its weights as the start.
  adopt(run = "", start = false) {
    this.component.setTriggerValue("settings", {run, start, at: Date.now()})
  }

  receive(component) {
    this.component = component
    this.followBar()
    super.receive(component)
  }

  // Everything that changed is drawn in one frame, so that curve, matrix and counters agree.
  update() {
    this.frame = undefined
    const dirty = this.dirty, began = performance.now()
    this.dirty = new Set()
    if (dirty.has("overlaid")) dirty.add("loss_curve").add("accuracy_curve")
    // The chosen example has a ring.
    if (dirty.has("network")) CHOOSING.forEach((name) => dirty.add(name))
    // A run that rests is drawn by Plotly.
    if (dirty.has("status") && this.went && !this.going) CHARTS.forEach((name) => dirty.add(name))
    this.went = this.going
    try {
      for (const name of dirty) {
        const content = this.parts[name]?.content
        if (!content || name === "overlaid" || this.later(name, content)) continue
        if (name === "coach") drawCoach(this.nodes.coach, content)
        if (name === "bar" && this.bar) {
          drawBar(this.bar, content)
          if (content.view.card === "try_it" && !this.view.opened) this.turn(true)
          this.view.open(content.view)
        }
        if (name === "sketch") {
          for (const sketch of this.sketches.values()) sketch.tell(content)
          CURVES.forEach((curve) => dirty.add(curve))
        }
        if (name === "lesson") this.lesson.tell(content)
        if (name === "tour") this.tour.tell(content)
        if (name === "axes") drawAxes(this.axes, content)
        draw[name]?.(this.nodes, content)
        if (!CHARTS.includes(name)) continue
        head(this.nodes[name], content)
        this.plot(name, content)
      }
      if (this.bar && (dirty.has("rewind") || dirty.has("status"))) this.drawRewind()
      if (dirty.has("resize")) {
        fitLegend(this.nodes.predictions)
        this.resize()
        for (const sketch of this.sketches.values()) sketch.draw()
      }
    } finally {
      // Also where something could not be drawn: the next may be.
      if (dirty.has("stream")) this.stream?.drawn()
    }
    // A slow machine draws less often, so that clicks and keys are still answered at once.
    this.rested = performance.now() + REST * (performance.now() - began)
  }

  drawRewind() {
    const {rewind, status} = this.parts
    if (rewind?.content && status?.content) this.bar.rewind.draw(rewind.content, status.content.progress)
  }

  // A chart that nobody sees is drawn now and then only, and one that has nothing yet not at once.
  later(name, content) {
    const seen = this.seen.get(this.nodes[name]?.section), now = performance.now()
    if (!seen) return false
    if (!(this.going && blank(content))) seen.blank = undefined
    else seen.blank ??= now
    const due = Math.max(seen.visible ? 0 : seen.drawn + UNSEEN_MS, seen.blank === undefined ? 0 : seen.blank + BLANK_MS)
    if (now >= due || !seen.drawn) return false
    this.dirty.add(name)
    this.wake("unseen", due - now)
    return true
  }

  get going() {
    return GOING.includes(this.parts.status?.content?.status)
  }

  plot(name, content) {
    const {chart, section} = this.nodes[name], seen = this.seen.get(section)
    seen.drawn = performance.now()
    const chooser = this.choosers.get(name)
    if (!content.layout) return this.count(name)
    chart.setAttribute("aria-label", content.about)
    chooser?.tell(content, this.parts.network?.content?.example?.index)
    const sketch = this.parts.sketch?.content, log = name === "loss_curve" && this.log && !sketch?.open, curve = CURVES.includes(name)
    const traces = name === "predictions" ? this.edited(content.traces) : content.traces
    const behind = [...within(this.parts.overlaid?.content?.[name] ?? [], content, log), ...sketched(sketch, name)]
    const {traces: marks, shapes} = chooser?.marks ?? {traces: [], shapes: []}
    const layout = {...content.layout, shapes: [...content.layout.shapes ?? [], ...shapes]}
    const figure = themed({traces: [...behind, ...traces, ...marks], layout}, this.theme)
    figure.layout.dragmode = matchMedia("(pointer: coarse)").matches ? false : "zoom"
    if (curve) {
      fitCurves(figure, log)
      sketchAxes(sketch, name, figure.layout)
    }
    fitted(figure, name, this.view.projector, this.view.filled === section)
    this.lines.get(name).show(figure, {own: behind.length, flows: curve,
      live: this.going && seen.visible && !document.hidden})
    this.sketches.get(name)?.draw()
  }

  // Regions and curve of weights that were set by hand, before the worker knows of them.
  edited(traces) {
    const {network: {edits, prepared}, try_it: card} = this.nodes
    if (!(edits.can && edits.turn && prepared?.structure.plane)) return traces
    const found = repainted(traces, (rows) => card.predict(rows))
    found.filter(({meta, text}) => meta?.levels && !text).forEach(tellRegions)
    return found
  }

  switchLog(on) {
    this.log = on
    this.nodes.scale(on)
    try { localStorage.setItem(LOG, on ? "1" : "") } catch { /* private windows may refuse */ }
    this.schedule("loss_curve")
  }

  dispose() {
    this.leave()
    this.view.close()
    if (this.bar) removeBar(this.bar)
    this.lesson.close()
    this.tour.close()
    this.nodes.network.dispose()
    this.sight.disconnect()
    this.observer.disconnect()
    for (const name of CHARTS) window.Plotly.purge(this.nodes[name].chart)
    this.nodes.root.remove()
    panels.delete(this.parent)
  }
}

// The axes follow the shown run: what lies behind it is cut off where it leaves them.
function within(behind, {traces, layout, epochs}, log) {
  const own = traces.flatMap(({y}) => y).filter((one) => one !== null && (one > 0 || !log))
  if (!behind.length || !own.length) return behind
  const fixed = Boolean(layout.yaxis.range)
  const [low, high] = [log ? Math.min(...own) : -Infinity, fixed ? Infinity : Math.max(...own)]
  return behind.map((trace) => {
    // Plotly makes room for a point that is a gap, too: those further to the right are left out.
    const x = trace.x.filter((one) => one <= epochs)
    return {...trace, x, y: trace.y.slice(0, x.length).map((one) => one < low || one > high ? null : one)}
  })
}

// Whether a run has nothing of its own to show here yet.
function blank({kind, items, traces}) {
  if (kind === "gallery" || kind === "sentences") return !items.some((one) => one.predicted)
  return !traces?.some(({type, x}) => type === "heatmap" || (kind !== "regions" && x?.length))
}

function readLog() {
  try { return localStorage.getItem(LOG) === "1" } catch { return false }
}
