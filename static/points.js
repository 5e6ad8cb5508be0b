// @ts-check
// Points that the learner places. See ui/form/points_editor.py for who calls it: {points: [[x, y, class]], classes,
// colors, limit, most, disabled, version}. It tells {points, version} at each change.

const SVG = "http://www.w3.org/2000/svg", SIDE = 300, NEAR = 11, STEP = 0.25
const UNHEARD = 5000  // milliseconds without an answer, after which a change is told again
const MOVES = {ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1]}
const boards = new WeakMap()  // the component's element -> its board

export default function (component) {
  const {parentElement} = component
  if (!boards.has(parentElement)) boards.set(parentElement, new Board(parentElement))
  boards.get(parentElement).receive(component)
}

class Board {
  constructor(parent) {
    /** @type {Point[]} */
    this.points = []
    this.chosen = this.version = 0
    /** @type {Place} */
    this.cursor = [0, 0]
    this.bar = make("div", {class: "points-bar", role: "group", "aria-label": "Class of the next point"})
    this.svg = draw("svg", {viewBox: `0 0 ${SIDE} ${SIDE}`, tabindex: 0, role: "application"})
    this.frame = draw("path", {class: "points-frame",
      d: `M0 ${SIDE / 2}H${SIDE}M${SIDE / 2} 0V${SIDE}M0.5 0.5h${SIDE - 1}v${SIDE - 1}h${1 - SIDE}z`})
    this.dots = draw("g", {})
    this.cross = draw("path", {class: "points-cursor", d: "M-7 0H7M0 -7V7"})
    this.said = make("p", {class: "points-said", "aria-live": "polite"})
    this.svg.append(this.frame, this.dots, this.cross)
    this.svg.addEventListener("click", (event) => this.click(event))
    this.svg.addEventListener("keydown", (event) => this.key(event))
    const style = make("link", {rel: "stylesheet", href: new URL("points.css", import.meta.url).href})
    parent.querySelector(".points-place")?.replaceChildren(style, this.bar, this.svg, this.said)
  }

  receive({data, setTriggerValue}) {
    this.tell = (value) => setTriggerValue("drawn", value)
    this.data = data
    // What was placed meanwhile is on its way: an older answer must not take it away again.
    if (data.version >= this.version) {
      clearTimeout(this.waiting)
      this.version = data.version
      this.points = data.points
    }
    this.show()
  }

  show() {
    const {colors, classes, disabled, limit, most} = this.data
    this.chosen = Math.min(this.chosen, classes - 1)
    if (this.bar.children.length !== classes + 1) this.buttons(classes, colors)
    for (const [place, button] of [...this.bar.children].entries()) {
      button.disabled = disabled || (place === classes && !this.points.length)
      if (place < classes) button.setAttribute("aria-pressed", String(place === this.chosen))
    }
    this.dots.replaceChildren(...this.points.map(([x, y, label]) => {
      const [cx, cy] = onBoard([x, y], limit)
      return draw("circle", {cx, cy, r: 5, fill: colors[label % colors.length]})
    }))
    this.cross.setAttribute("transform", `translate(${onBoard(this.cursor, limit).join(" ")})`)
    this.svg.setAttribute("aria-label", `${this.points.length} points. Arrow keys move the cross, Enter places a `
      + `point, Delete removes one, digits choose the class.`)
    this.svg.setAttribute("aria-disabled", String(disabled))
    this.said.textContent = this.points.length >= most ? `${most} points are the most. Remove some first.`
      : `${this.points.length} points. Click to place one, click on one to remove it.`
  }

  buttons(classes, colors) {
    const choices = Array.from({length: classes}, (_, label) => {
      const button = make("button", {type: "button", "aria-label": `Class ${label + 1}`})
      const dot = make("i", {})
      dot.style.background = colors[label % colors.length]
      button.append(dot, String(label + 1))
      button.onclick = () => { this.chosen = label; this.show() }
      return button
    })
    const clear = make("button", {type: "button", class: "points-clear"})
    clear.textContent = "Clear"
    clear.onclick = () => this.change([])
    this.bar.replaceChildren(...choices, clear)
  }

  click(event) {
    const box = this.svg.getBoundingClientRect(), {limit} = this.data
    this.cursor = fromBoard([event.clientX - box.left, event.clientY - box.top], [box.width, box.height], limit)
    if (!this.remove(NEAR * 2 * limit / box.width)) this.place()
  }

  key(event) {
    const move = MOVES[event.key], {limit, classes} = this.data, digit = Number(event.key)
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const [x, y] = this.cursor
    if (move) this.cursor = [clamp(x + STEP * move[0], limit), clamp(y + STEP * move[1], limit)]
    else if (event.key === "Enter" || event.key === " ") this.place()
    else if (event.key === "Delete" || event.key === "Backspace") this.remove(Infinity)
    else if (digit >= 1 && digit <= classes) this.chosen = digit - 1
    else return
    event.preventDefault()
    event.stopPropagation()  // digits and letters are shortcuts of the page, too
    this.show()
  }

  place() {
    const {limit, most} = this.data
    if (this.points.length >= most) return
    this.change([...this.points, placed(this.cursor, this.chosen, limit)])
  }

  // Remove the point nearest to the cursor, if there is one so near; whether there was.
  remove(within) {
    const found = nearest(this.points, this.cursor, within)
    if (found < 0) return false
    this.change(this.points.filter((_, place) => place !== found))
    return true
  }

  change(points) {
    if (this.data.disabled) return
    this.points = points
    this.version += 1
    this.send()
    this.show()
  }

  // A change can get lost on its way. Then the page would train on other points than the board shows.
  send() {
    clearTimeout(this.waiting)
    if (this.data.disabled || !this.svg.isConnected) return
    this.tell({points: this.points, version: this.version})
    this.waiting = setTimeout(() => this.send(), UNHEARD)
  }
}

/** @typedef {[number, number]} Place from -limit to limit, to the right and up */
/** @typedef {[number, number, number]} Point x, y and class */

/** @param {number} value @param {number} limit */
export function clamp(value, limit) {
  return Math.max(-limit, Math.min(limit, value))
}

/**
 * A point of a class at a place: within the limit, to two decimals.
 * @param {Place} place @param {number} label @param {number} limit
 * @returns {Point}
 */
export function placed([x, y], label, limit) {
  const rounded = (value) => Math.round(clamp(value, limit) * 100) / 100
  return [rounded(x), rounded(y), label]
}

/**
 * The number of the point nearest to `place`; -1 if there is none within that distance.
 * @param {Point[]} points @param {Place} place @param {number} within
 */
export function nearest(points, place, within) {
  const far = points.map(([x, y]) => Math.hypot(x - place[0], y - place[1]))
  const found = far.indexOf(Math.min(...far))
  return found < 0 || far[found] > within ? -1 : found
}

/**
 * Where a place is drawn, in units of the board, which is SIDE wide and high.
 * @param {Place} place @param {number} limit
 */
export function onBoard([x, y], limit) {
  const unit = SIDE / (2 * limit)
  return [(x + limit) * unit, (limit - y) * unit]
}

/**
 * The place under a pixel of a board of this size.
 * @param {[number, number]} pixel from the upper left @param {[number, number]} size @param {number} limit
 * @returns {Place}
 */
export function fromBoard([x, y], [width, height], limit) {
  return [(2 * x / width - 1) * limit, (1 - 2 * y / height) * limit]
}

function named(node, attributes) {
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value)
  return node
}

const make = (name, attributes) => named(document.createElement(name), attributes)
const draw = (name, attributes) => named(document.createElementNS(SVG, name), attributes)
