// A curve that the learner draws before the run, on the axes of its chart, by pointer or by keyboard; afterwards it stays
// beside the real one in the colour of the text. See core/views/sketch.py for what it is told, and `_sketch` of ui/live/commands.py
// for where it goes.

import { element, say } from "./live_element.js"

const HEIGHT_STEPS = 20, SEND_MS = 250, AGAIN_MS = 1500, TRIES = 8, LARGE = 5
const KEYS = {ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1], PageUp: [0, LARGE], PageDown: [0, -LARGE],
  Home: [-Infinity, 0], End: [Infinity, 0]}
// As of every curve: training is solid, validation dashed.
const DASHES = {training: "solid", validation: "dash"}
const NAMESPACE = "http://www.w3.org/2000/svg"

/**
 * Heights after a stroke: those between two places follow the line between them. What was not drawn yet is as high as
 * the nearest that was.
 * @param {number[]} heights empty before the first stroke
 * @param {number} points how many there are
 * @param {{at: number, height: number}} from at: 0 to points - 1, also between two
 * @param {{at: number, height: number}} to
 */
export function stroked(heights, points, from, to) {
  const made = heights.length === points ? [...heights] : Array(points).fill(from.height)
  const [low, high] = from.at <= to.at ? [from, to] : [to, from]
  for (let at = Math.max(0, Math.round(low.at)); at <= Math.min(points - 1, Math.round(high.at)); at++) {
    const share = high.at > low.at ? Math.min(1, Math.max(0, (at - low.at) / (high.at - low.at))) : 1
    made[at] = low.height + share * (high.height - low.height)
  }
  return made
}

/**
 * Heights after a key: the point at `at` is higher or lower, and if it is the last that was set, so are those to its right.
 * @param {number[]} heights
 * @param {number} at
 * @param {number} height
 * @param {number} reached the last point that was set
 */
export const raised = (heights, at, height, reached) =>
  heights.map((one, index) => index === at || (index > at && at >= reached) ? height : one)

/**
 * The sketches of a card as dashed lines of its chart.
 * @param {{curves?: {card: string, name: string, heights: number[]}[], epochs?: number, open?: boolean} | undefined} content
 * @param {string} card
 */
export function sketched(content, card) {
  const own = content?.open ? [] : (content?.curves ?? []).filter((one) => one.card === card && one.heights.length)
  return own.map(({name, heights}) => ({type: "scatter", mode: "lines", name: own.length > 1 ? `Your sketch, ${name}` : "Your sketch",
    x: heights.map((_, at) => at * content.epochs / (heights.length - 1)), y: heights, opacity: 0.6,
    line: {color: "@text", width: 2, dash: DASHES[name]}, hovertemplate: "%{y:.3~g}<extra></extra>"}))
}

/**
 * While it can be drawn, the chart's axes are those of the sketch.
 * @param {any} content
 * @param {string} card
 * @param {any} layout changed in place
 */
export function sketchAxes(content, card, layout) {
  if (!content?.open || !content.curves.some((one) => one.card === card)) return
  Object.assign(layout.xaxis, {range: [0, content.epochs], autorange: false})
  Object.assign(layout.yaxis, {range: [0, content.top], autorange: false})
  layout.annotations = []
}

// One card's sketch while it can be drawn: a layer over the chart, and a button for each curve.
export class Sketch {
  // card: of live_parts.js. command: sends one.
  constructor(card, name, command) {
    Object.assign(this, {card, name, command, at: 0, drawn: {}, reached: {}})
    this.layer = document.createElementNS(NAMESPACE, "svg")
    this.layer.classList.add("sketch-layer")
    this.choices = element("div", "sketch-choices")
    this.said = element("span", "network-said")
    this.said.setAttribute("role", "status")
    this.root = element("div", "sketch", "", [this.layer, this.choices, this.said])
    this.root.hidden = true
    card.section.append(this.root)
    // In the legend of the card, once it stays behind the run's curve.
    this.legend = element("span", "live-sample sketch-key", "", [element("i"), "sketch"])
    this.legend.hidden = true
    card.section.querySelector(".live-key")?.append(this.legend)
    this.root.tabIndex = 0
    // Of an image, a screen reader passes no keys on.
    this.root.setAttribute("role", "application")
    this.layer.addEventListener("pointerdown", (event) => this.begin(event))
    this.layer.addEventListener("pointermove", (event) => this.move(event))
    for (const name of ["pointerup", "pointercancel"]) this.layer.addEventListener(name, () => this.end())
    this.root.addEventListener("keydown", (event) => this.key(event))
  }

  tell(content) {
    this.content = content
    this.own = content.curves.filter((one) => one.card === this.name)
    this.root.hidden = !content.open || !this.own.length
    this.legend.hidden = content.open || !this.own.some(({heights}) => heights.length)
    this.card.section.classList.toggle("sketching", !this.root.hidden)
    if (this.root.hidden) return
    if (!this.own.some((one) => one.curve === this.curve)) this.curve = this.own[0].curve
    // What was drawn here is newer than what the server knows, unless the lesson was begun anew.
    if (content.of !== this.of) Object.assign(this, {of: content.of, drawn: {}, reached: {}, at: 0, curve: this.own[0].curve})
    for (const {curve, heights} of this.own) if (!this.drawn[curve]?.length) this.drawn[curve] = [...heights]
    if (this.choices.children.length !== this.own.length) {
      this.choices.replaceChildren(...this.own.map(({curve, name}) => {
        const button = element("button", "live-switch", name)
        button.type = "button"
        button.onclick = () => { this.curve = curve; this.at = 0; this.root.focus(); this.draw() }
        return button
      }))
    }
    this.choices.hidden = this.own.length < 2
    this.draw()
  }

