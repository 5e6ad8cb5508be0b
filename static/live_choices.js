// Whether a choice in the sidebar may still be on its way to the server. A command over the stream could overtake it:
// nothing orders two sockets.

const SOON_MS = 300
const SIDEBAR = "[data-testid=stSidebar]"
// Lists of a select box lie outside of the sidebar.
const FIELDS = `${SIDEBAR}, [data-baseweb=popover], [role=listbox]`
const COMMITS = new Set(["Enter", "Backspace", "Delete", "Home", "End", "PageUp", "PageDown"])

let changed = -Infinity, dirty = null

/** @param {Event} event */
function note(event) {
  const {target} = event
  if (!(target instanceof Element) || !target.closest(FIELDS)) return
  changed = performance.now()
  if (event.type === "input") dirty = target
}

if (typeof document !== "undefined") {
  for (const type of ["input", "change", "click", "pointerup"]) document.addEventListener(type, note, true)
  document.addEventListener("keydown", (event) => {
    if (COMMITS.has(event.key) || event.key.startsWith("Arrow")) note(event)
  }, true)
  document.addEventListener("blur", ({target}) => { if (target === dirty) dirty = null }, true)
}

// Whether a choice was just made, or is being typed, or the page is running because of one.
export function pending() {
  const state = document.querySelector("[data-testid=stApp]")?.getAttribute("data-test-script-state")
  return performance.now() - changed < SOON_MS || (dirty && dirty === document.activeElement)
    || (state !== "notRunning" && state !== null && state !== undefined)
}

// Have what is being typed taken over.
export function commit() {
  const {activeElement} = document
  if (activeElement instanceof HTMLElement && activeElement.closest(SIDEBAR)) activeElement.blur()
}

/**
 * Whether a key pressed on `target` is part of a text. A number field takes no letters, and a select box takes them only
 * while its list is open.
 * @param {EventTarget | null} target
 */
export function typing(target) {
  if (!(target instanceof HTMLElement)) return false
  if (target.isContentEditable || target.matches("textarea, select, [role=textbox]")) return true
  if (target.matches("[role=combobox]")) return target.getAttribute("aria-expanded") === "true"
  return target.matches("input:not([type=number], [type=range], [type=checkbox], [type=radio], [type=button])")
}
