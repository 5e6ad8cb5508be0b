// @ts-check
// CartPole as a picture: track, cart and pole at true scale; beneath, what the network believes of the state on the
// screen; beside it, what it would do at other angles.

import { arrow, fitting, fixed, number, write } from "./agents_canvas.js"
import { rows } from "./agents_pose.js"
import { FORCE, HALF_LENGTH, MOST_ANGLE, MOST_POSITION, MOST_STEPS, TICK, fallen, outside } from "./agents_rules.js"
import { numbers } from "./board.js"
import { mix } from "./live_theme.js"
import { scale, shade } from "./network_paint.js"

// As in core/agents/events.py: how many angles and angular velocities the map has, and up to which.
const SIDE = 21, MAP_ANGLE = 0.21, MAP_VELOCITY = 2
const TRACK = 2.75                     // metres to either side of the middle that are in the picture
const CART = {width: 0.44, height: 0.26}
const ABOVE = 1.2, BELOW = 0.5         // metres over and under the pole's pivot
const GAP = 10, MOST_CURVE = 190
const RIGHT = 1

/** @typedef {{x: number, y: number, width: number, height: number}} Box */

/**
 * Where the parts of the picture lie: the scene above, beneath it the bars and the curve, and the map beside those; in a
 * wide and low picture beside the scene, too.
 * @param {number} width
 * @param {number} height
 * @param {number} size of text
 * @returns {{scene: Box, bars: Box, curve: Box, map: Box}}
 */
export function areas(width, height, size) {
  const line = size + 6, low = width > 2 * height, bars = 3 * line, axes = 1.6 * line
  const most = low ? Math.min(0.4 * width, height - 3.4 * line) : Math.min(0.42 * width, 340)
  const across = low ? width - most - axes - GAP : width
  const scene = Math.min(across * (ABOVE + BELOW) / (2 * TRACK), 0.42 * height, height - bars - 3 * line) + line
  const under = scene + GAP, top = low ? 0 : under
  const side = Math.max(20, Math.min(most, height - top - 3.4 * line)), left = width - side - axes - GAP
  return {scene: {x: 0, y: 0, width: across, height: scene}, bars: {x: 0, y: under, width: left, height: bars},
    curve: {x: 0, y: under + bars + GAP, width: left, height: Math.max(0, Math.min(MOST_CURVE, height - under - bars - GAP))},
    map: {x: width - side, y: top + 1.4 * line, width: side, height: side}}
}

/**
 * How much the right is preferred to the left in each state of the map, from -1 to 1. As square roots, so that small
 * differences have a colour, too: they decide as well as large ones.
 * @param {number[][]} scores
 * @param {boolean} policy
 */
export function margins(scores, policy) {
  const found = scores.map(([left, right]) => right - left)
  const most = policy ? 1 : Math.max(...found.map(Math.abs)) || 1
  return found.map((margin) => Math.sign(margin) * Math.sqrt(Math.abs(margin) / most))
}

/**
 * Where a state lies on the map, as shares of its width and height; at its edge if it is beyond.
 * @param {number[]} state
 */
export function onMap([, , angle, turning]) {
  const share = (value, most) => (Math.max(-1, Math.min(1, value / most)) * (SIDE - 1) / 2 + SIDE / 2) / SIDE
  return [share(angle, MAP_ANGLE), 1 - share(turning, MAP_VELOCITY)]
}

export class PoleScene {
  rate = 1 / TICK
  glide = 100

  /** @param {any} world */
  constructor(world) {
    this.receive(world)
  }

  receive(world) {
    this.world = world
    this.map = world.scores ? margins(rows(numbers(world.scores), world.actions.length), world.policy) : null
    this.pixels = undefined
  }

  get about() {
    return "A pole on a cart, on a track of 4.8 metres."
  }

  /**
   * @param {CanvasRenderingContext2D} to
   * @param {number} width
   * @param {number} height
   * @param {import("./agents_canvas.js").Look} look
   * @param {import("./agents_pose.js").Pose | null} pose
   */
  paint(to, width, height, look, pose) {
    const area = this.area = areas(width, height, look.size)
    const state = pose ? pose.from.map((one, axis) => one + (pose.to[axis] - one) * pose.share) : [0, 0, 0, 0]
    this.scene(to, area.scene, look, pose, state)
    this.bars(to, area.bars, look, pose)
    this.curve(to, area.curve, look, pose)
    this.paintMap(to, area.map, look, pose ? state : null)
  }

