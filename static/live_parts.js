// The panel's elements. Text is only ever set as textContent; elements stay, their content changes.

import { NetworkPicture } from "./network_picture.js"

export function element(tag, name = "", text = "", children = []) {
  const made = document.createElement(tag)
  if (name) made.className = name
  if (text) made.textContent = text
  made.append(...children)
  return made
}

export function say(node, text) {
  if (node.textContent !== text) node.textContent = text
}

function pair(tag, one, other, name = "") {
  return element(tag, name, "", [one, other])
}

// A card with a chart. title: unless its content gives another, as that of another task does.
function card(key, title, ...extras) {
  const heading = element("h3", "", title)
  const chart = element("div", "live-chart")
  chart.setAttribute("role", "img")
  const note = element("span", "live-note")
  const header = element("header", "", "", [heading, ...extras])
  const section = element("section", `live-card st-key-${key}`, "", [header, note, chart])
  return {section, chart, note, heading, title}
}

// What stands over any chart; a card without content is not there.
export function head({section, note, heading, title}, content) {
  section.hidden = Boolean(content.hidden)
  say(heading, content.title ?? title)
  say(note, content.note ?? "")
}

function lineKey() {
  const sample = (kind) => element("span", "live-sample", "", [element("i", kind), kind])
  return pair("span", sample("training"), sample("validation"), "live-key")
}

function scaleSwitch(log) {
  const names = [["linear", false], ["log", true]]
  const buttons = names.map(([name, on]) => {
    const button = element("button", "", name)
    button.type = "button"
    button.onclick = () => log(on)
    return button
  })
  const group = element("span", "live-switch", "", buttons)
  group.setAttribute("role", "group")
  group.setAttribute("aria-label", "Scale of the loss")
  const show = (current) => buttons.forEach((button, index) =>
    button.setAttribute("aria-pressed", String(names[index][1] === current)))
  return {group, show}
}

export function build(actions) {
  const scale = scaleSwitch(actions.log)
  const legend = element("span", "live-key")
  const nodes = {
    actions, chips: new Map(), tiles: new Map(), scale: scale.show, status: statusCard(),
    runs: element("div", "live-runs"),
    loss_curve: card("loss_curve", "Loss", lineKey(), scale.group),
    accuracy_curve: card("accuracy_curve", "Accuracy", lineKey()),
    confusion_matrix: card("confusion_matrix", "Confusion matrix"),
    predictions: card("predictions", "Predictions", legend),
    schedule_curve: card("schedule_curve", "Learning rate"),
    network: new NetworkPicture(),
    report: {section: element("section", "live-card live-report st-key-report"), table: element("table"),
      note: element("span", "live-note")}}
  const {report, predictions, runs} = nodes
  nodes.schedule_curve.section.hidden = true
  report.section.append(element("header", "", "", [element("h3", "", "Test report"), report.note]),
    element("div", "live-scroll", "", [report.table]))
  predictions.gallery = element("div", "live-gallery")
  predictions.legend = legend
  predictions.section.append(predictions.gallery)
  runs.setAttribute("role", "group")
  runs.setAttribute("aria-label", "Runs")
  const cards = ["network", "loss_curve", "accuracy_curve", "confusion_matrix", "predictions", "schedule_curve", "report"]
  nodes.root = element("div", "live", "", [nodes.status.section, runs,
    element("div", "live-grid", "", cards.map((name) => nodes[name].section))])
  return nodes
}

function statusCard() {
  const sign = element("span", "live-sign")
  sign.setAttribute("aria-hidden", "true")
  const word = element("span", "live-word")
  const badge = pair("span", sign, word, "live-badge")
  badge.setAttribute("role", "status")
  const sentence = element("p", "live-sentence")
  const fill = element("div", "live-fill")
  const bar = element("div", "live-bar", "", [fill])
  bar.setAttribute("role", "progressbar")
  bar.setAttribute("aria-label", "Epochs done")
  const numbers = element("dl", "live-numbers")
  const section = element("section", "live-status st-key-status", "",
    [pair("div", badge, sentence, "live-head"), bar, numbers])
  return {section, sign, word, sentence, fill, bar, numbers}
}

export const draw = {
  status({status, tiles}, content) {
    status.section.dataset.status = content.status
    status.bar.classList.toggle("busy", content.busy)
    status.fill.style.width = `${100 * content.progress}%`
    status.bar.setAttribute("aria-valuenow", Math.round(100 * content.progress))
    say(status.sign, content.sign)
    say(status.word, content.word)
    say(status.sentence, content.sentence)
    status.sentence.title = content.sentence
    // By their places: a run of another task names some of them otherwise.
    content.numbers.forEach(({name, value}, index) => {
      if (!tiles.has(index)) {
        tiles.set(index, [element("dt"), element("dd")])
        status.numbers.append(pair("div", ...tiles.get(index)))
      }
      say(tiles.get(index)[0], name)
      say(tiles.get(index)[1], value)
    })
  },

  runs({runs, chips, actions}, content) {
    const wanted = new Set(content.chips.map((chip) => chip.id))
    for (const [id, node] of chips) if (!wanted.has(id)) { node.root.remove(); chips.delete(id) }
    content.chips.forEach((chip, index) => {
      if (!chips.has(chip.id)) chips.set(chip.id, chipNode(chip.id, actions))
      fillChip(chips.get(chip.id), chip)
      const {root} = chips.get(chip.id)
      if (runs.children[index] !== root) runs.insertBefore(root, runs.children[index] ?? null)
    })
    const shown = content.chips.find((chip) => chip.shown)?.id
    if (shown && runs.dataset.shown !== shown) reveal(runs, chips.get(shown).root)
    runs.dataset.shown = shown ?? ""
    runs.dataset.empty = content.chips.length ? "" : "Your runs appear here, so that you can compare them."
  },

  network: ({network}, content) => network.setStructure(content),
  network_weights: ({network}, content) => network.setWeights(content),

  predictions({predictions}, content) {
    const pictures = content.kind === "gallery"
    predictions.section.classList.toggle("pictures", pictures)
    predictions.legend.replaceChildren(...(content.legend ?? []).map(({name, color, line}) => {
      const sample = element("i", line ? "" : "dot")
      if (color) sample.style[line ? "borderTopColor" : "background"] = color
      if (line) sample.style.borderTopStyle = {dash: "dashed", dot: "dotted"}[line] ?? "solid"
      const named = element("span", "live-name", name)
      named.title = name
      return element("span", "live-sample", "", [sample, named])
    }))
    if (pictures) drawGallery(predictions.gallery, content)
    else content.traces.filter((trace) => trace.meta?.levels && !trace.text).forEach(tellRegions)
    predictions.gallery.setAttribute("aria-label", content.about)
  },

  report({report}, content) {
    say(report.note, content.note)
    const cells = (tag, texts) => element("tr", "", "", texts.map((text) => {
      const cell = element(tag, "", text)
      cell.title = text
      return cell
    }))
    report.table.replaceChildren(element("thead", "", "", [cells("th", content.columns)]),
      element("tbody", "", "", content.rows.map((row) => cells("td", row))))
  }
}

