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
LEARNING = "document.querySelector('.st-key-status .live-bar:not(.busy)') && " + ENDED + " !== 'ready'"
TRIALS = ".st-key-search_trials input"
SEED = ".st-key-search_seed"
UNITS = "[class*='st-key-axis_architecture_parameters'] input[type=text]"
# So tall that the form and the curves are seen together: what nobody sees is not drawn.
WINDOW = {"width": 1400, "height": 1800}
# What the axis of hidden units offers: one kind of network, so that all trials share a program, and five.
OFFERED = {"one": "16-16", "five": "4, 16, 64, 16-16, 32-32-32"}
NOTE = ("Updates a second: of the chart of all curves, from the first curve to the end. Round trip: from a "
        "click on the search's seed until the page has run and shows it.")


def measure(opened: Any, address: str, pid: int, trials: int, units: str) -> tuple[float | int | str, ...]:
    """Status, seconds until the first curve and in all, updates a second, remounts, round trips of clicks."""
    opened.set_viewport_size(WINDOW)
    opened.goto(f"{address}search")
    opened.wait_for_selector(TRIALS, timeout=READY)
    opened.fill(TRIALS, str(trials))
    opened.press(TRIALS, "Enter")
    opened.fill(UNITS, units)
    opened.press(UNITS, "Enter")
    opened.wait_for_function(f"document.body.innerText.includes('{trials:,} trainings')")
    rest(opened, pid)
    began = time.monotonic()
    opened.click(".st-key-search_start button")
    opened.wait_for_function(LEARNING, timeout=READY)
    compiled = time.monotonic() - began
    opened.evaluate("window.node = document.querySelector('.st-key-curves .main-svg')")
    first, first_at = opened.evaluate(CURVES), time.monotonic()
    trips: list[float] = []
    while not opened.evaluate(f"['finished', 'stopped', 'failed'].includes({ENDED})"):
        trips.append(_click(opened, len(trips) + 1))
        opened.wait_for_timeout(400)
    passed, drawn = time.monotonic() - first_at, opened.evaluate(CURVES) - first
    remounts = int(not opened.evaluate("window.node.isConnected"))
    return (opened.evaluate(ENDED), compiled, time.monotonic() - began, drawn / passed, remounts, len(trips),
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
    rows = []
    for kinds, units in OFFERED.items():
        with fresh_environment(), chromium() as browser, app() as (address, pid), \
                page(browser, address, IRIS) as opened:
            rows.append((kinds, *measure(opened, address, pid, chosen.trials, units)))
    report.add(Table(f"{chosen.trials} trials of the Iris MLP: learning rate x hidden units",
                     ("kinds of networks", "ended", "first curve (s)", "seconds", "updates a second",
                      "remounts", "clicks", "round trip, median (s)", "p95 (s)"), tuple(rows), NOTE))
    report.keep(chosen.json)


if __name__ == "__main__":
    main()
