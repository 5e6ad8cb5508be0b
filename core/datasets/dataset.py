"""`Dataset`: what is on offer to be learned, described before it is loaded; `Arrays` once it is."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from math import prod
from typing import Any, NamedTuple

import numpy as np

from core.datasets.difference import ALIKE, Difference
from core.datasets.pairs import Items, PairShape
from core.datasets.words import TextShape
from core.errors import UserError
from core.parameters import Parameter

# The questions that a network can answer: which class, which number, which numbers come next, how to give
# back the input itself, and which word is hidden.
TASKS = ("classification", "regression", "forecasting", "reconstruction", "guessing")

# Room around the examples in pictures, as a share of their range.
MARGIN = 0.08

# Parameters that older stored runs do not have, each with the value that changes nothing. A parameter with
# that value is left out of the dataset's key, so whatever was stored under the older key is still found.
LATER_VALUES = (("classes", ()), ("feature_scale", 1.0), ("sampled_from", "everywhere"), ("outlier", 0.0))
_YOUNGER = (("rare_share", 0.0), *LATER_VALUES)


class DatasetUnavailable(UserError):
    """A dataset could not be loaded. The message says what was tried and what to do."""


@dataclass(frozen=True)
class Arrays:
    """Examples as loaded.

    Attributes:
        x: float32 (n, features) for a table, with NaN for missing values; uint8 (n, height, width, channels)
            for images; float32 (n, window, channels) for a series; str objects (n,) for sentences; int32
            (n, 2) for ratings, a user's and an item's number.
        y: int32 (n,), the class of each example; float32 (n, outputs) for a regression or a forecast.
    """

    x: np.ndarray
    y: np.ndarray


class NoiseFloor(NamedTuple):
    """The lowest errors that predictions can have which know everything but the noise, in the target's units.

    rmse: the root mean squared error, of answering the mean. mae: the mean absolute error, of the median.
    """

    rmse: float
    mae: float


@dataclass(frozen=True, eq=False)
class Dataset:
    """One dataset on offer, described before any of it is loaded. Two with the same `key` are equal.

    Attributes:
        name, label: its key in links and tables, and its name in the form.
        help, source: what it is, and where it comes from.
        examples: number of examples, including the test set.
        shape: shape of one example: `(features,)`, `(height, width, channels)` or `(window, channels)`; of a
            sentence, a `TextShape`; of a rating, a `PairShape`.
        classes: their names; empty unless the task is classification.
        load: loads the examples to split; those of a series in the order of time.
        load_test: loads the dataset's own test set; None if a share is split off instead.
        features: names, with units, of a table's columns or a series' channels; empty for images.
        indicators: indices of the features that are 0 or 1 for a category; these are never standardized.
        pixel_maximum: the brightest pixel value, which scales images to 0..1; None for other data.
        download_bytes: size of the download; 0 without one.
        task: one of `TASKS`.
        outputs: how many numbers are predicted per example, unless they are classes.
        target: the name of these numbers, with their unit.
        parameters: what a learner can set.
        remake: makes this dataset with other values of its parameters; None without any.
        values: the parameter values it was made with, as (name, value).
        whole: the dataset of which this one has some classes only; None for all others. It is divided as that
            is, so that no test example of one is a training example of the other.
        chosen: which classes of `whole`, by index.
        season: after how many steps a computed series repeats; 0 if that is unknown.
        original: if the task is reconstruction or guessing, the dataset with its own task. It is that one
            which is loaded and divided, so the examples have the targets of `original`.
        items: names the items of ratings; None for all other data.
        floor: what noise alone leaves open; None if nobody knows it.
        normal: where anomalies are to be found, the classes of the labelled dataset that are normal, by
            index: training and validation have no others, the test set has all. Empty: all are normal.
        difference: how the examples to learn from differ from those to test with.
        notes: what the values of its parameters do to the data, in sentences.
        fresh: draws more examples of the same kind, for a second test set; None if it cannot.
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
    whole: "Dataset | None" = None
    chosen: tuple[int, ...] = ()
    season: int = 0
    original: "Dataset | None" = None
    items: Callable[[], Items] | None = None
    floor: Callable[[], NoiseFloor] | None = None
    normal: tuple[int, ...] = ()
    difference: Difference = ALIKE
    notes: tuple[str, ...] = ()
    fresh: Callable[[], Arrays] | None = None

    @property
    def is_image(self) -> bool:
        return len(self.shape) == 3

    @property
    def is_series(self) -> bool:
        return len(self.shape) == 2

    @property
    def is_text(self) -> bool:
        return isinstance(self.shape, TextShape)

    @property
    def is_pairs(self) -> bool:
        """Whether an example is the rating of an item by a user."""
        return isinstance(self.shape, PairShape)

    @property
    def has_regions(self) -> bool:
        """Whether decision regions can be drawn over two of its features."""
        return bool(self.classes) and len(self.shape) == 1 and len(self.features) > 1

    @property
    def units(self) -> int:
        """Units of the output layer: one per class, or one per predicted number."""
        return len(self.classes) or self.outputs

    @property
    def key(self) -> tuple[Any, ...]:
        """Distinguishes this dataset from every other, and from itself with other parameter values."""
        own = (self.task,) if self.original else ()
        normal = ("normal", *self.normal) if self.normal else ()
        return (self.name, self.examples, *(value for value in self.values if value not in _YOUNGER), *own,
                *normal)

    @property
    def labelled(self) -> "Dataset":
        """The dataset with its own task, to which the targets of its examples belong."""
        return self.original or self

    @property
    def reconstructs(self) -> bool:
        """Whether the target is the input itself."""
        return self.task == "reconstruction"

    @property
    def guesses(self) -> bool:
        """Whether the target is a word that was hidden in a sentence."""
        return self.task == "guessing"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Dataset) and self.key == other.key

    def __hash__(self) -> int:
        return hash(self.key)

    def made_with(self, values: Mapping[str, Any]) -> "Dataset":
        """This dataset with checked `values` of its parameters. Raises `FieldError` if they conflict."""
        return self.remake(values) if self.remake else self

    @property
    def detects(self) -> bool:
        """Whether the errors of reconstructions are to tell anomalies from normal examples."""
        return self.reconstructs and bool(self.normal)

    def anomalous(self, y: np.ndarray) -> np.ndarray:
        """Which examples are not normal, bool (n,). y: int (n,), their classes."""
        return ~np.isin(y, self.normal)

    def reconstructed(self, normal: tuple[str, ...] = ()) -> "Dataset":
        """The same examples for a network that gives back its input.

        normal: names of the only classes that it learns from; those that do not exist are ignored.
        """
        chosen = tuple(place for place, name in enumerate(self.classes) if name in normal)
        original = replace(self, normal=chosen) if len(chosen) < len(self.classes) else self
        return replace(original, task="reconstruction", classes=(), outputs=prod(self.shape), target="",
                       remake=None, original=original)

    def guessing(self) -> "Dataset":
        """The same sentences for a network that guesses hidden words: an output for each known word."""
        outputs = self.shape.vocabulary if isinstance(self.shape, TextShape) else 1
        return replace(self, task="guessing", classes=(), outputs=outputs, target="", remake=None,
                       original=self)
