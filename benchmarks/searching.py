"""A search of a thousand trials in an open page: how often curves are drawn, how soon a click is answered.

`python -m benchmarks.searching` (needs Playwright and a Chromium). One learner alone; Chromium draws
without a GPU on the same cores that train.
"""

import time
from statistics import median
from typing import Any

import numpy as np

from benchmarks.app import READY, app, chromium, page, rest
from benchmarks.report import Report, ReportTable, arguments
from benchmarks.subjects import IRIS, fresh_environment

STATUS = "document.querySelector('.st-key-board_status, .st-key-status')?.dataset.status"
ENDED = f"['finished', 'stopped', 'failed'].includes({STATUS})"
# Notes in the browser, in milliseconds from now: the first result, the end, and how often all curves were
# drawn in between.
NOTED = f"""() => {{
  const began = performance.now(), noted = window.noted = {{}}
  const drawn = () => Number(document.querySelector(".st-key-curves")?.dataset.updates || 0)
  const learning = () => {STATUS} !== "ready" && document.querySelector(".st-key-status .live-bar:not(.busy)")
  const watch = setInterval(() => {{
    const now = performance.now() - began
    if (noted.first === undefined && learning()) Object.assign(noted, {{first: now, before: drawn()}})
    if (!{ENDED}) return
    Object.assign(noted, {{last: now, drawn: drawn() - noted.before}})
    clearInterval(watch)
  }}, 20)
}}"""
TRIALS = ".st-key-search_trials input"
SEED = ".st-key-search_seed"
UNITS = "[class*='st-key-axis_architecture_parameters'] input[type=text]"
# So tall that the form and the curves are seen together: what nobody sees is not drawn.
WINDOW = {"width": 1400, "height": 1800}
# What the axis of hidden units offers, and the epochs of a trial: one kind of network, so that all trials
# share a program, also with ten times the epochs of the page's first choices, and five kinds.
SEARCHES = (("one", "16-16", 60), ("one", "16-16", 600), ("five", "4, 16, 64, 16-16, 32-32-32", 60))
NOTE = ("Updates a second: of the chart of all curves, from the first curve to the end. Round trip: from a "
        "click on the search's seed until the page has run and shows it, from the start of the search on.")


def measure(opened: Any, pid: int, trials: int, units: str) -> tuple[float | int | str, ...]:
    """Status, seconds until the first curve and in all, updates a second, remounts, round trips of clicks."""
    opened.set_viewport_size(WINDOW)
    opened.get_by_role("link", name="Search", exact=True).first.click()
    opened.wait_for_selector(TRIALS, timeout=READY)
    opened.fill(TRIALS, str(trials))
    opened.press(TRIALS, "Enter")
    opened.fill(UNITS, units)
    opened.press(UNITS, "Enter")
    opened.wait_for_function(f"document.body.innerText.includes('{trials:,} trainings')")
    rest(opened, pid)
    opened.evaluate("window.node = document.querySelector('.st-key-curves .main-svg')")
    opened.evaluate(NOTED)
    opened.click(".st-key-search_start button")
    opened.wait_for_function(f"{STATUS} !== 'ready'", timeout=READY)
    trips: list[float] = []
    while opened.evaluate("noted.last === undefined"):
        trips.append(_click(opened, len(trips) + 1))
        opened.wait_for_timeout(400)
    noted, status = opened.evaluate("noted"), opened.evaluate(STATUS)
    if status != "finished":
        raise RuntimeError(f"The search ended as {status}.")
    remounts = int(not opened.evaluate("window.node.isConnected"))
    updates = 1000 * noted["drawn"] / (noted["last"] - noted["first"])
    return (status, noted["first"] / 1000, noted["last"] / 1000, updates, remounts,
            len(trips), median(trips), float(np.percentile(trips, 95)))


def _click(opened: Any, wanted: int) -> float:
    began = time.monotonic()
    opened.click(f"{SEED} button[data-testid='stNumberInputStepUp']")
    opened.wait_for_function(f"document.querySelector('{SEED} input').value === '{wanted}' && "
                             "!document.querySelector('[data-testid=\"stApp\"][data-test-script-state=\"running\"]')")
    return time.monotonic() - began


def main() -> None:
    """Search once and print what it took."""
    parser = arguments("A search in Chromium.")
    parser.add_argument("--trials", type=int, default=1000)
    chosen = parser.parse_args()
    report = Report("searching")
    rows = []
    for kinds, units, epochs in SEARCHES:
        with fresh_environment(), chromium() as browser, app() as (address, pid), \
                page(browser, address, IRIS.replaced(epochs=epochs)) as opened:
            rows.append((kinds, epochs, *measure(opened, pid, chosen.trials, units)))
    report.add(ReportTable(f"{chosen.trials} trials of the Iris MLP: learning rate x hidden units",
                     ("kinds of networks", "epochs", "ended", "first curve (s)", "seconds",
                      "updates a second", "remounts", "clicks", "round trip, median (s)", "p95 (s)"),
                     tuple(rows), NOTE))
    report.keep(chosen.json)


if __name__ == "__main__":
    main()
