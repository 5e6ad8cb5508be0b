// What scripts find in the browser besides its own names. Nothing here reaches a browser: it is for tsc alone.

interface Window {
  /** Plotly.js, once `plotly` of live_load.js has loaded it. */
  Plotly: any
}
