"""Learning curve: one config with ever more training examples, several seeds each.

A config whose start learned from other data, or without labels, is trained both ways: from that start,
and from scratch.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from core.catalog.targets import LABEL
from core.datasets.split_indices import TEST_SHARE
from core.parameters import FieldError, IntRange
from core.runs.config import RunConfig
from core.studies.study import Member, Round, StudyResults, StudySize

CURVE_SEEDS = IntRange("curve_seeds", "Seeds for each size", "How many times each training set size is "
                       "tried, each time with a different seed: other examples, other first weights, another "
                       "order. Few: what looks like a difference may be luck.", 2, 20, 5)
# Training examples per class; without classes, in all, ten times as many.
PER_CLASS = (2, 5, 10, 20, 50)
# After a start that learned without labels: how few labels are enough then?
FEW_LABELS = (1, 10, 100)
# Of sentences, a few tell nothing yet.
FEW_SENTENCES = (12, 50, 200, 800)
UNCLASSED = 10
TRANSFERRED, SCRATCH = "start", "scratch"


class CurveWay(NamedTuple):
    """One curve: its key, and what it is called."""

    key: str
    label: str


@dataclass(frozen=True)
class LearningCurve:
    """`config` with each of `sizes`, `count` seeds each. Raises `FieldError` where that makes no sense."""

    config: RunConfig
    count: int = CURVE_SEEDS.default

    def __post_init__(self) -> None:
        object.__setattr__(self, "count", CURVE_SEEDS.check(self.count))
        start = self.config.start
        if start is not None and start.config.data.key == self.config.data.key:
            raise FieldError("start", "The run that this one starts from has seen the training examples, "
                             "however few are chosen. Remove the start, or choose one on other data.")
        if self.config.data.task == "forecasting":
            raise FieldError("dataset", "A learning curve draws training examples at random, but those of "
                             "a series follow each other in time. Choose another dataset.")
        if len(self.sizes) < 2:
            raise FieldError("dataset", f"{self.config.data.label} has too few examples for a learning "
                             "curve. Choose a larger dataset.")

    @property
    def axes(self) -> tuple[str, ...]:
        return "training_size", "seed", "start"

    @property
    def sizes(self) -> tuple[int, ...]:
        """Training set sizes that the dataset has enough examples for, with the validation examples."""
        data = self.config.data
        each = len(data.classes) or UNCLASSED
        few = FEW_SENTENCES if data.is_text else FEW_LABELS
        counts = few if self.unlabelled else PER_CLASS
        return tuple(each * count for count in counts if each * count <= (1 - TEST_SHARE) * data.examples)

    @property
    def unlabelled(self) -> bool:
        """Whether the start learned from inputs alone, and this run learns labels."""
        start = self.config.start
        return start is not None and self.config.target == LABEL != start.config.target

    @property
    def ways(self) -> tuple[CurveWay, ...]:
        """What is compared: from the start and from scratch, if there is a start."""
        scratch = (CurveWay(SCRATCH, "From scratch"),)
        label = "Pre-trained" if self.unlabelled else "Transferred"
        return scratch if self.config.start is None else (CurveWay(TRANSFERRED, label), *scratch)

    @property
    def plan(self) -> StudySize:
        count = len(self.sizes) * self.count * len(self.ways)
        return StudySize(count, count * self.config.epochs)

    def following(self, members: Sequence[Member],
                  results: StudyResults) -> tuple[tuple[Member, ...], Round | None]:
        if members:
            return (), None
        new = tuple(self._member(size, (self.config.seed + place) % 2**31, way.key)
                    for size in self.sizes for way in self.ways for place in range(self.count))
        return new, Round(tuple(range(len(new))), self.config.epochs)

    def _member(self, size: int, seed: int, way: str) -> Member:
        start = self.config.start if way == TRANSFERRED else None
        # From scratch, the test set is divided off as for the start: both ways have the same test examples.
        return Member(self.config.replaced(training_size=size, seed=seed, start=start), (size, seed, way),
                      test_seed=self.config.preparation.test_seed)


def scores(members: Sequence[Member], results: StudyResults, way: str) -> dict[int, np.ndarray]:
    """The test metric of each seed that has one, float (seeds,), by training set size."""
    found: dict[int, list[float]] = {}
    for member, metric in zip(members, results.test_metric, strict=True):
        size, _, own = member.values
        if own == way:
            found.setdefault(int(str(size)), []).extend([float(metric)] if np.isfinite(metric) else [])
    return {size: np.array(values) for size, values in sorted(found.items())}
