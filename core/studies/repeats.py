"""Seeds and cross-validation: one config again with other seeds or other folds."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.parameters import FieldError, IntRange
from core.runs.config import RunConfig
from core.studies.study import Fold, Member, Round, StudyResults, StudySize

SEEDS = IntRange("count", "Seeds", "How many times the same configuration is trained, each time with a "
                 "different seed: a different split, different initial weights, a different order. Few: the "
                 "band around the curve is only a rough guess.",
                 2, 100, 20)
FOLDS = IntRange("folds", "Folds", "How many parts the examples are divided into. Each part is used for "
                 "validation once, while the others are used for training. 5 or 10 are usual.", 2, 20, 5)
REPEATS = IntRange("repeats", "Repeats", "How many times the whole cross-validation is repeated, each time "
                   "with a new division. More repeats show how much depends on the division.", 1, 10, 1)


@dataclass(frozen=True)
class Seeds:
    """The same config with `count` seeds, starting with its own. Raises `FieldError` for a wrong count."""

    config: RunConfig
    count: int = SEEDS.default

    def __post_init__(self) -> None:
        object.__setattr__(self, "count", SEEDS.check(self.count))

    @property
    def axes(self) -> tuple[str, ...]:
        return ("seed",)

    @property
    def plan(self) -> StudySize:
        return StudySize(self.count, self.count * self.config.epochs)

    def following(self, members: Sequence[Member],
                  results: StudyResults) -> tuple[tuple[Member, ...], Round | None]:
        if members:
            return (), None
        seeds = [(self.config.seed + index) % 2**31 for index in range(self.count)]
        return (tuple(Member(self.config.replaced(seed=seed), (seed,)) for seed in seeds),
                Round(tuple(range(self.count)), self.config.epochs))


@dataclass(frozen=True)
class CrossValidation:
    """Each of `folds` parts of the examples is used for validation once, in `repeats` divisions.

    Each fold of a series is a later part of it, predicted from everything before it. Raises
    `FieldError` for wrong numbers, and for several divisions of a series, which would all be the same.
    """

    config: RunConfig
    folds: int = FOLDS.default
    repeats: int = REPEATS.default

    def __post_init__(self) -> None:
        if self.config.start is not None:
            raise FieldError("start", "The run that this one starts from has seen the examples of all folds, "
                             "so a cross-validation would say nothing. Remove the start first.")
        object.__setattr__(self, "folds", FOLDS.check(self.folds))
        object.__setattr__(self, "repeats", REPEATS.check(self.repeats))
        if self.config.data.labelled.task == "forecasting" and self.repeats > 1:
            raise FieldError("repeats", "The folds of a series keep the order of time, so there is only one "
                             f"way to divide it. Set the repeats to 1, got {self.repeats}.")

    @property
    def axes(self) -> tuple[str, ...]:
        return ()

    @property
    def plan(self) -> StudySize:
        count = self.folds * self.repeats
        return StudySize(count, count * self.config.epochs)

    def following(self, members: Sequence[Member],
                  results: StudyResults) -> tuple[tuple[Member, ...], Round | None]:
        if members:
            return (), None
        new = tuple(Member(self.config, fold=Fold(index, self.folds, repeat))
                    for repeat in range(self.repeats) for index in range(self.folds))
        return new, Round(tuple(range(len(new))), self.config.epochs)
