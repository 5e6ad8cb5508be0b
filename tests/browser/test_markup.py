"""In a real browser, names from outside are plain text: no links, nothing missing or outside its card."""

import csv
import io
import json
from importlib.resources import files

import numpy as np

from core.charts.compared import parallel, scatter
from core.charts.matrix import cell_matrix
from core.charts.ranking import roc
from core.comparison.columns import ConfigColumn
from core.metrics.ranking import rankings

LINK = '<a href="https://example.org">x</a>'
CLASSES = (LINK, '<b>bold</b> & "q" &lt; %{x} $a$ [y](https://example.org)', "www.example.org *c* :red[d]")
COLUMNS = ('<i>one</i> & <a href="https://example.org">c</a>', f"$x^2$ *two* %{{y}} {'W' * 80}",
           "https://example.org")
RUN = f"{LINK} {'W' * 160}"
FOUND = """[...document.querySelectorAll("a")].filter((one) =>
  `${one.getAttribute("href")} ${one.getAttribute("xlink:href")}`.includes("example.org"))
  .map((one) => one.outerHTML)"""
# What sticks out of its card, by more than a pixel, and is not cut off there.
WIDE = """[...document.querySelectorAll(".live-card, .stMain")].filter((one) =>
  one.scrollWidth > one.clientWidth + 1 && getComputedStyle(one).overflowX === "visible")
  .map((one) => one.className)"""


def table() -> bytes:
    """Three classes that a few epochs tell apart."""
    drawn, text = np.random.default_rng(0), io.StringIO()
    writer = csv.writer(text)
    writer.writerow([*COLUMNS, "<u>kind</u>"])
    for row in range(90):
        label = row % 3
        writer.writerow([*drawn.normal([label, -label, 0], 0.7).round(3), CLASSES[label]])
    return text.getvalue().encode()


def texts(tab, chart: str) -> str:
    """All that a chart says."""
    return tab.page.locator(f".st-key-{chart} .js-plotly-plot").first.evaluate(
        "(node) => [...node.querySelectorAll('text')].map((one) => one.textContent).join('\\n')")


def harmless(tab) -> None:
    assert tab.page.evaluate(FOUND) == []
    assert tab.page.evaluate(WIDE) == []


def hover(tab, chart: str) -> str:
    """What a matrix says under the pointer, in its middle."""
    area = tab.page.locator(f".st-key-{chart} .nsewdrag").first
    area.scroll_into_view_if_needed()
    box = area.bounding_box()
    for by in (0, 1):  # one move alone may come while Plotly still draws
        tab.page.mouse.move(box["x"] + box["width"] / 2 + by, box["y"] + box["height"] / 2)
        tab.page.wait_for_timeout(150)
    said = tab.page.locator(f".st-key-{chart} .hoverlayer text")
    said.first.wait_for(state="attached")
    return "\n".join(said.all_text_contents())


