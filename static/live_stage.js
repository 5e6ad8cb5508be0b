// How the stage is looked at: one of its cards may fill it, and a projector gets large text and thick lines.

import { element } from "./live_element.js"
import { typing } from "./live_choices.js"
import { opens } from "./live_popover.js"

const PROJECTOR = "playground.projector"

export class Stage {
  // nodes: the panel's. redraw: called when all charts have to be drawn anew. tell: called with what was changed, by the
  // names that a link has for it.
  constructor(nodes, redraw, tell) {
    Object.assign(this, {nodes, redraw, tell, cards: [...nodes.stage.children], keys: new AbortController()})
    for (const card of this.cards) {
      const title = card.querySelector(".live-title")
      title.title = "Fill the stage with this card (F)"
      title.onclick = () => this.choose(card)
    }
    addEventListener("keydown", (event) => this.pressed(event), {signal: this.keys.signal})
    this.switch = this.menu()
    this.project(stored())
  }

  get filled() {
    return this.cards.find((card) => card.classList.contains("filled"))
  }

  // The same card again, or none, brings all of them back.
  fill(card) {
    const chosen = card === this.filled ? undefined : card
    this.nodes.stage.classList.toggle("full", Boolean(chosen))
    for (const one of this.cards) {
      one.classList.toggle("filled", one === chosen)
      one.querySelector(".live-title").setAttribute("aria-pressed", String(one === chosen))
    }
    this.redraw()
  }

  // The learner fills the stage: a link to this page will, too.
  choose(card) {
    this.fill(card)
    this.tell({card: nameOf(this.filled)})
  }

  // What a link says. Told once: later the learner's own presses count.
  open({card, projector}) {
    if (this.opened) return
    this.opened = true
    const wanted = this.cards.find((one) => nameOf(one) === card)
    if (wanted && wanted !== this.filled) this.fill(wanted)
    if (projector) this.project(true)
  }

  pressed(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return
    if (event.key === "Escape" && this.filled && !document.querySelector("[popover=auto]:popover-open")) this.choose()
    if (event.key !== "f" && event.key !== "F") return
    // The pointer comes first: after Esc the focus may still be on another card's title.
    const card = this.cards.find((one) => one.matches(":hover"))
      ?? this.cards.find((one) => one.contains(document.activeElement)) ?? this.filled
    if (card) this.choose(card)
  }

  menu() {
    const button = element("button", "live-view", "View"), box = element("input")
    box.type = "checkbox"
    box.onchange = () => {
      this.project(box.checked)
      this.tell({projector: box.checked})
    }
    const menu = element("div", "live-menu", "", [element("label", "", "", [box, "Projector: large text, thick lines"]),
      element("p", "", "A click on a card's title, or F over a card, fills the stage with it. Esc brings the others back.")])
    opens(button, menu)
    this.nodes.status.section.append(button, menu)
    return box
  }

  project(on) {
    this.projector = this.switch.checked = on
    this.nodes.root.classList.toggle("projector", on)
    document.documentElement.classList.toggle("projecting", on)
    try { localStorage.setItem(PROJECTOR, on ? "1" : "") } catch { /* private windows may refuse */ }
    this.redraw()
  }

  close() {
    document.documentElement.classList.remove("projecting")
    this.keys.abort()
  }
}

// As links and style sheets call a card; "" for none.
const nameOf = (card) => [...card?.classList ?? []].find((name) => name.startsWith("st-key-"))?.slice(7) ?? ""

function stored() {
  try { return localStorage.getItem(PROJECTOR) === "1" } catch { return false }
}
