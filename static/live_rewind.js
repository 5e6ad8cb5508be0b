// The progress of the run, which is also a slider: moved back, the whole stage shows the run as it was then. Play moves
// it forward by itself. See `rewind` in core/views/run_bar.py for what it is told; the server looks for the nearest of
// the moments that it has kept (core/runs/moments.py).

import { element, say } from "./live_element.js"

// Keys of the keyboard, and those of the slider.
const KEYS = {",": "back", ".": "forth"}
const ARROWS = {ArrowLeft: "back", ArrowDown: "back", ArrowRight: "forth", ArrowUp: "forth"}
const SPEEDS = [["1×", 250], ["2×", 125], ["½×", 500]]
const SOONEST_MS = 70  // between two commands: a page may send 20 a second
const ANSWER_MS = 300  // after the hand let go, until the thumb goes to the moment that is shown

export class Rewind {
  // command: called with the name of a command and its value. word: what the slider counts.
  constructor(command, word = "epoch") {
    Object.assign(this, {command, word, sent: -Infinity, speed: 0, told: {steps: 0, each: 1, epochs: 0, at: null, can: false}})
    const slider = this.slider = element("input", "run-slider")
    Object.assign(slider, {type: "range", min: "0", step: "1", title: "Go back in this run: drag, or press , and ."})
    slider.setAttribute("aria-label", "Rewind")
    slider.setAttribute("aria-keyshortcuts", ", .")
    slider.oninput = () => this.drag()
    slider.onchange = () => setTimeout(() => this.release(), ANSWER_MS)
    slider.onkeydown = (event) => this.arrow(event)
    this.play = element("button", "run-button run-play")
    this.play.onclick = () => this.playing ? this.stop() : this.start()
    this.faster = element("button", "run-speed", SPEEDS[0][0])
    this.faster.title = "Replay speed"
    this.faster.setAttribute("aria-label", "Replay speed, 1×")
    this.faster.onclick = () => this.next()
    for (const button of [this.play, this.faster]) button.type = "button"
    this.name = element("span", "run-name")
    this.name.setAttribute("aria-hidden", "true")
    const track = element("div", "run-track", "", [this.name, slider])
    this.root = element("div", "run-rewind st-key-rewind", "", [this.play, track, this.faster])
    this.label()
  }

  // told: what the slider spans. progress: of the run, from 0 to 1; one that has ended is at the slider's end.
  draw(told, progress) {
    const before = this.told, {slider} = this
    this.told = told
    const whole = told.each * told.epochs
    this.done = told.steps < whole ? told.steps : Math.round(Math.min(1, progress) * whole)
    slider.max = String(Math.max(1, told.steps))
    slider.disabled = this.play.disabled = this.faster.disabled = !told.can
    if (!this.held) slider.value = String(told.at ?? this.done)
    this.words()
    if (told.at !== before.at) this.answered = true
    // It has come to the run as it is now.
    if (this.playing && told.at === null && before.at !== null) this.stop()
  }

  // What the thumb's place means, in words and in the colours of the track: up to the thumb, and as far as is trained.
  words() {
    const {each, epochs, steps} = this.told, value = Number(this.slider.value), epoch = value / each
    const at = epoch.toFixed(1).replace(".0", ""), {word} = this
    this.slider.setAttribute("aria-valuetext", `${word[0].toUpperCase()}${word.slice(1)} ${at} of ${epochs}`)
    say(this.name, this.held || this.told.at !== null ? `${word} ${at}` : "Rewind")
    for (const [name, place] of [["--at", value], ["--done", this.done]]) {
      // The thumb's middle does not reach the ends.
      this.slider.style.setProperty(name, `calc(7px + (100% - 14px) * ${steps ? place / steps : 0})`)
    }
  }

  release() {
    this.held = false
    this.slider.value = String(this.told.at ?? this.done)
    this.words()
  }

  drag() {
    this.stop()
    this.held = true
    // Beyond what is trained there is nothing yet.
    if (Number(this.slider.value) >= this.done) this.slider.value = String(this.done)
    this.words()
    const value = Number(this.slider.value)
    this.soon(value >= this.done ? null : value)
  }

  // Of what comes faster than a page may send, the newest counts.
  soon(value) {
    this.wish = value
    this.timer ??= setTimeout(() => {
      this.timer = undefined
      this.tell(this.wish)
    }, Math.max(0, this.sent + SOONEST_MS - performance.now()))
  }

  tell(value) {
    this.sent = performance.now()
    this.command("rewind", value)
  }

  move(value) {
    this.stop()
    if (this.told.can) this.soon(value)
  }

  // The slider's own steps would be smaller than from one moment to the next.
  arrow(event) {
    const value = event.key === "Home" ? 0 : event.key === "End" ? null : ARROWS[event.key]
    if (value === undefined || event.ctrlKey || event.metaKey || event.altKey) return
    event.preventDefault()
    this.move(value)
  }

  // Whether a key of the page was meant for this. In a field of numbers both are part of a number.
  pressed({key, target}) {
    if (!(key in KEYS) || target.matches?.("input[type=number]")) return false
    this.move(KEYS[key])
    return true
  }

  // From the shown moment on, or from the first.
  start() {
    if (!this.told.can) return
    this.answered = false
    this.playing = setInterval(() => this.step(), SPEEDS[this.speed][1])
    this.tell(this.told.at === null ? 0 : "forth")
    this.label()
  }

  // Not before the last one was drawn.
  step() {
    if (!this.answered) return
    this.answered = false
    this.tell("forth")
  }

  stop() {
    clearInterval(this.playing)
    this.playing = undefined
    this.label()
  }

  next() {
    this.speed = (this.speed + 1) % SPEEDS.length
    const [word, every] = SPEEDS[this.speed]
    say(this.faster, word)
    this.faster.setAttribute("aria-label", `Replay speed, ${word}`)
    if (!this.playing) return
    clearInterval(this.playing)
    this.playing = setInterval(() => this.step(), every)
  }

  label() {
    const title = this.playing ? "Stop the replay" : "Replay the run from here, or from its start"
    say(this.play, this.playing ? "❚❚" : "▷")
    this.play.title = title
    this.play.setAttribute("aria-label", title)
  }
}
