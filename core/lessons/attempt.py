"""`Attempt`: where one learner stands in a lesson. The server keeps it; a browser says what it chose."""

import sys
import threading
import time
from collections import OrderedDict
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from core.lessons.graded import Verdict
from core.lessons.lesson import Lesson
from core.runs.config import RunConfig
from core.runs.fields import NESTED
from core.runs.run import Run

# In their order; only one of them is open.
PREDICT, RUN, OBSERVE, EXPLAIN, CHALLENGE = STAGES = ("predict", "run", "observe", "explain", "challenge")
SURE = ("a guess", "fairly", "certain")
# Of one sketched curve, at equal distances from the first epoch to the last: usually, and at most.
SKETCH_POINTS, MOST_POINTS = 17, 64
MOST_OWNERS = 2000
# What has to be said before the first run, as the learner reads it.
NO_PREDICTION, NOT_SURE = MISSING = ("Make your prediction first.", "Say how sure you are first.")
# A wait is long after so many seconds, where it will last so many more.
LONG_SECONDS, LEFT_SECONDS = 2.0, 4.0


@dataclass(frozen=True)
class Predicted:
    """What a learner said before the first run.

    Attributes:
        option: number of the option, from 0; None where none was chosen, or none is to be.
        number: the number; None without one.
        curves: heights of the sketched curves, in the loss's or metric's unit.
        sure: number of the entry of `SURE`; None before it was said.
    """

    option: int | None = None
    number: float | None = None
    curves: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    sure: int | None = None


@dataclass
class Attempt:
    """One learner in one lesson.

    Attributes:
        runs: ids of the runs that were begun in it, oldest first, as many as a page may show (see
            `ui.session.shown_runs`). With the first, the prediction is locked.
        prediction: what the learner said.
        tried: the runs that had begun before it was opened; None while it is closed.
        hints: how many hints were asked for.
        inputs: the numbers that the challenge asks for.
        answers: the options chosen for questions of earlier lessons, by the lesson's name.
        reviewed: the lessons whose questions were asked again at its beginning, and left.
        study: the id of the study that grades the challenge; empty without one.
        verdict: what the newest grading found; None before.
        problem: why the last one was refused; empty if it was not.
        begun: when (`time.time`).
        waited: whether the run that is under way takes long: then a question fills the wait.
    """

    lesson: Lesson
    runs: list[str] = field(default_factory=list)
    prediction: Predicted = field(default_factory=Predicted)
    tried: tuple[str, ...] | None = None
    hints: int = 0
    inputs: dict[str, float] = field(default_factory=dict)
    answers: dict[str, int] = field(default_factory=dict)
    reviewed: set[str] = field(default_factory=set)
    study: str = ""
    verdict: Verdict | None = None
    problem: str = ""
    waited: bool = False
    begun: float = field(default_factory=time.time)

    @property
    def locked(self) -> bool:
        """Whether the prediction stays as it is."""
        return bool(self.runs)

    @property
    def missing(self) -> str:
        """The one of `MISSING` that has to be said before the first run; empty if all is said."""
        asked, said = self.lesson.prediction, self.prediction
        made = {"choice": said.option is not None, "number": said.number is not None,
                "sketch": all(curve in said.curves for curve in asked.curves)}[asked.kind]
        if self.locked:
            return ""
        return NO_PREDICTION if not made else NOT_SURE if said.sure is None else ""

    @property
    def challenged(self) -> bool:
        """Whether the challenge is open."""
        return self.tried is not None

    @property
    def free(self) -> frozenset[str]:
        """The fields of the config that the learner may change now."""
        return _with_own(self.lesson.challenge.free if self.challenged else self.lesson.free)

    @property
    def config(self) -> RunConfig:
        """What the stage opens with; only what is `free` may differ from it."""
        return self.lesson.challenge_config if self.challenged else self.lesson.config

    def predict(self, **said: Any) -> None:
        """Take over fields of the prediction; nonsense has no effect, nor has anything once it is locked."""
        if not self.locked and all(_allowed(self.lesson, name, value) for name, value in said.items()):
            self.prediction = replace(self.prediction, **said)

    def sketch(self, curve: Any, heights: Any) -> None:
        """Take over one sketched curve: heights at equal distances from the first epoch to the last."""
        asked = self.lesson.prediction
        if self.locked or curve not in asked.curves or not isinstance(heights, list | tuple):
            return
        if 2 <= len(heights) <= MOST_POINTS and all(_is_number(one) for one in heights):
            drawn = tuple(min(asked.top, max(0.0, float(one))) for one in heights)
            self.prediction = replace(self.prediction, curves={**self.prediction.curves, curve: drawn})

    def stage(self, runs: Sequence[Run]) -> str:
        """One of `STAGES`. runs: those of the learner."""
        if not self.runs:
            return PREDICT if self.missing else RUN
        if self.challenged:
            return CHALLENGE
        return EXPLAIN if self.ended(runs) else OBSERVE

    def ended(self, runs: Sequence[Run]) -> Run | None:
        """The newest run of this lesson that has ended; None before the first."""
        return next((run for run in reversed(runs) if run.id in self.runs and not run.active), None)

    def training(self, runs: Sequence[Run]) -> Run | None:
        """The run of this lesson that is under way, the newest; None if none is."""
        return next((run for run in reversed(runs) if run.id in self.runs and run.active), None)

    def explained(self, runs: Sequence[Run], shown: Run | None) -> Run | None:
        """The run that is explained: the shown one if it has ended, else the newest that has.

        Runs of the challenge are not explained: what they reach is no answer to the prediction.
        """
        known, tried = [*runs, shown] if shown else runs, self.runs if self.tried is None else self.tried
        return next((run for run in reversed(known) if run.id in tried and not run.active), None)

    def waits(self, runs: Sequence[Run], now: float) -> bool:
        """Whether the learner has waited for a run for long, and will for some time. now: `time.time`."""
        run = self.training(runs)
        if run is None or run.controls.paused or now - run.created < LONG_SECONDS:
            return False
        progress = run.history.progress
        if progress is None or not progress.epoch:
            return True
        left = run.config.epochs - progress.epoch
        return left * (now - run.created) / progress.epoch > LEFT_SECONDS

    def seen(self, runs: Sequence[Run], shown: Run | None) -> Hashable:
        """Changes when a page has to say something else. runs: the learner's; shown: by the stage."""
        explained = self.explained(runs, shown)
        self.waited = self.stage(runs) == OBSERVE and (self.waited or self.waits(runs, time.time()))
        return (self.stage(runs), self.missing, explained and explained.id, tuple(self.prediction.curves),
                self.waited)


