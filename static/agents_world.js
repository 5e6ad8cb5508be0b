// @ts-check
// The card of the agent's world: a picture of it, a demonstration of what the agent has learned, or where it is while it
// learns; and the learner's own game. See core/views for what it is told.

import { cleared, lookOf, number } from "./agents_canvas.js"
import { PoleScene } from "./agents_cartpole.js"
import { beside } from "./agents_cells.js"
import { GridScene } from "./agents_grid.js"
import { Play } from "./agents_play.js"
import { Follow, clock, poseAt, unpacked, watched } from "./agents_pose.js"
import { element, say } from "./live_element.js"
import { mix } from "./live_theme.js"

const SCENES = {grid: GridScene, cartpole: PoleScene}
const TITLES = {grid: "Grid world", cartpole: "CartPole"}
const REST_MS = 1400       // at the end of a demonstration
const WORDS_MS = 120       // between two changes of the line of words
const WAYS = {ArrowUp: [-1, 0], ArrowRight: [0, 1], ArrowDown: [1, 0], ArrowLeft: [0, -1]}

export class World {
  constructor() {
    this.canvas = element("canvas")
    this.canvas.tabIndex = 0
    this.title = element("h3")
    this.note = element("span", "live-note")
    this.step = this.button("Next step", "Show the demonstration step by step", () => this.onward())
    this.spread = this.button("Q values", "Show four Q values in every cell", () => this.toggle())
    this.spread.setAttribute("aria-pressed", "false")
    this.play = new Play(this)
    this.view = element("div", "agents-view", "", [this.canvas])
    this.said = element("p", "agents-said")
    this.cell = element("p", "agents-cell")
    this.legend = element("div", "agents-legend", "", [element("span"), element("i"), element("span")])
    const under = element("div", "agents-under", "", [element("div", "agents-known", "", [this.cell, this.legend]), this.play.pad])
    const header = element("header", "", "", [this.title, this.note, this.step, this.spread, this.play.button])
    this.root = element("section", "live-card agents-world st-key-world", "", [header, this.view, this.said, under])
    this.seen = true
    /** @type {any} a `GridScene` or a `PoleScene` */
    this.scene = null
    this.rules = ""
    this.aloud = false
    this.follow = new Follow()
    this.listen()
  }

  button(name, title, act) {
    return Object.assign(element("button", "live-switch", name), {type: "button", title, hidden: true, onclick: act})
  }

  listen() {
    const {canvas} = this
    this.still = matchMedia("(prefers-reduced-motion: reduce)")
    this.changed = () => { this.step.hidden = !this.still.matches; this.ask() }
    this.still.addEventListener("change", this.changed)
    this.size = new ResizeObserver(() => this.ask())
    this.size.observe(this.view)
    this.sight = new IntersectionObserver((entries) => {
      this.seen = entries.at(-1).isIntersecting
      this.ask()
    })
    this.sight.observe(this.view)
    for (const type of ["pointerdown", "pointermove"]) canvas.addEventListener(type, (event) => this.point(event))
    // A finger that is lifted has left the picture; what it chose stays.
    canvas.addEventListener("pointerleave", ({pointerType}) => { if (pointerType !== "touch") this.choose(-1, false) })
    canvas.addEventListener("blur", () => this.choose(-1, false))
    canvas.addEventListener("keydown", (event) => this.key(event))
  }

  /**
   * @param {any} world what is told of the world (core/views)
   * @param {any} rollout of the newest demonstration
   * @param {import("./live_theme.js").Theme} theme
   */
  draw(world, rollout, theme) {
    this.theme = theme
    this.look = undefined
    if (!world) return
    const rules = JSON.stringify([world.environment, world.grid])
    if (rules !== this.rules) this.enter(world, rules)
    else if (world !== this.world) this.scene.receive(world)
    // Another run, or one that has just begun: what was shown of the run before ends.
    const other = world.name !== this.world?.name
    this.world = world
    const fresh = rollout !== this.told || other
    if (fresh) this.next = unpacked(rollout)
    this.told = rollout
    // While it learns, a demonstration plays to its end before the newest begins; else the shown moment counts.
    if (!this.next || other || !this.demo || this.next.step < this.demo.step || (fresh && !world.going)) this.show(this.next)
    if (!this.live) this.follow = new Follow()
    else this.follow.take(world.now, performance.now())
    this.describe()
    this.ask()
  }

