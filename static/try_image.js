// From a drawing or a photo to the image that a network expects: pure functions on grey values from 0 to 1, row by row.
// An image is {values, width, height}; ink is bright, paper is dark, as in the datasets.

const INK = 0.1            // what is darker is paper
const LIGHT = 0.5          // a brighter edge is paper that has to be turned dark
const STRETCH = [0.5, 1.4]  // how much wider a drawing may become: a 1 must stay slim, a dash a dash
const FAINT = 0.3, FULL = 0.75  // of a photo's contrast: below is paper, above is ink

/** @typedef {{values: Float32Array, width: number, height: number}} Image */

/**
 * The smallest box around all ink; null without any.
 * @param {Image} image
 */
export function inkBox({values, width, height}) {
  let [left, top, right, bottom] = [width, height, -1, -1]
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at++) {
      if (values[at] <= INK) continue
      if (x < left) left = x
      if (x > right) right = x
      if (y < top) top = y
      bottom = y
    }
  }
  return right < 0 ? null : {x: left, y: top, width: right - left + 1, height: bottom - top + 1}
}

/**
 * A part of an image in another size: each pixel is the mean of the area that it covers.
 * @param {Image} image
 * @param {{x: number, y: number, width: number, height: number}} box may reach beyond the image, where it is dark
 * @param {number} width
 * @param {number} height
 * @returns {Image}
 */
export function resized(image, box, width, height) {
  const across = shares(box.x, box.width, width, image.width), down = shares(box.y, box.height, height, image.height)
  const values = new Float32Array(width * height)
  down.forEach((rows, y) => across.forEach((columns, x) => {
    let sum = 0
    for (const [row, high] of rows) for (const [column, wide] of columns) sum += high * wide * image.values[row * image.width + column]
    values[y * width + x] = sum
  }))
  return {values, width, height}
}

// Which pixels each of `count` equal parts covers, and which share of the part each of them is.
function shares(from, length, count, most) {
  const size = length / count
  return Array.from({length: count}, (_, part) => {
    const [low, high] = [from + part * size, from + (part + 1) * size], found = []
    for (let at = Math.max(0, Math.floor(low)); at < Math.min(most, Math.ceil(high)); at++) {
      found.push([at, (Math.min(at + 1, high) - Math.max(at, low)) / size])
    }
    return found
  })
}

/**
 * The middle of all brightness, in pixels from the upper left corner; null of a dark image.
 * @param {Image} image
 */
export function centreOfMass({values, width, height}) {
  let [sum, x, y] = [0, 0, 0]
  values.forEach((value, at) => {
    sum += value
    x += value * (at % width + 0.5)
    y += value * (Math.floor(at / width) + 0.5)
  })
  return sum > 0 && height ? {x: x / sum, y: y / sum} : null
}

/**
 * An image moved by whole pixels; what leaves it is gone.
 * @param {Image} image
 * @param {number} right
 * @param {number} down
 * @returns {Image}
 */
export function shifted({values, width, height}, right, down) {
  const moved = new Float32Array(values.length)
  for (let y = Math.max(0, down); y < Math.min(height, height + down); y++) {
    for (let x = Math.max(0, right); x < Math.min(width, width + right); x++) {
      moved[y * width + x] = values[(y - down) * width + x - right]
    }
  }
  return {values: moved, width, height}
}

/**
 * An image turned clockwise around its middle, between pixels linearly.
 * @param {Image} image
 * @param {number} degrees
 * @returns {Image}
 */
export function turned({values, width, height}, degrees) {
  if (degrees % 360 === 0) return {values, width, height}
  const angle = degrees * Math.PI / 180, [cos, sin] = [Math.cos(angle), Math.sin(angle)]
  const at = (x, y) => x < 0 || y < 0 || x >= width || y >= height ? 0 : values[y * width + x]
  const found = new Float32Array(values.length)
  for (let y = 0, to = 0; y < height; y++) {
    for (let x = 0; x < width; x++, to++) {
      const [right, down] = [x + 0.5 - width / 2, y + 0.5 - height / 2]
      const [u, v] = [cos * right + sin * down + width / 2 - 0.5, cos * down - sin * right + height / 2 - 0.5]
      const [column, row] = [Math.floor(u), Math.floor(v)], [dx, dy] = [u - column, v - row]
      found[to] = (1 - dy) * ((1 - dx) * at(column, row) + dx * at(column + 1, row))
        + dy * ((1 - dx) * at(column, row + 1) + dx * at(column + 1, row + 1))
    }
  }
  return {values: found, width, height}
}

