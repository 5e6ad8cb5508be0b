// A canvas to draw an image on, by mouse, touch, pen or keys, and the buttons beside it. What is drawn is kept as strokes
// over a picture to begin with, so that each can be undone.

import { element } from "./live_element.js"
import { cleaned, fitted, inkBox, shifted, turned } from "./try_image.js"

const SIDE = 280                   // pixels of the drawing, about: a multiple of the image's
// Of the side, in %: so that a stroke is about as thick as those of the dataset.
const PEN = {least: 4, most: 24, few: 15, first: 9}, FEW = 16
const TURN = 15, KEYS = {ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1]}
const HELP = "Arrow keys move the picture, [ and ] turn it, E takes a test image, Backspace undoes, Delete clears."

export class Drawing {
  // changed: called after each change. example: asks for another test example.
  constructor(changed, example) {
    Object.assign(this, {changed, example, strokes: [], base: null, moved: [0, 0], angle: 0, points: new Map()})
    this.canvas = element("canvas", "try-canvas")
    this.canvas.tabIndex = 0
    this.canvas.setAttribute("role", "img")
    this.hint = element("span", "try-hint")
    this.seen = element("canvas", "try-seen")
    this.seen.setAttribute("role", "img")
    this.surface = element("div", "try-surface", "", [this.canvas, this.hint])
    this.tools = element("div", "try-tools", "", this.buttons())
    this.listen()
  }

  buttons() {
    const button = (word, title, act) => {
      const made = element("button", "try-tool", word)
      Object.assign(made, {type: "button", title, onclick: act})
      made.setAttribute("aria-label", title)
      return made
    }
    this.undoing = button("Undo", "Undo the last stroke", () => this.undo())
    this.pen = Object.assign(element("input", "try-pen"), {type: "range", min: PEN.least, max: PEN.most, value: PEN.first, title: "Width of the pen"})
    this.pen.setAttribute("aria-label", "Width of the pen")
    this.color = Object.assign(element("input", "try-color"), {type: "color", value: "#ffffff", title: "Colour of the pen"})
    this.color.setAttribute("aria-label", "Colour of the pen")
    this.file = Object.assign(element("input"), {type: "file", accept: "image/*", hidden: true})
    this.file.onchange = () => this.load(this.file.files[0])
    const moves = [["←", "left", -1, 0], ["→", "right", 1, 0], ["↑", "up", 0, -1], ["↓", "down", 0, 1]].map(
      ([sign, word, right, down]) => button(sign, `Move ${word} by one pixel`, () => this.move(right, down)))
    return [button("Example", "Start from another test image", () => this.example()),
      button("Photo", "Take or upload a photo", () => this.file.click()), this.file, this.undoing,
      button("Clear", "Clear the drawing", () => this.clear()), this.pen, this.color, element("span", "try-moves", "", [...moves,
        button("↺", `Turn left by ${TURN} degrees`, () => this.turn(-TURN)), button("↻", `Turn right by ${TURN} degrees`, () => this.turn(TURN))])]
  }

  // For images of this shape, with values up to `most`. how: see `fitted`.
  setUp({shape, most, how}) {
    const key = JSON.stringify([shape, most, how])
    if (key === this.form) return false
    const [height, width, channels] = shape, times = Math.max(1, Math.round(SIDE / Math.max(height, width)))
    Object.assign(this, {form: key, height, width, channels, most, how})
    Object.assign(this.canvas, {width: width * times, height: height * times})
    Object.assign(this.seen, {width, height})
    this.color.hidden = channels !== 3
    this.pen.value = height < FEW ? PEN.few : PEN.first
    this.clear()
    return true
  }

  listen() {
    const {canvas} = this, end = ({pointerId}) => this.points.delete(pointerId)
    canvas.addEventListener("pointerdown", (event) => {
      if (event.button) return
      event.preventDefault()
      canvas.focus({preventScroll: true})
      canvas.setPointerCapture(event.pointerId)
      const stroke = {width: Number(this.pen.value) / 100 * canvas.width, color: this.channels === 3 ? this.color.value : "#fff", points: [this.at(event)]}
      this.strokes.push(stroke)
      this.points.set(event.pointerId, stroke)
      this.redraw()
    })
    canvas.addEventListener("pointermove", (event) => {
      const stroke = this.points.get(event.pointerId)
      if (!stroke) return
      const all = event.getCoalescedEvents?.() ?? []
      stroke.points.push(...(all.length ? all : [event]).map((one) => this.at(one)))
      this.redraw()
    })
    for (const name of ["pointerup", "pointercancel", "lostpointercapture"]) canvas.addEventListener(name, end)
    canvas.addEventListener("keydown", (event) => this.key(event))
  }

  at({clientX, clientY}) {
    const {left, top, width, height} = this.canvas.getBoundingClientRect()
    return [(clientX - left) / width * this.canvas.width, (clientY - top) / height * this.canvas.height]
  }

