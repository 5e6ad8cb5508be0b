"""`Dataset`, `Preparation` and `Split`: what a dataset is before and after it is divided."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from math import prod
from typing import Any, NamedTuple

import numpy as np

from core.datasets.difference import ALIKE, Difference
from core.datasets.pairs import Items, KnownPairs, PairShape
from core.datasets.words import TextShape, Vocabulary
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


@dataclass(frozen=True)
class Preparation:
    """How a dataset is prepared for a run: together with the dataset, this alone decides the `Split`.

    Attributes:
        seed: seed of every random choice below.
        validation_share: share of the training examples held out for validation, 0 to 0.5.
        training_size: training and validation examples together; 0 for all.
        label_noise: share of training labels replaced by another class.
        imbalance: share of the last class that is left out; less of the classes before it, in a geometric
            sequence. The test set keeps its balance.
        scaling: `standard` or `none`.
        fold: in a cross-validation (index, count, repeat): this fold validates instead of a share. Else None.
        test_seed: of the test set, if it is divided off by another seed than the rest.
        words: of sentences, the preparation whose training examples the vocabulary is found on; None for
            this one's own.
    """

    seed: int = 0
    validation_share: float = 0.2
    training_size: int = 0
    label_noise: float = 0.0
    imbalance: float = 0.0
    scaling: str = "standard"
    fold: tuple[int, int, int] | None = None
    test_seed: int | None = None
    words: "Preparation | None" = None

    @property
    def divides(self) -> int:
        """The seed that divides off the test set, where a dataset has none of its own."""
        return self.seed if self.test_seed is None else self.test_seed


@dataclass(frozen=True)
class Split:
    """A dataset divided for one run. No example is in two of the three sets.

    Attributes:
        x: training examples, then validation examples, so that its shape does not depend on the validation
            share. Tables and series: float32, standardized by the training examples (except `indicators`).
            Images: uint8 (n, height, width, channels), to be multiplied by `scale`. Sentences: int32 (n,
            length), by the vocabulary of the training examples. Ratings: int32 (n, 2), with 0 for a user or
            an item that is in no training example.
        y: their targets: int32 (n,), or float32 (n, outputs), standardized. Of hidden words their numbers;
            those of `x_train` are hidden in each step anew, those of the others always.
        validation: how many examples at the end of `x` are for validation.
        x_test, y_test: the same for the test examples.
        scale: factor that brings images to 0..1; 1 for other data.
        mean, deviation: of the inputs, float32 (features,) or (channels,), in their own units; None for
            images, sentences and ratings.
        target_mean, target_deviation: float32 (outputs,), in the target's units; None for classes.
        filled: how many missing values were replaced by the training median.
        vocabulary: of sentences; else None.
        pairs: of ratings, which users and items are known, and the liked items to rank; else None.
        room: where only some classes, or a part of the data, are learned from, how many examples there would
            be of all; else 0. A program with that much room serves any choice.
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
    vocabulary: Vocabulary | None = None
    pairs: KnownPairs | None = None
    room: int = 0

    def span(self, columns: list[int]) -> tuple[np.ndarray, np.ndarray]:
        """The lowest and the highest of training and test examples in these columns, plus a margin of 8 %.

        As networks see them, float32 (columns,) each: the part of the plane that pictures show.
        """
        seen = np.concatenate([self.x_train[:, columns], self.x_test[:, columns]])
        low, high = seen.min(0), seen.max(0)
        return low - MARGIN * (high - low), high + MARGIN * (high - low)

    @property
    def examples(self) -> int:
        """How many examples there are to train on."""
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
