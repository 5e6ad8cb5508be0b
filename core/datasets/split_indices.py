"""Which examples go into which set, by index: stratified, random, or in time order."""

import warnings
from math import ceil

import numpy as np

from core.datasets.dataset import Arrays, Dataset, DatasetUnavailable
from core.datasets.divided import Preparation
from core.datasets.pairs import RATING_SHARE, for_ranking
from core.parameters import FieldError

# The share of examples used for testing, in datasets without their own test set.
TEST_SHARE = 0.2
# A rare class keeps at least this many examples: some for training, and some for validation.
FEWEST = 3
# Added to the seed, so that draws for different purposes are different.
_TAIL, _NOISE, _FOLDS = 1, 2, 3


def for_testing(dataset: Dataset, y: np.ndarray, preparation: Preparation) -> tuple[np.ndarray, np.ndarray]:
    """The examples to learn from and those to test with, for a dataset without its own test set.

    Only `preparation.divides` matters: an imbalance does not change the test set. For a series, the last
    examples are for testing, and those whose targets reach into them are in neither set. The same holds for
    the liked item of each user that is kept for ranking.
    """
    if dataset.whole is not None:
        return _in_part(dataset.whole, dataset.chosen, preparation)
    if dataset.is_pairs:
        return _of_ratings(dataset.load(), preparation)
    everywhere = np.arange(len(y))
    count = test_count(len(everywhere))
    if dataset.task == "forecasting":
        cut = len(everywhere) - count
        return everywhere[:max(cut - dataset.outputs + 1, 0)], everywhere[cut:]
    return _divided(everywhere, _strata(dataset, y), count, preparation.divides)


def test_count(examples: int) -> int:
    """How many of all examples are for testing."""
    return ceil(TEST_SHARE * examples - 1e-9)


def _of_ratings(data: Arrays, preparation: Preparation) -> tuple[np.ndarray, np.ndarray]:
    """A tenth of the ratings for testing, of those that are not for ranking."""
    others = np.delete(np.arange(len(data.y)), for_ranking(data.x, data.y, preparation.divides))
    return _divided(others, None, ceil(RATING_SHARE * len(others) - 1e-9), preparation.divides)


def _in_part(whole: Dataset, chosen: tuple[int, ...],
             preparation: Preparation) -> tuple[np.ndarray, np.ndarray]:
    """The same for some classes of a dataset: as the whole of it is divided."""
    labels = whole.load().y
    kept = np.flatnonzero(np.isin(labels, chosen))
    stay, go = (np.searchsorted(kept, indices[np.isin(labels[indices], chosen)])
                for indices in for_testing(whole, labels, preparation))
    return stay, go


def for_learning(dataset: Dataset, y: np.ndarray, rest: np.ndarray,
                 preparation: Preparation) -> tuple[np.ndarray, int]:
    """The examples of `rest` for training, followed by those for validation, and the number of the latter.

    Both are taken from what an imbalance leaves of `rest`. Their total number never depends on the validation
    share.
    """
    share, seed = preparation.validation_share, preparation.seed
    if dataset.task == "forecasting":
        if preparation.fold:
            return _fold_in_time(rest, dataset.outputs - 1, preparation)
        return _in_time(rest, dataset.outputs - 1, preparation)
    rest = learnable(dataset, y, rest)
    strata, rest = _strata(dataset, y), rest[long_tail(dataset, y[rest], preparation)]
    if 0 < preparation.training_size < len(rest):
        _, rest = _divided(rest, strata, preparation.training_size, seed)
    if preparation.fold:
        return _fold(rest, strata, preparation)
    count = _validation(len(rest), share, len(dataset.classes))
    return (np.concatenate(_divided(rest, strata, count, seed)) if count else rest), count


def learnable(dataset: Dataset, y: np.ndarray, rest: np.ndarray) -> np.ndarray:
    """The examples of `rest` that may be learned from: of a normal class, and of the part that is sampled.

    Raises `DatasetUnavailable` if there are too few.
    """
    if dataset.difference.learned is not None:
        rest = rest[dataset.difference.learned(dataset.load().x[rest])]
    if not dataset.normal:
        return rest
    kept = rest[~dataset.anomalous(y[rest])]
    if len(kept) < FEWEST:
        names = ", ".join(dataset.classes[label] for label in dataset.normal)
        raise DatasetUnavailable(f"Without the test examples, only {len(kept)} are of {names}; at least "
                                 f"{FEWEST} are needed. Choose a more frequent class as normal.")
    return kept


