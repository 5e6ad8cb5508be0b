"""The events a worker sends while it trains a group of a study."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np


@dataclass(frozen=True)
class GroupBegan:
    """The group's program is ready. seconds: spent on compiling. way: `together` or `side by side`."""

    seconds: float
    way: str


@dataclass(frozen=True)
class GroupEpochs:
    """Some epochs are over.

    Attributes:
        numbers: int32 (n,), of the members.
        first: epoch of the first row, from 1.
        rows: float32 (n, epochs, 4), see `study.LOSS` and the columns after it; NaN once a member has ended.
        states: int8 (n,), see `study.STATES`.
        seconds: training time, shared by all n.
    """

    numbers: np.ndarray
    first: int
    rows: np.ndarray
    states: np.ndarray
    seconds: float


@dataclass(frozen=True)
class GroupJudged:
    """The final results of members, on examples that they were not trained on.

    Attributes:
        numbers: int32 (n,), of the members.
        test_loss, test_metric: float32 (n,), on the whole test set.
        matrices: int32 (n, classes, classes), on the validation set; None where numbers are predicted.
        tested: as in `StudyResults`.
    """

    numbers: np.ndarray
    test_loss: np.ndarray
    test_metric: np.ndarray
    matrices: np.ndarray | None
    tested: Mapping[int, np.ndarray] = field(default_factory=dict)


@dataclass(frozen=True)
class GroupEnded:
    """The group is over. message: why, unless it is simply done."""

    message: str = ""
    failed: bool = False


GroupEvent = GroupBegan | GroupEpochs | GroupJudged | GroupEnded
