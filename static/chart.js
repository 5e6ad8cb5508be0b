// @ts-check
// One chart on a page, mounted once and then changed in place. See ui/chart.py for who calls it.

import { CONFIG, readTheme, themed } from "./live_theme.js"
import { plotly } from "./live_load.js"
import { plot } from "./plot.js"

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

/**
 * Where in its trace what was clicked lies: [row, column] in a heatmap, [number] elsewhere; undefined for nothing.
 * @param {{pointNumber?: number | number[], pointIndex?: number | number[]}[]} points as Plotly tells them
 * @returns {number[] | undefined}
 */
export function placeOf(points) {
  const place = points[0]?.pointNumber ?? points[0]?.pointIndex
  return place === undefined ? undefined : [place].flat()
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
    plot(this.node, {traces, layout}, CONFIG)
    this.node.setAttribute("aria-label", figure.about)
    this.node.classList.toggle("clicks", Boolean(clicks))
    if (clicks && !this.hears) this.hear()
  }

  hear() {
    this.hears = true
    this.node.on("plotly_click", ({points}) => {
      const place = placeOf(points)
      if (place) this.component.setTriggerValue("clicked", place)
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
