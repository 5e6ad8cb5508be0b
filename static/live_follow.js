// What every live component does: hear what changed, by the stream or by the component's own data, keep it, and
// have it drawn in one frame. Parts are {name: {version, content?}}, content only where it is new (core/views/patches.py).

import { readTheme } from "./live_theme.js"
import { Stream } from "./live_stream.js"
import { commit, pending } from "./live_choices.js"

const ASK_MS = 1000
const held = new Map()  // component's key -> its parts; outlives a visit to another page

/** @typedef {Record<string, {version: number, content?: any}>} Parts */

/**
 * Take over into `held` what has a content. fresh: the names of those parts; whole: whether of every other part the
 * same version is held already.
 * @param {Parts} held changed in place
 * @param {Parts} parts
 */
export function merge(held, parts) {
  const fresh = Object.keys(parts).filter((name) => parts[name].content)
  const whole = Object.keys(parts).every((name) => parts[name].content || held[name]?.version === parts[name].version)
  for (const name of fresh) held[name] = parts[name]
  return {fresh, whole}
}

// A subclass has `nodes.root` and the nodes of its charts, `lines` of those that move (live_lines.js), and `update`
// draws what is `dirty`.
export class Follower {
  // charts: the parts that colours of the theme are in.
  constructor(parent, charts) {
    Object.assign(this, {parent, charts, dirty: new Set(), asked: 0, rested: 0})
  }

  receive(component) {
    this.component = component
    const {key, parts, stream} = component.data
    if (!held.has(key)) held.set(key, {})
    this.parts = held.get(key)
    if (this.theme === undefined) Object.keys(this.parts).forEach((name) => this.schedule(name))
    this.follow(stream)
    clearTimeout(this.asking)
    if (parts && !this.take(parts)) this.ask()
    const theme = readTheme(this.parent)
    if (theme.name !== this.theme?.name) {
      this.theme = theme
      this.nodes.root.dataset.theme = theme.dark ? "dark" : "light"
      for (const name of this.charts) this.schedule(name)
    }
  }

  // Listen to the stream of this name, to none without one.
  follow(name) {
    if (this.stream?.name === name) return
    this.stream?.close()
    this.stream = name && new Stream(name, ({parts = {}, changed}) => {
      this.schedule("stream")
      this.take(parts)
      if (changed) this.component.setTriggerValue("changed", changed)
    }, () => this.component.setTriggerValue("lost", Date.now()))
  }

  // Have the server do something, over the stream. Where a choice may still be on its way, or there is no stream, by a
  // run of the page's script: that comes in order.
  command(command, value) {
    const waits = pending()
    if (waits) commit()
    if (waits || !this.stream?.send(JSON.stringify({command, value}))) {
      this.component.setTriggerValue("command", {command, value, at: Date.now()})
    }
  }

  // Keep and draw what is new; false where a content is missing.
  take(parts) {
    const {fresh, whole} = merge(this.parts, parts)
    fresh.forEach((name) => this.schedule(name))
    return whole
  }

  // Streamlit drops what it has not sent yet when the page runs again: ask, and again until it is here.
  ask() {
    this.asking = setTimeout(() => {
      this.asked = Date.now()
      this.component.setTriggerValue("missing", this.asked)
      this.ask()
    }, this.asked + ASK_MS - Date.now())
  }

  schedule(name) {
    this.dirty.add(name)
    const rest = this.rested - performance.now()
    if (rest > 0) this.wake("resting", rest)
    else this.frame ??= requestAnimationFrame(() => this.update())
  }

  wake(timer, milliseconds) {
    this[timer] ??= setTimeout(() => {
      this[timer] = undefined
      this.frame ??= requestAnimationFrame(() => this.update())
    }, milliseconds)
  }

  // A chart was drawn once more.
  count(name) {
    const {chart, section} = this.nodes[name]
    chart.dataset.updates = section.dataset.updates = Number(chart.dataset.updates || 0) + 1
  }

  // Charts whose places have another size are drawn for it.
  resize() {
    for (const name of this.charts) {
      const {chart} = this.nodes[name], drawn = chart._fullLayout
      const moved = drawn && chart.clientWidth && (Math.abs(drawn.width - chart.clientWidth) > 1
        || Math.abs(drawn.height - chart.clientHeight) > 1)
      if (!moved) continue
      if (this.lines.has(name)) this.lines.get(name).resize()
      else window.Plotly.Plots.resize(chart)
    }
  }

  leave() {
    for (const lines of this.lines?.values() ?? []) lines.stop()
    this.stream?.close()
    cancelAnimationFrame(this.frame)
    clearTimeout(this.asking)
    clearTimeout(this.resting)
    clearTimeout(this.unseen)
  }
}
