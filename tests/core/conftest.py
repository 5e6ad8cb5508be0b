"""A real cluster of one small worker, and runs on it with an engine whose every step is known."""

import os
import sys
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import cloudpickle
import psutil
import pytest

from core.cluster.own_runs import OwnRuns
from core.cluster.run_service import RunService
from core.cluster.workers import Workers
from core.datasets import kept_tables
from core.runs.config import RunConfig
from core.runs.controls import ControlsMailbox
from core.runs.events import Resumed
from core.runs.history import History
from core.runs.run import BaseRun
from core.settings import Settings

STEPS_PER_EPOCH = 10
STEP_SECONDS = 0.004

# Workers cannot import this file: its functions travel by value.
cloudpickle.register_pickle_by_value(sys.modules[__name__])


def known_engine(config: RunConfig, mailbox: ControlsMailbox, replay: tuple[tuple[int, float], ...]) -> Any:
    """Stands in for training: each step takes `learning_rate` of a tenth of the loss away."""
    import os
    import signal
    import time

    from core.runs.events import Compiled, EpochEnd, Finished, LearningRate, Parked, Paused, Progress
    per_epoch, loss, rate, paused, heard = 10, 1.0, config.learning_rate, False, 0
    changes = dict(replay)
    if config.seed == 666:
        raise ValueError("the seed of the beast")
    yield Compiled(0.0, 100, per_epoch)
    for step in range(config.epochs * per_epoch):
        while mailbox.controls.paused and not mailbox.controls.stopped \
                and step >= sum((mailbox.controls.reached, mailbox.controls.epochs * per_epoch,
                                 mailbox.controls.steps)):
            if not paused:
                paused = True
                yield Paused(step, True)
            if mailbox.controls.parked:
                break
            mailbox.wait(mailbox.controls.version, 1.0)
        if paused and not mailbox.controls.paused:
            paused = False
            yield Paused(step, False)
        controls = mailbox.controls
        if controls.parked and not controls.stopped and (paused or not controls.paused):
            yield Parked(step, controls.steps, controls.epochs, Finished(step, "stopped"))
            return
        if controls.stopped:
            yield Finished(step, "stopped")
            return
        wish = controls.learning_rate if controls.version > heard else None
        heard = controls.version
        wanted = changes.get(step, wish)
        if wanted is not None and wanted != rate:
            rate = wanted
            yield LearningRate(step, rate)
        time.sleep(0.004)
        if config.seed == 999 and step == 15:
            os.kill(os.getpid(), signal.SIGTERM if os.name == "nt" else signal.SIGKILL)
        loss *= 1 - rate / 10
        yield Progress(step + 1, (step + 1) / per_epoch, loss, 1 - loss, 0.0, 32 * (step + 1))
        if (step + 1) % per_epoch == 0:
            yield EpochEnd((step + 1) // per_epoch, step + 1, loss, 1 - loss, None, None)
    yield Finished(config.epochs * per_epoch, "finished")


def train(run_id: str, attempt: int, parcel: Any, controls: Any, replay: Any,
          settings: Settings, resume: Any = None) -> None:
    """`core.cluster.run_tasks.train` with the engine above."""
    from core.cluster.run_tasks import perform
    checked = parcel.decode()
    perform(run_id, attempt, controls, lambda mailbox: known_engine(checked, mailbox, replay))


def nothing(settings: Settings) -> None:
    """A worker with the engine above needs no preparation."""


def until(condition: Callable[[], Any], seconds: float = 180.0) -> Any:
    """What `condition` gives once it is true. Fails after `seconds`, which only a fault uses up."""
    deadline = time.monotonic() + seconds
    while not (value := condition()):
        assert time.monotonic() < deadline, "it did not come about in time"
        time.sleep(0.02)
    return value


def curve(steps: int, rate: float, changes: dict[int, float] | None = None) -> list[float]:
    """The losses of the known engine, computed here once more."""
    losses, loss = [], 1.0
    for step in range(steps):
        rate = (changes or {}).get(step, rate)
        loss *= 1 - rate / 10
        losses.append(loss)
    return losses


def losses(history: History) -> list[float]:
    return [row[2] for row in history.steps]


def ends(history: History) -> list[float]:
    """The losses at the ends of epochs: of these no neighbours are gathered into one."""
    return [row[1] for row in history.epochs]


def end_curve(epochs: int, rate: float, changes: dict[int, float] | None = None) -> list[float]:
    """What `ends` is in a run that nobody disturbs."""
    return curve(epochs * STEPS_PER_EPOCH, rate, changes)[STEPS_PER_EPOCH - 1::STEPS_PER_EPOCH]


def pids(workers: Workers) -> dict[str, int]:
    """Process numbers of the workers that answer, by their addresses."""
    return workers.client.run(os.getpid, on_error="ignore")


def kill_workers(workers: Workers) -> None:
    """End all workers, as somebody might who knows nothing of the runs."""
    for pid in pids(workers).values():
        process = psutil.Process(pid)
        process.kill()
        process.wait(30)


def ended(run: BaseRun) -> bool:
    return not run.active


@pytest.fixture(scope="session")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return Settings(workers=1, threads=8, cache=tmp_path_factory.mktemp("cache"))


@pytest.fixture(scope="session")
def workers(settings: Settings) -> Iterator[Workers]:
    """One cluster for all tests: whoever ends its worker finds another one a moment later."""
    one = Workers(settings, prepare=nothing)
    until(lambda: one.ready)
    yield one
    one.close()


@pytest.fixture
def cuts(monkeypatch: pytest.MonkeyPatch) -> list[Resumed]:
    """Where attempts began."""
    made, cut = [], History.cut

    def noted(self: History, resumed: Resumed) -> History:
        made.append(resumed)
        return cut(self, resumed)

    monkeypatch.setattr(History, "cut", noted)
    return made


@pytest.fixture
def folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Path]:
    """The data directory and the cache, both empty; the data directory is named, the cache not made."""
    data, cache = tmp_path / "data", tmp_path / "cache"
    data.mkdir()
    monkeypatch.setenv("PLAYGROUND_DATA", str(data))
    monkeypatch.setenv("PLAYGROUND_CACHE", str(cache))
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    return data, cache


@pytest.fixture
def no_tables(monkeypatch: pytest.MonkeyPatch) -> None:
    """No table was uploaded yet."""
    monkeypatch.setattr(kept_tables, "_tables", OrderedDict())


@pytest.fixture
def jobs(workers: Workers, settings: Settings) -> Iterator[RunService]:
    """Runs with ordinary limits."""
    yield from make_jobs(workers, settings)


@pytest.fixture
def jobs_with(workers: Workers, settings: Settings) -> Iterator[Callable[..., RunService]]:
    """Runs with other limits: `jobs_with(max_waiting=1)`."""
    made: list[Iterator[RunService]] = []

    def make(**changes: Any) -> RunService:
        made.append(make_jobs(workers, replace(settings, **changes)))
        return next(made[-1])

    yield make
    for one in made:
        next(one, None)


def make_jobs(workers: Workers, settings: Settings) -> Iterator[RunService]:
    """Runs that are stopped when the test is over, so that the next one finds free threads."""
    jobs = RunService(workers, settings, train=train)
    yield jobs
    queue = jobs._queue
    for job in queue:
        if job.run.active and not job.removed:
            OwnRuns(type(job.run), jobs.shared).stop(job.run.owner, job.run.id)
    until(lambda: not any(job.admitted for job in queue))
    jobs.close()
