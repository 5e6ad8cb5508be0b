"""`Preparation` and `Split`: how a dataset is divided for a run, and what comes of it."""

from dataclasses import dataclass

import numpy as np

from core.datasets.dataset import MARGIN
from core.datasets.pairs import KnownPairs
from core.datasets.words import Vocabulary


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
