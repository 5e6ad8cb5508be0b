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

export const plotly = (name) => once("_livePlotly", () => loaded(Object.assign(document.createElement("script"),
  {src: new URL(name, import.meta.url).href})))

// version: as of the files, so that a browser never mixes two of them.
export const stylesheets = (names, version) => once(`_style ${names} ${version}`, () => Promise.all(names.map((name) =>
  loaded(Object.assign(document.createElement("link"),
    {rel: "stylesheet", href: new URL(name + version, import.meta.url).href})))))