  get heights() {
    return this.drawn[this.curve] ?? []
  }

  get called() {
    return this.own.find((one) => one.curve === this.curve).name
  }

  // The plot within its card, as Plotly laid it out.
  get place() {
    const {xaxis: {_offset: left, _length: width} = {}, yaxis: {_offset: top, _length: height} = {}} = this.card.chart._fullLayout ?? {}
    return width && {left, top, width, height}
  }

  draw() {
    if (!this.content || this.root.hidden) return
    const {place, content: {points, top}} = this
    if (!place) return
    const {offsetLeft, offsetTop} = this.card.chart
    Object.assign(this.layer.style, {left: `${offsetLeft + place.left}px`, top: `${offsetTop + place.top}px`, width: `${place.width}px`, height: `${place.height}px`})
    const down = (height) => place.height * (1 - height / top), across = (at) => place.width * at / (points - 1)
    const parts = this.own.flatMap(({curve, name}) => {
      const path = document.createElementNS(NAMESPACE, "path")
      path.setAttribute("d", (this.drawn[curve] ?? []).map((height, at) => `${at ? "L" : "M"}${across(at)},${down(height)}`).join(""))
      path.setAttribute("class", curve === this.curve ? `chosen ${name}` : name)
      return [path]
    })
    if (this.heights.length) {
      const dot = document.createElementNS(NAMESPACE, "circle")
      for (const [key, value] of Object.entries({cx: across(this.at), cy: down(this.heights[this.at]), r: 5})) dot.setAttribute(key, String(value))
      parts.push(dot)
    } else {
      const word = document.createElementNS(NAMESPACE, "text")
      for (const [key, value] of Object.entries({x: place.width / 2, y: place.height / 2})) word.setAttribute(key, String(value))
      word.textContent = `Draw the ${this.called} curve here`
      parts.push(word)
    }
    this.layer.replaceChildren(...parts)
    ;[...this.choices.children].forEach((button, at) => button.setAttribute("aria-pressed", String(this.own[at].curve === this.curve)))
    this.root.setAttribute("aria-label", `Sketch of the ${this.called} curve, ${this.words()} `
      + "Left and right arrow keys go to a point, up and down set its height.")
  }

  words() {
    const {heights, content: {epochs}} = this
    return heights.length ? `from ${short(heights[0])} at the beginning to ${short(heights.at(-1))} after ${epochs} epochs.` : "not drawn yet."
  }

  pointOf(event) {
    const {left, top, width, height} = this.layer.getBoundingClientRect(), {points, top: most} = this.content
    const within = (value) => Math.min(1, Math.max(0, value))
    return {at: within((event.clientX - left) / width) * (points - 1), height: most * (1 - within((event.clientY - top) / height))}
  }

  begin(event) {
    if (event.button) return
    event.preventDefault()
    this.root.focus({preventScroll: true})
    this.layer.setPointerCapture(event.pointerId)
    this.stroke = this.pointOf(event)
    this.move(event)
  }

  move(event) {
    if (!this.stroke) return
    const to = this.pointOf(event)
    this.drawn[this.curve] = stroked(this.heights, this.content.points, this.stroke, to)
    this.stroke = to
    this.at = Math.round(to.at)
    this.reached[this.curve] = this.content.points
    this.draw()
  }

  end() {
    if (!this.stroke) return
    this.stroke = undefined
    this.send()
    // The next one that is still to be drawn.
    const next = this.own.find(({curve}) => !(this.drawn[curve] ?? []).length)
    if (next) Object.assign(this, {curve: next.curve, at: 0})
    this.draw()
  }

  key(event) {
    const move = KEYS[event.key]
    if (!move || event.target !== this.root || event.ctrlKey || event.metaKey || event.altKey) return
    event.preventDefault()
    event.stopPropagation()
    const [across, up] = move, {content: {points, top, epochs}, curve} = this
    if (!this.heights.length) this.drawn[curve] = Array(points).fill(top / 2)
    this.at = Math.min(points - 1, Math.max(0, this.at + across))
    if (up) {
      const height = Math.min(top, Math.max(0, this.heights[this.at] + up * top / HEIGHT_STEPS))
      this.reached[curve] = Math.max(this.reached[curve] ?? -1, this.at)
      this.drawn[curve] = raised(this.heights, this.at, height, this.reached[curve])
    }
    say(this.said, `Epoch ${Math.round(this.at * epochs / (points - 1))}: ${short(this.heights[this.at])}`)
    this.draw()
    clearTimeout(this.sending)
    this.sending = setTimeout(() => this.send(), SEND_MS)
  }

  // Again until the server has it: a message can get lost where the page's script runs.
  send(tries = TRIES) {
    clearTimeout(this.sending)
    if (!this.unsent || this.root.hidden || !tries) return
    this.command("sketch", this.rounded)
    this.sending = setTimeout(() => this.send(tries - 1), AGAIN_MS)
  }

  get rounded() {
    return Object.fromEntries(this.own.map(({curve}) => [curve, this.drawn[curve]])
      .filter(([, drawn]) => drawn?.length).map(([curve, drawn]) => [curve, drawn.map((height) => Number(height.toPrecision(4)))]))
  }

  get unsent() {
    return this.own.some(({curve, heights}) => curve in this.rounded && String(this.rounded[curve]) !== String(heights))
  }
}

const short = (height) => String(Number(height.toPrecision(3)))