  scene(to, {x, y, width, height}, look, pose, state) {
    const metre = Math.min(width / (2 * TRACK), (height - look.size - 6) / (ABOVE + BELOW)), middle = x + width / 2, pivot = y + ABOVE * metre
    const rail = pivot + CART.height * metre
    this.track(to, middle, rail, metre, look)
    if (pose?.ghost) {
      to.globalAlpha = 0.35
      this.cart(to, middle, pivot, metre, pose.ghost, look.agent, look)
      to.globalAlpha = 1
    }
    this.limits(to, middle + state[0] * metre, pivot, metre, look)
    const color = pose?.you ? look.text : look.agent
    this.cart(to, middle, pivot, metre, state, color, look)
    if (!pose || pose.action < 0 || pose.over) return
    const way = pose.action === RIGHT ? 1 : -1, off = (CART.width / 2 + 0.3) * metre
    to.strokeStyle = to.fillStyle = look.text
    const at = middle + state[0] * metre + way * off, high = pivot + CART.height * metre / 2
    arrow(to, at, high, [0, way], 0.45 * metre, Math.max(2, 0.045 * metre))
    write(to, `${FORCE} N`, at, high - 0.75 * look.size - 2, look, {under: look.surface})
  }

  // The rail with its two ends, and a mark for each metre.
  track(to, middle, rail, metre, look) {
    to.strokeStyle = mix(look.text, look.surface, 0.55)
    to.lineWidth = 2
    to.beginPath()
    to.moveTo(middle - TRACK * metre, rail)
    to.lineTo(middle + TRACK * metre, rail)
    to.stroke()
    to.fillStyle = mix(look.text, look.surface, 0.55)
    for (const side of [-1, 1]) to.fillRect(middle + side * MOST_POSITION * metre - 2, rail - 0.34 * metre, 4, 0.34 * metre)
    for (let at = -2; at <= 2; at++) {
      to.fillRect(middle + at * metre - 0.5, rail, 1, 4)
      write(to, `${number(at)}${at === 2 ? " m" : ""}`, middle + at * metre, rail + 6 + look.size / 2, look, {color: look.muted})
    }
  }

  // Beyond these lines, the pole counts as fallen.
  limits(to, at, pivot, metre, look) {
    to.strokeStyle = mix(look.text, look.surface, 0.45)
    to.lineWidth = 1
    to.setLineDash([4, 4])
    to.beginPath()
    for (const side of [-1, 1]) {
      to.moveTo(at, pivot)
      to.lineTo(at + side * Math.sin(MOST_ANGLE) * 1.12 * metre, pivot - Math.cos(MOST_ANGLE) * 1.12 * metre)
    }
    to.stroke()
    to.setLineDash([])
  }

  cart(to, middle, pivot, metre, [position, , angle], color, look) {
    const at = middle + position * metre, wheel = 0.07 * metre
    to.fillStyle = color
    to.fillRect(at - CART.width * metre / 2, pivot, CART.width * metre, (CART.height - 0.1) * metre)
    to.beginPath()
    for (const side of [-1, 1]) to.arc(at + side * 0.13 * metre, pivot + CART.height * metre - wheel, wheel, 0, 7)
    to.fill()
    Object.assign(to, {strokeStyle: mix(color, look.text, 0.45), lineWidth: Math.max(3, 0.07 * metre), lineCap: "round"})
    to.beginPath()
    to.moveTo(at, pivot)
    to.lineTo(at + 2 * HALF_LENGTH * metre * Math.sin(angle), pivot - 2 * HALF_LENGTH * metre * Math.cos(angle))
    to.stroke()
    to.lineCap = "butt"
    to.fillStyle = look.surface
    to.beginPath()
    to.arc(at, pivot, Math.max(1.5, 0.03 * metre), 0, 7)
    to.fill()
  }

  // A bar for each action; the preferred one is bold.
  bars(to, {x, y, width, height}, look, pose) {
    const {actions, policy} = this.world, line = height / 3, scores = pose?.you ? undefined : pose?.scores
    const title = fitting(to, policy ? ["Probability of each push", "Probabilities"] : ["Return it expects after each push (Q value)", "Q value of each push", "Q values"], width, look)
    write(to, title, x, y + line / 2, look, {align: "left", color: look.muted})
    const most = policy ? 1 : Math.max(this.topScore ?? 0, ...(scores ?? []).map(Math.abs)) || 1
    this.topScore = policy || !scores ? 0 : most
    const name = 3.4 * look.size, room = width - name - 4.2 * look.size
    actions.forEach((action, index) => {
      const middle = y + line * (index + 1.5), score = scores?.[index], best = scores && score === Math.max(...scores)
      write(to, action, x, middle, look, {align: "left", bold: best})
      to.fillStyle = mix(look.text, look.surface, 0.08)
      to.fillRect(x + name, middle - line * 0.3, room, line * 0.6)
      to.fillStyle = best ? look.agent : mix(look.text, look.surface, 0.4)
      if (scores) to.fillRect(x + name, middle - line * 0.3, room * Math.max(0, Math.min(1, score / most)), line * 0.6)
      write(to, scores ? fixed(score) : "–", x + width, middle, look, {align: "right", bold: best})
    })
  }

