// The card Try it, the other face of the predictions' card: an input of the learner's own, and what the network answers.
// The weights of small dense networks are here, so the answer is, too; others are asked over the stream, the newest
// question alone, at most nine times a second (ui/live/trying.py allows ten).

import { element, say } from "./live_element.js"
import { faceSwitch } from "./try_faces.js"
import { predicted } from "./network_frame.js"
import { Drawing } from "./try_canvas.js"
import { Fields, rounded } from "./try_fields.js"
import { KINDS } from "./try_kinds.js"
import { Plane } from "./try_plane.js"
import { Ratings } from "./try_ratings.js"
import { Series } from "./try_series.js"
import { Sentence } from "./try_text.js"
import { Answer, flip, probabilities, top, worded } from "./try_answer.js"

const ASK_MS = 110, AGAIN_MS = 1500, WAIT_MS = 400, SCRIPT_MS = 1000, FLIP_MS = 250
const EARLY = "The network answers after its first steps."

export class TryCard {
  constructor() {
    this.heading = Object.assign(element("button", "live-title", "Try it"), {type: "button"})
    this.note = element("span", "live-note")
    this.switch = faceSwitch("Test set", "Back to the predictions for the test set")
    this.answer = new Answer()
    this.drawing = new Drawing(() => this.changed(), () => this.another())
    this.fields = new Fields(() => this.changed())
    this.series = new Series(() => this.changed())
    this.text = new Sentence(() => this.changed())
    this.ratings = new Ratings(() => this.changed())
    this.plane = new Plane((values) => this.fields.begin(values))
    this.example = Object.assign(element("button", "try-tool", "Example"), {type: "button", title: "Start from another test example", onclick: () => this.another()})
    this.input = element("div", "try-input")
    this.body = element("div", "try-body", "", [this.input, this.answer.root])
    this.section = element("section", "live-card try-card away st-key-try_it", "",
      [element("header", "", "", [element("h3", "", "", [this.heading]), this.note, this.switch]), this.body])
    // Numbers of an earlier visit are all lower.
    Object.assign(this, {number: Date.now(), first: Infinity, open: false, asked: 0, wanted: false})
  }

  // What the card is part of. command: sends one. network: the picture. streams: whether there is a stream.
  join({command, network, next, streams}) {
    Object.assign(this, {command, network, next, streams})
    network.onEdits = () => this.setWeights(this)
  }

  // What can be tried now: the part `try_it` (core/views/try_it.py).
  setUp(content) {
    const before = this.content
    this.content = content
    this.section.dataset.kind = content.kind
    if (this.structure) this.lay()
    const other = before?.run !== content.run || before?.at !== content.at
    // Answers to earlier questions are of another run, or of another moment.
    if (other) Object.assign(this, {told: undefined, first: Infinity})
    if (other || before?.why !== content.why || before?.kind !== content.kind) this.changed()
  }

  // The part `network`.
  setNetwork(structure) {
    this.structure = structure
    this.learned = false
    if (this.content?.kind) this.lay()
    if (this.wanted && structure.example && structure.example.index !== this.was) this.begin()
    // As long as nothing else is typed, it is the chosen sentence.
    if (this.kind === "text" && !this.text.typed && structure.example && structure.example.index !== this.begun) this.begin()
  }

  // The part `items`: of ratings.
  setItems(items) {
    this.ratings.setItems(items)
    if (this.open && this.kind === "pairs") this.changed()
  }

  setWeights({weights}) {
    this.weights = weights
    this.learned = false
    if (this.open && this.computes) this.changed(true)
  }

  // The part `tried`: an answer that a worker computed.
  setAnswer(content) {
    const {at, run, asks} = this.content ?? {}
    if (!this.open || this.computes || !asks || content.number < this.first || content.run !== run || !this.values) return
    // At a moment its own answer counts alone.
    if (at !== null && content.step !== at) return
    this.told = content
    this.section.dataset.number = content.number
    if (content.recommended) return this.recommend(content.recommended)
    this.show(content.answers, content.number === this.number, content.words)
    if (content.contributions) say(this.answer.more, this.text.show(content, this.structure.output))
    // Still compiled: a run that trains answers again by itself, one that has ended does not.
    if (content.contributions && this.text.gradients && !content.gradients) {
      clearTimeout(this.again)
      this.again = setTimeout(() => this.changed(), AGAIN_MS)
    }
    if (content.flip !== undefined && content.number === this.number && !this.fields.doubt) this.sayFlip(content.flip)
    if (content.stages) this.network.setTried({x: this.seen(this.values), content, words: this.kind === "text" ? this.text.read : undefined})
  }

  // Show the card, or its other face.
  turn(open) {
    if (open === this.open) return
    this.open = open
    if (open) {
      if (KINDS[this.kind]?.begins && !this.values) this.begin()
      this.changed()
    } else {
      clearTimeout(this.asking)
      clearTimeout(this.again)
      this.network.setTried(null)
      if (this.content?.asks) this.command("try", null)
    }
  }

  get computes() {
    return Boolean(this.structure?.steps?.length)
  }

  // The input's form for these data.
  lay() {
    const {structure: {shape, example}, content: {kind}} = this, way = KINDS[kind], other = this.kind !== kind
    this.kind = kind
    if (!way || (way.axes && way.axes !== shape?.length)) return
    const {fresh, again, nodes} = way.lay(this)
    if (fresh || again || other) this.input.replaceChildren(...nodes())
    if (example && way.begins && (fresh || other)) this.begin()
  }

  // The input in its own units; null without one.
  get values() {
    return KINDS[this.kind]?.values(this) ?? null
  }

