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

export const stylesheets = (names) => once(`_style ${names} ${import.meta.url}`, () => Promise.all(names.map((name) =>
  loaded(Object.assign(document.createElement("link"),
    {rel: "stylesheet", href: new URL(name, import.meta.url).href})))))