  enter(world, rules) {
    if (this.scene) this.play.end()
    Object.assign(this, {rules, world, scene: new SCENES[world.environment](world), demo: null, next: null, told: undefined, follow: new Follow()})
  }

  /** Play this demonstration from its start. @param {import("./agents_pose.js").Demo | null} demo */
  show(demo) {
    this.demo = demo
    this.began = undefined
    this.last = demo && this.world.grid ? watched(demo) : demo?.steps
    this.at = undefined
    this.tell()
  }

  describe() {
    const {world, scene} = this, {environment, policy, values} = world, grid = environment === "grid"
    say(this.title, TITLES[environment])
    this.spread.hidden = !grid || !values
    say(this.spread, policy ? "Probabilities" : "Q values")
    this.step.hidden = !this.still.matches
    this.canvas.tabIndex = grid ? 0 : -1
    this.legend.hidden = !grid || !values
    if (grid && values) {
      const [low, , high] = this.legend.children, most = number(scene.most)
      say(low, scene.most ? `value −${most}` : "value 0")
      say(high, most)
    }
    this.tell()
  }

  // The picture and the chosen cell in words. What the learner chose by key is read aloud once, not again whenever its
  // values change while the agent learns.
  tell(aloud = this.aloud, fresh = false) {
    const {grid, values, going} = this.world, {about, chosen, place} = this.scene
    this.aloud = aloud
    this.canvas.setAttribute("aria-label", this.demo ? `${about} ${this.outcome()}` : about)
    this.canvas.setAttribute("role", grid ? "application" : "img")
    if (aloud && going && !fresh) return
    const hint = grid ? `${values ? this.signs() : ""}${weather(grid)}` : ""
    this.cell.setAttribute("aria-live", aloud ? "polite" : "off")
    say(this.cell, chosen >= 0 && place ? this.scene.told(chosen) : hint)
    this.cell.title = this.cell.textContent
  }

  // What the signs on the board mean.
  signs() {
    const spread = this.spread.getAttribute("aria-pressed") === "true" && this.scene.roomy
    const arrows = this.world.policy ? "how likely each action is" : "the best actions"
    return spread ? "" : `Arrows: ${arrows}. Dashed: below 0. Point at a cell for its numbers. `
  }

  point({clientX, clientY}) {
    if (!this.world?.grid || this.play.game) return
    const {left, top} = this.canvas.getBoundingClientRect()
    this.choose(this.scene.under(clientX - left, clientY - top), false)
  }

  choose(cell, aloud) {
    if (!this.scene || this.scene.chosen === undefined || this.scene.chosen === cell) return
    this.scene.chosen = cell
    this.tell(aloud, true)
    this.ask()
  }

  key(event) {
    const way = WAYS[event.key]
    if (!way || !this.world?.grid || this.play.game || event.ctrlKey || event.metaKey || event.altKey) return
    event.preventDefault()
    event.stopPropagation()
    const {chosen, place} = this.scene
    this.choose(chosen < 0 ? this.world.grid.rows.join("").indexOf("S") : beside(place, chosen, way), true)
  }

  toggle() {
    this.spread.setAttribute("aria-pressed", String(this.spread.getAttribute("aria-pressed") !== "true"))
    this.tell()
    this.ask()
  }

  // Step by step, for whoever wants no motion.
  onward() {
    if (!this.demo) return
    const at = this.at ?? this.last
    if (at >= this.last && this.next !== this.demo) this.show(this.next)
    this.at = at >= this.last ? 0 : at + 1
    this.ask()
  }

  ask() {
    this.asked ??= requestAnimationFrame((time) => this.frame(time))
  }

