"""How many training, validation and test examples a run has, and whether a plain split reproduces them."""

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from core.datasets import FILES, Dataset, Preparation, available
from core.datasets.pairs import RATING_SHARE, PairShape
from core.datasets.some_classes import relabelled
from core.datasets.split_indices import for_learning, for_testing, learnable, long_tail


@dataclass(frozen=True)
class Cut:
    """One division of `examples` into `count` examples that are taken out and those that stay.

    plain: whether scikit-learn's `train_test_split` does the same, because every class is large enough.
    """

    examples: int
    count: int
    plain: bool

    def size(self, share: float, written: str) -> str:
        """The count, or `written` (the share it came from) if scikit-learn computes the same from it."""
        return written if math.ceil(share * self.examples) == self.count else str(self.count)


@dataclass(frozen=True)
class Counts:
    """How the examples are divided.

    Attributes:
        training: examples left to train on.
        test, size, validation: the divisions in their order; None if there is none.
        slices: for a forecast, the first and the last index + 1 of training, validation and test, in order of
            time; (0, 0) without validation.
    """

    training: int
    test: Cut | None = None
    size: Cut | None = None
    validation: Cut | None = None
    slices: tuple[tuple[int, int], ...] = ()


@lru_cache(maxsize=64)
def counts(dataset: Dataset, preparation: Preparation) -> Counts:
    """The counts of a run. Loads small datasets; for those in a file, it reads only the labels."""
    dataset = dataset.labelled
    y = _labels(dataset)
    rest = everywhere = np.arange(len(y))
    tested = everywhere[:0]
    if isinstance(dataset.shape, PairShape) and not available(dataset.name):
        kept = everywhere[:len(y) - dataset.shape.users]
        tested, rest = np.split(kept, [math.ceil(RATING_SHARE * len(kept))])
    elif dataset.load_test is None:
        rest, tested = for_testing(dataset, y, preparation)
    chosen, count = for_learning(dataset, y, rest, preparation)
    rest = learnable(dataset, y, rest)
    training, left = len(chosen) - count, rest[long_tail(dataset, y[rest], preparation)]
    if dataset.task == "forecasting":
        return Counts(training, slices=tuple(_range(indices) for indices in (
            chosen[:training], chosen[training:], tested)))
    divided = y[np.concatenate([rest, tested])]
    return Counts(
        training,
        _test_cut(dataset, divided, len(tested), preparation) if dataset.load_test is None else None,
        _cut(dataset, y[left], len(chosen)) if len(chosen) < len(left) else None,
        _cut(dataset, y[chosen], count) if count else None)


def _test_cut(dataset: Dataset, y: np.ndarray, count: int, preparation: Preparation) -> Cut | None:
    """The test set is divided off before classes are chosen."""
    if dataset.whole is not None:
        return counts(dataset.whole, Preparation(preparation.divides)).test
    return _cut(dataset, y, count)


def _cut(dataset: Dataset, y: np.ndarray, count: int) -> Cut:
    if not dataset.classes:
        return Cut(len(y), count, True)
    sizes = np.bincount(y)
    sizes = sizes[sizes > 0]
    return Cut(len(y), count, bool(sizes.min() > 1 and len(sizes) <= min(count, len(y) - count)))


def _range(indices: np.ndarray) -> tuple[int, int]:
    return (int(indices[0]), int(indices[-1]) + 1) if len(indices) else (0, 0)


def _labels(dataset: Dataset) -> np.ndarray:
    """The classes of the examples to divide; evenly distributed if the data is not on this machine."""
    if dataset.name not in FILES:
        return dataset.load().y
    if dataset.is_pairs:
        return dataset.load().y if available(dataset.name) else np.zeros((dataset.examples, 1), np.float32)
    file = FILES[dataset.name].at_hand()
    labels = file.labels[0]  # of the training examples, or of all
    if available(dataset.name):
        return relabelled(file.read(labels)[0].astype(np.int32).ravel(), dataset.chosen)
    examples, whole = file.members[labels][0][0], dataset.whole or dataset
    return relabelled(np.arange(examples, dtype=np.int32) % len(whole.classes), dataset.chosen)
