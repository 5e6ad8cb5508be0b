"""Evaluate in a real browser: a click on a cell of the confusion matrix brings its examples."""

from core.runs.config import RunConfig

DIGITS = RunConfig(dataset="digits", epochs=2)
CELLS = ".st-key-evaluated_matrix .nsewdrag"


def click_cell(tab, row: int, column: int, classes: int = 10) -> None:
    cells = tab.page.locator(CELLS)
    cells.scroll_into_view_if_needed()
    box = cells.bounding_box()
    tab.page.mouse.click(box["x"] + (column + 0.5) / classes * box["width"],
                         box["y"] + (row + 0.5) / classes * box["height"])


def says(tab, key: str, text: str) -> None:
    """Wait until the box says so."""
    tab.until("([key, text]) => document.querySelector(`.st-key-${key}`)?.innerText.includes(text) || "
              "document.querySelector(`.st-key-${key} input`)?.value === text", [key, text])


def test_a_click_on_a_cell_brings_its_examples(open_tab, server):
    tab = open_tab(DIGITS)
    tab.press("train")
    tab.until_status("finished")
    for width in (1400, 390):
        tab.page.set_viewport_size({"width": width, "height": 900})
        tab.page.goto(f"{server.url}/evaluate")
        tab.page.wait_for_selector(CELLS)
        click_cell(tab, 6, 6)
        says(tab, "cell_true", "6")
        says(tab, "cell_predicted", "6")
        tab.page.wait_for_selector(".evaluated-gallery img")
        said = tab.page.locator(".evaluated-gallery img").first.get_attribute("alt")
        assert "6, predicted as 6" in said, width
        assert tab.page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "nothing sticks out"