// Scrolls the strip alone, never the page.
function reveal(runs, chip) {
  const [strip, one] = [runs.getBoundingClientRect(), chip.getBoundingClientRect()]
  if (one.left < strip.left) runs.scrollLeft -= strip.left - one.left
  else if (one.right > strip.right) runs.scrollLeft += one.right - strip.right
}

function chipNode(id, actions) {
  const [dot, name, sign, accuracy] = ["dot", "name", "sign", "accuracy"].map((one) => element("span", one))
  const show = element("button", "live-show", "", [dot, name, sign, accuracy])
  const overlay = element("button", "live-overlay", "≋")
  show.type = overlay.type = "button"
  show.onclick = () => actions.show(id)
  overlay.onclick = () => actions.overlay(id)
  return {root: pair("div", show, overlay, "live-chip"), show, overlay, dot, name, sign, accuracy}
}

function fillChip(node, chip) {
  node.dot.style.background = chip.color
  node.root.dataset.status = chip.status
  say(node.name, chip.name)
  say(node.sign, chip.sign)
  say(node.accuracy, chip.accuracy)
  node.root.classList.toggle("shown", chip.shown)
  node.show.setAttribute("aria-pressed", String(chip.shown))
  node.show.title = `${chip.name}: ${chip.word.toLowerCase()}, ${chip.measure} ${chip.accuracy}`
  node.overlay.setAttribute("aria-pressed", String(chip.overlaid))
  node.overlay.disabled = chip.shown || !chip.comparable
  node.overlay.title = !chip.comparable ? "Its task is another one, and so are its scales" : chip.overlaid ? "Take its curves away" : "Lay its curves over the shown run's"
  node.overlay.setAttribute("aria-label", `${node.overlay.title}: ${chip.name}`)
}

// The bytes that a text holds in base64. A loop: with a function for each letter it takes ten times as long.
export function bytes(text) {
  const letters = atob(text), found = new Uint8Array(letters.length)
  for (let at = 0; at < letters.length; at++) found[at] = letters.charCodeAt(at)
  return found
}

// The words for each point of the regions, from the byte that says class and confidence.
function tellRegions(trace) {
  const {levels, classes} = trace.meta
  const size = Number(trace.z.shape.split(",")[1])
  const words = Array.from(bytes(trace.z.bdata), (one) =>
    `${classes[Math.floor(one / levels)]}, about ${Math.round(100 * (one % levels + 0.5) / levels)} % sure`)
  trace.text = Array.from({length: size}, (_, row) => words.slice(row * size, (row + 1) * size))
}

function drawGallery(gallery, content) {
  gallery.classList.toggle("coloured", content.channels === 3)
  while (gallery.children.length > content.items.length) gallery.lastChild.remove()
  while (gallery.children.length < content.items.length) {
    gallery.append(element("figure", "", "", [element("canvas"), pair("figcaption", element("b"), element("span"))]))
  }
  content.items.forEach((item, index) => {
    const figure = gallery.children[index]
    const [canvas, caption] = figure.children
    figure.className = item.wrong ? "wrong" : ""
    say(caption.firstChild, item.predicted ? `${item.wrong ? "✕" : "✓"} ${item.predicted}` : item.label)
    say(caption.lastChild, item.predicted ? (item.wrong ? `is ${item.label}, ` : "") + item.confidence : "not seen yet")
    figure.title = item.predicted ? `Predicted ${item.predicted}, ${item.confidence} sure; it is ${item.label}`
      : `Test image ${item.index}: ${item.label}`
    if (figure.dataset.picture !== item.pixels) paintPicture(canvas, item.pixels, content)
    figure.dataset.picture = item.pixels
  })
}

function paintPicture(canvas, pixels, {height, width, channels}) {
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, {width, height})
  const from = bytes(pixels)
  const image = new ImageData(width, height)
  for (let pixel = 0; pixel < width * height; pixel++) {
    for (let color = 0; color < 3; color++) {
      image.data[4 * pixel + color] = from[pixel * channels + (channels === 3 ? color : 0)]
    }
    image.data[4 * pixel + 3] = 255
  }
  canvas.getContext("2d").putImageData(image, 0, 0)
}
