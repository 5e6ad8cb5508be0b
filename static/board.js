// @ts-check
// The board of a study: cards of any names, mounted once, then told what changed. See ui/live/study_board.py for who calls it
// and core/views/study_board.py for what it is told. Text is only ever set as textContent.

import { CONFIG, themed } from "./live_theme.js"
import { bytes, element, say } from "./live_parts.js"
import { Lines } from "./live_lines.js"
import { Follower } from "./live_follow.js"
import { plotly, stylesheets } from "./live_load.js"
import { plot } from "./plot.js"

const UNSEEN_MS = 700, PRESSED_MS = 300
const REST = 0.3        // of the time that drawing takes, for clicks and keys
const FRAME_MS = 50     // a frame that took so long leaves other cards to the next: clicks get in between
const OFTEN_MS = 110    // between two drawings, at least: about eight a second
const BESIDE = 25       // a chart beside the first rests so many times as long as drawing it took: 4 % of the time each

const boards = new WeakMap()  // the component's element -> its board

export default async function (component) {
  const {data, parentElement} = component
  await Promise.all([stylesheets(["live.css", "board.css"]), plotly(data.plotly)])
  if (parentElement.isConnected) {
    const cards = JSON.stringify(data.cards)
    if (boards.get(parentElement)?.cards !== cards) {
      boards.get(parentElement)?.dispose()
      boards.set(parentElement, new Board(parentElement, cards))
    }
    boards.get(parentElement).receive(component)
  }
  // Streamlit also calls this for an update that was overtaken by the next: then nothing has ended.
  return () => setTimeout(() => {
    if (!parentElement.isConnected) boards.get(parentElement)?.dispose()
  })
}

/**
 * The state of a chart.
 * @typedef {object} Shown
 * @property {string} name
 * @property {boolean} visible whether it is in the window, or nearly
 * @property {number} drawn when it was last drawn, in ms
 * @property {number} cost how long that took, in ms
 * @property {boolean} [pressed] whether the pointer is down on it
 */

/**
 * Milliseconds for which a chart is not drawn again: not above 0 where it may be drawn now.
 * @param {Omit<Shown, "name">} seen
 * @param {number} now of the same clock as `drawn`, in ms
 * @param {boolean} beside whether it leaves its time to the first chart
 */
export function remaining({pressed, visible, drawn, cost}, now, beside) {
  if (pressed) return PRESSED_MS
  const pause = !visible ? UNSEEN_MS : beside ? BESIDE * cost : 0
  return drawn + pause - now
}

class Board extends Follower {
  constructor(parent, cards) {
    const known = JSON.parse(cards), charts = known.filter(({kind}) => kind === "chart").map(({name}) => name)
    super(parent, charts)
    // Follower keeps both as well, but not in a way that the type checker understands.
    this.parent = parent
    this.charts = charts
    this.cards = cards
    this.nodes = {root: element("div", "live board")}
    const grid = element("div", "live-grid")
    for (const card of known) {
      const node = MAKE[card.kind](card)
      node.section.classList.toggle("board-wide", card.wide)
      this.nodes[card.name] = {...node, kind: card.kind}
      ;(card.kind === "status" ? this.nodes.root : grid).append(node.section)
    }
    this.nodes.root.append(grid)
    parent.querySelector(".live-place")?.remove()
    parent.append(this.nodes.root)
    this.unseen = new Set()  // names of charts that wait to be seen
    /** @type {Map<Element, Shown>} */
    this.seen = new Map(this.charts.map((name) =>
      [this.nodes[name].chart, {name, visible: true, drawn: 0, cost: 0}]))
    this.observer = new ResizeObserver(() => this.schedule("resize"))
    this.sight = new IntersectionObserver((entries) => {
      for (const {target, isIntersecting} of entries) {
        const state = this.seen.get(target)
        state.visible = isIntersecting
        if (isIntersecting && this.unseen.delete(state.name)) this.schedule(state.name)
      }
    }, {rootMargin: "200px"})
    this.lines = new Map(known.filter(({moves}) => moves).map(({name}) =>
      [name, new Lines(this.nodes[name].chart, CONFIG, () => this.count(name))]))
    for (const [chart, state] of this.seen) {
      this.observer.observe(chart)
      this.sight.observe(chart)
      // What is dragged must not be drawn anew under the hand.
      chart.addEventListener("pointerdown", () => {
        state.pressed = true
        this.lines.get(state.name)?.stop()
      }, true)
    }
    this.released = () => { for (const state of this.seen.values()) state.pressed = false }
    window.addEventListener("pointerup", this.released, true)
    window.addEventListener("pointercancel", this.released, true)
  }

  update() {
    this.frame = undefined
    const dirty = this.dirty, began = performance.now(), left = new Set()
    this.dirty = new Set()
    if (!this.busy) this.unseen.forEach((name) => dirty.add(name))
    try {
      for (const name of dirty) {
        const content = this.parts[name]?.content, node = this.nodes[name]
        if (!content || !node || this.later(name, node)) continue
        if (performance.now() - began > FRAME_MS) left.add(name)
        else DRAW[node.kind](node, content, this)
      }
      if (dirty.has("resize")) this.resize()
    } finally {
      // Also where something could not be drawn: the next may be.
      if (dirty.has("stream")) this.stream?.drawn()
    }
    // What was started above may lie below the window's edge.
    if (this.busy && this.rests) {
      const still = matchMedia("(prefers-reduced-motion: reduce)").matches
      this.nodes.root.scrollIntoView({behavior: still ? "auto" : "smooth", block: "start"})
    }
    this.rests = !this.busy
    const now = performance.now()
    this.rested = Math.max(began + OFTEN_MS, now + REST * (now - began))
    left.forEach((name) => this.schedule(name))
  }

