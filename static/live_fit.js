// Figures as the stage's cards have room for them: narrow margins, no axis title that says what the card's own does,
// and large text with thick lines for a projector.

const MARGIN = {l: 44, r: 10, t: 8, b: 36}
const UNTITLED = ["loss_curve", "accuracy_curve"]
const LARGE = 1.5, ROOM = {l: 1.25, r: 1.25, t: 1.25, b: 1.55}, THICK = 1.8, ONE_LINE = 24, TITLE = 12, LEAST = 12, FEW = 3
const DATA = new Set(["x", "y", "z", "text", "customdata", "meta", "colorscale", "ticktext", "tickvals", "categoryarray"])

/**
 * @param {{traces: any[], layout: any}} figure changed in place
 * @param {string} name of its card
 * @param {boolean} projector
 * @param {boolean} large whether the card fills the stage
 */
export function fitted({traces, layout}, name, projector, large) {
  layout.margin = Object.fromEntries(Object.entries(MARGIN).map(([side, room]) => [side, Math.round(room * (projector ? ROOM[side] : 1))]))
  for (const axis of [layout.xaxis, layout.yaxis]) {
    if (axis?.title) Object.assign(axis.title, {standoff: 4, font: {size: TITLE}})
    if (axis && axis.visible !== false && !UNTITLED.includes(name)) axis.automargin = true
  }
  if (UNTITLED.includes(name)) delete layout.yaxis.title
  for (const word of layout.annotations ?? []) if (word.xref === "paper" && word.x === 0.5) word.text = broken(word.text)
  if (name === "confusion_matrix" && !large) traces.forEach((trace) => countsAlone(trace, projector ? 0 : FEW))
  enlarge(layout, projector ? LARGE : 1)
  for (const trace of traces) enlarge(trace, projector ? LARGE : 1)
  if (!projector) return
  for (const trace of traces) {
    if (trace.line?.width) trace.line.width *= THICK
    if (trace.marker?.size) trace.marker.size *= LARGE
  }
}

// A low cell has room for its count, not for its share as well; the pointer tells both.
function countsAlone({text}, few) {
  if (!text || text.length <= few) return
  for (const row of text) row.forEach((cell, at) => { row[at] = cell.split("<br>")[0] })
}

// The words in an empty chart, in two lines if they are many.
function broken(text) {
  const at = text.length > ONE_LINE ? text.indexOf(" ", text.length / 2 - 4) : -1
  return at < 0 ? text : `${text.slice(0, at)}<br>${text.slice(at + 1)}`
}

// All sizes of fonts that are said anywhere; none is less than what can be read.
function enlarge(value, times) {
  for (const [key, one] of Object.entries(value)) {
    if (one === null || typeof one !== "object" || DATA.has(key)) continue
    if ((key === "font" || key === "textfont") && one.size) one.size = Math.max(LEAST, one.size) * times
    enlarge(one, times)
  }
}
