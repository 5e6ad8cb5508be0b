"""What a dataset is, and what becomes of it when it is split."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np


class DatasetUnavailable(RuntimeError):
    """A dataset could not be had. The message says what was tried and what to do."""


@dataclass(frozen=True)
class Arrays:
    """Examples as loaded.

    x: float32 (n, features) for a table, uint8 (n, height, width, channels) for images.
    y: int32 (n,), the index of the class.
    """

    x: np.ndarray
    y: np.ndarray


@dataclass(frozen=True)
class Dataset:
    """One dataset on offer, told before a byte of it is loaded.

    shape: of one example, `(features,)` or `(height, width, channels)`.
    features: names, with units, of a table's columns; empty for images.
    pixel_maximum: the brightest value of an image, which scales it to 0..1; None for a table.
    load: the examples to split. load_test: the dataset's own test set, None where a share is split off.
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
    pixel_maximum: int | None = None
    download_bytes: int = 0

    @property
    def is_image(self) -> bool:
        return len(self.shape) == 3


@dataclass(frozen=True)
class Split:
    """A dataset divided for one run. No example stands in two of the three sets.

    x: for tables float32 (n, features), standardized by the training examples' mean and deviation;
    for images uint8 (n, height, width, channels), to be multiplied by `scale` to lie in 0..1.
    y: int32 (n,). Both hold the training examples, then as many of validation as `validation` says, so that
    their shapes do not depend on it. x_test, y_test: the same of the test examples.
    mean, deviation: float32 (features,), in the features' own units; None for images.
    """

    x: np.ndarray
    y: np.ndarray
    validation: int
    x_test: np.ndarray
    y_test: np.ndarray
    scale: float = 1.0
    mean: np.ndarray | None = None
    deviation: np.ndarray | None = None

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
