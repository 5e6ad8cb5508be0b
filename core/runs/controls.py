"""What a learner can change while a run trains, and the worker's mailbox that receives it.

The controls are always sent as a whole with a version number, never as single commands. However often they
arrive and in whatever order, the newest version counts.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from core.parameters import FieldError, FloatRange, short_repr
from core.runs.config import PARAMETERS
from core.runs.tried import Tried

PACE = FloatRange("pace", "Pace", "Epochs per second; none means as fast as possible.", 0.05, 1000.0, 5.0,
                  log=True)


@dataclass(frozen=True)
class Controls:
    """Where a run's controls stand. Creating one checks every field; raises `FieldError`.

    Attributes:
        version: grows with every change; the newest one counts.
        paused, stopped: what the learner asked for.
        steps, epochs: how many single steps and single epochs were asked for in all, while paused.
        pace: epochs a second; None for as fast as possible.
        learning_rate: a change that is not yet in effect; None without one.
        features: the two columns that decision regions are drawn over.
        example: index of the test example that the picture of the network is about.
        tried: an input of the learner's own that the network answers to; None without one.
        reached: the step that a paused run goes to first, because an earlier attempt had reached it.
        parked: the run should leave its worker, with a checkpoint to continue from. A paused one leaves once
            it has taken all steps asked for.
    """

    version: int = 0
    paused: bool = False
    stopped: bool = False
    steps: int = 0
    epochs: int = 0
    pace: float | None = None
    learning_rate: float | None = None
    features: tuple[int, int] = (0, 1)
    example: int = 0
    reached: int = 0
    parked: bool = False
    tried: Tried | None = None

    def __post_init__(self) -> None:
        for name in ("version", "steps", "epochs", "reached", "example"):
            if not _is_count(getattr(self, name)):
                raise FieldError(name, f"{name} must be a whole number of at least 0, got "
                                 f"{short_repr(getattr(self, name))}.")
        for name in ("paused", "stopped", "parked"):
            if not isinstance(getattr(self, name), bool):
                raise FieldError(name, f"{name} must be true or false, got "
                                 f"{short_repr(getattr(self, name))}.")
        if self.pace is not None:
            object.__setattr__(self, "pace", PACE.check(self.pace))
        if self.learning_rate is not None:
            checked = PARAMETERS["learning_rate"].check(self.learning_rate)
            object.__setattr__(self, "learning_rate", checked)
        pair = self.features
        if not isinstance(pair, tuple | list) or len(pair) != 2 \
                or not all(_is_count(column) and column < 10_000 for column in pair):
            raise FieldError("features",
                             f"features must be two different column numbers, got {short_repr(pair)}.")
        object.__setattr__(self, "features", tuple(pair))
        if self.tried is not None and not isinstance(self.tried, Tried):
            raise FieldError("tried", f"tried must be an input or none, got {short_repr(self.tried)}.")

    def changed(self, **changes: Any) -> "Controls":
        """The next version of these controls. Raises `FieldError` for a value that is refused."""
        for name in changes:
            if name not in self.__dataclass_fields__ or name == "version":
                raise FieldError(name, f"There is no control {short_repr(name)}. The controls are paused, "
                                 "stopped, steps, epochs, pace, learning_rate, features, example, tried.")
        return replace(self, version=self.version + 1, **changes)


def _is_count(value: Any) -> bool:
    """Whether `value` is an int from 0; a bool does not count as one."""
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


class ControlsMailbox:
    """The worker's copy of a run's controls: set from any thread, read between two calls of the program.

    active_runs: returns how many runs train in this process now, including this one.
    """

    def __init__(self, controls: Controls | None = None, active_runs: Callable[[], int] = lambda: 1):
        self._controls, self.active_runs = controls or Controls(), active_runs
        self._changed = threading.Condition()

    def set(self, controls: Controls) -> None:
        """Accept `controls`, unless newer ones are already here."""
        with self._changed:
            if controls.version > self._controls.version:
                self._controls = controls
                self._changed.notify_all()

    @property
    def controls(self) -> Controls:
        return self._controls

    def wait(self, version: int, seconds: float | None = None) -> None:
        """Sleep until the controls are newer than `version`, for at most `seconds`."""
        deadline = None if seconds is None else time.monotonic() + seconds
        with self._changed:
            while self._controls.version <= version:
                left = None if deadline is None else deadline - time.monotonic()
                if left is not None and left <= 0:
                    return
                self._changed.wait(left)