def test_names_are_text_on_every_page(new_tab, server):
    tab = new_tab()
    page = tab.page
    page.goto(f"{server.url}/?dataset=table&epochs=2")
    page.locator("[data-testid=stFileUploader] input[type=file]").set_input_files(
        {"name": "www.example.org *b*.csv", "mimeType": "text/csv", "buffer": table()})
    page.wait_for_selector("text=90 rows, 3 columns as 3 inputs")
    assert "www.example.org *b*.csv" in page.inner_text("[data-testid=stSidebar]").replace("\u2060", "")
    tab.ready().press("train")
    tab.until_status("finished")
    assert LINK[:12] in texts(tab, "confusion_matrix")
    assert "predicted as" in (said := hover(tab, "confusion_matrix")) and CLASSES[1] in said
    for name in (COLUMNS[1][:20], CLASSES[2][:12]):
        assert name in texts(tab, "predictions") + page.inner_text(".st-key-predictions header")
    harmless(tab)

    page.get_by_role("link", name="Evaluate").click()
    page.wait_for_selector(".st-key-evaluated_matrix .xtick")
    assert CLASSES[1] in hover(tab, "evaluated_matrix")
    harmless(tab)
    page.get_by_role("radio", name="ROC").click()
    page.wait_for_selector(".st-key-roc .legend")
    assert LINK in texts(tab, "roc")
    harmless(tab)

    page.get_by_role("link", name="Compare").click()
    page.wait_for_selector(".st-key-compared_curves .js-plotly-plot .trace")
    box = page.locator("[data-testid=stDataFrame] canvas").first.bounding_box()
    page.mouse.click(box["x"] + 14, box["y"] + 35 + 17)
    page.click(".st-key-compare_tag_popover button")
    page.locator("[class*=st-key-compare_tags] input").fill("<b>&lt;</b>")
    page.click(".st-key-compare_tag_save button")
    page.keyboard.press("Escape")
    page.click(".st-key-compare_rename button")
    page.locator("[class*=st-key-compare_name] input").fill(RUN)
    page.click(".st-key-compare_rename_save button")
    page.wait_for_selector(f".compared-name >> text={RUN[:20]}")
    assert RUN[:20] in page.locator(".st-key-compared_curves .js-plotly-plot").evaluate(
        "(node) => node.data[0].name").replace("&lt;", "<").replace("&gt;", ">")
    page.locator(".st-key-compared_curves .js-plotly-plot").evaluate(
        "(node) => Plotly.Fx.hover(node, [{curveNumber: 0, pointNumber: 1}])")
    assert RUN[:20] in texts(tab, "compared_curves")
    harmless(tab)
    page.get_by_role("link", name="Search").click()
    page.wait_for_selector(".board .live-chart .xtick, .board .live-chart svg")
    harmless(tab)


ODD = (LINK, "<b>&lt;</b> %{y} $a$ {x}", "%{meta}\u2026")
RATE, KIND = ConfigColumn("rate", (0.1, 0.2, 0.3), ODD[1]), ConfigColumn("kind", ODD, ODD[0])
SCORES = np.eye(3, dtype=np.float32)
FIGURES = {
    "parallel": lambda: parallel([KIND, RATE], ConfigColumn("result", (1.0, 2.0, 3.0)), True),
    "scatter": lambda: scatter(KIND, RATE, ODD),
    "matrix": lambda: cell_matrix(np.eye(3, dtype=int), ODD, "counts"),
    "legend": lambda: roc(rankings(np.arange(3), SCORES), ODD)}
DRAW = """async (figure) => {
  const {CONFIG, themed} = await import("/app/static/live_theme.js")
  const node = document.body.appendChild(document.createElement("div"))
  node.style = "width: 800px; height: 500px"
  const theme = {surface: "#fff", text: "#222", muted: "#555", grid: "#ddd", font: "sans-serif"}
  const {traces, layout} = themed({traces: figure.traces, layout: figure.layout}, theme)
  await window.Plotly.newPlot(node, traces, layout, CONFIG)
  return [...node.querySelectorAll("text")].map((one) => one.textContent)
}"""


def test_a_word_is_plain_beside_numbers_too(new_tab, server):
    page = new_tab().page
    page.goto(f"{server.url}/app/static/live.css")
    said = page.evaluate("""async (words) => {
      const {themed} = await import("/app/static/live_theme.js")
      return themed({text: words}, {}).text
    }""", [1, LINK, None])
    assert said == [1, LINK.replace("<", "&lt;").replace(">", "&gt;"), None]


def test_plotly_shows_names_as_they_are_written(new_tab, server, subtests):
    page = new_tab().page
    page.goto(f"{server.url}/app/static/live.css")  # the same origin, and nothing else
    page.add_script_tag(path=str(files("plotly") / "package_data" / "plotly.min.js"))
    for kind, make in FIGURES.items():
        with subtests.test(kind):
            said = page.evaluate(DRAW, json.loads(json.dumps(make())))
            assert {one[:16] for one in ODD} <= {one[:16] for one in said}
            assert page.evaluate(FOUND) == []
