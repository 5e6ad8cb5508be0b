// What Plotly draws for our traces, on a canvas: lines, dots, crosses, and heatmaps with and without numbers. Sizes and
// rules are Plotly's (plotly.js, src/traces/heatmap/plot.js, src/components/drawing), so that a painted chart looks the same.

import { bytes } from "./live_parts.js"

const MITER = 2, LINE_SPACING = 1.3
const DASHES = {dash: (width) => [3 * Math.max(width, 3), 3 * Math.max(width, 3)], dot: (width) => [Math.max(width, 3), Math.max(width, 3)]}
const KNOWN = {scatter: ["lines", "markers", "lines+markers"], heatmap: [undefined]}
const DARK = 128

/** Whether `paintTrace` draws all that is seen of this trace. */
export const paintable = ({type, mode, marker}) => (KNOWN[type]?.includes(mode) ?? false)
  && (mode === "lines" || !marker?.symbol || ["circle", "x"].includes(marker.symbol))

/** @typedef {{x: import("./paint_axes.js").axisOf, y: import("./paint_axes.js").axisOf}} Axes */

/**
 * @param {CanvasRenderingContext2D} to
 * @param {any} trace
 * @param {any} axes x and y of `axisOf`
 * @param {number} reached only points up to this x are drawn
 * @param {{left: number, top: number, width: number, height: number, font: string}} place of the plot
 */
export function paintTrace(to, trace, axes, reached, place) {
  to.save()
  to.globalAlpha = trace.opacity ?? 1
  if (trace.type === "heatmap" && trace.texttemplate) cells(to, trace, place)
  else if (trace.type === "heatmap") surface(to, trace, axes)
  else {
    if (trace.mode.includes("lines")) line(to, trace, axes, reached)
    if (trace.mode.includes("markers")) dots(to, trace, axes, reached)
  }
  to.restore()
}

function line(to, {x, y, fill, fillcolor, line: {color, width, dash}}, axes, reached) {
  to.beginPath()
  let pen = false
  for (let index = 0; index < y.length && x[index] <= reached; index++) {
    const across = axes.x.at(x[index]), down = y[index] === null ? NaN : axes.y.at(y[index])
    const there = Number.isFinite(across) && Number.isFinite(down)
    if (there && pen) to.lineTo(across, down)
    else if (there) to.moveTo(across, down)
    pen = there
  }
  if (fill === "toself") {
    to.fillStyle = fillcolor
    to.fill()
  }
  // A canvas takes no line of width 0 for none.
  if (!width) return
  Object.assign(to, {strokeStyle: color, lineWidth: width, miterLimit: MITER})
  to.setLineDash(DASHES[dash]?.(width) ?? [])
  to.stroke()
}

function dots(to, {x, y, marker, line: drawn}, axes, reached) {
  const {size, color, symbol, line: outline, opacity} = marker, shape = (symbol === "x" ? cross : circle)(size / 2)
  // What shines through must not do so twice, where the outline lies over the inside.
  const inside = opacity < 1 && outline?.width ? circle((size - outline.width) / 2) : shape
  to.globalAlpha *= opacity ?? 1
  to.setLineDash([])
  Object.assign(to, {lineWidth: outline?.width ?? 0, strokeStyle: outline?.color ?? "", miterLimit: MITER})
  for (let index = 0; index < y.length; index++) {
    const across = axes.x.at(x[index]), down = y[index] === null ? NaN : axes.y.at(y[index])
    if (!(x[index] <= reached) || !Number.isFinite(across) || !Number.isFinite(down)) continue
    to.save()
    to.translate(across, down)
    to.fillStyle = Array.isArray(color) ? color[index] : color ?? drawn.color
    to.fill(inside)
    if (outline?.width) to.stroke(shape)
    to.restore()
  }
}

function circle(radius) {
  const path = new Path2D()
  path.arc(0, 0, radius, 0, 2 * Math.PI)
  return path
}

