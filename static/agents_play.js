// @ts-check
// Play yourself: the learner acts in the agent's world, by keyboard, swipe or buttons, by the same rules, in the browser alone.

import { GridGame, PoleGame, TICK } from "./agents_rules.js"
import { element, say } from "./live_element.js"

const KEYS = {
  grid: {ArrowUp: 0, ArrowRight: 1, ArrowDown: 2, ArrowLeft: 3, w: 0, d: 1, s: 2, a: 3},
  cartpole: {ArrowLeft: 0, ArrowRight: 1, a: 0, d: 1}}
const PAD = {grid: [["←", 3], ["↑", 0], ["↓", 2], ["→", 1]], cartpole: [["←", 0], ["→", 1]]}
const HINTS = {
  grid: "Move with the arrow keys, the buttons below or a swipe. Esc ends the game.",
  cartpole: "Hold ← or →, or touch the left or right half. If you hold neither, the pushes alternate. Esc ends the game."}
/** @type {[string, number][]} */
const SPEEDS = [["Real time", 1], ["½ speed", 0.5], ["¼ speed", 0.25]]
const GLIDE_MS = 110, MOST_MS = 100, SWIPE = 18

const bests = new Map()  // for this visit: the rules of a world -> the learner's highest return

/** Which action a key stands for; undefined for none. @param {string} environment @param {string} key */
export const actionOf = (environment, key) => KEYS[environment][key.length === 1 ? key.toLowerCase() : key]

/** Which way a swipe went, as the number of an action; undefined where it was too short. @param {number} across @param {number} down */
export function swiped(across, down) {
  if (Math.max(Math.abs(across), Math.abs(down)) < SWIPE) return undefined
  return Math.abs(across) > Math.abs(down) ? (across > 0 ? 1 : 3) : (down > 0 ? 2 : 0)
}

/**
 * How many ticks of CartPole are due, and the milliseconds that are left over.
 * @param {number} left over from before @param {number} passed @param {number} speed
 */
export function due(left, passed, speed) {
  const all = left + speed * Math.min(MOST_MS, passed), ticks = Math.floor(all / (1000 * TICK) + 1e-9)
  return {ticks, left: all - 1000 * TICK * ticks}
}

export class Play {
  /** @param {any} host the card: its `root`, `canvas`, `scene`, `world`, `rules`, `demo`, `ask` */
  constructor(host) {
    this.host = host
    /** @type {GridGame | PoleGame | null} */
    this.game = null
    this.speed = 0
    this.button = Object.assign(element("button", "live-switch agents-play", "Play yourself"), {type: "button", title: "Act yourself, by the same rules"})
    this.button.setAttribute("aria-pressed", "false")
    this.button.onclick = () => this.game ? this.end() : this.begin()
    this.pad = element("div", "agents-pad")
    this.arrows = element("div", "agents-arrows")
    this.pace = this.made("", () => { this.speed = (this.speed + 1) % SPEEDS.length; this.show() })
    this.again = this.made("Again", () => this.begin())
    this.again.title = "Play again from the start (Enter, once a game is over)"
    this.pad.append(this.arrows, this.pace, this.again)
    this.keys = (event) => this.key(event)
    const {canvas} = host
    canvas.addEventListener("pointerdown", (event) => this.down(event))
    canvas.addEventListener("pointerup", (event) => this.up(event))
    canvas.addEventListener("pointercancel", () => { this.held = undefined })
  }

  // A button that leaves the focus where it is: on the board.
  made(name, act) {
    const button = Object.assign(element("button", "agents-button", name), {type: "button"})
    button.onmousedown = (event) => event.preventDefault()
    button.onclick = act
    return button
  }

  get kind() {
    return this.host.world.environment
  }

  begin() {
    const {host} = this
    if (!host.world) return
    const {grid} = host.world
    this.game = grid ? new GridGame(grid) : new PoleGame()
    this.held = this.seen = undefined
    this.left = this.since = 0
    this.begun = Boolean(grid)
    window.addEventListener("keydown", this.keys, true)
    window.addEventListener("keyup", this.keys, true)
    this.arrows.replaceChildren(...PAD[this.kind].map(([sign, action]) => this.arrow(sign, action)))
    host.canvas.focus({preventScroll: true})
    this.show()
  }

  end() {
    this.game = null
    window.removeEventListener("keydown", this.keys, true)
    window.removeEventListener("keyup", this.keys, true)
    this.show()
  }

