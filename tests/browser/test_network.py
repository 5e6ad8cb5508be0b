"""The picture of the network under the hands of a learner who has no mouse."""

import numpy as np

from core.datasets.splits import test_set as held_out
from core.runs.config import RunConfig

MOONS = RunConfig(dataset="moons", epochs=3, architecture_parameters={"hidden_units": [4]})
SAID = "document.querySelector('.network-said').textContent"
ABOUT = "document.querySelector('.network-chart > canvas').getAttribute('aria-label')"
EDITED = "document.querySelector('.network-edited').textContent"
MATRIX = "document.querySelector('.st-key-confusion_matrix .live-note').textContent"
PIXELS = "document.querySelector('.network-chart > canvas').toDataURL()"
SHOWN = "document.querySelector('.st-key-network').dataset.example"
# The dots of the predictions in the window: left, top, number of the example.
DOTS = """(node) => {
  const box = node.getBoundingClientRect(), {xaxis, yaxis} = node._fullLayout
  return (node._fullData ?? []).filter(({customdata}) => Number.isInteger(customdata?.[0])).flatMap(
    ({x, y, customdata}) => [...x].map((value, at) => [box.left + xaxis._offset + xaxis.d2p(value),
      box.top + yaxis._offset + yaxis.d2p(y[at]), customdata[at]]))
}"""


def test_a_weight_is_edited_by_keyboard_and_put_back(open_tab):
    tab = open_tab(MOONS, width=1280, height=720)
    page, field = tab.page, tab.page.locator(".network-editor input")
    tab.press("train")
    tab.until_status("finished")
    tab.until(f"() => {ABOUT}.includes('strongest connection')")
    page.locator(".network-chart").focus()
    for key in ("ArrowRight", "ArrowRight", "ArrowRight"):  # the first one enters, the last has no effect
        page.keyboard.press(key)
    tab.until(f"() => {SAID}.includes('Upper moon')")
    before = page.evaluate(PIXELS)
    page.keyboard.press("Enter")
    assert field.evaluate("(node) => node === document.activeElement"), "it begins at the unit's bias"
    own = field.input_value()
    field.fill("1e9")
    assert field.get_attribute("aria-invalid") == "true" and page.evaluate(EDITED) == ""
    field.fill("50")
    # Everything is the class whose bias is 50: the browser computes it, and a worker the rest.
    tab.until(f"() => {EDITED}.startsWith('Test accuracy')")
    assert page.evaluate(EDITED).endswith(" · 1 edited weight · The run keeps its own.")
    tab.until(f"() => {MATRIX}.startsWith('Edited')")
    page.keyboard.press("Enter")
    assert page.locator(".network-chart").evaluate("(node) => node === document.activeElement")
    assert "1 of its weights was edited" in page.evaluate(ABOUT) and page.evaluate(PIXELS) != before
    page.keyboard.press("Enter")
    assert field.input_value() == "50"
    field.fill("99999")
    assert page.locator(".network-lines").inner_text().splitlines()[1] == "bias: 99999", "as it was typed"
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Put it back").click()
    tab.until(f"() => !{MATRIX}.startsWith('Edited')")
    page.locator(".network-chart").focus()
    for key in ("ArrowRight", "ArrowRight", "ArrowRight"):
        page.keyboard.press(key)
    page.keyboard.press("Enter")
    assert field.input_value() == own


def test_a_dot_chooses_the_example_that_the_network_shows(open_tab):
    tab = open_tab(RunConfig(epochs=2), width=1280, height=720)
    tab.press("train")
    tab.until_status("finished")
    chart = tab.page.locator(".st-key-predictions .live-chart")
    chart.hover()
    tab.until(f"() => ({DOTS})(document.querySelector('.st-key-predictions .live-chart')).length > 3")
    dots = chart.evaluate(DOTS)
    x, y, _ = dots[-1]
    tab.page.mouse.move(x - 3, y)
    tab.page.mouse.move(x, y)
    tab.page.wait_for_timeout(200)
    tab.page.mouse.click(x, y)
    # Dots may lie on one another.
    near = [index for left, top, index in dots if abs(left - x) < 10 and abs(top - y) < 10 and index]
    tab.until(f"(near) => near.includes(Number({SHOWN}))", near)


