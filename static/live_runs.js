// The last runs as a row of chips that scrolls: what is new in each, its result, and a small menu.

import { element, say } from "./live_element.js"
import { opens } from "./live_popover.js"

const EMPTY = "Your runs appear here."

// actions: what is called with a run's id to show it, to lay its curves under the
// shown run's, to use its settings, to go on from it, and to forget it.
export function runStrip(actions) {
  const strip = element("div", "live-runs st-key-runs")
  strip.setAttribute("role", "group")
  strip.setAttribute("aria-label", "Runs")
  strip.dataset.empty = EMPTY
  const runs = {strip, actions, chips: new Map(), placed: 0}
  new ResizeObserver(() => settle(runs)).observe(strip)
  strip.onscroll = () => fade(strip)
  return runs
}

export function drawRuns(runs, content) {
  const {strip, actions, chips} = runs
  const wanted = new Set(content.chips.map((chip) => chip.id))
  for (const [id, node] of chips) if (!wanted.has(id)) { node.root.remove(); chips.delete(id) }
  content.chips.forEach((chip, index) => {
    if (!chips.has(chip.id)) chips.set(chip.id, chipNode(chip.id, actions))
    fillChip(chips.get(chip.id), chip)
    const {root} = chips.get(chip.id)
    if (strip.children[index] !== root) strip.insertBefore(root, strip.children[index] ?? null)
  })
  const shown = content.chips.find((chip) => chip.shown)?.id
  // Wherever the learner has scrolled to, another shown run is found at once.
  if (strip.dataset.shown !== (shown ?? "")) runs.placed = strip.scrollLeft
  strip.dataset.shown = shown ?? ""
  settle(runs)
}

// Once the strip's width or a chip's is another. Who has scrolled the strip is left there.
function settle(runs) {
  const {strip, chips} = runs, shown = chips.get(strip.dataset.shown)
  if (shown && Math.abs(strip.scrollLeft - runs.placed) < 2) {
    reveal(strip, shown.root)
    runs.placed = strip.scrollLeft
  }
  fade(strip)
}

// An edge beyond which there are more chips is seen.
function fade(strip) {
  strip.classList.toggle("before", strip.scrollLeft > 1)
  strip.classList.toggle("more", strip.scrollLeft + strip.clientWidth < strip.scrollWidth - 1)
}

// Scrolls the strip alone, never the page.
function reveal(strip, chip) {
  const [all, one] = [strip.getBoundingClientRect(), chip.getBoundingClientRect()]
  if (one.left < all.left || one.width > all.width) strip.scrollLeft -= all.left - one.left
  else if (one.right > all.right) strip.scrollLeft += one.right - all.right
}

function chipNode(id, actions) {
  const [dot, name, sign, accuracy] = ["dot", "name", "sign", "accuracy"].map((one) => element("span", one))
  const show = element("button", "live-show", "", [dot, name, sign, accuracy])
  const more = element("button", "live-chip-more", "⋮")
  const title = element("p"), menu = element("div", "live-menu", "", [title])
  const entry = (action, word) => {
    const button = element("button", `live-menu-${action}`, word)
    button.type = "button"
    button.onclick = () => {
      menu.hidePopover()
      actions[action](id)
    }
    menu.append(button)
    return button
  }
  const [display, overlay] = [entry("show", "Show this run"), entry("overlay", "")]
  entry("adopt", "Use its settings").title = "Put them into the sidebar"
  const onward = entry("onward", "Continue from here"), start = entry("start", "Start from this run")
  const forget = entry("forget", "Forget this run")
  show.type = "button"
  show.onclick = () => actions.show(id)
  opens(more, menu)
  const root = element("div", "live-chip", "", [show, more, menu])
  return {root, show, more, title, display, overlay, onward, start, forget, dot, name, sign, accuracy}
}

function fillChip(node, chip) {
  node.dot.style.background = chip.color
  node.root.dataset.status = chip.status
  say(node.name, chip.differs)
  say(node.sign, chip.sign)
  say(node.accuracy, chip.accuracy)
  node.root.classList.toggle("shown", chip.shown)
  node.root.classList.toggle("overlaid", chip.overlaid)
  node.show.setAttribute("aria-pressed", String(chip.shown))
  node.show.title = `${chip.dataset}: ${chip.name}. ${chip.word}, ${chip.measure} ${chip.accuracy}. ${chip.started}`.trim()
  node.more.setAttribute("aria-label", `What to do with ${chip.name}`)
  say(node.title, `${chip.dataset}: ${chip.name}${chip.started && `. ${chip.started}`}`)
  node.display.disabled = chip.shown
  node.overlay.setAttribute("aria-pressed", String(chip.overlaid))
  node.overlay.disabled = chip.shown || !chip.comparable
  node.onward.disabled = node.start.disabled = !chip.continues
  node.start.title = chip.continues ? "Put its settings into the sidebar, with its weights as the start: then choose other data there, and which layers to take over or freeze" :
    "Pause the run first, or wait for its end"
  node.onward.title = chip.continues ? "Start a run with your settings that begins with this run's weights" :
    "Pause the run first, or wait for its end"
  node.forget.title = chip.forgotten ?? (chip.active ? "Ends it too, and nothing of it is kept" : "Compare keeps it")
  say(node.overlay, chip.overlaid ? "Hide its curves" : "Show its curves too")
  node.overlay.title = chip.comparable ? "" : "This run has another task, so its curves cannot be compared"
}
