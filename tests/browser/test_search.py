"""Search in a real browser: all curves move in place, and the best trial opens in the Playground."""

import re

from core.runs.config import RunConfig

STATUS = "document.querySelector('.st-key-status')?.dataset.status"
CURVES = "Number(document.querySelector('.st-key-curves')?.dataset.updates || 0)"


def test_a_search_is_watched_in_place_and_its_best_trial_opened(open_tab, server):
    tab = open_tab(RunConfig())
    tab.page.get_by_role("link", name="Search", exact=True).first.click()
    tab.page.wait_for_selector(".st-key-search_trials input")
    tab.press("search_start")
    tab.until(f"() => {CURVES} > 1")
    tab.page.evaluate("window.node = document.querySelector('.st-key-curves .main-svg')")
    tab.until(f"() => {STATUS} === 'finished'")
    assert tab.page.evaluate("window.node.isConnected"), "the chart is the one that was there first"
    # Best first: the first row's learning rate is that of the configuration which it opens.
    row = tab.page.locator(".st-key-trials tbody tr").first
    rate = float(row.locator("td, th").nth(2).inner_text())
    row.get_by_role("button").click()
    tab.page.wait_for_selector(".st-key-train button")
    tab.until("() => location.search.includes('learning_rate')")
    found = re.search(r"learning_rate=([0-9.e-]+)", tab.page.url)
    assert found is not None and abs(float(found[1]) - rate) <= 1e-3 * rate
