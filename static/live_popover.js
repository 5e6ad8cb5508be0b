// What opens over the page, and moves nothing: the browser's own popover, beside the button that opens it. Esc and a
// click elsewhere close it.

let made = 0

/**
 * Let `button` open and close `panel`, which stands anywhere below the live component.
 * @param {HTMLButtonElement} button
 * @param {HTMLElement} panel
 */
export function opens(button, panel) {
  panel.id ||= `live-over-${++made}`
  panel.popover = "auto"
  panel.classList.add("live-over")
  button.type = "button"
  button.popoverTargetElement = panel
  button.setAttribute("aria-controls", panel.id)
  button.setAttribute("aria-expanded", "false")
  panel.addEventListener("beforetoggle", (event) => {
    const opening = /** @type {ToggleEvent} */ (event).newState === "open"
    button.setAttribute("aria-expanded", String(opening))
    if (opening) place(panel, button.getBoundingClientRect(), innerWidth, innerHeight)
  })
}

/**
 * Below a button of the upper two thirds of the window, else above it; from its left edge, or up to its right one.
 * @param {{style: object}} panel
 * @param {{left: number, right: number, top: number, bottom: number}} button
 */
export function place({style}, button, width, height) {
  const right = button.left > width / 2, above = button.bottom > 0.67 * height
  Object.assign(style, {
    left: right ? "auto" : `${Math.max(8, button.left)}px`, right: right ? `${Math.max(8, width - button.right)}px` : "auto",
    top: above ? "auto" : `${button.bottom + 4}px`, bottom: above ? `${height - button.top + 4}px` : "auto"})
}