  // The value over the episode.
  curve(to, {x, y, width, height}, look, pose) {
    if (height < 2.6 * look.size) return
    const line = look.size + 6, values = pose?.you ? undefined : pose?.values, top = y + line, low = y + height - 1
    const known = Array.from(values ?? []).filter(Number.isFinite), least = Math.min(0, ...known), most = Math.max(least + 1e-6, ...known)
    write(to, fitting(to, ["Value over the episode", "Value"], width - 4.2 * look.size, look), x, y + line / 2, look, {align: "left", color: look.muted})
    write(to, known.length ? `${fixed(pose.value)}` : "–", x + width, y + line / 2, look, {align: "right"})
    to.fillStyle = mix(look.text, look.surface, 0.04)
    to.fillRect(x, top, width, low - top)
    if (!known.length) return
    const span = Math.max(50, values.length - 1), across = (step) => x + width * step / span, down = (value) => low - 3 - (low - top - 6) * (value - least) / (most - least)
    Object.assign(to, {strokeStyle: look.agent, lineWidth: 1.5, lineJoin: "round"})
    to.beginPath()
    let pen = "moveTo"
    for (let step = 0; step < values.length; step++) {
      if (!Number.isFinite(values[step])) continue
      to[pen](across(step), down(values[step]))
      pen = "lineTo"
    }
    to.stroke()
    to.fillStyle = look.agent
    to.beginPath()
    to.arc(across(Math.min(pose.at, values.length - 1)), down(pose.value ?? 0), 4, 0, 7)
    to.fill()
  }

  paintMap(to, {x, y, width, height}, look, state) {
    const {size} = look, line = size + 6, neutral = mix(look.text, look.surface, 0.03)
    write(to, fitting(to, ["The push it prefers, by angle and turn", "The push it prefers", "Its push"], width, look), x, y - line * 0.75, look, {align: "left", color: look.muted})
    if (this.map) {
      this.pixels ??= this.mapPixels(scale(look.minus, neutral, look.plus))
      to.imageSmoothingEnabled = false
      to.drawImage(this.pixels, x, y, width, height)
    } else {
      to.fillStyle = neutral
      to.fillRect(x, y, width, height)
    }
    Object.assign(to, {strokeStyle: mix(look.text, look.surface, 0.4), lineWidth: 1})
    to.strokeRect(x + 0.5, y + 0.5, width - 1, height - 1)
    write(to, "−12°", x, y + height + line / 2, look, {align: "left", color: look.muted})
    write(to, "12°", x + width, y + height + line / 2, look, {align: "right", color: look.muted})
    if (width > 7 * size) write(to, "angle", x + width / 2, y + height + line / 2, look, {color: look.muted})
    to.save()
    to.translate(x - line / 2, y + height / 2)
    to.rotate(-Math.PI / 2)
    write(to, width > 11 * size ? "turns left … right" : "turn", 0, 0, look, {color: look.muted})
    to.restore()
    const short = width < 9.5 * size
    write(to, short ? "left" : "push left", x, y + height + line * 1.5, look, {align: "left", color: look.minus, bold: true})
    write(to, short ? "right" : "push right", x + width, y + height + line * 1.5, look, {align: "right", color: look.plus, bold: true})
    if (!state || !this.map) return
    const [across, down] = onMap(state)
    Object.assign(to, {fillStyle: look.agent, strokeStyle: look.surface, lineWidth: 2})
    to.beginPath()
    to.arc(x + across * width, y + down * height, 5, 0, 7)
    to.fill()
    to.stroke()
  }

  // The angle to the right, the angular velocity up; told row by row of angles.
  mapPixels(colors) {
    const canvas = document.createElement("canvas")
    Object.assign(canvas, {width: SIDE, height: SIDE})
    const context = canvas.getContext("2d"), image = context.createImageData(SIDE, SIDE), pixels = new Uint32Array(image.data.buffer)
    this.map.forEach((margin, at) => { pixels[(SIDE - 1 - at % SIDE) * SIDE + Math.floor(at / SIDE)] = shade(colors, margin) })
    context.putImageData(image, 0, 0)
    return canvas
  }

  sofar(_, steps) {
    return steps
  }

  /** A return as it is written. @param {number} total */
  points(total) {
    return String(Math.round(total))
  }

  /** How an episode ended, in words. @param {number[]} state @param {number} steps */
  ending([position, , angle], steps) {
    if (fallen(angle)) return `let the pole fall after ${steps} steps`
    if (outside(position)) return `left the track after ${steps} steps`
    return steps >= MOST_STEPS ? `balanced the pole for ${MOST_STEPS} steps, the maximum` : `stopped after ${steps} steps`
  }
}
