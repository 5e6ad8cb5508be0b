// From a layer in the picture to its settings in the sidebar.

const SIDEBAR = "[data-testid=stSidebar]"
// The lists of numbers in which ready-made networks set a layer of this kind.
const LISTS = {Dense: ["hidden_units", "dense_units"], Conv2D: ["filters"], Conv2DTranspose: ["filters"], SeparableConv2D: ["filters"], Residual: ["filters"]}

/**
 * The lists in which a layer may have a number, and which one it is there, from 1.
 * @param {{kind: string}[]} layers all of the network
 * @param {number} entry which of them
 */
export function numberOf(layers, entry) {
  const {kind} = layers[entry], lists = LISTS[kind] ?? []
  const number = layers.slice(0, entry + 1).filter((one) => one.kind === kind).length
  return lists.map((list) => `_${list}_${number}`)
}

/**
 * Go to where a layer is set: its line in the layer editor, its number, or else the choice of the architecture.
 * @param {{layers: {kind: string}[], columns: {entry: number}[], stages: {entry: number}[]}} structure
 * @param {number} column of the picture, the inputs first; those and the output have no settings
 */
export function openSettings({layers, columns, stages}, column) {
  const sidebar = document.querySelector(SIDEBAR), entry = [...columns.slice(0, -1), ...stages][column - 1]?.entry
  if (!sidebar || entry === undefined) return
  /** @type {HTMLElement | undefined} */
  const line = sidebar.querySelectorAll(".st-key-layer_chosen [role=radiogroup] label")[entry]
  const ends = numberOf(layers, entry), named = [...sidebar.querySelectorAll("[class*=st-key-]")]
  const own = ends.map((end) => named.find((node) => [...node.classList].some((name) => name.endsWith(end)))).find(Boolean)
  const field = line ?? (own ?? sidebar.querySelector(".st-key-architecture"))?.querySelector("input")
  field?.scrollIntoView({block: "nearest"})
  if (line) line.click()
  else field?.focus()
}
