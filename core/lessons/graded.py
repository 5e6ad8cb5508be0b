"""What a check judges, and its verdict."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from core.runs.config import RunConfig
from core.studies.study import LOSS


@dataclass(frozen=True, eq=False)
class Trained:
    """One training that the server did to grade a challenge.

    Attributes:
        config: what it trained.
        rows: float (epochs, 4), see the columns from `core.studies.study.LOSS` on; as far as it trained.
        kept: the epoch whose weights it has, from 1; 0 before the first.
        finished: whether it got to its end; False where its loss was no longer a number.
        test_loss: on the test set; NaN without.
        test_metric: accuracy, or mean absolute error in the target's units, on the test set; NaN without.
        matrix: int (classes, classes), on the test set at the learner's threshold; rows are true classes.
            None where no threshold was asked for.
    """

    config: RunConfig
    rows: np.ndarray
    kept: int
    finished: bool = True
    test_metric: float = math.nan
    matrix: np.ndarray | None = None
    test_loss: float = math.nan

    def at_kept(self, column: int) -> float:
        """A column of the rows, at the epoch whose weights it has; NaN if it did not finish."""
        return float(self.rows[self.kept - 1, column]) if self.finished and self.kept else math.nan

    @property
    def accuracy(self) -> float:
        """On the test set; 0 if it did not finish."""
        return self.test_metric if self.finished and math.isfinite(self.test_metric) else 0.0

    @property
    def ratio(self) -> float:
        """Its last loss divided by its first; infinite if the loss was no longer a number."""
        losses = self.rows[:, LOSS]
        if not self.finished or not len(losses) or not np.isfinite(losses).all():
            return math.inf
        return float(losses[-1] / losses[0]) if losses[0] else 1.0


@dataclass(frozen=True, eq=False)
class Graded:
    """What a check judges.

    Attributes:
        trained: the trainings, in their order; empty for grades that train nothing.
        inputs: the numbers that the challenge asked for, within their bounds.
        measured: what the server computed for grades that train nothing, by name.
        reached: parts of the challenge that were reached before.
    """

    trained: tuple[Trained, ...] = ()
    inputs: Mapping[str, float] = field(default_factory=dict)
    measured: Mapping[str, float] = field(default_factory=dict)
    reached: tuple[str, ...] = ()


@dataclass(frozen=True)
class Verdict:
    """Whether a challenge is passed.

    Attributes:
        why: what was reached and what is missing, for the learner.
        reached: parts of it that are reached by now, where a challenge has several.
    """

    passed: bool
    why: str
    reached: tuple[str, ...] = ()
