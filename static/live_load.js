// What a component needs before it can draw, each loaded once a page, however many components ask.

function once(name, make) {
  document[name] ??= make().catch((error) => { delete document[name]; throw error })
  return document[name]
}

function loaded(element) {
  return new Promise((resolve, reject) => {
    element.onload = resolve
    element.onerror = () => reject(new Error(`Could not load ${element.src || element.href}`))
    document.head.append(element)
  })
}

// Beside the folder of this version, not in it: Plotly is large, and changes seldom.
export const plotly = (name) => once("_livePlotly", () => loaded(Object.assign(document.createElement("script"),
  {src: new URL(`../${name}`, import.meta.url).href})))

// Each by itself: a sheet that came again with another page's would stand after what is laid on top of it.
export const stylesheets = (names) => Promise.all(names.map((name) => {
  const href = new URL(name, import.meta.url).href
  return once(`_style ${href}`, () => loaded(Object.assign(document.createElement("link"), {rel: "stylesheet", href})))
}))
