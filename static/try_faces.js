// The predictions' card and Try it are two faces of one card: only one of them can be seen.

import { element } from "./live_element.js"

/** The button that turns a card to its other face. */
export function faceSwitch(word, title) {
  return Object.assign(element("button", "live-switch live-face", word), {type: "button", title})
}

/**
 * Two cards in one place.
 * @param {{predictions: any, try_it: any}} nodes a `TryCard` is the second
 * @param {() => any} filled the card that fills the stage
 * @param {(card: Element) => void} fill
 */
export function faces({predictions, try_it: card}, filled, fill) {
  const turn = (open) => {
    const [front, back] = open ? [card, predictions] : [predictions, card], whole = filled() === back.section
    const focused = back.section.contains(document.activeElement)
    back.section.classList.add("away")
    front.section.classList.remove("away")
    if (whole) fill(front.section)
    card.turn(open)
    if (focused) front.face.focus()
  }
  card.face = card.switch
  card.switch.onclick = () => turn(false)
  predictions.face.onclick = () => turn(true)
  return turn
}
