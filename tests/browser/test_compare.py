"""Compare in a real browser: runs are kept, drawn in one chart, ticked, and hidden from everyone else."""

from core.runs.config import RunConfig

CHART = "document.querySelector('.st-key-compared_curves .js-plotly-plot')"


def compare(tab, url: str):
    tab.page.goto(f"{url}/compare")
    tab.page.wait_for_selector(".st-key-compare_filters, [data-testid=stAlert]")
    return tab


def tick(tab, row: int) -> None:
    """Tick a row of the table, which is painted onto a canvas."""
    box = tab.page.locator("[data-testid=stDataFrame] canvas").first.bounding_box()
    tab.page.mouse.click(box["x"] + 14, box["y"] + 35 * (row + 1) + 17)


def test_two_runs_are_kept_compared_and_seen_by_nobody_else(open_tab, new_tab, server):
    tab = open_tab(RunConfig(epochs=5, learning_rate=0.1))
    tab.press("train")
    tab.until_status("finished")
    tab.page.locator(".st-key-learning_rate input").fill("0.003")
    tab.page.locator(".st-key-learning_rate input").press("Enter")
    tab.until("() => location.search.includes('learning_rate=0.003')")
    tab.press("train")
    tab.until("() => document.querySelectorAll('.live-runs .live-chip').length === 2")
    tab.until_status("finished")

    compare(tab, server.url)
    tab.until(f"() => {CHART}?.data?.length === 4")
    tick(tab, 0)
    tab.until(f"() => {CHART}?.data?.length === 2")
    tick(tab, 1)
    tab.until(f"() => {CHART}?.data?.length === 4")
    tab.page.get_by_role("radio", name="Two runs", exact=True).click()
    tab.page.wait_for_selector(".st-key-pair_difference .js-plotly-plot")

    # A page that is opened later finds them by the browser's key.
    later = tab.page.context.new_page()
    later.goto(f"{server.url}/compare")
    later.wait_for_selector(".st-key-compared_curves .js-plotly-plot")
    later.close()

    other = compare(new_tab(), server.url)
    other.page.wait_for_selector("text=Nothing to compare yet")


def test_a_run_of_another_tab_appears_by_itself(open_tab, server):
    tab = open_tab(RunConfig(epochs=5))
    other = tab.page.context.new_page()
    other.goto(f"{server.url}/compare")
    other.wait_for_selector("text=Nothing to compare yet")
    tab.press("train")
    other.wait_for_selector(".st-key-compared_curves .js-plotly-plot")
