"""Datasets computed from parameters that a learner sets."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from core.datasets.dataset import Arrays, Dataset
from core.parameters import FloatRange, IntRange, Parameter, check_all

FIELD = "dataset_parameters"
# A rare class has at least this many examples: a fifth is for testing, and some are for validation.
FEWEST_RARE = 5
# Added to the data seed for a second test set: no learner's data seed is as large.
FRESH = 10_000


def computed(label: str, parameters: Sequence[Parameter], build: Callable[[Mapping[str, Any]], Dataset],
             redrawn: bool = False) -> Dataset:
    """The dataset with its default parameter values; its `made_with` gives others.

    build: makes the dataset from checked values. Both raise `FieldError` for values that do not fit together.
    redrawn: whether another data seed draws other examples of the same classes, or of the same curve.
    """
    most = {parameter.name: parameter.high for parameter in parameters
            if isinstance(parameter, IntRange) and parameter.name == "count"}

    def remake(values: Mapping[str, Any]) -> Dataset:
        checked = check_all(parameters, values, label, FIELD)
        return replace(build(checked), parameters=tuple(parameters), remake=remake,
                       values=tuple(checked.items()), fresh=partial(fresh, checked) if redrawn else None)

    def fresh(checked: Mapping[str, Any]) -> Arrays:
        return build({**checked, **most, "data_seed": checked["data_seed"] + FRESH}).load()

    return remake({})


def data_seed() -> IntRange:
    """Decides which examples are drawn; the run's own seed decides split, weights and order."""
    return IntRange("data_seed", "Data seed", "A different seed draws different examples of the same kind; "
                    "the same seed draws the same examples.", 0, 9999, 0)


def rare_share() -> FloatRange:
    """Makes the last class rare in all of the data, the test set included."""
    return FloatRange("rare_share", "Rare class share", "Share of all examples that belong to the "
                      "last class, in the test set too. 0: all classes are about equally common. Low: a "
                      "network that never predicts that class is right nearly every time, so look at the "
                      "confusion matrix, not at the accuracy.", 0.0, 0.4, 0.0)


def class_sizes(count: int, classes: int, share: float) -> tuple[int, ...]:
    """How many of `count` examples each class has: the last class its share, the others equal parts."""
    rare = max(round(share * count), FEWEST_RARE)
    each, more = divmod(count - rare, classes - 1)
    return (*(each + (place < more) for place in range(classes - 1)), rare)


def spare_draws(sizes: Sequence[int]) -> int:
    """How many examples to draw so that each class reaches its size: twice as many as needed.

    In some datasets, such as XOR, chance decides the class.
    """
    return 2 * len(sizes) * max(sizes)


def with_sizes(drawn: Arrays, sizes: Sequence[int]) -> Arrays:
    """The given number of examples of each class, in their original order."""
    kept = []
    for label, size in enumerate(sizes):
        mine = np.flatnonzero(drawn.y == label)
        kept.append(mine[np.arange(size) * len(mine) // size])
    places = np.sort(np.concatenate(kept))
    x, y = drawn.x[places], drawn.y[places]
    x.flags.writeable = y.flags.writeable = False
    return Arrays(x, y)
