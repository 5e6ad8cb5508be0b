// @ts-check
// A canvas that is sharp on every screen, and what the pictures of agents' worlds have in common.

import { signs } from "./network_paint.js"

const LEAST_TEXT = 12, PROJECTED = 16

/**
 * How a picture looks.
 * @typedef {import("./live_theme.js").Theme & {agent: string, plus: string, minus: string, size: number, small: number}} Look size: of text, in px; small: of numbers in cells
 */

/**
 * The theme with the colours of the agent and of signs, and the size of text, which is larger on a projector.
 * @param {HTMLElement} element
 * @param {import("./live_theme.js").Theme} theme
 * @returns {Look}
 */
export function lookOf(element, theme) {
  const size = Math.max(LEAST_TEXT, Math.round(parseFloat(getComputedStyle(element).fontSize)))
  return {...theme, ...signs(theme), agent: theme.dark ? "#56b4e9" : "#0072b2", size, small: size < PROJECTED ? LEAST_TEXT : size}
}

/**
 * A cleared context, in CSS pixels. @param {HTMLCanvasElement} canvas @param {number} width @param {number} height
 */
export function cleared(canvas, width, height) {
  const ratio = devicePixelRatio || 1, [across, down] = [Math.round(width * ratio), Math.round(height * ratio)]
  if (canvas.width !== across || canvas.height !== down) Object.assign(canvas, {width: across, height: down})
  const to = canvas.getContext("2d")
  to.setTransform(ratio, 0, 0, ratio, 0, 0)
  to.clearRect(0, 0, width, height)
  return to
}

/**
 * @param {CanvasRenderingContext2D} to
 * @param {string} text
 * @param {number} x
 * @param {number} y its middle
 * @param {Look} look
 * @param {{align?: CanvasTextAlign, color?: string, bold?: boolean, under?: string, size?: number}} [how] under: a colour around the letters
 */
export function write(to, text, x, y, look, {align = "center", color = look.text, bold = false, under = "", size = look.size} = {}) {
  to.font = `${bold ? 600 : 400} ${size}px ${look.font}`
  to.textAlign = align
  to.textBaseline = "middle"
  if (under) {
    Object.assign(to, {strokeStyle: under, lineWidth: 3, lineJoin: "round"})
    to.strokeText(text, x, y)
  }
  to.fillStyle = color
  to.fillText(text, x, y)
}

/**
 * An arrow, its middle at x, y.
 * @param {CanvasRenderingContext2D} to
 * @param {number} x
 * @param {number} y
 * @param {number[]} way down and right, as in `MOVES`
 * @param {number} length
 * @param {number} wide of the line
 */
export function arrow(to, x, y, [down, right], length, wide) {
  const half = length / 2, head = Math.min(half * 1.1, wide * 1.6 + 2.5)
  to.save()
  to.translate(x, y)
  to.rotate(Math.atan2(down, right))
  to.lineWidth = wide
  to.beginPath()
  to.moveTo(-half, 0)
  to.lineTo(half - head / 2, 0)
  to.stroke()
  to.beginPath()
  to.moveTo(half, 0)
  to.lineTo(half - head, -head * 0.62)
  to.lineTo(half - head, head * 0.62)
  to.closePath()
  to.fill()
  to.restore()
}

/**
 * The first of some texts, from long to short, that fits; else the last.
 * @param {CanvasRenderingContext2D} to
 * @param {string[]} texts
 * @param {number} width
 * @param {Look} look
 */
export function fitting(to, texts, width, look) {
  to.font = `${look.size}px ${look.font}`
  return texts.find((text) => to.measureText(text).width <= width) ?? texts.at(-1)
}

/** A number in at most three digits; a dash where there is none. @param {number | undefined | null} value */
export const number = (value) => Number.isFinite(value) ? Number(Number(value).toPrecision(3)).toString().replace("-", "−") : "–"

/** A number for a small place: two digits, and none before a decimal point that needs none. @param {number} value */
export const tight = (value) => {
  const near = Math.round(100 * value) / 100 || 0
  return (Math.abs(near) < 1 ? near.toFixed(2).replace("0.", ".") : near.toFixed(Math.abs(near) < 9.95 ? 1 : 0)).replace("-", "−")
}

/** A number with two decimals, as wide while it changes. @param {number} value */
export const fixed = (value) => Number.isFinite(value) ? (Math.round(100 * value) / 100 || 0).toFixed(2).replace("-", "−") : "–"
