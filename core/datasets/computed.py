"""Datasets that are computed from values which a learner sets."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from core.datasets.dataset import Dataset
from core.parameters import IntRange, Parameter, check_all

FIELD = "dataset_parameters"


def computed(label: str, parameters: Sequence[Parameter], build: Callable[[Mapping[str, Any]], Dataset],
             ) -> Dataset:
    """The dataset with its default values; `made_with` of it gives those with others.

    build: the dataset of checked values. Both raise `FieldError` for values that do not fit.
    """
    def remake(values: Mapping[str, Any]) -> Dataset:
        checked = check_all(parameters, values, label, FIELD)
        return replace(build(checked), parameters=tuple(parameters), remake=remake,
                       values=tuple(checked.items()))

    return remake({})


def data_seed() -> IntRange:
    """Decides the draws of the data, as the run's own seed decides split, weights and order."""
    return IntRange("data_seed", "Data seed", "Draws other examples of the same kind; the same seed "
                    "draws the same ones.", 0, 9999, 0)
