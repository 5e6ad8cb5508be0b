// The tour: a card beside the element that it is about, a ring around that element, and the offer to begin. The card
// neither covers nor moves the element. See core/views/tour_card.py for what it is told, and ui/live/touring.py for its commands.

import { typing } from "./live_choices.js"
import { element, say } from "./live_element.js"
import { freePlace } from "./live_tour_place.js"

const NARROW = "(max-width: 640px)"
const SIDEBAR = "[data-testid=stSidebar]", OPENS = "[data-testid=stExpandSidebarButton]"
const CLOSES = "[data-testid=stSidebarCollapseButton] button[aria-expanded=true]"
// Elements that belong to Streamlit.
const ELSEWHERE = {learn: "[data-testid=stTopNavLink][href$='/learn']"}
const KEY = "j", LOOK_MS = 200, SETTLED_MS = 500, GAP = 10
// A popover that a click elsewhere would close.
export const OPEN = "[popover=auto]:popover-open"

const selector = (place) => ELSEWHERE[place] ?? `.st-key-${place}`

export class Tour {
  // nodes: the panel's. command: sends one. bar: returns the run bar's element, if there is one.
  constructor(nodes, command, bar) {
    Object.assign(this, {command, bar, root: nodes.root, status: nodes.status.section, told: {number: null}, keys: new AbortController(), narrow: matchMedia(NARROW)})
    this.offer = offer(command)
    nodes.coach.section.append(this.offer)
    this.build()
    nodes.root.append(this.card)
    this.ring = element("style")
    document.head.append(this.ring)
    const {signal} = this.keys
    document.addEventListener("keydown", (event) => this.pressed(event), {signal, capture: true})
    document.addEventListener("input", (event) => this.touched(event), {signal, capture: true})
    addEventListener("resize", () => this.place(), {signal})
    document.addEventListener("scroll", () => this.place(), {signal, capture: true, passive: true})
  }

  build() {
    const button = (name, word, act) => Object.assign(element("button", name, word), {type: "button", onclick: act})
    this.count = Object.assign(element("span", "tour-count"), {id: "tour-count"})
    this.title = Object.assign(element("h2"), {id: "tour-title"})
    this.text = Object.assign(element("p", "tour-text"), {id: "tour-text"})
    this.state = element("p", "tour-state")
    this.state.setAttribute("role", "status")
    this.back = button("tour-back", "Back", () => this.turn("tour_back"))
    this.next = button("tour-next", "", () => this.turn("tour_next"))
    this.leave = button("tour-leave", "Leave the tour", () => this.command("tour_leave"))
    this.leave.setAttribute("aria-keyshortcuts", "Escape")
    this.leave.title = "Leave the tour (Esc)"
    this.card = element("div", "tour-card", "", [element("header", "", "", [this.title, this.count]), this.text, this.state,
      element("footer", "", "", [this.back, this.next, this.leave])])
    Object.assign(this.card, {popover: "manual", tabIndex: -1})
    for (const [name, value] of [["role", "dialog"], ["aria-labelledby", "tour-title tour-count"], ["aria-describedby", "tour-text"],
      ["aria-keyshortcuts", KEY.toUpperCase()]]) this.card.setAttribute(name, value)
  }

  get open() {
    return this.told.number !== null
  }

  // Two presses on the same card count once: the server knows which card is open.
  turn(name) {
    this.command(name, this.told.number)
  }

  tell(content) {
    const before = this.told
    this.told = content
    this.offer.hidden = !content.offer
    this.offer.parentElement.classList.toggle("offers", Boolean(content.offer))
    this.offer.firstChild.title = content.offer
    if (!this.open) return before.number !== null && this.end()
    const {number, of, title, text, done} = content, turned = number !== before.number, last = number === of - 1
    say(this.count, `${number + 1} of ${of}`)
    say(this.title, title)
    if (text !== before.text) this.text.replaceChildren(...text.split("**").map((part, place) => place % 2 ? element("b", "", part) : part))
    this.back.disabled = number === 0
    say(this.next, last ? "Finish" : done === false ? "Skip" : "Next")
    this.next.classList.toggle("primary", done !== false)
    this.leave.hidden = last
    say(this.state, done ? "✓ Done" : done === null ? "" : `Your turn. ${this.narrow.matches ? "" : `Press ${KEY.toUpperCase()} to come back to this card.`}`)
    this.state.classList.toggle("done", Boolean(done))
    if (turned) this.show()
    else if (done && !before.done) this.finished()
    this.place()
  }

  show() {
    this.ring.textContent = `:is(${this.told.at.map(selector).join(", ")}) { scroll-margin: ${this.narrow.matches ? 60 : 8}px }`
    this.root.classList.add("touring")
    this.card.showPopover()
    this.aim()
    this.next.focus({preventScroll: true})
    clearInterval(this.looking)
    this.looking = setInterval(() => this.place(), LOOK_MS)
  }

