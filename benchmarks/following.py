"""What it costs a run to be followed: in updates a second, and in bytes an update.

`python -m benchmarks.following`. Through the real workers. Runs that somebody follows and runs that
nobody follows take turns: a followed one sends its events, and this process keeps its history and makes
the live panel, as JSON, ten times a second. No browser draws it.
"""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from statistics import median

from benchmarks.growth import growth, made_up
from benchmarks.points import net_2_4_2, offer
from benchmarks.report import Cell, Report, ReportTable, arguments
from benchmarks.stopwatch import Times
from benchmarks.subjects import IRIS, MNIST_CNN, fresh_environment
from benchmarks.timed_task import times_of, train
from benchmarks.waiting import wait_until
from core.cluster.run_service import RunService
from core.cluster.workers import Workers
from core.datasets.splits import test_set
from core.runs.config import RunConfig
from core.runs.run import Run
from core.settings import Settings, from_environment
from core.views.run_panel import RunPanel, message

UPDATES = 10  # a second
MOST_COST, LEAST_SPEED, THEIR_SPEED = 0.05, 50_000, 1474
# Of MNIST's reports within an epoch, where an epoch takes a learner some seconds.
REPORTS = 20


@dataclass
class Followed:
    """What came to this process of one run.

    seconds: of each update of the panel. busy: seconds of a core that this process took meanwhile, its
    scheduler and connections included.
    """

    run: Run
    times: Times
    seconds: list[float] = field(default_factory=list)
    busy: float = 0.0


class StubService:
    """The workers, and two ways to run on them: with somebody who follows, and without."""

    def __init__(self, settings: Settings, examples: int):
        self._settings, self.workers = settings, Workers(settings)
        self._jobs = {tells: RunService(self.workers, settings, partial(train, tells, examples))
                      for tells in (True, False)}
        wait_until(lambda: self.workers.ready)

    def run(self, config: RunConfig, follow: bool) -> Followed:
        """Train to the end. Raises `RuntimeError` where a run does not get there."""
        jobs = self._jobs[follow]
        run = jobs.submit("benchmark", config)
        found, sent, busy = Followed(run, Times()), dict[str, str](), time.process_time()
        while run.active:
            jobs.touch("benchmark")
            began = time.monotonic()
            if follow:
                sent = _update(found, sent)
            time.sleep(max(0.0, began + (1 / UPDATES if follow else 1.0) - time.monotonic()))
        found.busy = time.process_time() - busy
        wait_until(lambda: run.status != "finished" or times_of(self._settings, run.id) is not None)
        found.times = times_of(self._settings, run.id) or found.times
        if found.times.status != "finished":
            raise RuntimeError(f"The run ended as {run.status}. {run.message}")
        jobs.remove("benchmark", run.id)
        return found

    def close(self) -> None:
        """End the workers."""
        for jobs in self._jobs.values():
            jobs.close()
        self.workers.close()


@contextmanager
def service(examples: int) -> Iterator[StubService]:
    """A `StubService` that is closed afterwards."""
    made = StubService(from_environment(), examples)
    try:
        yield made
    finally:
        made.close()


def _update(found: Followed, sent: dict[str, str]) -> dict[str, str]:
    """Make the panel of a run as a page does; what a browser then holds."""
    began, config = time.monotonic(), found.run.config
    told, sent = message(RunPanel(config.data, found.run, runs=(found.run,),
                                   examples=test_set(config.data, config.preparation)), sent)
    json.dumps(told)
    found.seconds.append(time.monotonic() - began)
    return sent


def speed(times: Times) -> float:
    """Updates a second, the looks at the test set left out."""
    return times.steps / times.training


def cost(label: str, pairs: list[tuple[Followed, Followed]]) -> tuple[Cell, ...]:
    """A row of the table of costs. pairs: nobody following, and followed."""
    shares = [1 - speed(followed.times) / speed(alone.times) for alone, followed in pairs]
    every = [second for _, followed in pairs for second in followed.seconds]
    busy = [100 * median(run.busy / (run.times.training + run.times.looking) for run in kind)
            for kind in zip(*pairs, strict=True)]
    return (label, median(speed(alone.times) for alone, _ in pairs),
            median(speed(followed.times) for _, followed in pairs), 100 * median(shares), 100 * min(shares),
            100 * max(shares), *busy, 1000 * median(every))


def costs(done: dict[str, list[tuple[Followed, Followed]]]) -> ReportTable:
    """What following cost each network."""
    return ReportTable(
        f"Following at {UPDATES} updates of the panel a second",
        ("network", "alone (steps/s)", "followed (steps/s)", "cost (%)", "least (%)", "most (%)",
         "page alone (% of a core)", "page following (%)", "panel, median (ms)"),
        tuple(cost(label, pairs) for label, pairs in done.items()),
        f"{len(next(iter(done.values())))} rounds in turns; costs are medians of pairs. Wanted for the CNN: "
        f"at most {100 * MOST_COST:g} %. Looks at the test set, which both take, and compiling are left out.")


def speeds(pairs: list[tuple[Followed, Followed]]) -> ReportTable:
    """Updates a second of the small net, evaluation left out and counted."""
    rows: list[tuple[Cell, ...]] = []
    for name, all_times in (("nobody follows", [alone.times for alone, _ in pairs]),
                            ("followed", [followed.times for _, followed in pairs])):
        counted = [times.steps / (times.training + times.looking) for times in all_times]
        calls = [times.steps / times.calls for times in all_times]
        rows.append((name, median(calls), median(map(speed, all_times)), median(counted), min(counted)))
    return ReportTable(
        "Net 2-4-2-1, tanh, batch 10, 250 points: updates a second",
        ("run", "compiled calls", "evaluation left out", "everything", "least"), tuple(rows),
        f"Runs of {pairs[0][0].times.steps} updates. Wanted: {LEAST_SPEED} followed; TensorFlow Playground's "
        f"page makes {THEIR_SPEED}. Ours ends in two logits instead of one output. Everything: with looks at "
        "the test set and its regions.")


def main() -> None:
    """Run all pairs and print costs, speeds and growth."""
    parser = arguments("What it costs a run to be followed.")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--examples", type=int, default=60000, help="of the CNN's epoch, at most")
    chosen = parser.parse_args()
    report = Report("following")
    offer()
    networks = {"MNIST CNN, batch 32": MNIST_CNN, "net 2-4-2-1, batch 10": net_2_4_2()}
    done: dict[str, list[tuple[Followed, Followed]]] = {label: [] for label in networks}
    with fresh_environment(), service(chosen.examples) as ready:
        for label, config in networks.items():
            ready.run(config.replaced(epochs=1), follow=True)  # compiles
            for number in range(chosen.rounds):
                # Who goes first changes, so that a machine which grows slower favours nobody.
                order = (False, True) if number % 2 else (True, False)
                turns = {follow: ready.run(config, follow) for follow in order}
                done[label].append((turns[False], turns[True]))
        report.add(costs(done))
        report.add(speeds(done["net 2-4-2-1, batch 10"]))
        iris = ready.run(IRIS.replaced(epochs=1000), follow=True).run
        report.add(growth({"Iris MLP": iris, f"made up, {REPORTS} reports an epoch": made_up(
            IRIS.replaced(epochs=1000), REPORTS)}))
    report.keep(chosen.json)


if __name__ == "__main__":
    main()
