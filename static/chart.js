// One chart on a page, mounted once and then changed in place. See ui/chart.py for who calls it.

const search = new URL(import.meta.url).search
const { CONFIG, readTheme, themed } = await import("./live_theme.js" + search)

const charts = new WeakMap()  // the component's element -> its chart

export default async function (component) {
  const {data, parentElement} = component
  await plotly(data.plotly)
  if (parentElement.isConnected) {
    if (!charts.has(parentElement)) charts.set(parentElement, new Chart(parentElement))
    charts.get(parentElement).show(component)
  }
  // Streamlit also calls this for an update that was overtaken by the next: then nothing has ended.
  return () => setTimeout(() => {
    if (!parentElement.isConnected) charts.get(parentElement)?.dispose()
  })
}

// The live panel loads the same file, and keeps it under the same name.
function plotly(name) {
  document._livePlotly ??= new Promise((resolve, reject) => {
    const script = document.createElement("script")
    script.onload = resolve
    script.onerror = () => { delete document._livePlotly; reject(new Error(`Could not load ${script.src}`)) }
    script.src = new URL(name, import.meta.url).href
    document.head.append(script)
  })
  return document._livePlotly
}

class Chart {
  constructor(parent) {
    this.parent = parent
    this.node = parent.querySelector(".chart")
    this.node.setAttribute("role", "img")
    this.observer = new ResizeObserver(() => this.resize())
    this.observer.observe(this.node)
  }

  show(component) {
    this.component = component
    const {figure, clicks, height} = component.data
    const theme = readTheme(this.parent), key = [theme.name, height, JSON.stringify(figure)].join()
    if (key === this.key) return
    this.key = key
    this.node.style.height = `${height}px`
    const {traces, layout} = themed({traces: figure.traces, layout: figure.layout}, theme)
    layout.dragmode = matchMedia("(pointer: coarse)").matches || clicks ? false : "zoom"
    window.Plotly.react(this.node, traces, layout, CONFIG)
    this.node.setAttribute("aria-label", figure.about)
    this.node.classList.toggle("clicks", Boolean(clicks))
    if (clicks && !this.hears) this.hear()
  }

  // Where in its trace what was clicked lies: [row, column] of a heatmap.
  hear() {
    this.hears = true
    this.node.on("plotly_click", ({points}) => {
      const place = points[0]?.pointNumber ?? points[0]?.pointIndex
      if (place !== undefined) this.component.setTriggerValue("clicked", [place].flat())
    })
  }

  resize() {
    const drawn = this.node._fullLayout
    if (drawn && this.node.clientWidth && (Math.abs(drawn.width - this.node.clientWidth) > 1
      || Math.abs(drawn.height - this.node.clientHeight) > 1)) {
      window.Plotly.Plots.resize(this.node)
    }
  }

  dispose() {
    this.observer.disconnect()
    window.Plotly.purge(this.node)
    charts.delete(this.parent)
  }
}
