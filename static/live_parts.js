// The panel's cards. Text is only ever set as textContent; elements stay, their content changes.

import { element, pair, say } from "./live_element.js"
import { drawRuns, runStrip } from "./live_runs.js"
import { drawStatus, statusLine } from "./live_status.js"
import { drawSentences } from "./live_sentences.js"
import { NetworkPicture } from "./network_picture.js"
import { TryCard } from "./live_try.js"
import { faceSwitch } from "./try_faces.js"
import { bytes } from "./live_bytes.js"

export { bytes, element, say }

// The cards in one view, in its order, and what comes after it by scrolling.
const STAGE = ["network", "loss_curve", "predictions", "try_it", "confusion_matrix", "accuracy_curve"]
const BELOW = ["schedule_curve", "report"]

// A card with a chart. title: unless its content gives another, as that of another task does.
function card(key, title, ...extras) {
  const heading = element("button", "live-title", title)
  const chart = element("div", "live-chart")
  chart.setAttribute("role", "img")
  const note = element("span", "live-note")
  heading.type = "button"
  const header = element("header", "", "", [element("h3", "", "", [heading]), note, ...extras])
  const section = element("section", `live-card st-key-${key}`, "", [header, chart])
  return {section, chart, note, heading, title}
}

// What stands over any chart; a card without content is not there.
export function head({section, note, heading, title}, content) {
  section.hidden = Boolean(content.hidden)
  say(heading, content.title ?? title)
  const told = [content.note, content.more].filter(Boolean).join(". ")
  if (note.title === told) return
  note.title = told
  // More is seen where the card fills the stage.
  note.replaceChildren(...told ? [content.note, element("span", "live-more", told.slice(content.note.length))] : [])
}

function lineKey() {
  const sample = (kind) => element("span", "live-sample", "", [element("i", kind), kind])
  return pair("span", sample("training"), sample("validation"), "live-key")
}

function scaleSwitch(log) {
  const button = element("button", "live-switch", "log")
  button.type = "button"
  button.title = "Logarithmic scale"
  let on = false
  button.onclick = () => log(!on)
  const show = (current) => {
    on = current
    button.setAttribute("aria-pressed", String(on))
  }
  return {button, show}
}

export function build(actions) {
  const scale = scaleSwitch(actions.log)
  const legend = element("span", "live-key"), choices = element("span", "live-choices")
  const face = faceSwitch("Try it", "Give the network an input of your own")
  const nodes = {
    scale: scale.show, status: statusLine(), runs: runStrip(actions),
    loss_curve: card("loss_curve", "Loss", lineKey(), scale.button),
    predictions: card("predictions", "Predictions", legend, choices, face),
    confusion_matrix: card("confusion_matrix", "Confusion matrix"),
    accuracy_curve: card("accuracy_curve", "Accuracy", lineKey()),
    schedule_curve: card("schedule_curve", "Learning rate"),
    network: new NetworkPicture(), try_it: new TryCard(),
    report: {section: element("section", "live-card live-report st-key-report"), table: element("table"),
      note: element("span", "live-note")}}
  const {report, predictions} = nodes
  nodes.schedule_curve.section.hidden = true
  report.section.append(element("header", "", "", [element("h3", "", "Test report"), report.note]),
    element("div", "live-scroll", "", [report.table]))
  predictions.gallery = element("div", "live-gallery")
  // Without a role, no reader says its name.
  predictions.gallery.setAttribute("role", "group")
  Object.assign(predictions, {legend, choices, face})
  predictions.section.append(predictions.gallery)
  const grid = (name, cards) => element("div", name, "", cards.map((one) => nodes[one].section))
  nodes.status.section.append(nodes.runs.strip)
  nodes.stage = grid("live-stage", STAGE)
  nodes.root = element("div", "live stage", "", [nodes.status.section, nodes.stage, grid("live-grid", BELOW)])
  return nodes
}