  show() {
    const on = Boolean(this.game)
    this.host.root.classList.toggle("playing", on)
    this.button.setAttribute("aria-pressed", String(on))
    say(this.button, on ? "Stop playing" : "Play yourself")
    this.pace.hidden = !on || this.kind !== "cartpole"
    say(this.pace, SPEEDS[this.speed][0])
    this.again.disabled = !on || !this.game.steps
    this.host.ask()
  }

  arrow(sign, action) {
    const name = this.host.world.actions[action], button = this.made(sign, (event) => { if (!event.detail) this.act(action) })
    button.setAttribute("aria-label", name)
    button.onpointerdown = () => { if (this.kind === "grid") this.act(action); else this.hold(action) }
    button.onpointerup = button.onpointerleave = button.onpointercancel = () => this.release(action)
    return button
  }

  // Before the page's own keys, which are heard at the document: while the focus is in this card, they rest.
  key(event) {
    const {root, canvas} = this.host, {key, type} = event
    if (!root.contains(document.activeElement) || event.ctrlKey || event.metaKey || event.altKey || key === "Tab") return
    event.stopPropagation()
    const action = actionOf(this.kind, key)
    if (type === "keyup") this.release(action)
    else if (key === "Escape") {
      this.end()
      this.button.focus({preventScroll: true})
    }
    else if (action !== undefined) {
      event.preventDefault()
      if (this.kind === "grid") this.act(action)
      else this.hold(action)
    } else if (["Enter", " "].includes(key) && document.activeElement === canvas) {
      event.preventDefault()
      if (this.game.over) this.begin()
    }
  }

  down(event) {
    if (!this.game) return
    this.host.canvas.focus({preventScroll: true})
    const {left, width} = this.host.canvas.getBoundingClientRect()
    this.from = [event.clientX, event.clientY]
    if (this.kind === "cartpole") this.hold(event.clientX < left + width / 2 ? 0 : 1)
  }

  up(event) {
    if (!this.game || !this.from) return
    if (this.kind === "cartpole") this.held = undefined
    else this.act(swiped(event.clientX - this.from[0], event.clientY - this.from[1]))
    this.from = undefined
  }

  /** One move on the board. @param {number | undefined} action */
  act(action) {
    if (action === undefined || !this.game || this.game.over) return
    if (this.kind === "cartpole") this.begun = true
    this.game.step(action)
    this.since = performance.now()
    this.note()
  }

  hold(action) {
    this.held = action
    this.begun = true
    this.host.ask()
  }

  release(action) {
    if (this.held === action) this.held = undefined
  }

  note() {
    const {game, host} = this
    if (game.over) bests.set(host.rules, Math.max(game.total, bests.get(host.rules) ?? -Infinity))
    this.again.disabled = !game.steps
    host.ask()
  }

  // CartPole in real time. It waits for the first push, and while the focus is elsewhere.
  advance(time) {
    const {game} = this, rests = !this.begun || game.over || !this.host.root.contains(document.activeElement)
    const passed = rests || this.seen === undefined ? 0 : time - this.seen
    this.seen = rests ? undefined : time
    const {ticks, left} = due(this.left, passed, SPEEDS[this.speed][1])
    this.left = left
    for (let tick = 0; tick < ticks; tick++) game.step(this.held ?? 1 - Math.max(0, game.action))
    if (ticks) this.note()
  }

  /** What is on the screen while the learner plays. @param {number} time @returns {import("./agents_pose.js").Pose} */
  pose(time) {
    if (this.kind === "cartpole") this.advance(time)
    const {game, host} = this, {observations, steps} = host.demo ?? {}
    const share = this.kind === "grid" ? Math.min(1, (time - this.since) / GLIDE_MS) : game.over ? 1 : this.left / (1000 * TICK)
    return {from: game.before, to: game.state, share, action: game.action, at: game.steps, over: game.over, you: true,
      trail: game.trail.slice(-12, share < 1 ? -1 : undefined), ghost: observations?.[Math.min(game.steps, steps)]}
  }

  /** The score, in words. */
  words() {
    const {game, host: {scene, demo, rules}} = this, best = bests.get(rules)
    if (!game.steps) return HINTS[this.kind]
    const beside = [demo && `the agent ${scene.points(demo.total)}`, best !== undefined && `your best ${scene.points(best)}`].filter(Boolean)
    const score = [`${scene.points(game.total)}`, ...beside].join(", ")
    return game.over ? `You ${score}. You ${scene.ending(game.state, game.steps, false)}.` : `You ${score}.`
  }
}