def test_a_click_on_a_layers_title_leads_to_its_settings(open_tab):
    tab = open_tab(RunConfig(), width=1280, height=720)
    tab.until(f"() => {ABOUT}.startsWith('The network')")
    box = tab.page.locator(".network-chart").bounding_box()
    # Beside the names of Iris's inputs, the two hidden layers lie around the middle.
    for share, field in ((0.4, "mlp_hidden_units_1"), (0.56, "mlp_hidden_units_2")):
        tab.page.mouse.click(box["x"] + share * box["width"], box["y"] + 8)
        tab.until("(name) => document.activeElement.closest(`.st-key-${name}`)", field)


def drawn_by_plotly(tab, chart: str) -> None:
    """Until somebody points at a chart, what Plotly has of it may be of a moment before."""
    tab.chart(chart, "(node) => { node.dispatchEvent(new PointerEvent('pointerenter')) }")


def test_cells_of_the_matrix_choose_their_examples_by_mouse_and_by_keyboard(open_tab):
    config = RunConfig(epochs=3)
    tab = open_tab(config, width=1280, height=720)
    tab.press("train")
    tab.until_status("finished")
    chart = tab.page.locator(".st-key-confusion_matrix .live-chart")
    labels = held_out(config.data, config.preparation).y
    drawn_by_plotly(tab, "confusion_matrix")
    counts = tab.chart("confusion_matrix", "(node) => node._fullData[0].customdata.map("
                       "(row) => row.map((text) => parseInt(text)))")
    row, column = 2, int(np.argmax(counts[2]))
    box = chart.locator(".nsewdrag").bounding_box()
    at = [box["x"] + (column + 0.5) / 3 * box["width"], box["y"] + (row + 0.5) / 3 * box["height"]]
    seen = []
    for _ in range(2):
        before = tab.page.evaluate(SHOWN)
        tab.page.mouse.move(at[0] - 3, at[1])
        tab.page.mouse.move(*at)
        tab.page.wait_for_timeout(200)
        tab.page.mouse.click(*at)
        tab.until(f"(before) => {SHOWN} !== before", before)
        seen.append(int(tab.page.evaluate(SHOWN)))
    assert list(labels[seen]) == [row, row] and seen[0] < seen[1]
    drawn_by_plotly(tab, "confusion_matrix")
    assert tab.chart("confusion_matrix", "(node) => node._fullLayout.shapes.length") == 1
    # The keyboard begins at the cell of the chosen example.
    chart.focus()
    for key in ("ArrowUp", "ArrowUp", "ArrowUp"):
        chart.press(key)
    for _ in range(int(np.argmax(counts[0])) - column):
        chart.press("ArrowRight")
    for _ in range(column - int(np.argmax(counts[0]))):
        chart.press("ArrowLeft")
    chart.press("Enter")
    tab.until(f"(before) => {SHOWN} !== before", str(seen[1]))
    assert labels[int(tab.page.evaluate(SHOWN))] == 0


def test_arrow_keys_go_from_residual_to_residual(open_tab):
    tab = open_tab(RunConfig(dataset="diabetes", epochs=2), width=1280, height=720)
    tab.press("train")
    tab.until_status("finished")
    chart = tab.page.locator(".st-key-predictions .live-chart")
    chart.focus()
    seen = []
    for _ in range(3):
        before = tab.page.evaluate(SHOWN)
        chart.press("ArrowRight")
        tab.until(f"(before) => {SHOWN} !== before", before)
        seen.append(int(tab.page.evaluate(SHOWN)))
    drawn_by_plotly(tab, "predictions")
    dots = tab.chart("predictions", "(node) => node.data.flatMap(({customdata, x}) => customdata ? "
                     "[...customdata].map((example, at) => [example, x[at]]) : [])")
    of = dict(dots)
    assert [of[one] for one in seen] == sorted(of[one] for one in seen) and len(set(seen)) == 3