  // Start from the chosen test example, and at the next press from the one after it.
  another() {
    const {example} = this.structure ?? {}
    if (!example) return
    if (this.begun !== example.index) return this.begin()
    Object.assign(this, {wanted: true, was: example.index})
    this.next((example.index + 1) % example.count)
  }

  begin() {
    const {structure: {example, mean, deviation}} = this
    this.wanted = false
    if (!example) return
    this.begun = example.index
    KINDS[this.kind]?.begin?.(this, example,
      (value, at) => value * (deviation[at % deviation.length] ?? 1) + (mean[at % mean.length] ?? 0))
  }

  // What the network sees of an input.
  seen(values) {
    if (this.kind === "text") return new Float32Array(this.structure.shape[0])
    const {structure: {mean, deviation}, content: {most}} = this
    if (!mean.length) return Float32Array.from(values, (value) => value / most)
    return Float32Array.from(values, (value, at) => (value - mean[at % mean.length]) / deviation[at % mean.length])
  }

  // How far a reconstruction is from the input, as the network sees both; null for other answers.
  errorOf(answers) {
    if (!this.structure.output.reconstructs || !this.values || answers.length !== this.values.length) return null
    const told = this.seen(answers), off = this.seen(this.values).map((value, at) => (value - told[at]) ** 2)
    return Math.sqrt(off.reduce((sum, value) => sum + value, 0) / off.length)
  }

  // The input or the network is another. same: the input is the same.
  changed(same = false) {
    if (!this.open || !this.content) return
    const {content: {kind, why}, values} = this, doubt = KINDS[kind]?.doubt?.(this) ?? null
    if (!same) this.number = Math.max(this.number + 1, Date.now())
    const missing = why || (doubt?.missing ? doubt.text : !values ? KINDS[kind]?.empty ?? "" : "")
    if (kind === "series" && values) this.series.show(why ? [] : this.series.forecast)
    if (this.flat && kind === "table" && (!missing || why)) this.showPlane(values, why)
    if (missing) {
      if (why && kind === "text") this.text.forget()
      this.network.setTried(null)
      this.stopWaiting()
      return this.tell(this.answer.words(missing))
    }
    if (this.computes) this.compute(values)
    else {
      this.ask()
      if (this.told?.run !== this.content.run) this.waiting ??= setTimeout(() => this.wait(), WAIT_MS)
    }
    if (doubt) say(this.answer.more, doubt.text)
  }

  showPlane(values, why) {
    if (!this.learned) this.plane.learn((rows) => why ? null : this.predict(rows), this.structure.output)
    this.learned = !why
    this.plane.show(values)
  }

  compute(values) {
    const [answers] = this.predict([values]) ?? []
    if (!answers) return this.wait()
    this.show(answers)
    this.network.setTried({x: this.seen(values), content: null})
    const {output} = this.structure
    if (this.kind !== "table" || !output.classes.length) return
    this.changing ??= setTimeout(() => {
      this.changing = undefined
      if (this.open) this.tellFlip()
    }, FLIP_MS)
  }

  // There is an input, and no answer yet.
  wait() {
    this.stopWaiting()
    this.network.setTried(null)
    this.tell(this.answer.words(EARLY))
  }

  stopWaiting() {
    clearTimeout(this.waiting)
    this.waiting = undefined
  }

  // The answers to several inputs, in the output's own units; null while the weights are of another network.
  predict(rows) {
    const {structure, weights, network: {edits: {list}}} = this, {steps} = structure
    if (rows.some(({length}) => length !== steps.find(({op}) => op === "dense").reads)) return null
    return predicted(structure, weights, list, rows.map((row) => this.seen(row)))
  }

  // What would have to change.
  tellFlip() {
    const {values, structure: {output}} = this
    if (!values || this.fields.doubt || this.content.why) return
    this.sayFlip(flip(this.fields.fields, values, (rows) => (this.predict(rows) ?? []).map((one) => top(probabilities(one, output.classes.length)))))
  }

  sayFlip(found) {
    const {structure: {output}} = this
    if (!found) return say(this.answer.more, "No change of a single feature gives another answer.")
    const {name, options, step} = this.fields.fields[found.field]
    const value = options ? options[found.value] : rounded(found.value, step)
    say(this.answer.more, `It would be ${output.classes[found.to]} with ${name}: ${value}.`)
  }

  // The newest question, when its time has come.
  ask() {
    if (this.asking) return
    const wait = this.asked + (this.streams() ? ASK_MS : SCRIPT_MS) - performance.now()
    this.asking = setTimeout(() => {
      this.asking = undefined
      this.send()
    }, Math.max(0, wait))
  }

  send() {
    const {values, number, kind} = this
    if (!this.open || !values || this.content.why) return
    this.asked = performance.now()
    this.first = Math.min(this.first, number)
    if (kind === "text" && this.text.doubt?.missing) return
    this.command("try", {number, ...KINDS[kind].asked(values, this)})
    clearTimeout(this.again)
    // A run may have ended before it answered, or still compiles.
    this.again = setTimeout(() => { if (this.told?.number !== this.number) this.ask() }, AGAIN_MS)
  }

  // current: whether they are about the input as it is now.
  // words: that the answers are about, where each answer has others.
  show(answers, current = true, words = undefined) {
    this.stopWaiting()
    this.tell(this.answer.show(answers, worded(this.structure.output, words), current ? this.errorOf(answers) : null))
    if (this.kind === "series") this.series.show(answers.every(Number.isFinite) && !this.structure.output.classes.length ? answers : [])
    this.section.dataset.shown = Number(this.section.dataset.shown || 0) + 1
  }

  recommend(told) {
    this.stopWaiting()
    this.ratings.show(told, this.answer)
    this.section.dataset.shown = Number(this.section.dataset.shown || 0) + 1
  }

  tell(words) {
    if (this.kind === "image") this.drawing.tell(words)
  }
}
