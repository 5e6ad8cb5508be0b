"""Study: many trainings that belong together, as the pages see them.

Only `core.cluster.study_service` changes one.
"""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol

import numpy as np

from core.runs.config import RunConfig

ACTIVE = ("waiting", "training")
ENDED = ("stopped", "finished", "failed")
# Columns of a curve; each row is an epoch.
LOSS, METRIC, VAL_LOSS, VAL_METRIC = range(4)
# States of a member. dropped: ended by the search, before its last epoch.
WAITING, TRAINING, FINISHED, DROPPED, DIVERGED, STOPPED, FAILED = range(7)
STATES = ("waiting", "training", "finished", "dropped", "diverged", "stopped", "failed")


@dataclass(frozen=True)
class Fold:
    """Which examples are for validation: part `index` of `count` parts, in division number `repeat`."""

    index: int
    count: int
    repeat: int = 0


@dataclass(frozen=True)
class Member:
    """One training of a study: a trial of a search, a fold, or a seed.

    Attributes:
        config: what it trains.
        values: its values of the study's `axes`, in their order; () for a fold.
        fold: the fold that it leaves out; None outside a cross-validation.
        test_seed: of its test set, if that is divided off by another seed than its config says; else None.
        second_test: whether it is tested on the second test set, see `core.datasets.second_test`.
        threshold: from which probability of the last class on that class is predicted, where the confusion
            matrix of the test set is wanted; else None.
    """

    config: RunConfig
    values: tuple[object, ...] = ()
    fold: Fold | None = None
    test_seed: int | None = None
    second_test: bool = False
    threshold: float | None = None


@dataclass(frozen=True)
class Round:
    """Members to train next, up to the end of epoch `epochs`.

    chosen: their numbers. Those of earlier rounds continue from where they are.
    """

    chosen: tuple[int, ...]
    epochs: int


class StudySize(NamedTuple):
    """The size of a study, known in advance. trials: at most. epochs: of all trials together."""

    trials: int
    epochs: int


class Method(Protocol):
    """How a study continues. The answers depend on the arguments alone; they may take a second."""

    @property
    def config(self) -> RunConfig:
        """What all members have in common."""
        ...

    @property
    def axes(self) -> tuple[str, ...]:
        """The fields that members differ in, by their dotted names."""
        ...

    @property
    def plan(self) -> StudySize:
        """How much it will train at most, known in advance."""
        ...

    def following(self, members: Sequence[Member],
                  results: "StudyResults") -> "tuple[tuple[Member, ...], Round | None]":
        """More members, added to those that exist, and the next round; no round if everything is done.

        Called at the beginning, without any results, and whenever a round is over.
        """
        ...


@dataclass
class StudyResults:
    """The results so far; rows are members, in their order.

    Attributes:
        curves: float32 (members, epochs, 4), columns LOSS, METRIC, VAL_LOSS, VAL_METRIC; NaN where not
            trained yet, or without validation.
        done: int32 (members,), epochs trained.
        states: int8 (members,), see STATES.
        test_loss, test_metric: float32 (members,), on the whole test set; NaN before the end.
        seconds: float32 (members,), training time; members that train together get equal shares.
        matrices: int32 (members, classes, classes), on the validation set (a fold's own examples) at the end;
            rows are true classes; None where numbers are predicted.
        tested: by number of a member that has a threshold, int32 (classes, classes) on its test set.
    """

    curves: np.ndarray
    done: np.ndarray
    states: np.ndarray
    test_loss: np.ndarray
    test_metric: np.ndarray
    seconds: np.ndarray
    matrices: np.ndarray | None = None
    tested: Mapping[int, np.ndarray] = field(default_factory=dict)

    @classmethod
    def empty(cls, members: int, epochs: int, classes: int) -> "StudyResults":
        def nothing() -> np.ndarray:
            return np.full(members, np.nan, np.float32)

        return cls(np.full((members, epochs, 4), np.nan, np.float32), np.zeros(members, np.int32),
                   np.zeros(members, np.int8), nothing(), nothing(), np.zeros(members, np.float32),
                   np.zeros((members, classes, classes), np.int32) if classes else None)

    def __len__(self) -> int:
        return len(self.done)

    def grown(self, members: int) -> "StudyResults":
        """The same results with room for more members, which wait."""
        epochs, classes = self.curves.shape[1], 0 if self.matrices is None else self.matrices.shape[1]
        more = StudyResults.empty(members - len(self), epochs, classes)
        joined: dict[str, Any] = {name: None if mine is None else np.concatenate([mine, getattr(more, name)])
                                  for name, mine in vars(self).items() if name != "tested"}
        return StudyResults(**joined, tested=self.tested)

    def kept(self, early_stopping: bool, epochs: int | None = None) -> np.ndarray:
        """The epoch, from 1 on, whose weights each member has: int (members,); 0 before the first is over.

        That is its last one so far; with early stopping it is the first with the lowest validation loss, as
        `keras.callbacks.EarlyStopping` with `restore_best_weights` has it.
        epochs: as of the end of that epoch, or of the member's last one before it; None: as of now.
        """
        done = self.done if epochs is None else np.minimum(self.done, epochs)
        if not early_stopping or not self.curves.size:
            return done
        losses = self.curves[:, :, VAL_LOSS]
        over = (np.arange(losses.shape[1]) < done[:, None]) & np.isfinite(losses)
        return np.where(over.any(1), np.where(over, losses, np.inf).argmin(1) + 1, done)

    def judged(self, column: int, early_stopping: bool, epochs: int | None = None) -> np.ndarray:
        """A column of the curves at the epoch of `kept`, float (members,); NaN before the first one."""
        if not self.curves.size:
            return np.full(len(self), np.nan)
        kept = self.kept(early_stopping, epochs)
        values = self.curves[np.arange(len(self)), np.maximum(kept - 1, 0), column].astype(float)
        return np.where(kept > 0, values, np.nan)


@dataclass
class Study:
    """Many trainings that belong together.

    Attributes:
        status: one of `ACTIVE` or `ENDED`.
        message: what the page shows beside the status.
        version: changes whenever anything else does.
        compiled: seconds spent on compiling.
        ways: how many members trained "together" and "side by side".
        lost: how often it lost a worker.
        place: its place in the queue, from 1; None once it has its turn.
        began: when it got its turn; None before.
        first: when the first epochs arrived, and how many; None before.
    """

    id: str
    owner: str
    method: Method
    members: tuple[Member, ...] = ()
    results: StudyResults = field(default_factory=lambda: StudyResults.empty(0, 1, 0))
    status: str = "waiting"
    message: str = ""
    created: float = field(default_factory=time.time)
    ended: float | None = None
    began: float | None = None
    first: tuple[float, int] | None = None
    compiled: float = 0.0
    ways: dict[str, int] = field(default_factory=dict)
    lost: int = 0
    place: int | None = None
    version: int = 0

    @property
    def active(self) -> bool:
        return self.status in ACTIVE
