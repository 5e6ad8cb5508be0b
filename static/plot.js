// A chart drawn by Plotly, for all that draw one.

/**
 * Draw a figure. Plotly leads Reset axes and a double click back to the ends of the first figure that a chart showed,
 * also when it shows other data; here they lead to those of this figure.
 * @param {any} chart the element
 * @param {{traces: any[], layout: any}} figure
 * @param {any} config
 */
export function plot(chart, {traces, layout}, config) {
  // A figure that is drawn again has the learner's zoom in its layout.
  if (chart.layout !== layout) {
    for (const name of ["xaxis", "yaxis"]) {
      const drawn = chart._fullLayout?.[name]
      if (drawn) [drawn._rangeInitial0, drawn._rangeInitial1] = layout[name]?.range ?? []
    }
  }
  window.Plotly.react(chart, traces, layout, config)
}
