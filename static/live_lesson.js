// The line above the stage that leads back to the lesson, on a screen on which the sidebar lies over the stage. There the
// sidebar opens with the lesson and closes when a run begins: what is to be seen then is on the stage.

import { element, say } from "./live_element.js"

const NARROW = "(max-width: 640px)"
const OPENS = "[data-testid=stExpandSidebarButton]", CLOSES = "[data-testid=stSidebarCollapseButton] button[aria-expanded=true]"

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

  tell({title, next, watch, asks}) {
    // Streamlit keeps it closed where it was closed before.
    if (this.narrow.matches && asks && title !== this.title.textContent) click(OPENS)
    this.button.hidden = !title
    say(this.title, title)
    say(this.next, next)
    if (this.narrow.matches && watch && this.watched === false) click(CLOSES)
    this.watched = watch
  }

  close() {
    this.button.remove()
  }
}