  // Keys of the stage, such as S for Stop, stay the stage's.
  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const acts = {"[": () => this.turn(-TURN), "]": () => this.turn(TURN), e: () => this.example(), Backspace: () => this.undo(), Delete: () => this.clear()}
    const act = KEYS[event.key] ? () => this.move(...KEYS[event.key]) : acts[event.key]
    if (!act) return
    event.preventDefault()
    event.stopPropagation()
    act()
  }

  undo() {
    if (this.strokes.length) this.strokes.pop()
    else this.base = null
    this.redraw()
  }

  clear(hint = "Draw here") {
    this.hint.textContent = hint
    Object.assign(this, {strokes: [], base: null, moved: [0, 0], angle: 0})
    this.redraw()
  }

  move(right, down) {
    this.moved = [this.moved[0] + right, this.moved[1] + down]
    this.redraw()
  }

  turn(degrees) {
    this.angle += degrees
    this.redraw()
  }

  // A test image to begin with, its values from 0 to 1: it is taken as it is.
  begin(values) {
    const {width, height, channels} = this, own = document.createElement("canvas")
    Object.assign(own, {width, height})
    paint(own, values, channels)
    Object.assign(this, {base: {picture: own, exact: values}, strokes: [], moved: [0, 0], angle: 0})
    this.redraw()
  }

  // A photo, by its own proportions in the middle; of a dataset of grey images, without its paper.
  async load(file) {
    this.file.value = ""
    if (!file) return
    let photo
    try {
      photo = await createImageBitmap(file)
    } catch {
      return this.clear("This file is not an image that the browser can read.")
    }
    const own = document.createElement("canvas"), {width, height} = this.canvas, grey = this.channels !== 3
    Object.assign(own, {width, height})
    const context = own.getContext("2d", {willReadFrequently: true})
    // What is drawn on paper must be whole; what fills a photo may lose its edges.
    const scale = (grey ? Math.min : Math.max)(width / photo.width, height / photo.height)
    const [wide, high] = [photo.width * scale, photo.height * scale]
    if (grey) {
      Object.assign(own, {width: Math.round(wide), height: Math.round(high)})
      context.drawImage(photo, 0, 0, own.width, own.height)
      const found = cleaned({values: greys(context, own), width: own.width, height: own.height})
      if (!inkBox(found)) return this.clear("Nothing stands out in this photo. Try dark ink on light paper.")
      paint(own, found.values, 1)
    } else context.drawImage(photo, (width - wide) / 2, (height - high) / 2, wide, high)
    Object.assign(this, {base: {picture: own}, strokes: [], moved: [0, 0], angle: 0})
    this.redraw()
  }

  redraw() {
    const {canvas, base} = this, context = canvas.getContext("2d", {willReadFrequently: true})
    context.fillStyle = "#000"
    context.fillRect(0, 0, canvas.width, canvas.height)
    if (base) {
      const {picture} = base, scale = Math.min(canvas.width / picture.width, canvas.height / picture.height)
      context.imageSmoothingEnabled = false
      const [wide, high] = [picture.width * scale, picture.height * scale]
      context.drawImage(picture, (canvas.width - wide) / 2, (canvas.height - high) / 2, wide, high)
    }
    Object.assign(context, {lineCap: "round", lineJoin: "round"})
    for (const {width, color, points} of this.strokes) {
      Object.assign(context, {lineWidth: width, strokeStyle: color})
      context.beginPath()
      context.moveTo(...points[0])
      // A line of no length is a dot.
      for (const point of points.length > 1 ? points : [points[0]]) context.lineTo(...point)
      context.stroke()
    }
    this.hint.hidden = !this.empty
    if (!this.empty) this.hint.textContent = "Draw here"
    this.undoing.disabled = this.empty
    this.pixels = this.read(context)
    if (this.pixels) paint(this.seen, Float32Array.from(this.pixels, (level) => level / this.most), this.channels)
    else this.seen.getContext("2d").clearRect(0, 0, this.seen.width, this.seen.height)
    this.changed()
  }

  get empty() {
    return !this.base && !this.strokes.length
  }

  // The dataset's own numbers, 0 to `most`; null of an empty canvas.
  read(context) {
    const {width, height, channels, most, base, canvas} = this
    if (this.empty) return null
    const exact = base?.exact && !this.strokes.length
    // A test image is where it belongs already, also with something drawn on it.
    const how = base?.exact ? {fit: 0, middle: ""} : this.how
    const found = new Float32Array(width * height * channels)
    for (let channel = 0; channel < channels; channel++) {
      const values = exact ? base.exact.filter((_, at) => at % channels === channel)
        : fitted({values: channels === 3 ? levels(context, canvas, channel) : greys(context, canvas), width: canvas.width, height: canvas.height}, {width, height}, how).values
      const last = shifted(turned({values, width, height}, this.angle), ...this.moved).values
      last.forEach((value, at) => { found[at * channels + channel] = value })
    }
    return Uint8Array.from(found, (value) => Math.round(most * Math.min(1, Math.max(0, value))))
  }

  // what: the network's answer in words, for those who cannot see it.
  tell(what) {
    this.canvas.setAttribute("aria-label", `${this.empty ? "An empty canvas to draw on" : "Your drawing"}. ${HELP}`)
    this.seen.setAttribute("aria-label", this.empty ? "Nothing drawn yet" : `What the network gets, ${this.width} x ${this.height} pixels. ${what}`)
  }
}

// Pixels from 0 to 1 into a canvas of their size.
function paint(canvas, values, channels) {
  const {width, height} = canvas, context = canvas.getContext("2d"), image = context.createImageData(width, height)
  for (let at = 0; at < width * height; at++) {
    for (let color = 0; color < 3; color++) image.data[4 * at + color] = 255 * values[at * channels + (channels === 3 ? color : 0)]
    image.data[4 * at + 3] = 255
  }
  context.putImageData(image, 0, 0)
}

const levels = (context, {width, height}, channel) => {
  const {data} = context.getImageData(0, 0, width, height)
  return Float32Array.from({length: width * height}, (_, at) => data[4 * at + channel] / 255)
}

// Brightness by ITU-R BT.601.
function greys(context, {width, height}) {
  const {data} = context.getImageData(0, 0, width, height), found = new Float32Array(width * height)
  for (let at = 0; at < found.length; at++) found[at] = (0.299 * data[4 * at] + 0.587 * data[4 * at + 1] + 0.114 * data[4 * at + 2]) / 255
  return found
}
