"""The weights that a run begins with where they are not new: its start is trained first, or read from a file.

A start's state is kept in a file of this worker's cache, so that a study, a reset and a new attempt train it
once. A long run leaves its own state there too when it pauses or ends: who goes on from it does not wait.
"""

import hashlib
import json
import logging
import threading
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from core.errors import UserError
from core.parameters import FieldError
from core.runs.checkpoints import load, save
from core.runs.config import RunConfig
from core.runs.controls import Controls, ControlsMailbox
from core.runs.disk_limits import trim_now_and_then
from core.runs.events import Event, Starting
from core.runs.start import Start, effective
from core.settings import Settings, from_environment
from core.training.plan import Plan
from core.training.program import State
from core.training.snapshot import Position, RunState, snapshot
from core.training.stopping import EarlyStopping
from core.training.taking_over import begun

log = logging.getLogger(__name__)

FOLDER = "starts"
# Raise it when the same config would give other weights.
VERSION = 1
# A run leaves its state for others only if training it again would take longer than this.
WORTH_SECONDS = 1.0
# While it is paused and resumed again and again, it writes no more often than this.
PAUSE_SECONDS = 5.0
Rates = Sequence[tuple[int, float]]
MakeTrainer = Callable[[RunConfig, ControlsMailbox, Rates], "StartTrainer"]
_training: dict[str, threading.Lock] = {}
_lock = threading.Lock()


class StartTrainer(Protocol):
    """A run that is trained without anybody looking."""

    plan: Plan

    def reach(self, step: int | None) -> Iterator[Event]:
        """Train up to a step of the run, or to its end."""
        ...

    def arrived(self, step: int | None) -> bool:
        """Whether it got there."""
        ...

    @property
    def standing(self) -> RunState:
        """Where it is now."""
        ...


_GOING, _STOPPED = Controls(), Controls(stopped=True)


class Unheard(ControlsMailbox):
    """A mailbox that passes on nothing but a stop: a start trains at full speed."""

    def __init__(self, stopped: Callable[[], bool]):
        super().__init__(_GOING)
        self._stopped = stopped

    @property
    def controls(self) -> Controls:
        return _STOPPED if self._stopped() else _GOING


def state_before(owner: RunConfig, first: RunState, plan: Plan, names: Sequence[str],
                 stopped: Callable[[], bool], settings: Settings, trainer: MakeTrainer,
                 ) -> Generator[Event, None, RunState | None]:
    """The state in which a run of `owner` begins; None if it is stopped before. Arguments as below."""
    assert owner.start is not None
    found = yield from state_after(owner.start, plan, stopped, settings, trainer)
    return None if found is None else begun(owner, found, first, plan, names)


def state_after(start: Start, plan: Plan, stopped: Callable[[], bool], settings: Settings,
                trainer: MakeTrainer) -> Generator[Event, None, RunState | None]:
    """The state after `start`, without its edits: from its file, or trained; None if it is stopped meanwhile.

    Raises `UserError` if it cannot be trained, or takes too long.

    Args:
        plan: the run's; that of the start too if its batches are as large, since both prepare the data alike.
        stopped: whether the run should end.
        trainer: makes the run that trains the start.
    """
    name, until = _name(start.config, start.at, start.learning_rates), time.monotonic()
    until += settings.max_run_seconds
    with _alone(name, stopped):
        found = _read(name)
        if found is None:
            found = yield from _trained(start, stopped, until, settings, trainer)
            if found is not None:
                _write(_file(name), start.config, plan, found)
    return found


class Leaving:
    """Leaves a run's state for those that go on from it, if training it again would take long.

    A run has at most one such file: a new one replaces it.

    Attributes:
        patience: seconds until the state of a paused run can be written that came too soon; None if there
            is none.
    """

    def __init__(self):
        self.patience: float | None = None
        self._at: int | str | None = None
        self._file: Path | None = None
        self._next = 0.0

    def leave(self, config: RunConfig, plan: Plan, at: int | str, rates: Rates, there: RunState,
              ended: bool) -> None:
        """Write where the run is. at, rates: as in `Start`. ended: whether there will be no later moment."""
        wait = self._next - time.monotonic()
        self.patience = None
        if there.place.seconds < WORTH_SECONDS or at == self._at:
            return
        if wait > 0 and not ended:
            self.patience = wait
            return
        before, self._at = self._file, at
        self._file = _file(_name(config, at, effective(rates, at)))
        if before is not None and before != self._file:
            with suppress(OSError):
                before.unlink(missing_ok=True)
        _write(self._file, config, plan, there)
        self._next = time.monotonic() + PAUSE_SECONDS


def _trained(start: Start, stopped: Callable[[], bool], until: float, settings: Settings,
             trainer: MakeTrainer) -> Generator[Event, None, RunState | None]:
    training = trainer(start.config, Unheard(stopped), start.learning_rates)
    goal = None if isinstance(start.at, str) else start.at
    steps, whole = training.plan.steps * start.config.epochs, goal
    if goal is not None and goal > steps:
        raise FieldError("start.at", f"The start has {steps:,} steps, so it cannot be left at step {goal:,}. "
                         "Choose an earlier one.")
    for event in training.reach(goal):
        if time.monotonic() > until:
            raise UserError("Training the start took as long as a run may train: "
                            f"{settings.max_run_seconds / 60:g} minutes. Start from an earlier step.")
        if isinstance(event, Starting):
            yield replace(event, steps=event.steps if whole is None else whole)
    if stopped():
        return None
    if not training.arrived(goal):
        raise FieldError("start.at", "The start ended before that step: it has fewer, stopped early, or its "
                         "loss was no longer a number. Choose an earlier step.")
    return training.standing


def _name(config: RunConfig, at: int | str, rates: Rates) -> str:
    said = json.dumps([VERSION, config.key, at, [list(row) for row in rates]])
    return hashlib.sha256(said.encode()).hexdigest()[:40]


@contextmanager
def _alone(name: str, stopped: Callable[[], bool]) -> Iterator[None]:
    """Whoever needs the same start meanwhile waits for it, unless it is stopped."""
    with _lock:
        lock = _training.setdefault(name, threading.Lock())
    mine = False
    while not mine and not stopped():
        mine = lock.acquire(timeout=0.1)
    try:
        yield
    finally:
        if mine:
            lock.release()
            with _lock:
                _training.pop(name, None)


def _file(name: str) -> Path:
    return from_environment().cache / FOLDER / f"{name}.npz"


def _read(name: str) -> RunState | None:
    path = _file(name)
    if not path.exists():
        return None
    try:
        found = load(path)
        state = State(**{part: list(found.arrays.get(part, ())) for part in State._fields})
        return RunState(Position(**found.about["place"]), state, found.arrays["sums"][0], EarlyStopping(0))
    except Exception as error:  # whatever is wrong with the file, the start can be trained again
        log.warning("A start is trained again: %r", error)
        return None


def _write(path: Path, config: RunConfig, plan: Plan, there: RunState) -> None:
    written = 0
    try:
        save(path, snapshot(config, plan, there))
        written = path.stat().st_size
    except Exception as error:  # a full disk is nothing that a run should end for
        log.warning("A start is not kept: %s", error)
    trim_now_and_then(path.parent, from_environment().max_start_bytes, written)