  frame(time) {
    this.asked = undefined
    if (!this.world || !this.theme || !this.root.isConnected || !this.seen) return
    const {clientWidth: width, clientHeight: height} = this.view
    if (!width || !height) return
    this.look ??= this.looks()
    const pose = this.pose(time), spread = this.spread.getAttribute("aria-pressed") === "true"
    this.scene.paint(cleared(this.canvas, width, height), width, height, this.look, pose, spread)
    this.spread.disabled = this.scene.roomy === false || Boolean(this.play.game)
    this.spread.title = this.spread.disabled ? "The cells are too small for numbers. Point at one to see its values." : "Show the numbers of every cell"
    const goes = this.moves(pose)
    if (!goes || !(time - this.worded < WORDS_MS) || pose?.over || this.play.game) {
      this.worded = time
      this.words(pose)
    }
    if (goes) this.ask()
  }

  looks() {
    const look = lookOf(this.root, this.theme), strong = (color) => mix(color, look.surface, 0.72)
    this.legend.children[1].style.background = `linear-gradient(to right, ${strong(look.minus)}, ${look.surface}, ${strong(look.plus)})`
    return look
  }

  get live() {
    return Boolean(this.world.live && this.world.now)
  }

  /** @param {number} time @returns {import("./agents_pose.js").Pose | null} */
  pose(time) {
    if (this.play.game) return this.play.pose(time)
    if (this.live) return this.follow.pose(time, this.still.matches ? 0 : this.scene.glide)
    if (!this.demo) return null
    if (this.still.matches) {
      if (this.at === undefined && this.next !== this.demo) this.show(this.next)
      return poseAt(this.demo, this.at ?? this.last, this.last)
    }
    this.began ??= time
    const {at, done} = clock(time - this.began, this.last, this.scene.rate, REST_MS)
    if (!done) return poseAt(this.demo, at, this.last)
    this.show(this.next)
    this.began = time
    return poseAt(this.demo, 0, this.last)
  }

  moves(pose) {
    if (this.play.game) return true
    return this.live ? pose.share < 1 : Boolean(this.demo) && !this.still.matches
  }

  words(pose) {
    const {world, demo} = this, learned = `after ${count(pose && !this.live && demo ? demo.step : world.step)} of learning`
    const note = this.play.game ? "your game" : !pose ? "" : this.live ? `live, ${learned}` : `demonstration ${learned}`
    say(this.note, note)
    // What the learner does is read aloud; not each step of what plays by itself.
    this.said.setAttribute("aria-live", this.play.game && (world.grid || this.play.game.over) ? "polite" : "off")
    say(this.said, this.play.game ? this.play.words() : !pose ? WAITING[world.environment] : this.live ? this.learning() : this.shown(pose))
  }

  learning() {
    const {world: {now, actions, last: ended}, scene} = this, last = now.action < 0 ? "" : `last action ${actions[now.action]}, `
    if (ended) return `The episode ended after ${count(ended.length)}. Return: ${scene.points(ended.total)}. The next one begins.`
    return `Step ${now.length} of this episode: ${last}return so far ${scene.points(now.total)}.`
  }

  shown(pose) {
    const {demo, scene} = this
    if (pose.over) return this.outcome()
    return `Step ${pose.at} of this episode. Return so far: ${scene.points(scene.sofar(demo, pose.at))}.`
  }

  outcome() {
    const {demo, scene, last} = this
    return `The agent ${scene.ending(demo.observations[last], last, last < demo.steps)}. Return: ${scene.points(demo.total)}.`
  }

  dispose() {
    if (this.scene) this.play.end()
    cancelAnimationFrame(this.asked)
    this.still.removeEventListener("change", this.changed)
    this.size.disconnect()
    this.sight.disconnect()
    this.root.remove()
  }
}

const WAITING = {
  grid: "The agent begins at S and knows nothing. Start a run to watch it learn, or play yourself.",
  cartpole: "Keep the pole upright by pushing the cart. Start a run to watch the agent learn, or play yourself."}

/** What chance does to each move, in words. @param {{slip: number, wind: number}} grid */
export function weather({slip, wind}) {
  const told = [["Slip", slip], ["wind", wind]].filter(([, chance]) => chance).map(([name, chance]) => `${name} ${number(100 * Number(chance))} %`)
  return told.length ? `${told.join(", ").replace(/^w/, "W")}.` : ""
}

const count = (steps) => `${steps.toLocaleString("en-US")} step${steps === 1 ? "" : "s"}`
