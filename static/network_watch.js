// What lets the network's picture know of its size, of whether it can be seen, and of the theme.

/** The observers, which have to be ended. @param {any} picture a `NetworkPicture` */
export function observed(picture) {
  const size = new ResizeObserver(() => picture.request()), sight = new IntersectionObserver((entries) => {
    picture.visible = entries.at(-1).isIntersecting
    picture.request()
  }, {rootMargin: "100px"}), theme = new MutationObserver(() => {
    picture.theme = undefined
    picture.request()
  })
  size.observe(picture.chart)
  sight.observe(picture.chart)
  theme.observe(document.documentElement, {attributes: true, subtree: true, attributeFilter: ["data-theme"]})
  return [size, sight, theme]
}