  // What comes next is on the stage, which the sidebar covers on a phone.
  finished() {
    if (this.narrow.matches) document.querySelector(CLOSES)?.click()
    if (this.idle) this.next.focus({preventScroll: true})
  }

  end() {
    clearInterval(this.looking)
    this.ring.textContent = ""
    this.root.classList.remove("touring")
    this.card.hidePopover()
    const first = [...this.bar()?.querySelectorAll("button:enabled") ?? []].find((button) => button.checkVisibility())
    first?.focus()
  }

  // Scroll the card's element into view. On a phone, the sidebar lies over the stage.
  aim() {
    const target = this.target ?? document.querySelector(this.told.at.map(selector).join(", "))
    const inside = Boolean(target?.closest(SIDEBAR)), moves = inside ? OPENS : this.narrow.matches ? CLOSES : null
    const button = moves && document.querySelector(moves)
    this.aimed = undefined
    if (!button) return
    button.click()
    // Its place is known only after the sidebar has moved.
    setTimeout(() => {
      this.aimed = undefined
      this.place()
    }, SETTLED_MS)
  }

  // The first of the card's elements that is visible.
  get target() {
    return this.told.at.map((place) => document.querySelector(selector(place))).find((node) => {
      const {width, height} = node?.getBoundingClientRect() ?? {}
      return width && height && node.checkVisibility({visibilityProperty: true})
    })
  }

  // Whether the learner is not typing, moving or reading anything, so that the focus may go to the card.
  get idle() {
    const {activeElement: active} = document
    return !document.querySelector(OPEN) && (active === document.body || active?.matches("button"))
  }

  place() {
    if (!this.open) return
    const {target, card} = this, side = document.querySelector(SIDEBAR)
    if (target !== this.aimed) {
      this.aimed = target
      // The run bar is always visible.
      if (!this.bar()?.contains(target)) target?.scrollIntoView({block: this.narrow.matches ? "start" : "nearest", behavior: "instant"})
      this.mark(target)
    }
    const closes = document.querySelector(CLOSES), inside = Boolean(closes && target?.closest(SIDEBAR))
    const box = target?.getBoundingClientRect()
    if (this.narrow.matches) {
      const bar = inside ? undefined : this.bar()?.getBoundingClientRect()
      return put(card, {left: 8, bottom: innerHeight - Math.min(innerHeight, bar?.top || innerHeight) + 8})
    }
    const open = closes ? side.getBoundingClientRect() : undefined
    // The run bar and the status stay visible.
    const top = inside || !open ? this.status.getBoundingClientRect().bottom + GAP : GAP
    const size = {width: card.offsetWidth, height: card.offsetHeight}
    put(card, freePlace(box, inside, open, size, {top, right: innerWidth - GAP, bottom: innerHeight - GAP, left: GAP}))
  }

  // A rule, because Streamlit owns the elements of the sidebar and would take a class away.
  mark(target) {
    const own = this.told.at?.find((place) => target?.matches(selector(place)))
    const rule = own ? `${selector(own)} { outline: 3px solid light-dark(#2f5fd0, #8fb0ff) !important; outline-offset: var(--ring, 2px) !important; border-radius: 10px }` : ""
    const [scroll] = this.ring.textContent.split("\n")
    this.ring.textContent = `${scroll}\n${rule}`
  }

  pressed(event) {
    if (!this.open || event.ctrlKey || event.metaKey || event.altKey) return
    const {target, key} = event
    if (key === "Escape") {
      // Esc first closes what lies over the page or fills the stage.
      const other = document.querySelector(`${OPEN}, .live-stage.full, [role=listbox], [aria-modal=true]`)
      if (!other && !event.defaultPrevented) this.command("tour_leave")
    } else if (key.toLowerCase() === KEY && !typing(target)) {
      event.preventDefault()
      event.stopPropagation()
      this.next.focus({preventScroll: true})
    }
  }

  touched({target}) {
    // Only where it is asked for: a command takes the focus from a field that is being typed in.
    if (this.told.tells && !this.told.done && this.target?.contains(target)) this.command("tour_touched")
  }

  close() {
    this.keys.abort()
    clearInterval(this.looking)
    this.ring.remove()
    this.card.remove()
  }
}

function put({style}, {left, top, bottom}) {
  const pixels = (number) => number === undefined ? "auto" : `${Math.round(number)}px`
  Object.assign(style, {left: pixels(left), top: pixels(top), bottom: pixels(bottom)})
}

// It stands where the coach stands, who has nothing to say on a first visit.
function offer(command) {
  const start = element("button", "tour-start", "New here? Take the tour"), not = element("button", "tour-not", "Not now")
  start.type = not.type = "button"
  start.onclick = () => command("tour_start")
  not.onclick = () => command("tour_leave")
  const made = element("span", "tour-offer", "", [start, not])
  made.hidden = true
  return made
}