def long_tail(dataset: Dataset, y: np.ndarray, preparation: Preparation) -> np.ndarray:
    """The indices in y that an imbalance leaves: the share (1 - imbalance) ** (k / (K - 1)) of class k of K.

    At least `FEWEST` of each class stay if there are that many. Source: Y. Cui and others, "Class-Balanced
    Loss Based on Effective Number of Samples", CVPR 2019, section 5.1.
    """
    everywhere, last = np.arange(len(y)), len(dataset.classes) - 1
    if dataset.task != "classification" or preparation.imbalance <= 0 or last < 1:
        return everywhere
    random, kept = np.random.default_rng([preparation.seed, _TAIL]), []
    for label in range(last + 1):
        mine = np.flatnonzero(y == label)
        count = round(len(mine) * (1 - preparation.imbalance) ** (label / last))
        kept.append(random.permutation(mine)[:max(count, FEWEST)])
    return np.sort(np.concatenate(kept))


def noisy(y: np.ndarray, classes: int, preparation: Preparation) -> np.ndarray:
    """The labels with `label_noise` of them replaced, each by another class drawn evenly.

    y: int32 (n,), of the training examples.
    """
    count = round(preparation.label_noise * len(y))
    if not count or classes < 2:
        return y
    random = np.random.default_rng([preparation.seed, _NOISE])
    wrong, result = random.choice(len(y), count, replace=False), y.copy()
    result[wrong] = (y[wrong] + random.integers(1, classes, count)) % classes
    return result


def _in_time(rest: np.ndarray, gap: int, preparation: Preparation) -> tuple[np.ndarray, int]:
    """The newest examples of `rest`: first those for training, then those for validation.

    gap: number of examples left out between the two, because their targets reach into validation. Without
    validation, the same number of the oldest examples is left out, so that the total stays the same.
    """
    size = max(len(rest) - gap, 1)
    if preparation.training_size > 0:
        size = min(size, preparation.training_size)
    count = _validation(size, preparation.validation_share, 1)
    if not count:
        return rest[-size:], 0
    newest = rest[-size - gap:]
    return np.concatenate([newest[:size - count], newest[len(newest) - count:]]), count


def _fold(rest: np.ndarray, strata: np.ndarray | None, preparation: Preparation) -> tuple[np.ndarray, int]:
    """The examples of `rest` outside a fold, then those in it; stratified if there are enough.

    Raises `FieldError` if there are fewer examples than folds.
    """
    from sklearn.model_selection import KFold, StratifiedKFold

    assert preparation.fold is not None
    index, count, repeat = preparation.fold
    if len(rest) < count:
        raise FieldError("folds", f"There must be at most as many folds as examples, {len(rest)}; got "
                                  f"{count}.")
    seed = int(np.random.default_rng([preparation.seed, _FOLDS, repeat]).integers(2**31))
    enough = strata is not None and np.bincount(strata[rest]).max() >= count
    divide = (StratifiedKFold if enough else KFold)(count, shuffle=True, random_state=seed)
    with warnings.catch_warnings():  # a class with fewer examples than folds is missing in some folds
        warnings.simplefilter("ignore", UserWarning)
        labels = strata[rest] if enough and strata is not None else None
        train, validate = list(divide.split(rest, labels))[index]
    return np.concatenate([rest[train], rest[validate]]), len(validate)


def _fold_in_time(rest: np.ndarray, gap: int, preparation: Preparation) -> tuple[np.ndarray, int]:
    """All examples of `rest` before a fold, then those in it. Each fold is later than the previous one."""
    from sklearn.model_selection import TimeSeriesSplit

    assert preparation.fold is not None
    index, count, _ = preparation.fold
    if preparation.training_size > 0:
        rest = rest[-preparation.training_size:]
    if len(rest) // (count + 1) <= gap:
        raise FieldError("folds", f"A series of {len(rest)} examples is too short for {count} folds. Use "
                                  "fewer folds.")
    train, validate = list(TimeSeriesSplit(count, gap=gap).split(rest))[index]
    return np.concatenate([rest[train], rest[validate]]), len(validate)


def _validation(examples: int, share: float, classes: int) -> int:
    """How many examples are for validation: the share, at least one per class if possible, and never all."""
    if share <= 0:
        return 0
    count = max(ceil(share * examples - 1e-9), min(classes, examples // 2))
    return min(count, examples - 1)


def _strata(dataset: Dataset, y: np.ndarray) -> np.ndarray | None:
    return y if dataset.task == "classification" else None


def _divided(indices: np.ndarray, strata: np.ndarray | None, count: int,
             seed: int) -> tuple[np.ndarray, np.ndarray]:
    """`indices` divided into those that stay and `count` others, both stratified by class.

    A class with a single example is not divided. If `count` is below the number of classes, chance decides.
    """
    from sklearn.model_selection import train_test_split

    lone, labels = indices[:0], None
    if strata is not None:
        single = np.bincount(strata[indices])[strata[indices]] < 2
        if single.any() and count < (~single).sum():
            lone, indices = indices[single], indices[~single]
        labels, sizes = strata[indices], np.bincount(strata[indices])
        if (sizes == 1).any() or (sizes > 0).sum() > min(count, len(indices) - count):
            labels = None
    stay, go = train_test_split(indices, test_size=count, stratify=labels, random_state=seed)
    return np.concatenate([lone, stay]), go
