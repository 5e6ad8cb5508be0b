"""What the benchmark of following runs on a worker; a module of its own, so that workers can import it."""

import json
from collections.abc import Generator, Sequence
from dataclasses import asdict
from functools import lru_cache
from pathlib import Path

from benchmarks.networks import shortened
from benchmarks.points import offer
from benchmarks.stopwatch import Stopwatch, Times
from core.cluster import run_tasks
from core.cluster.payload import RunPayload
from core.datasets import Dataset, Split
from core.runs.controls import Controls, ControlsMailbox
from core.runs.events import Checkpoint, Compiled, Event, Finished
from core.settings import Settings


@lru_cache(maxsize=4)
def _data(dataset: Dataset, examples: int) -> Split:
    """One object for all runs, so that a worker holds it once."""
    return shortened(dataset, examples)


def train(tells: bool, examples: int, run_id: str, attempt: int, payload: RunPayload, controls: Controls,
          replay: Sequence[tuple[int, float]], settings: Settings, resume: Checkpoint | None = None) -> None:
    """As `core.cluster.run_tasks.train`, without validation and checkpoints, and timed.

    tells: whether events go home; if not, only the first and the last. examples: of an epoch, at most.
    """

    def engine(mailbox: ControlsMailbox) -> Generator[Event, None, None]:
        from core.training.fit import fit
        offer()
        watch, checked = Stopwatch(), payload.decode()
        data = _data(checked.data, examples)
        for event in watch.follow(fit(checked, data, mailbox, settings, replay)):
            if tells or isinstance(event, Compiled | Finished):
                yield event
        times_file(settings, run_id).write_text(json.dumps(asdict(watch.times)))

    run_tasks.perform(run_id, attempt, controls, engine)


def times_file(settings: Settings, run_id: str) -> Path:
    """Where a run's times are kept; the worker is on this machine."""
    return settings.cache / f"times-{run_id}.json"


def times_of(settings: Settings, run_id: str) -> Times | None:
    """A run's times, None while it has not written them."""
    try:
        return Times(**json.loads(times_file(settings, run_id).read_text()))
    except (FileNotFoundError, json.JSONDecodeError):
        return None