def changeable(lesson: Lesson) -> frozenset[str]:
    """All fields that a lesson lets the learner change at one time or another."""
    return _with_own(lesson.free + lesson.challenge.free)


def leaves_free(names: frozenset[str], field: str, own: str) -> bool:
    """Whether a parameter `own` of the entry in `field` is among `names`; all are if none is named itself."""
    named = [name for name in names if name.startswith(f"{field}.")]
    return not named or f"{field}.{own}" in named


def _with_own(names: Sequence[str]) -> frozenset[str]:
    """These fields, and the whole field of a parameter; with one that selects an entry, its parameters."""
    whole = (name.partition(".")[0] for name in names)
    return frozenset({*names, *whole, *(name for name, own in NESTED.items() if own.choice in names)})


class Attempts:
    """The attempts of all learners: one of each lesson. Several threads may ask."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._of: OrderedDict[str, dict[str, Attempt]] = OrderedDict()

    def of(self, owner: str, lesson: Lesson) -> Attempt:
        """The attempt of this learner, a new one if there is none."""
        with self._lock:
            own = self._of.setdefault(owner, {})
            self._of.move_to_end(owner)
            while len(self._of) > MOST_OWNERS:
                self._of.popitem(last=False)
            found = own.get(lesson.name)
            if found is None or found.lesson != lesson:
                found = own[lesson.name] = Attempt(lesson)
            return found

    def with_run(self, owner: str, run_id: str) -> Attempt | None:
        """The attempt that a run was begun in; None for a run outside of lessons."""
        with self._lock:
            own = self._of.get(owner, {}).values()
            return next((attempt for attempt in own if run_id in attempt.runs), None)

    def again(self, owner: str, lesson: Lesson) -> None:
        """Forget the attempt: the learner begins anew."""
        with self._lock:
            self._of.get(owner, {}).pop(lesson.name, None)

    def forget(self, owner: str) -> None:
        """Forget all attempts of a learner."""
        with self._lock:
            self._of.pop(owner, None)

    def adopt(self, owner: str, kept: str) -> None:
        """What `owner` did belongs to `kept`, the key that the browser has had before."""
        with self._lock:
            for name, attempt in self._of.pop(owner, {}).items():
                self._of.setdefault(kept, {}).setdefault(name, attempt)


def _allowed(lesson: Lesson, name: str, value: Any) -> bool:
    if value is None:
        return True
    if name == "number":
        return lesson.prediction.kind == "number" and _is_number(value)
    options = {"option": len(lesson.prediction.options), "sure": len(SURE)}.get(name, 0)
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < options


def _is_number(value: Any) -> bool:
    # `math.isfinite` raises for a whole number with a thousand digits, which a browser can send.
    return (isinstance(value, int | float) and not isinstance(value, bool)
            and abs(value) <= sys.float_info.max)