function cross(radius) {
  const r = (0.8 * radius / Math.SQRT2).toFixed(2)
  const [ne, se, sw, nw] = [`l${r},${r}`, `l${r},-${r}`, `l-${r},-${r}`, `l-${r},${r}`]
  return new Path2D(`M0,${r}${ne}${se}${sw}${se}${sw}${nw}${sw}${nw}${ne}${nw}${ne}Z`)
}

const rgb = (color) => color.match(/[\d.]+/g).slice(0, 3).map(Number)

/** The colour of a value on a scale of [share, "rgb(...)"], as numbers from 0 to 255. */
export function colorOf(value, {zmin, zmax, colorscale}) {
  const share = (value - zmin) / (zmax - zmin)
  let above = colorscale.findIndex(([end]) => end >= share)
  if (above < 0) above = colorscale.length - 1
  const [high, to] = colorscale[above], [low, from] = colorscale[Math.max(0, above - 1)]
  const part = high > low ? Math.min(1, Math.max(0, (share - low) / (high - low))) : 0
  const [a, b] = [rgb(from), rgb(to)]
  return a.map((one, index) => Math.round(one + part * (b[index] - one)))
}

const sheet = document.createElement("canvas")
const palettes = new Map()  // of a colour scale, written: the colour of each byte

// A heatmap of bytes, a pixel for each, smoothed.
function surface(to, trace, axes) {
  const {z, zmin, zmax, colorscale, x0, dx, y0, dy} = trace, key = JSON.stringify([zmin, zmax, colorscale])
  if (!palettes.has(key)) {
    if (palettes.size > 20) palettes.clear()
    palettes.set(key, Array.from({length: 256}, (_, byte) => colorOf(byte, trace)))
  }
  const palette = palettes.get(key), [rows, columns] = z.shape.split(",").map(Number), values = bytes(z.bdata)
  if (sheet.width !== columns || sheet.height !== rows) Object.assign(sheet, {width: columns, height: rows})
  const image = new ImageData(columns, rows)
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      // The first row lies at the bottom.
      image.data.set(palette[values[row * columns + column]], 4 * ((rows - 1 - row) * columns + column))
      image.data[4 * ((rows - 1 - row) * columns + column) + 3] = 255
    }
  }
  sheet.getContext("2d").putImageData(image, 0, 0)
  const [left, right] = [axes.x.at(x0 - dx / 2), axes.x.at(x0 + (columns - 0.5) * dx)]
  const [top, bottom] = [axes.y.at(y0 + (rows - 0.5) * dy), axes.y.at(y0 - dy / 2)]
  to.imageSmoothingEnabled = true
  to.drawImage(sheet, left, top, right - left, bottom - top)
}

// A heatmap of names, with a text in each cell; the first row lies at the top.
function cells(to, trace, {left, top, width, height, font}) {
  const {z, text, xgap, ygap, textfont: {size}} = trace, [rows, columns] = [z.length, z[0].length]
  const edge = (index, count, length) => Math.round(index * length / count)
  Object.assign(to, {font: `${size}px ${font}`, textAlign: "center", textBaseline: "alphabetic"})
  for (let row = 0; row < rows; row++) {
    const [y, next] = [edge(row, rows, height), edge(row + 1, rows, height)]
    for (let column = 0; column < columns; column++) {
      const [x, end] = [edge(column, columns, width), edge(column + 1, columns, width)]
      const color = colorOf(z[row][column], trace)
      to.fillStyle = `rgb(${color})`
      to.fillRect(left + x + Math.floor(xgap / 2), top + y + Math.floor(ygap / 2), end - x - xgap, next - y - ygap)
      const lines = text[row][column].split("<br>")
      if (!lines[0]) continue
      to.fillStyle = readable(color)
      const middle = Math.round((row + 0.5) * height / rows)
      const first = top + middle - lines.length * size * LINE_SPACING / 2 + size
      lines.forEach((one, number) => to.fillText(one, left + Math.round((column + 0.5) * width / columns),
        first + number * size * LINE_SPACING))
    }
  }
}

// tinycolor's rule, as Plotly uses it for texts over colours.
const readable = ([red, green, blue]) => (299 * red + 587 * green + 114 * blue) / 1000 < DARK ? "#fff" : "#444"