  get busy() {
    return ["waiting", "training"].includes(this.parts.status?.content?.status)
  }

  // A chart under the hand is drawn once it is let go. While there is news, the first one comes first, and one that
  // nobody sees waits until it is scrolled to, or for the end.
  later(name, {chart}) {
    const seen = this.seen.get(chart)
    if (!seen) return false
    if (this.busy && !seen.visible) {
      this.unseen.add(name)
      return true
    }
    this.unseen.delete(name)
    const left = remaining(seen, performance.now(), this.busy && name !== this.charts[0])
    if (left <= 0) return false
    this.dirty.add(name)
    this.wake("unseen", left)
    return true
  }

  plot({chart}, content) {
    const seen = this.seen.get(chart), began = performance.now(), lines = this.lines.get(seen.name)
    chart.setAttribute("aria-label", content.about)
    if (!content.layout) return
    const figure = themed({traces: content.traces, layout: content.layout}, this.theme)
    figure.layout.dragmode = matchMedia("(pointer: coarse)").matches ? false : "zoom"
    if (lines) {
      figure.traces.forEach((trace) => Object.assign(trace, {x: numbers(trace.x), y: numbers(trace.y)}))
      // Nothing flows: what came is shown at once, all of it.
      lines.show(figure, figure.traces.length, this.busy)
    } else {
      plot(chart, figure, CONFIG)
      this.count(seen.name)
    }
    seen.drawn = performance.now()
    seen.cost = seen.drawn - began
  }

  dispose() {
    this.leave()
    window.removeEventListener("pointerup", this.released, true)
    window.removeEventListener("pointercancel", this.released, true)
    this.sight.disconnect()
    this.observer.disconnect()
    for (const chart of this.seen.keys()) window.Plotly.purge(chart)
    this.nodes.root.remove()
    boards.delete(this.parent)
  }
}

// A kind of card -> its elements.
const MAKE = {
  chart({name, title}) {
    const heading = element("h3", "", title), note = element("span", "live-note"), chart = element("div", "live-chart")
    chart.setAttribute("role", "img")
    const section = element("section", `live-card st-key-${name}`, "", [element("header", "", "", [heading]), note, chart])
    return {section, heading, note, chart, title}
  },

  table({name, title}) {
    const note = element("span", "live-note"), table = element("table")
    const header = element("header", "", "", [element("h3", "", title), note])
    const section = element("section", `live-card live-report st-key-${name}`, "",
      [header, element("div", "live-scroll", "", [table])])
    return {section, note, table}
  },

  status({name}) {
    const [sign, word] = [element("span", "live-sign"), element("span", "live-word")]
    sign.setAttribute("aria-hidden", "true")
    const badge = element("span", "live-badge", "", [sign, word])
    badge.setAttribute("role", "status")
    const sentence = element("p", "live-sentence"), fill = element("div", "live-fill")
    const bar = element("div", "live-bar", "", [fill]), numbers = element("dl", "live-numbers")
    bar.setAttribute("role", "progressbar")
    bar.setAttribute("aria-label", "Epochs done")
    const section = element("section", `live-status st-key-${name}`, "",
      [element("div", "live-head", "", [badge, sentence]), bar, numbers])
    return {section, sign, word, sentence, fill, bar, numbers}
  },
}

// A kind of card -> how its content is drawn.
const DRAW = {
  chart(node, content, board) {
    node.section.hidden = Boolean(content.hidden)
    say(node.heading, content.title ?? node.title)
    say(node.note, content.note ?? "")
    board.plot(node, content)
  },

  table({note, table}, content, board) {
    say(note, content.note)
    const row = (tag, texts) => element("tr", "", "", texts.map((text) => element(tag, "", text)))
    const rows = content.rows.map((texts, index) => {
      const made = row("td", texts)
      if (content.actions) made.append(element("td", "", "", [opener(content, index, `${content.columns[0]} ${texts[0]}`, board)]))
      return made
    })
    const head = row("th", content.actions ? [...content.columns, ""] : content.columns)
    table.replaceChildren(element("thead", "", "", [head]), element("tbody", "", "", rows))
  },

  status(node, content) {
    node.section.dataset.status = content.status
    node.bar.classList.toggle("busy", content.busy)
    node.fill.style.width = `${100 * content.progress}%`
    node.bar.setAttribute("aria-valuenow", Math.round(100 * content.progress))
    say(node.sign, content.sign)
    say(node.word, content.word)
    say(node.sentence, content.sentence)
    node.sentence.title = content.sentence
    content.numbers.forEach(({name, value}, index) => {
      if (!node.numbers.children[index]) node.numbers.append(element("div", "", "", [element("dt"), element("dd")]))
      const [term, said] = node.numbers.children[index].children
      say(term, name)
      say(said, value)
    })
    while (node.numbers.children.length > content.numbers.length) node.numbers.lastChild.remove()
  },
}

// What Plotly.js reads as a typed array (core/formatting.py) as the numbers themselves.
const TYPED = {i2: Int16Array, f4: Float32Array}

/**
 * @param {any} spec numbers as they are, or {dtype, bdata} in base64
 */
export function numbers(spec) {
  if (!spec?.bdata) return spec
  return new TYPED[spec.dtype](bytes(spec.bdata).buffer)
}

function opener({actions, action}, index, name, board) {
  const button = element("button", "board-open", action)
  button.type = "button"
  button.setAttribute("aria-label", `${action}: ${name}`)
  button.onclick = () => board.component.setTriggerValue("opened", `${actions[index]}`)
  return button
}
