"""What a learner can change while a run trains, and the worker's mailbox that receives it.

The controls are always sent as a whole with a version number, never as single commands. However often they
arrive and in whatever order, the newest version counts. `BaseControls` is what those of a run have in common
with those of a run of agents (`core.agents.controls`).
"""

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Generic, Self, TypeVar

from core.parameters import FieldError, FloatRange, short_repr
from core.runs.config import PARAMETERS
from core.runs.tried import Tried

PACE = FloatRange("pace", "Pace", "Epochs per second; none means as fast as possible.", 0.05, 1000.0, 5.0,
                  log=True)
# Higher than any version that a learner's clicks can reach, so it always counts as the newest.
LAST_VERSION = 2**62
# What nobody but the server changes.
_OWN = ("version", "reached", "parked")


@dataclass(frozen=True)
class BaseControls:
    """Where the controls of any run stand. Creating one checks every field; raises `FieldError`.

    Attributes:
        version: grows with every change; the newest one counts.
        paused, stopped: what the learner asked for.
        steps: how many single steps were asked for in all, while paused.
        pace: none for as fast as possible.
        reached: the step up to which a run ignores pause and pace, because an earlier attempt had reached it.
        parked: the run should leave its worker, with a checkpoint to continue from. A paused one leaves once
            it has taken all steps asked for.
    """

    version: int = 0
    paused: bool = False
    stopped: bool = False
    steps: int = 0
    pace: float | None = None
    reached: int = 0
    parked: bool = False
    # The fields that count something from 0, and the range of `pace`.
    counts: ClassVar[tuple[str, ...]] = ("version", "steps", "reached")
    paces: ClassVar[FloatRange] = PACE

    def __post_init__(self) -> None:
        for name in self.counts:
            if not is_count(getattr(self, name)):
                raise FieldError(name, f"{name} must be a whole number of at least 0, got "
                                 f"{short_repr(getattr(self, name))}.")
        for name in ("paused", "stopped", "parked"):
            if not isinstance(getattr(self, name), bool):
                raise FieldError(name, f"{name} must be true or false, got "
                                 f"{short_repr(getattr(self, name))}.")
        if self.pace is not None:
            object.__setattr__(self, "pace", self.paces.check(self.pace))

    def changed(self, **changes: Any) -> Self:
        """The next version of these controls. Raises `FieldError` for a value that is refused."""
        for name in changes:
            if name not in self.__dataclass_fields__ or name == "version":
                known = ", ".join(name for name in self.__dataclass_fields__ if name not in _OWN)
                raise FieldError(name, f"There is no control {short_repr(name)}. The controls are {known}.")
        return replace(self, version=self.version + 1, **changes)

    # What the next attempt of a run asks of its controls, whatever it trains.

    @property
    def asked(self) -> bool:
        """Whether single steps, or more than single steps, were asked for."""
        raise NotImplementedError

    def wish(self, made: Sequence[tuple[int, Any]]) -> Any:
        """The change that was asked for and is not in effect yet, as in a replay; None without one.

        made: the changes that were made, or will be, in order, each with its step.
        """
        raise NotImplementedError

    def again(self, taken: tuple[int, int] | None, reached: int) -> Self:
        """For the next attempt, which finds the wish in its replay.

        taken: how many of the single steps, and of the single epochs or episodes, were taken; None for all.
        """
        raise NotImplementedError


@dataclass(frozen=True)
class Controls(BaseControls):
    """Where a run's controls stand. Creating one checks every field; raises `FieldError`.

    Attributes:
        pace: epochs a second; None for as fast as possible.
        epochs: how many single epochs were asked for in all, while paused.
        learning_rate: a change that is not yet in effect; None without one.
        features: the two columns that decision regions are drawn over.
        example: index of the test example that the picture of the network is about.
        tried: an input of the learner's own that the network answers to; None without one.
    """

    epochs: int = 0
    learning_rate: float | None = None
    features: tuple[int, int] = (0, 1)
    example: int = 0
    tried: Tried | None = None
    counts = (*BaseControls.counts, "epochs", "example")

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.learning_rate is not None:
            checked = PARAMETERS["learning_rate"].check(self.learning_rate)
            object.__setattr__(self, "learning_rate", checked)
        pair = self.features
        if not isinstance(pair, tuple | list) or len(pair) != 2 \
                or not all(is_count(column) and column < 10_000 for column in pair):
            raise FieldError("features",
                             f"features must be two different column numbers, got {short_repr(pair)}.")
        object.__setattr__(self, "features", tuple(pair))
        if self.tried is not None and not isinstance(self.tried, Tried):
            raise FieldError("tried", f"tried must be an input or none, got {short_repr(self.tried)}.")

    @property
    def asked(self) -> bool:
        return bool(self.steps or self.epochs)

    def wish(self, made: Sequence[tuple[int, Any]]) -> float | None:
        return self.learning_rate

    def again(self, taken: tuple[int, int] | None, reached: int) -> Self:
        steps, epochs = taken or (self.steps, self.epochs)
        return self.changed(learning_rate=None, steps=max(0, self.steps - steps),
                            epochs=max(0, self.epochs - epochs), reached=reached)


def is_count(value: Any) -> bool:
    """Whether `value` is an int from 0; a bool does not count as one."""
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


AnyControls = TypeVar("AnyControls", bound=BaseControls)


class ControlsMailbox(Generic[AnyControls]):
    """The worker's copy of a run's controls: set from any thread, read between two calls of the program.

    active_runs: returns how many runs train in this process now, including this one.
    """

    def __init__(self, controls: AnyControls | None = None, active_runs: Callable[[], int] = lambda: 1):
        self._controls: Any = controls or Controls()
        self.active_runs = active_runs
        self._changed = threading.Condition()

    def set(self, controls: AnyControls) -> None:
        """Accept `controls`, unless newer ones are already here."""
        with self._changed:
            if controls.version > self._controls.version:
                self._controls = controls
                self._changed.notify_all()

    def end(self) -> None:
        """Stop the run, whatever else arrives: nobody waits for it any more."""
        self.set(replace(self._controls, version=LAST_VERSION, stopped=True))

    @property
    def ended(self) -> bool:
        """Whether nobody waits for the run any more."""
        return self._controls.version >= LAST_VERSION

    @property
    def controls(self) -> AnyControls:
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
