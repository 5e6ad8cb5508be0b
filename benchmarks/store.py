"""The store of ended runs: 8 processes write 10,000 at once; how many are lost, and how fast is the list?

The machine's own disk decides how long a commit takes: each waits until the run is there.
"""

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from benchmarks.report import Report, ReportTable, arguments, spread
from core.runs.config import RunConfig
from core.runs.controls import Controls
from core.runs.evaluations import Evaluation
from core.runs.events import Compiled, EpochEnd, Finished, Progress
from core.runs.run import Run
from core.settings import Settings
from core.store import Record, Store, Unavailable, record_of
from core.store.store import FILE

RUNS, PROCESSES, EPOCHS, STEPS = 10_000, 8, 60, 4
BUSIEST = "0" * 32  # the browser that keeps as many runs as one may
LOOKS = 7


def record() -> Record:
    """A run of Iris, 60 epochs, as one is kept."""
    random = np.random.default_rng(0)
    run = Run("benchmark", BUSIEST, RunConfig(epochs=EPOCHS), 0, Controls(), status="finished",
              ended=time.time())
    run.history.append(Compiled(0.5, 379, STEPS))
    for step in range(1, EPOCHS * STEPS + 1):
        loss = float(np.exp(-step / 60) + 0.05 * random.random())
        run.history.append(Progress(step, step / STEPS, loss, 1 - loss / 2, step / 1000, 32 * step))
        if step % STEPS == 0:
            run.history.append(EpochEnd(step // STEPS, step, loss, 1 - loss / 2, loss, 1 - loss / 2))
    run.history.append(Evaluation(EPOCHS * STEPS, np.diag([10, 10, 10]), 30, 0.1, 1.0, True))
    run.history.append(Finished(EPOCHS * STEPS, "finished"))
    return record_of(run)


def owner_of(process: int, number: int, each: int, most: int) -> str:
    """The first processes write for the busiest browser until that is full, then each for others."""
    return BUSIEST if process * each + number < most else f"{process:016x}{number // 100:016x}"


def write(url: str, process: int, each: int, most: int) -> None:
    """Write runs one after another, and print how often the database had to be asked again."""
    store, stored, again = Store(url, most), record(), 0
    for number in range(each):
        kept = replace(stored.kept, id=f"{process}-{number}", ended=time.time())
        while True:
            try:
                store.keep(replace(stored, owner=owner_of(process, number, each, most), kept=kept))
                break
            except Unavailable:
                again += 1
    print(again)


def measured(url: str, runs: int, most: int) -> ReportTable:
    """Writes all, then counts and lists them."""
    each = runs // PROCESSES
    began = time.monotonic()
    command = [sys.executable, "-m", "benchmarks.store", "--write", url]
    writers = [subprocess.Popen([*command, str(process), str(each), str(most)], text=True,
                                stdout=subprocess.PIPE) for process in range(PROCESSES)]
    again = sum(int(writer.communicate()[0]) for writer in writers)
    seconds, store = time.monotonic() - began, Store(url, most)
    owners = {owner_of(process, number, each, most) for process in range(PROCESSES) for number in range(each)}
    there = {run.id for owner in owners for run in store.runs(owner)}
    lost = {f"{process}-{number}" for process in range(PROCESSES) for number in range(each)} - there
    listed, looks, opened = 0, [], []
    for _ in range(LOOKS):
        before = time.perf_counter()
        found = store.runs(BUSIEST)
        looks.append(time.perf_counter() - before)
        listed = len(found)
        before = time.perf_counter()
        store.details(BUSIEST, [run.id for run in found[:12]])
        opened.append(time.perf_counter() - before)
    return ReportTable("The store of ended runs", ("what", "figure", "least", "most"), (
        (f"runs written by {PROCESSES} processes", each * PROCESSES, None, None),
        ("lost", len(lost), None, None), ("asked again, the database being locked", again, None, None),
        ("seconds for all, processes' start included", seconds, None, None),
        ("runs a second", each * PROCESSES / seconds, None, None),
        (f"ms for the list of a browser with {listed:,} of them",
         *(1000 * duration for duration in spread(looks))),
        ("ms for the curves of 12 runs", *(1000 * duration for duration in spread(opened)))),
        f"A run has {EPOCHS} epochs and {EPOCHS * STEPS} steps. {url.partition(':')[0]}; a commit is on the "
        "disk when it returns.")


def main(arguments_: Sequence[str] | None = None) -> None:
    parser = arguments(__doc__ or "")
    parser.add_argument("--url", help="an empty database instead of SQLite in a temporary folder")
    parser.add_argument("--runs", type=int, default=RUNS)
    parser.add_argument("--most", type=int, default=Settings.stored_runs, help="runs that a browser may keep")
    parser.add_argument("--write", nargs=4, help=argparse.SUPPRESS)
    given = parser.parse_args(arguments_)
    if given.write:
        url, *numbers = given.write
        write(url, *map(int, numbers))
        return
    report = Report("The store")
    with tempfile.TemporaryDirectory() as folder:
        report.add(measured(given.url or f"sqlite:///{Path(folder) / FILE}", given.runs, given.most))
    report.keep(given.json)


if __name__ == "__main__":
    main()