export const draw = {
  status: ({status}, content) => drawStatus(status, content),
  runs: ({runs}, content) => drawRuns(runs, content),

  network({network, try_it: card, predictions: {gallery}}, content) {
    network.setStructure(content)
    card.setNetwork(content)
    gallery.dataset.chosen = network.section.dataset.example = content.example?.index ?? ""
    markChosen(gallery)
  },
  network_weights({network, try_it: card}, content) {
    network.setWeights(content)
    card.setWeights(content)
  },
  try_it: ({try_it: card}, content) => card.setUp(content),
  items: ({try_it: card}, content) => card.setItems(content),
  tried: ({try_it: card}, content) => card.setAnswer(content),

  predictions({predictions}, content) {
    const drawn = {gallery: drawGallery, sentences: drawSentences}[content.kind], pictures = Boolean(drawn)
    predictions.section.classList.toggle("pictures", pictures)
    drawLegend(predictions, content.legend ?? [])
    if (drawn) {
      const {gallery} = predictions
      if (gallery.dataset.kind !== content.kind) gallery.replaceChildren()
      gallery.dataset.kind = content.kind
      gallery.classList.toggle("sentences", content.kind === "sentences")
      drawn(gallery, content)
      markChosen(gallery)
    }
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

function drawLegend(predictions, names) {
  const {legend} = predictions, told = JSON.stringify(names)
  if (legend.dataset.told === told) return
  legend.dataset.told = told
  predictions.section.classList.toggle("explained", names.length > 0)
  legend.replaceChildren(...names.map(({name, color, line}) => {
    const sample = element("i", line ? "" : "dot")
    if (color) sample.style[line ? "borderTopColor" : "background"] = color
    if (line) sample.style.borderTopStyle = {dash: "dashed", dot: "dotted"}[line] ?? "solid"
    const named = element("span", "live-name", name)
    named.title = name
    return element("span", "live-sample", "", [sample, named])
  }))
  fitLegend(predictions)
}

// The legend has a row of its own where its names have no room beside the title.
export function fitLegend({legend, section}) {
  section.classList.remove("keyed")
  const cut = [...legend.querySelectorAll(".live-name")].some((one) => one.scrollWidth > one.clientWidth)
  section.classList.toggle("keyed", cut)
}

// The words for each point of the regions, from the byte that says class and confidence.
export function tellRegions(trace) {
  const {levels, classes} = trace.meta
  const size = Number(trace.z.shape.split(",")[1])
  const words = Array.from(bytes(trace.z.bdata), (one) =>
    `${classes[Math.floor(one / levels)]}, about ${Math.round(100 * (one % levels + 0.5) / levels)} % sure`)
  trace.text = Array.from({length: size}, (_, row) => words.slice(row * size, (row + 1) * size))
}

// An example that is chosen by its picture, or in the network, is shown in the network.
// choose: called with its number in the test set.
export function chooses({network, predictions: {gallery}}, choose) {
  network.onExample = choose
  const pick = (event) => {
    const figure = event.target.closest("figure")
    if (!figure || (event.type === "keydown" && event.key !== "Enter" && event.key !== " ")) return
    event.preventDefault()
    choose(Number(figure.dataset.index))
  }
  gallery.addEventListener("click", pick)
  gallery.addEventListener("keydown", pick)
}

function markChosen(gallery) {
  for (const figure of gallery.children) {
    figure.setAttribute("aria-pressed", String(figure.dataset.index === gallery.dataset.chosen))
  }
}

function drawGallery(gallery, content) {
  gallery.classList.toggle("coloured", content.channels === 3)
  gallery.classList.toggle("triples", content.parts === 3)
  while (gallery.children.length > content.items.length) gallery.lastChild.remove()
  while (gallery.children.length < content.items.length) {
    gallery.append(element("figure", "", "", [element("canvas"), pair("figcaption", element("b"), element("span"))]))
  }
  content.items.forEach((item, index) => {
    const figure = gallery.children[index]
    const [canvas, caption] = figure.children
    figure.className = item.wrong ? "wrong" : ""
    figure.dataset.index = item.index
    figure.tabIndex = 0
    figure.setAttribute("role", "button")
    say(caption.firstChild, item.caption ? item.caption : !item.predicted ? item.label : item.wrong ? `✕ ${item.predicted}, ${item.confidence}` : `✓ ${item.predicted}`)
    say(caption.lastChild, item.more ? item.more : !item.predicted ? "unseen" : item.wrong ? `is ${item.label}` : item.confidence)
    figure.title = item.about ? item.about : item.predicted ? `Predicted ${item.predicted}, ${item.confidence} sure; it is ${item.label}`
      : `Test image ${item.index + 1}: ${item.label}`
    figure.setAttribute("aria-label", figure.title)
    if (figure.dataset.picture !== item.pixels) paintPicture(canvas, item.pixels, content, !item.predicted)
    figure.dataset.picture = item.pixels
  })
}

// What an error looks like on the stage: #d55e00.
const ERROR = [213, 94, 0]

// parts: 3 where a picture is three side by side, the last of which shows errors: they stand apart, and before the
// first answer the first one stands alone.
function paintPicture(canvas, pixels, {height, width, channels, parts = 1}, alone) {
  const gap = Math.ceil(height / 10), each = width / parts, whole = width + (parts - 1) * gap
  if (canvas.width !== whole || canvas.height !== height) Object.assign(canvas, {width: whole, height})
  const from = bytes(pixels)
  const image = new ImageData(width, height)
  for (let pixel = 0; pixel < width * height; pixel++) {
    const wrong = parts === 3 && 3 * (pixel % width) >= 2 * width
    for (let color = 0; color < 3; color++) {
      const level = from[pixel * channels + (channels === 3 ? color : 0)]
      image.data[4 * pixel + color] = wrong && channels === 1 ? level * ERROR[color] / 255 : level
    }
    image.data[4 * pixel + 3] = 255
  }
  const to = canvas.getContext("2d")
  to.clearRect(0, 0, whole, height)
  for (let part = 0; part < (alone ? 1 : parts); part++) {
    to.putImageData(image, part * gap, 0, part * each, 0, each, height)
  }
}
