"""Each name of an axis stands below its own bar, also where the names are numbers or hold signs of HTML."""

import numpy as np

from core.charts.errors import errors_by_class

NAMES = ["2", "1", "a & b <c>"]
# Draws a figure; the place of each bar and of each tick's words, from the left.
DRAWN = """async ({traces, layout}) => {
  const {themed, readTheme} = await import(new URL("app/static/live_theme.js", document.baseURI))
  const chart = document.createElement("div")
  chart.style = "position:fixed;inset:0;width:600px;height:400px"
  document.body.append(chart)
  const figure = themed({traces, layout}, readTheme(document.querySelector(".live")))
  await window.Plotly.newPlot(chart, figure.traces, figure.layout, {})
  const middle = (node) => { const {left, width} = node.getBoundingClientRect(); return left + width / 2 }
  return {bars: [...chart.querySelectorAll(".bars path")].map(middle),
    ticks: [...chart.querySelectorAll(".xtick text")].map((node) => [node.textContent, middle(node)])}
}"""


def test_each_name_stands_below_its_bar(open_tab):
    tab = open_tab()
    tab.page.wait_for_function("window.Plotly")
    figure = errors_by_class(np.array([1.0, 2.0, 3.0]), np.arange(3), NAMES)
    told = tab.page.evaluate(DRAWN, {name: figure[name] for name in ("traces", "layout")})
    assert [name for name, _ in told["ticks"]] == NAMES
    np.testing.assert_allclose([place for _, place in told["ticks"]], told["bars"], atol=2)
    assert told["bars"] == sorted(told["bars"])
