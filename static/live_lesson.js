// The line above the stage that leads back to the lesson, on a screen on which the sidebar lies over the stage. There the
// sidebar opens with the lesson and closes when a run begins: what is to be seen then is on the stage.

import { element, say } from "./live_element.js"

const NARROW = "(max-width: 640px)"
const OPENS = "[data-testid=stExpandSidebarButton]", CLOSES = "[data-testid=stSidebarCollapseButton] button[aria-expanded=true]"

// Streamlit may draw the button that opens the sidebar after the stage.
const TRIES = 12, AGAIN_MS = 250

const click = (name) => document.querySelector(name)?.click()

export class LessonLine {
  // root: of the panel.
  constructor(root) {
    this.title = element("b")
    this.next = element("span")
    this.button = element("button", "lesson-line", "", [this.title, " ", this.next])
    this.button.type = "button"
    this.button.hidden = true
    this.button.onclick = () => click(OPENS)
    root.prepend(this.button)
    this.narrow = matchMedia(NARROW)
  }

  tell({title, next, watch}) {
    // Streamlit keeps it closed where it was closed before.
    if (this.narrow.matches && title && !watch && title !== this.title.textContent) this.open()
    this.button.hidden = !title
    say(this.title, title)
    say(this.next, next)
    if (this.narrow.matches && watch && this.watched === false) click(CLOSES)
    this.watched = watch
  }

  open(tries = TRIES) {
    clearTimeout(this.opening)
    if (document.querySelector(CLOSES)) return
    click(OPENS)
    if (tries) this.opening = setTimeout(() => this.open(tries - 1), AGAIN_MS)
  }

  close() {
    clearTimeout(this.opening)
    this.button.remove()
  }
}
