// Test sentences in the place of the predictions' chart: each with what it is and what the network says.

import { element, pair, say } from "./live_element.js"

/**
 * @param {HTMLElement} gallery
 * @param {{items: any[]}} content the part `predictions` (core/charts/sentences.py)
 */
export function drawSentences(gallery, {items}) {
  while (gallery.children.length > items.length) gallery.lastChild.remove()
  while (gallery.children.length < items.length) {
    gallery.append(element("figure", "", "", [pair("figcaption", element("b"), element("span")), element("p"), element("p", "live-likely")]))
  }
  items.forEach(({index, label, predicted, confidence, wrong, text, more}, place) => {
    const figure = gallery.children[place], [caption, words, likely] = figure.children
    figure.className = wrong ? "wrong" : ""
    figure.dataset.index = index
    figure.tabIndex = 0
    figure.setAttribute("role", "button")
    say(caption.firstChild, !predicted ? label : wrong ? `✕ ${predicted}, ${confidence}` : `✓ ${predicted}`)
    say(caption.lastChild, !predicted ? "unseen" : wrong ? `is ${label}` : confidence)
    say(words, text)
    say(likely, more ?? "")
    figure.title = "Show it in the network"
  })
}
