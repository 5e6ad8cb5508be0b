"""`Dataset`, `Preparation` and `Split`: what a dataset is before and after it is divided."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from core.parameters import Parameter

# What a network can be asked: which class, which number, which numbers come next.
TASKS = ("classification", "regression", "forecasting")

# Parameters younger than stored runs, and the value that changes nothing: with it they are no part of a
# dataset's key, so whatever was kept under the older key is still found.
_YOUNGER = (("rare_share", 0.0),)


class DatasetUnavailable(RuntimeError):
    """A dataset could not be had. The message says what was tried and what to do."""


@dataclass(frozen=True)
class Arrays:
    """Examples as loaded.

    x: float32 (n, features) for a table, uint8 (n, height, width, channels) for images, float32
    (n, window, channels) for a series. NaN where a table has no value.
    y: int32 (n,), the index of the class; float32 (n, outputs) for a regression or a forecast.
    """

    x: np.ndarray
    y: np.ndarray


@dataclass(frozen=True, eq=False)
class Dataset:
    """One dataset on offer, told before a byte of it is loaded. Two of the same `key` are equal.

    shape: of one example, `(features,)`, `(height, width, channels)` or `(window, channels)`.
    task: one of `TASKS`. classes: names, empty unless the task is classification.
    outputs: how many numbers are predicted of an example, where those are no classes. target: what
    they are, with its unit.
    features: names, with units, of a table's columns or a series' channels; empty for images. indicators:
    places of those features that are 1 where a category is there and 0 elsewhere: never standardized.
    pixel_maximum: the brightest value of an image, which scales it to 0..1; None for all others.
    load: the examples to split, those of a series in the order of time. load_test: the dataset's own
    test set, None where a share is split off.
    parameters: what a learner can set. remake: this dataset with other values of them. values: those
    that it was made with, by name.
    """

    name: str
    label: str
    help: str
    source: str
    examples: int
    shape: tuple[int, ...]
    classes: tuple[str, ...]
    load: Callable[[], Arrays]
    load_test: Callable[[], Arrays] | None = None
    features: tuple[str, ...] = ()
    indicators: tuple[int, ...] = ()
    pixel_maximum: int | None = None
    download_bytes: int = 0
    task: str = "classification"
    outputs: int = 1
    target: str = ""
    parameters: tuple[Parameter, ...] = ()
    remake: Callable[[Mapping[str, Any]], "Dataset"] | None = None
    values: tuple[tuple[str, Any], ...] = ()

    @property
    def is_image(self) -> bool:
        return len(self.shape) == 3

    @property
    def is_series(self) -> bool:
        return len(self.shape) == 2

    @property
    def units(self) -> int:
        """Units of the output layer: one a class, or one a number that is predicted."""
        return len(self.classes) or self.outputs

    @property
    def key(self) -> tuple[Any, ...]:
        """Tells this dataset from every other one, also from itself with other values."""
        return self.name, self.examples, *(value for value in self.values if value not in _YOUNGER)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Dataset) and self.key == other.key

    def __hash__(self) -> int:
        return hash(self.key)

    def made_with(self, values: Mapping[str, Any]) -> "Dataset":
        """This dataset with checked `values` of its parameters. Raises `FieldError` where they do not fit."""
        return self.remake(values) if self.remake else self


@dataclass(frozen=True)
class Preparation:
    """What is done to a dataset before a run: everything but the dataset that decides its `Split`.

    training_size: examples to learn from, validation included; 0 for all. label_noise: share of the
    training labels replaced by another class. imbalance: share of the last class left out of the examples
    to learn from, of those between by a geometric row; the test set keeps its own balance. scaling:
    `standard` or `none`. fold: where it is one of a cross-validation, which of how many, and of which
    division (0, 1, ...): it validates in place of a share.
    """

    seed: int = 0
    validation_share: float = 0.2
    training_size: int = 0
    label_noise: float = 0.0
    imbalance: float = 0.0
    scaling: str = "standard"
    fold: tuple[int, int, int] | None = None


@dataclass(frozen=True)
class Split:
    """A dataset divided for one run. No example stands in two of the three sets.

    x: for tables and series float32, standardized by the training examples' mean and deviation, but for
    a dataset's `indicators`, whose mean is 0 and whose deviation is 1;
    for images uint8 (n, height, width, channels), to be multiplied by `scale` to lie in 0..1.
    y: int32 (n,) or, standardized too, float32 (n, outputs). Both hold the training examples, then as many
    of validation as `validation` says, so that their shapes do not depend on it. x_test, y_test: the same
    of the test examples.
    mean, deviation: float32 (features,) or (channels,), in their own units; None for images.
    target_mean, target_deviation: float32 (outputs,), in the target's units; None for classes.
    filled: how many values were missing in the examples, and filled with the training median.
    """

    x: np.ndarray
    y: np.ndarray
    validation: int
    x_test: np.ndarray
    y_test: np.ndarray
    scale: float = 1.0
    mean: np.ndarray | None = None
    deviation: np.ndarray | None = None
    target_mean: np.ndarray | None = None
    target_deviation: np.ndarray | None = None
    filled: int = 0

    @property
    def examples(self) -> int:
        """How many there are to train on."""
        return len(self.y) - self.validation

    @property
    def x_train(self) -> np.ndarray:
        return self.x[:self.examples]

    @property
    def y_train(self) -> np.ndarray:
        return self.y[:self.examples]

    @property
    def x_validation(self) -> np.ndarray:
        return self.x[self.examples:]

    @property
    def y_validation(self) -> np.ndarray:
        return self.y[self.examples:]
