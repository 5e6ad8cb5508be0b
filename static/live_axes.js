// Which two features of a table the decision regions are drawn over: a button in the card of predictions, and two menus
// that open over the page.

import { element } from "./live_element.js"
import { opens } from "./live_popover.js"

const WORDS = ["Across", "Up"]

// choose: called with the columns for both axes.
export function axes(place, choose) {
  const button = element("button", "live-switch", "axes"), menus = WORDS.map(() => element("select", "run-menu"))
  const panel = element("div", "live-menu", "", menus.map((menu, at) =>
    element("label", "", "", [element("span", "", WORDS[at]), menu])))
  button.title = "Choose the two features of the picture"
  menus.forEach((menu, at) => {
    menu.onchange = () => {
      const pair = menus.map(({value}) => Number(value))
      // The other axis takes what this one had: a feature against itself shows nothing.
      if (pair[0] === pair[1]) pair[1 - at] = nodes.pair[at]
      choose(pair)
    }
  })
  opens(button, panel)
  place.append(button, panel)
  const nodes = {button, menus, pair: [0, 1]}
  return nodes
}

export function drawAxes(nodes, {features, pair}) {
  nodes.button.hidden = !features.length
  nodes.pair = pair
  nodes.menus.forEach((menu, at) => {
    if (menu.dataset.features !== features.join()) {
      menu.replaceChildren(...features.map((name, column) =>
        Object.assign(element("option", "", name), {value: String(column)})))
      menu.dataset.features = features.join()
    }
    menu.value = String(pair[at])
  })
}
