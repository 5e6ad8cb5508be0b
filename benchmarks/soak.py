"""Many networks in one worker: does its memory stay bounded, and does another run notice?

`python -m benchmarks.soak`: 200 runs of 200 different networks in this process, one after another as a
worker's thread would train them, beside one long run that trains all the while.
"""

import threading
import time
from collections import deque
from collections.abc import Iterator
from itertools import islice, product

import psutil

from benchmarks.assignments import held
from benchmarks.report import Cell, Report, ReportTable, arguments
from benchmarks.subjects import DIGITS_MLP, IRIS, fresh_environment
from core.cluster.run_tasks import prepare
from core.datasets.splits import split
from core.runs.config import RunConfig
from core.runs.controls import Controls, ControlsMailbox
from core.runs.events import Progress
from core.settings import from_environment

GROWTH_MB, PAUSE_SECONDS = 150, 0.3
NOTE = ("Private memory of the process. Growth: after the last run less after the warm-up. Pause: between "
        "two reports of the run that trains beside; the same when nothing else trains, for comparison.")


def networks() -> Iterator[RunConfig]:
    """Different networks, small ones of all kinds."""
    digits = DIGITS_MLP.replaced(epochs=2)
    for first, second in product(range(8, 128), range(8, 128, 7)):
        kind = (first + second) % 4
        if kind == 0:
            yield digits.replaced(architecture="cnn", architecture_parameters={
                "filters": (first % 32 + 1,), "dense_units": (second,)})
        elif kind == 1:
            yield digits.replaced(architecture="rnn", activation="tanh", architecture_parameters={
                "cell": ("LSTM", "GRU", "SimpleRNN")[first % 3], "units": second})
        else:
            config = IRIS.replaced(epochs=20) if kind == 2 else digits
            yield config.replaced(architecture_parameters={"hidden_units": (first, second)})


class Beside(threading.Thread):
    """A run that trains all the while. gaps: (seconds between two reports, when the second came)."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.mailbox = ControlsMailbox(Controls())
        self.gaps: list[tuple[float, float]] = []

    def run(self) -> None:
        from core.training.fit import fit
        config = DIGITS_MLP
        data = split(config.data, config.preparation)
        last = None
        while not self.mailbox.controls.stopped:
            for event in fit(config, data, self.mailbox, from_environment()):
                now = time.monotonic()
                if isinstance(event, Progress):
                    if last is not None:
                        self.gaps.append((now - last, now))
                    last = now

    def longest(self, since: float) -> float:
        """The longest gap that ended after `since`, by `time.monotonic`."""
        return max((gap for gap, when in self.gaps if when > since), default=float("nan"))

    def stop(self) -> None:
        """End the run."""
        self.mailbox.set(Controls(version=2**62, stopped=True))
        self.join(60)


def train(config: RunConfig) -> None:
    """One run, to its end. Raises `RuntimeError` if it does not finish."""
    from core.training.fit import fit
    data = split(config.data, config.preparation)
    last = deque(fit(config, data, ControlsMailbox(), from_environment()), maxlen=1).pop()
    if getattr(last, "status", "") != "finished":
        raise RuntimeError(f"The run of {config.name} ended as {last}.")


def private() -> float:
    """MB of this process alone, as it is: nothing is collected for the measurement."""
    info = psutil.Process().memory_full_info()
    return getattr(info, "uss", info.rss) / 1e6


def main() -> None:
    """Train them all and print what became of memory, and of the run beside them."""
    parser = arguments("Many networks in one worker.")
    parser.add_argument("--runs", type=int, default=200)
    parser.add_argument("--warm-up", type=int, default=20)
    parser.add_argument("--alone", type=float, default=5.0, help="seconds that the other run trains alone")
    chosen = parser.parse_args()
    report = Report("soak")
    with fresh_environment():
        prepare(from_environment())  # as a worker does
        configs, sizes = islice(networks(), chosen.warm_up + chosen.runs), []
        for config in islice(configs, chosen.warm_up):
            train(config)
        beside = Beside()
        beside.start()
        time.sleep(2)
        began = time.monotonic()
        time.sleep(chosen.alone)
        alone, before, began = beside.longest(began), private(), time.monotonic()
        for number, config in enumerate(configs, 1):
            train(config)
            if number % 20 == 0:
                sizes.append(private() - before)
                print(f"{number} runs, {sizes[-1]:+.0f} MB, longest pause {beside.longest(began):.2f} s",
                      flush=True)
        seconds, pause = time.monotonic() - began, beside.longest(began)
        grown = private() - before
        beside.stop()
    rows: tuple[tuple[Cell, ...], ...] = (
        ("growth of the memory (MB)", f"{GROWTH_MB}", grown, held(grown < GROWTH_MB)),
        ("growth, most in between (MB)", "–", max([grown, *sizes]), ""),
        ("longest pause in the other run (s)", f"{PAUSE_SECONDS}", pause, held(pause <= PAUSE_SECONDS)),
        ("the same, training alone (s)", "–", alone, ""),
        ("a run, compiling included, mean (s)", "–", seconds / max(1, chosen.runs), ""))
    report.add(ReportTable(f"{chosen.runs} runs of as many networks, after {chosen.warm_up}",
                     ("what", "wanted", "measured", "holds"), rows, NOTE))
    report.keep(chosen.json)


if __name__ == "__main__":
    main()
