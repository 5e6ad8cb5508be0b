// The Agents page: mounted once, then told what changed. See ui/agents/panel.py for who calls it and
// core/views/agents/panel.py for what it is told: {part: {version, content?}}, content only where it is new.

import { CONFIG, themed } from "./live_theme.js"
import { numbers } from "./board.js"
import { coachLine, drawCoach } from "./live_coach.js"
import { drawBar, removeBar, runBar } from "./live_bar.js"
import { drawRuns, runStrip } from "./live_runs.js"
import { drawStatus, statusLine } from "./live_status.js"
import { element, say } from "./live_element.js"
import { Follower } from "./live_follow.js"
import { Picture } from "./live_picture.js"
import { plotly, stylesheets } from "./live_load.js"
import { World } from "./agents_world.js"

const CHARTS = ["returns", "loss"]
// What is drawn by the world's picture, together.
const WORLD = ["world", "beliefs", "rollout"]
const GOING = ["waiting", "compiling", "training"]
const REST = 0.2
const WORDS = {train: "Let an agent learn with these settings", step: "Take a single step or play one episode, then pause",
  reset: "Start again from the beginning", stop: "End the run; what it has learned stays", pace: "How many steps the agent takes a second, at most",
  slider: "step"}

const panels = new WeakMap()  // the component's element -> its panel

export default async function (component) {
  const {data, parentElement} = component
  await Promise.all([plotly(data.plotly), stylesheets(
    ["live.css", "live_stage.css", "live_bar.css", "live_coach.css", "paint.css", "agents.css", "agents_world.css"])])
  if (parentElement.isConnected) {
    if (!panels.has(parentElement)) panels.set(parentElement, new Panel(parentElement))
    panels.get(parentElement).receive(component)
  }
  // Streamlit also calls this for an update that was overtaken by the next: then nothing has ended.
  return () => setTimeout(() => {
    if (!parentElement.isConnected) panels.get(parentElement)?.dispose()
  })
}

function card(name, ...more) {
  const heading = element("h3"), note = element("span", "live-note"), chart = element("div", "live-chart")
  chart.setAttribute("role", "img")
  const section = element("section", `live-card st-key-${name}`, "", [element("header", "", "", [heading, note]), chart, ...more])
  return {section, heading, note, chart}
}

class Panel extends Follower {
  constructor(parent) {
    super(parent, CHARTS)
    const command = (name) => (value) => this.command(name, value)
    this.bar = runBar((name, value) => this.command(name, value), () => this.adopt(), WORDS)
    this.world = new World()
    const runs = runStrip({show: command("show"), overlay: command("overlay"), forget: command("forget"),
      adopt: (id) => this.adopt(id), onward() {}, start() {}})
    this.nodes = {status: statusLine(), runs, returns: card("returns"), loss: card("loss"),
      coach: coachLine((name) => this.component.setTriggerValue("advice", name), () => this.command("train"))}
    const {status, coach, returns, loss} = this.nodes
    status.section.append(coach.section, runs.strip)
    const stage = element("div", "agents-stage", "", [this.world.root, returns.section, loss.section])
    this.nodes.root = element("div", "live stage streams agents", "", [this.bar.root, status.section, stage])
    parent.querySelector(".live-place")?.remove()
    parent.append(this.nodes.root)
    this.lines = new Map(CHARTS.map((name) =>
      [name, new Picture(this.nodes[name].chart, CONFIG, () => this.count(name))]))
    this.observer = new ResizeObserver(() => this.schedule("resize"))
    for (const name of CHARTS) this.observer.observe(this.nodes[name].chart)
  }

  // Put a run's settings into the sidebar; the shown run's without an id.
  adopt(run = "") {
    this.component.setTriggerValue("settings", {run, start: false, at: Date.now()})
  }

  receive(component) {
    const before = this.theme
    this.component = component
    super.receive(component)
    if (this.theme !== before) this.schedule("world")
  }

  get going() {
    return GOING.includes(this.parts.status?.content?.status)
  }

  // Everything that changed is drawn in one frame, so that charts, world and numbers agree.
  update() {
    this.frame = undefined
    const dirty = this.dirty, began = performance.now()
    this.dirty = new Set()
    // A run that rests is drawn by Plotly.
    if (this.went && !this.going) CHARTS.forEach((name) => dirty.add(name))
    this.went = this.going
    try {
      for (const name of dirty) {
        const content = this.parts[name]?.content
        if (content) DRAW[name]?.(this, content)
      }
      if (WORLD.some((name) => dirty.has(name))) this.drawWorld()
      if (dirty.has("rewind") || dirty.has("status")) this.drawRewind()
      if (dirty.has("resize")) this.resize()
    } finally {
      // Also where something could not be drawn: the next may be.
      if (dirty.has("stream")) this.stream?.drawn()
    }
    this.rested = performance.now() + REST * (performance.now() - began)
  }

  drawRewind() {
    const {rewind, status} = this.parts
    if (rewind?.content && status?.content) this.bar.rewind.draw(rewind.content, status.content.progress)
  }

  drawWorld() {
    const [world, beliefs, rollout] = WORLD.map((name) => this.parts[name]?.content)
    if (world && beliefs && rollout) this.world.draw({...world, ...beliefs}, rollout, this.theme)
  }

  plot(name, content) {
    const {chart, heading, note} = this.nodes[name]
    say(heading, content.title)
    say(note, content.note)
    note.title = content.note
    chart.setAttribute("aria-label", content.about)
    const figure = themed({traces: content.traces, layout: content.layout}, this.theme)
    figure.traces.forEach((trace) => Object.assign(trace, {x: numbers(trace.x), y: numbers(trace.y)}))
    figure.layout.dragmode = matchMedia("(pointer: coarse)").matches ? false : "zoom"
    this.lines.get(name).show(figure, {live: this.going && !document.hidden})
  }

  dispose() {
    this.leave()
    removeBar(this.bar)
    this.world.dispose()
    this.observer.disconnect()
    for (const name of CHARTS) window.Plotly.purge(this.nodes[name].chart)
    this.nodes.root.remove()
    panels.delete(this.parent)
  }
}

// A part -> how its content is drawn.
const DRAW = {
  bar: ({bar}, content) => drawBar(bar, content),
  coach: ({nodes}, content) => drawCoach(nodes.coach, content),
  runs: ({nodes}, content) => drawRuns(nodes.runs, content),
  returns: (panel, content) => panel.plot("returns", content),
  loss: (panel, content) => panel.plot("loss", content),

  // There is room for the sentence beside the numbers.
  status({nodes}, content) {
    drawStatus(nodes.status, content)
    say(nodes.status.sentence, content.sentence)
  },
}
