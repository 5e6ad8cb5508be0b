// Colours of the page's theme, and the filling in of the names that core/charts/style.py uses for them.

/** @typedef {{surface: string, text: string, font: string, muted: string, grid: string, dark: boolean, name: string}} Theme */

let paint  // a canvas, which knows every CSS colour

/**
 * @param {string} color any CSS colour
 * @returns {number[]} red, green, blue, 0 to 255
 */
function rgb(color) {
  if (/^#[\da-f]{6}$/i.test(color)) return [1, 3, 5].map((at) => parseInt(color.slice(at, at + 2), 16))
  paint ??= document.createElement("canvas").getContext("2d")
  paint.fillStyle = "#000"
  paint.fillStyle = color
  const text = paint.fillStyle
  if (text.startsWith("#")) return rgb(text)
  return text.match(/[\d.]+/g).slice(0, 3).map(Number)
}

/**
 * One colour over another, `share` (0 to 1) of the first.
 * @param {string} over
 * @param {string} under
 * @param {number} share
 */
export function mix(over, under, share) {
  const [a, b] = [rgb(over), rgb(under)]
  return `rgb(${a.map((one, index) => Math.round(one * share + b[index] * (1 - share))).join(",")})`
}

/**
 * The theme at this moment; `name` differs when anything in it does.
 * @param {Element} element
 * @returns {Theme}
 */
export function readTheme(element) {
  const style = getComputedStyle(element)
  const read = (name, otherwise) => style.getPropertyValue(name).trim() || otherwise
  const surface = read("--st-background-color", "#ffffff")
  const text = read("--st-text-color", "#222222")
  const font = read("--st-font", "sans-serif")
  const [red, green, blue] = rgb(surface)
  return {surface, text, font, muted: mix(text, surface, 0.72), grid: mix(text, surface, 0.13),
    dark: red * 0.3 + green * 0.59 + blue * 0.11 < 128, name: [surface, text, font].join()}
}

const NAME = /^@(#?\w+)(?:\/([\d.]+))?$/
// Where a figure holds words and numbers, and where it holds templates and formats, which are ours alone.
const WORDS = new Set(["text", "name", "customdata", "ticktext", "tickvals", "label", "categoryarray", "x", "y", "z", "meta"])
const TEMPLATES = new Set(["hovertemplate", "texttemplate", "unifiedhovertitle", "tickformat"])

// Plotly takes every text for HTML of a kind, even with links, and fills in each %{name}. The words of our figures
// are plain, whoever chose them: they are shown as they are written, and a line end begins a new line.
const SIGNS = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "{": "&#123;", "\n": "<br>"}

function literal(value) {
  if (typeof value === "string") return value.replace(/[&<>{\n]/g, (sign) => SIGNS[sign])
  if (Array.isArray(value)) return value.every((one) => typeof one === "number") ? value : value.map(literal)
  if (value === null || typeof value !== "object" || value.bdata) return value
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, literal(one)]))
}

// Percentages look on charts as they do in texts: 83.3 %, with a space. Plotly's locales have no sign for percent of
// their own, but one for a currency, which d3 puts behind a number whose format begins with "$", also behind "%".
const LOCALES = {"en-US": {format: {currency: ["", " %"]}}}
const PERCENT = /(^|:)((?:\.\d)?~?%)(?=\}|$)/g

function spaced(format) {
  if (typeof format === "string") return format.replace(PERCENT, "$1$$$2")
  return Object.fromEntries(Object.entries(format).map(([key, one]) => [key, spaced(one)]))
}

// What all charts have in common. Formulas stay text: a name may hold two dollar signs.
export const CONFIG = {displaylogo: false, scrollZoom: false, showTips: false, typesetMath: false, locales: LOCALES,
  modeBarButtons: [["resetScale2d", "toImage"]]}

/**
 * A copy of a figure as Plotly takes it: the theme's colours in place of their names, and words as plain text.
 * @param {any} value a figure {traces, layout}, or a part of one
 * @param {Theme} theme
 */
export function themed(value, theme) {
  if (typeof value === "string") {
    const [, name, share] = value.match(NAME) ?? []
    if (!name) return value
    const color = theme[name] ?? name
    return share === undefined ? color : mix(color, theme.surface, Number(share))
  }
  if (Array.isArray(value)) return value.map((one) => themed(one, theme))
  if (value === null || typeof value !== "object") return value
  // Ticks of parallel coordinates are the only words that Plotly takes as they are.
  const kept = (key) => key === "ticktext" && "label" in value
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, TEMPLATES.has(key) ? spaced(one)
    : kept(key) ? one : WORDS.has(key) ? literal(one) : themed(one, theme)]))
}
