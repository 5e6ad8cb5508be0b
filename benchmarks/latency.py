"""From the press of Train to the first point: in the engine, through the workers, and in the browser.

`python -m benchmarks.latency`, and with `--browser` in Chromium too (needs Playwright and a Chromium).
Every round asks for networks that were never compiled before, and for some that were.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from itertools import count

from benchmarks import presses, tries
from benchmarks.app import app, chromium, page, press, rest, wait_for_end
from benchmarks.report import Cell, Report, ReportTable, arguments, spread
from benchmarks.subjects import IRIS, MNIST_CNN, fresh_environment
from benchmarks.waiting import LONGEST_WAIT, wait_until
from core.cluster.run_service import RunService
from core.cluster.workers import Workers
from core.datasets.splits import split
from core.runs.config import RunConfig
from core.runs.controls import ControlsMailbox
from core.runs.events import Progress
from core.runs.run import Run
from core.settings import from_environment

COLUMNS = ("network", "wanted (s)", "median (s)", "least (s)", "most (s)")

# Both stamps are the browser's own: the click, and the frame in which a trace first has a point.
WATCH = """() => {
  const chart = document.querySelector(".st-key-loss_curve .live-chart")
  const start = chart.dataset.updates
  addEventListener("click", () => window.pressed = performance.now(), {capture: true, once: true})
  const look = () => {
    const points = chart.dataset.reached  // how far the lines go, once there are some
    if (window.pressed && points && chart.dataset.updates !== start) window.drawn = performance.now()
    else requestAnimationFrame(look)
  }
  look()
}"""

Measure = Callable[[RunConfig], float]


@dataclass(frozen=True)
class Case:
    """One kind of network. config: from the number of a round to what is trained in it."""

    name: str
    wanted: str
    config: Callable[[int], RunConfig]


CASES = (
    Case("Iris MLP, compiled already", "0.1", lambda number: IRIS.replaced(
        learning_rate=0.01 + number / 1e4)),
    Case("Iris MLP, new", "0.7", lambda number: IRIS.replaced(
        architecture_parameters={"hidden_units": (17 + number, 16)})),
    Case("MNIST CNN, compiled already", "0.1", lambda number: MNIST_CNN.replaced(
        learning_rate=0.001 + number / 1e5)),
    Case("MNIST CNN, new", "1.5", lambda number: MNIST_CNN.replaced(
        architecture_parameters={**MNIST_CNN.architecture_parameters, "dense_units": (65 + number,)})),
)


def engine(config: RunConfig) -> float:
    """Seconds from asking `fit` to its first progress, in this process."""
    from core.training.fit import fit
    began = time.monotonic()
    data = split(config.data, config.preparation)
    events = fit(config, data, ControlsMailbox(), from_environment())
    next(event for event in events if isinstance(event, Progress))
    seconds = time.monotonic() - began
    events.close()
    return seconds


@contextmanager
def service(warm_up: bool = True) -> Iterator[Measure]:
    """A worker that has imported all; what it yields tells the seconds from submit to the first progress.

    warm_up: whether it compiles Home's networks meanwhile.
    """
    settings = replace(from_environment(), warm_up=warm_up)
    workers = Workers(settings)
    jobs = RunService(workers, settings)

    def measure(config: RunConfig) -> float:
        began = time.monotonic()
        run = jobs.submit("benchmark", config)
        wait_until(lambda: run.history.progress is not None or not run.active)
        seconds = time.monotonic() - began
        _end(jobs, run)
        return seconds

    try:
        wait_until(lambda: workers.ready)
        yield measure
    finally:
        jobs.close()
        workers.close()


def _end(jobs: RunService, run: Run) -> None:
    if run.history.progress is None:
        raise RuntimeError(f"The run ended as {run.status}. {run.message}")
    jobs.stop(run.owner, run.id)
    wait_until(lambda: not run.active)


@contextmanager
def in_browser() -> Iterator[Measure]:
    """The real app; what it yields tells the seconds from the click to the first point drawn.

    Each measurement is a new visitor's, so that the chart holds no earlier curve.
    """
    with chromium() as browser, app() as (address, pid):
        def measure(config: RunConfig) -> float:
            with page(browser, address, config) as opened:
                rest(opened, pid)
                opened.evaluate(WATCH)
                press(opened, "train")
                opened.wait_for_function("() => window.drawn", timeout=1000 * LONGEST_WAIT)
                seconds = opened.evaluate("() => (window.drawn - window.pressed) / 1000")
                opened.click(".st-key-stop button:not([disabled])")
                wait_for_end(opened)
            return seconds

        yield measure


def table(title: str, measure: Measure, rounds: int, note: str) -> ReportTable:
    """All cases, in turns. The first of each kind warms up and gives a row of its own for MNIST."""
    numbers = count(1)
    measure(IRIS)
    first = measure(MNIST_CNN)
    taken: dict[Case, list[float]] = {case: [] for case in CASES}
    for number in (next(numbers) for _ in range(rounds)):
        for case in CASES:
            taken[case].append(measure(case.config(number)))
    rows: list[tuple[Cell, ...]] = [(case.name, case.wanted, *spread(seconds)) for case, seconds in
                                    taken.items()]
    rows.append(("MNIST CNN, new, first of its worker: reads the data", "–", first, None, None))
    return ReportTable(title, COLUMNS, tuple(rows), f"{rounds} rounds in turns. {note}")


def on_disk(rounds: int) -> ReportTable:
    """Networks that an earlier worker on this machine compiled, each the first of a fresh worker."""
    cases = [case for case in CASES if case.name.endswith("new")]
    with service(warm_up=False) as measure:
        for number in range(rounds):
            for case in cases:
                measure(case.config(number))
    taken: dict[Case, list[float]] = {case: [] for case in cases}
    for number in range(rounds):
        for case in cases:
            with service(warm_up=False) as measure:
                taken[case].append(measure(case.config(number)))
    rows = tuple((case.name.replace("new", "compiled by an earlier process"), "0.7", *spread(seconds))
                 for case, seconds in taken.items())
    return ReportTable("Fresh worker, programs on disk: `submit` to the first Progress in the history",
                       COLUMNS,
                 rows, f"{rounds} rounds in turns. The worker has imported all, and has read no data yet.")


def main() -> None:
    """Measure at two or three places and print a table for each."""
    parser = arguments("From the press of Train to the first point.")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--browser", action="store_true", help="in Chromium too")
    chosen = parser.parse_args()
    report = Report("latency")
    with fresh_environment():
        engine(IRIS)  # imports Keras and JAX
        report.add(table("Engine: `fit` to the first Progress", engine, chosen.rounds,
                         "In one process, Keras imported."))
    places: list[tuple[str, Callable[[], AbstractContextManager[Measure]], str]] = [
        ("Workers: `submit` to the first Progress in the history", service, "The worker is ready.")]
    if chosen.browser:
        places.append(("Browser: press to the first point drawn", in_browser,
                       "A new visitor each; the link was opened and the app was at rest."))
    for title, place, note in places:
        with fresh_environment(), place() as measure:
            report.add(table(title, measure, chosen.rounds, note))
    if chosen.browser:
        with fresh_environment():
            report.add(presses.table(chosen.rounds))
        with fresh_environment():
            report.add(tries.table(chosen.rounds))
    with fresh_environment():
        report.add(on_disk(chosen.rounds))
    report.keep(chosen.json)


if __name__ == "__main__":
    main()