/**
 * A drawing as the images of a dataset are: fitted into a box and put in the middle.
 * @param {Image} image
 * @param {{width: number, height: number}} size of the dataset's images
 * @param {{fit: number, middle: string, wide?: number}} how `fit`: the box's side in pixels; `middle`: what is put there,
 *   the centre of `mass` or of the `box` around the ink; "" takes the drawing as it is; `wide`: how wide, in pixels, the
 *   dataset's images are where they are `fit` high: a drawing is stretched towards it; 0 keeps its proportions
 * @returns {Image}
 */
export function fitted(image, {width, height}, {fit, middle, wide: goal = 0}) {
  const whole = {x: 0, y: 0, width: image.width, height: image.height}
  const box = middle ? inkBox(image) : whole
  if (!box) return {values: new Float32Array(width * height), width, height}
  if (!middle) return resized(image, whole, width, height)
  if (middle === "box") return boxed(image, box, {width, height}, fit, goal)
  const scale = fit / Math.max(box.width, box.height)
  const [wide, high] = [box.width, box.height].map((side) => Math.max(1, Math.round(side * scale)))
  const small = resized(image, box, wide, high)
  const {x, y} = centreOfMass(small) ?? {x: wide / 2, y: high / 2}
  return placed(small, {width, height}, Math.round(width / 2 - x), Math.round(height / 2 - y))
}

// The box's middle in the image's middle, without rounding: in 8 pixels half of one is much.
function boxed(image, box, {width, height}, fit, goal) {
  const ratio = box.width / box.height, [least, most] = STRETCH
  const stretch = goal ? Math.min(most, Math.max(least, goal / (fit * ratio))) : 1
  // The drawing becomes `tall` pixels high; a wide one only as high as lets it fit.
  const tall = fit / Math.max(1, ratio * stretch), down = box.height / tall, across = down / stretch
  const [wide, high] = [width * across, height * down]
  return resized(image, {x: box.x + (box.width - wide) / 2, y: box.y + (box.height - high) / 2, width: wide, height: high}, width, height)
}

// A small image in a dark one, moved no further than to the edge.
function placed(small, {width, height}, left, top) {
  const values = new Float32Array(width * height)
  const [x, y] = [Math.min(Math.max(0, left), width - small.width), Math.min(Math.max(0, top), height - small.height)]
  for (let row = 0; row < small.height; row++) {
    values.set(small.values.subarray(row * small.width, (row + 1) * small.width), (y + row) * width + x)
  }
  return {values, width, height}
}

/**
 * Whether the paper is light: then a photo shows ink that is darker than it. The edge tells.
 * @param {Image} image
 */
export const isLight = (image) => edge(image) > LIGHT

function edge({values, width, height}) {
  const found = []
  for (let x = 0; x < width; x++) found.push(values[x], values[(height - 1) * width + x])
  for (let y = 0; y < height; y++) found.push(values[y * width], values[(y + 1) * width - 1])
  return found.sort((one, other) => one - other)[found.length >> 1]
}

/**
 * A photo of something drawn, with paper that is dark throughout and ink that is bright.
 * @param {Image} image
 * @returns {Image}
 */
export function cleaned({values, width, height}) {
  const light = isLight({values, width, height})
  const ink = {values: light ? values.map((value) => 1 - value) : values, width, height}
  const paper = edge(ink), most = ink.values.reduce((one, other) => Math.max(one, other), 0), contrast = most - paper
  if (!(contrast > INK)) return {values: new Float32Array(values.length), width, height}
  const clear = (value) => Math.min(1, Math.max(0, ((value - paper) / contrast - FAINT) / (FULL - FAINT)))
  return {values: ink.values.map(clear), width, height}
}
