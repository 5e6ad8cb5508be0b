"""Lines that are moved between two drawings by Plotly lie where Plotly itself would draw them."""

import numpy as np

# Draws a figure by Plotly and moves its lines to a second one: the points of their paths before and after,
# and of the second figure drawn by Plotly alone. `meanwhile` counts what Plotly drew while lines moved.
MOVED = """async ({first, second}) => {
  const {Lines} = await import(new URL("app/static/live_lines.js", document.baseURI))
  const place = (name) => {
    const chart = document.createElement("div")
    chart.style = "position:fixed;inset:0;width:600px;height:400px"
    document.body.append(chart)
    return chart
  }
  const points = (chart) => [...chart.querySelectorAll(".js-line")].map((line) =>
    [...line.getAttribute("d").matchAll(/[ML]?(-?[\\d.]+),(-?[\\d.]+)/g)].map(([, ...at]) => at.map(Number)))
  const typed = ({traces, layout}) => ({layout: structuredClone(layout), traces: traces.map((trace) =>
    ({...trace, x: Float32Array.from(trace.x), y: Float32Array.from(trace.y, (one) => one ?? NaN)}))})
  const chart = place(), alone = place()
  let drawn = 0
  const lines = new Lines(chart, {}, () => {})
  lines.show(typed(first), first.traces.length, true)
  const before = points(chart)
  chart.on("plotly_afterplot", () => drawn++)
  lines.show(typed(second), second.traces.length, true)
  const after = points(chart), meanwhile = drawn
  lines.stop()
  window.Plotly.newPlot(alone, second.traces, structuredClone(second.layout), {})
  return {before, after, meanwhile, alone: points(alone)}
}"""


def figure(rows: np.ndarray) -> dict:
    """Two traces of several lines each, a gap after every one, on a logarithmic axis that stays as it is."""
    traces = []
    for part in np.array_split(rows, 2):
        y = np.concatenate([part, np.full((len(part), 1), np.nan)], axis=1)
        x = np.tile(np.arange(1, y.shape[1] + 1), len(part))
        traces.append({"type": "scatter", "mode": "lines", "x": x.tolist(), "line": {"simplify": False},
                       "y": [None if np.isnan(label) else float(label) for label in y.ravel()]})
    return {"traces": traces, "layout": {"xaxis": {"range": [0, 12]}, "width": 600, "height": 400,
                                         "yaxis": {"type": "log", "range": [-3, 1]}, "uirevision": "same"}}


def test_moved_lines_lie_where_plotly_draws_them(open_tab):
    tab = open_tab()
    tab.page.wait_for_function("window.Plotly")
    random = np.random.default_rng(0)
    first, second = random.uniform(0.002, 9, (6, 5)), random.uniform(0.002, 9, (6, 10))
    told = tab.page.evaluate(MOVED, {"first": figure(first), "second": figure(second)})
    assert told["meanwhile"] == 0, "Plotly drew nothing while lines moved"
    # Plotly ends a trace whose last value is a gap with a line of one point.
    before, alone, after = ([line for line in told[name] if len(line) > 1]
                            for name in ("before", "alone", "after"))
    assert [len(line) for line in before] == [5] * 6 and [len(line) for line in alone] == [10] * 6
    np.testing.assert_allclose(np.concatenate(after), np.concatenate(alone), atol=0.02)
