"""A search of a thousand trials in an open page: how often curves are drawn, how soon a click is answered.

`python -m benchmarks.searching` (needs Playwright and a Chromium). One learner alone; Chromium draws
without a GPU on the same cores that train.
"""

import time
from statistics import median
from typing import Any

import numpy as np

from benchmarks.app import READY, app, chromium, page, rest
from benchmarks.report import Report, Table, arguments
from benchmarks.subjects import IRIS, fresh_environment

ENDED = "document.querySelector('.st-key-board_status, .st-key-status')?.dataset.status"
CURVES = "Number(document.querySelector('.st-key-curves')?.dataset.updates || 0)"
TRIALS = ".st-key-search_trials input"
SEED = ".st-key-search_seed"
NOTE = ("Updates a second: of the chart of all curves, while the search went on. Round trip: from a click on "
        "the search's seed until the page has run and shows it.")


def measure(opened: Any, address: str, pid: int, trials: int) -> tuple[float | int | str, ...]:
    """Status, seconds, updates a second, remounts, and the round trips of clicks meanwhile."""
    opened.goto(f"{address}search")
    opened.wait_for_selector(TRIALS, timeout=READY)
    opened.fill(TRIALS, str(trials))
    opened.press(TRIALS, "Enter")
    opened.wait_for_function(f"document.body.innerText.includes('{trials:,} trainings')")
    rest(opened, pid)
    began = time.monotonic()
    opened.click(".st-key-search_start button")
    opened.wait_for_function(f"{CURVES} > 2", timeout=READY)
    opened.evaluate("window.node = document.querySelector('.st-key-curves .main-svg')")
    first, first_at = opened.evaluate(CURVES), time.monotonic()
    trips: list[float] = []
    while not opened.evaluate(f"['finished', 'stopped', 'failed'].includes({ENDED})"):
        trips.append(_click(opened, len(trips) + 1))
        opened.wait_for_timeout(400)
    passed, drawn = time.monotonic() - first_at, opened.evaluate(CURVES) - first
    remounts = int(not opened.evaluate("window.node.isConnected"))
    return (opened.evaluate(ENDED), time.monotonic() - began, drawn / passed, remounts, len(trips),
            median(trips), float(np.percentile(trips, 95)))


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
    with fresh_environment(), chromium() as browser, app() as (address, pid), \
            page(browser, address, IRIS) as opened:
        row = measure(opened, address, pid, chosen.trials)
    report.add(Table(f"{chosen.trials} trials of the Iris MLP: learning rate x hidden units",
                     ("ended", "seconds", "updates a second", "remounts", "clicks", "round trip, median (s)",
                      "p95 (s)"), (row,), NOTE))
    report.keep(chosen.json)


if __name__ == "__main__":
    main()
