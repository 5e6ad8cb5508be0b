"""Divides a dataset into training, validation and test examples; the same seed gives the same division."""

import threading
from collections import OrderedDict, defaultdict
from dataclasses import replace
from functools import lru_cache
from typing import Any
from weakref import WeakValueDictionary

import numpy as np

from core.datasets.dataset import Arrays, Dataset
from core.datasets.difference import Difference
from core.datasets.divided import Preparation, Split
from core.datasets.hidden_words import with_hidden_words
from core.datasets.pairs import KnownPairs, PairShape, for_ranking
from core.datasets.split_indices import TEST_SHARE, for_learning, for_testing, noisy
from core.datasets.words import WORDS, TextShape, Vocabulary

__all__ = ["TEST_SHARE", "prepared", "split", "test_set"]

# Splits that nobody uses are kept up to this size: two of MNIST, or every small one used recently.
KEPT_BYTES = 128 * 2**20
KEPT_SPLITS = 64

_Key = tuple[tuple[Any, ...], Preparation]
_kept: OrderedDict[_Key, Split] = OrderedDict()
# A split that a run still holds can be found here even if it is no longer kept: MNIST is 55 MB.
_in_use: WeakValueDictionary[_Key, Split] = WeakValueDictionary()
_lock = threading.Lock()
# One lock per dataset: a download of MNIST must not hold up Iris.
_making: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)


def split(dataset: Dataset, preparation: Preparation) -> Split:
    """The dataset divided for a run, stratified by class; all arrays are read-only.

    The test set is the dataset's own, or `TEST_SHARE` of the examples. It does not depend on the imbalance,
    which only thins out the other examples, nor on `validation_share`, which is a share of the other examples
    (0: no validation; otherwise at least one example per class). A series is divided by time. Raises
    `DatasetUnavailable`.
    """
    # Reconstructions have their target in the inputs; of sentences, the words to guess are chosen once.
    dataset = dataset if dataset.guesses else dataset.labelled
    key = (dataset.key, preparation)
    with _lock:
        making = _making[dataset.name]
    with making:
        with _lock:
            found = _in_use.get(key)
        found = _make(dataset, preparation) if found is None else found
        with _lock:
            _keep(key, found)
        return found


def test_set(dataset: Dataset, preparation: Preparation) -> Arrays:
    """The examples of `split(...).x_test`, in that order and in their own units, missing values filled.

    For a dataset with its own test set, nothing else is read. Raises `DatasetUnavailable`.
    """
    dataset = dataset.labelled
    shown = _test_examples(dataset, preparation)
    return _filled_test(dataset, preparation) if _holes(shown.x).any() else shown


def prepared(found: Split, x: np.ndarray) -> np.ndarray:
    """Inputs in their own units as the networks of this split see them: of the shape and type of `x_test`.

    x: float (n, values); the words of a sentence as numbers of the split's vocabulary.
    """
    like = found.x_test
    x = x.reshape(len(x), *like.shape[1:])
    if found.pairs is not None:
        return found.pairs.encoded(np.round(x))
    if found.mean is None or found.deviation is None:
        return np.round(x).astype(like.dtype) if like.dtype.kind in "iu" else x.astype(like.dtype)
    return ((x - found.mean) / found.deviation).astype(np.float32)


def restored(found: Split, rows: np.ndarray) -> np.ndarray:
    """Inputs as networks see them, in their own units again. rows: (n, values); the result has its shape."""
    if found.mean is None or found.deviation is None:
        return rows / found.scale
    x = rows.reshape(-1, *found.x_test.shape[1:]) * found.deviation + found.mean
    return x.reshape(rows.shape)


@lru_cache(maxsize=8)
def training_set(dataset: Dataset, preparation: Preparation) -> Arrays:
    """The examples of `split(...).x_train`, in that order and in their own units, for pictures.

    Labels without noise, and missing values, as they were loaded. Raises `DatasetUnavailable`.
    """
    dataset = dataset.labelled
    data = dataset.load()
    chosen, count = _chosen(dataset, data.y, preparation)
    learned = chosen[:len(chosen) - count]
    x, y = data.x[learned], data.y[learned]
    return Arrays(*_closed(x, dataset.difference.of_targets(x, y)))


def _test_examples(dataset: Dataset, preparation: Preparation) -> Arrays:
    """The test examples as loaded. The cache's key leaves out everything that they do not depend on."""
    if dataset.load_test is None:
        return _split_off(dataset, Preparation(seed=preparation.divides))
    return dataset.load_test()


@lru_cache(maxsize=32)
def _split_off(dataset: Dataset, preparation: Preparation) -> Arrays:
    data = dataset.load()
    _, chosen = for_testing(dataset, data.y, preparation)
    return Arrays(*_closed(dataset.difference.of_tests(data.x[chosen]), data.y[chosen]))


@lru_cache(maxsize=8)
def _filled_test(dataset: Dataset, preparation: Preparation) -> Arrays:
    data, shown = dataset.load(), _test_examples(dataset, preparation)
    chosen, count = _chosen(dataset, data.y, preparation)
    medians = _medians(data.x[chosen[:len(chosen) - count]])
    return Arrays(*_closed(_filled(shown.x, medians), shown.y))


def _make(dataset: Dataset, preparation: Preparation) -> Split:
    if dataset.guesses:
        return with_hidden_words(_prepared(dataset.labelled, preparation), preparation)
    made = _prepared(dataset, preparation)
    if not dataset.normal and dataset.difference.learned is None:
        return made
    every = replace(dataset, normal=(), difference=Difference())
    return replace(made, room=len(_chosen(every, dataset.load().y, preparation)[0]))


def _prepared(dataset: Dataset, preparation: Preparation) -> Split:
    data, test = dataset.load(), _test_examples(dataset, preparation)
    chosen, count = _chosen(dataset, data.y, preparation)
    # No copy if all examples are used: MNIST without validation is in memory only once.
    whole = len(chosen) == len(data.y) and not count
    x, y = (data.x, data.y) if whole else (data.x[chosen], data.y[chosen])
    learning, standard = len(y) - count, preparation.scaling == "standard"
    if dataset.difference.targets is not None:
        y = np.concatenate([dataset.difference.targets(x[:learning], y[:learning]), y[learning:]])
    if preparation.label_noise and dataset.classes:
        y = np.concatenate([noisy(y[:learning], len(dataset.classes), preparation), y[learning:]])
    if isinstance(dataset.shape, TextShape):
        learned = x[:learning] if preparation.words is None else training_set(dataset, preparation.words).x
        return _of_text(dataset, dataset.shape, Arrays(x, y), count, test, learned)
    if isinstance(dataset.shape, PairShape):
        held = data.x[for_ranking(data.x, data.y, preparation.divides)]
        pairs = KnownPairs.of(x[:learning], held, dataset.shape)
        return _of_pairs(pairs, Arrays(x, y), count, test, standard)
    if dataset.pixel_maximum is not None:
        _closed(x, y, test.x, test.y)
        return Split(x, y, count, test.x, test.y, scale=1 / dataset.pixel_maximum if standard else 1.0)
    x_test, holes = test.x, int(_holes(x).sum() + _holes(test.x).sum())
    if holes:
        medians = _medians(x[:learning])
        x, x_test = _filled(x, medians), _filled(x_test, medians)
    mean, deviation = _moments(x[:learning], standard)
    indicators = list(dataset.indicators)
    mean[indicators], deviation[indicators] = 0.0, 1.0
    x, x_test = _standardized(mean, deviation, x, x_test)
    y_test, target_mean, target_deviation = test.y, None, None
    if not dataset.classes:
        target_mean, target_deviation = _moments(y[:learning], standard)
        y, y_test = _standardized(target_mean, target_deviation, y, y_test)
    _closed(x, y, x_test, y_test)
    return Split(x, y, count, x_test, y_test, mean=_single(mean), deviation=_single(deviation),
                 target_mean=_single(target_mean), target_deviation=_single(target_deviation), filled=holes)


def _of_text(dataset: Dataset, shape: TextShape, data: Arrays, count: int, test: Arrays,
             learned: np.ndarray) -> Split:
    """Sentences as numbers, by the vocabulary of those in `learned`; the last `count` are for validation."""
    unit = dict(dataset.values).get("unit", WORDS)
    vocabulary = Vocabulary.of(learned, shape.vocabulary, shape[0], unit)
    x, x_test = (vocabulary.encoded(part) for part in (data.x, test.x))
    _closed(x, data.y, x_test, test.y)
    return Split(x, data.y, count, x_test, test.y, vocabulary=vocabulary)


def _of_pairs(pairs: KnownPairs, data: Arrays, count: int, test: Arrays, standard: bool) -> Split:
    """Users and items by number, 0 where unknown; their ratings like every other number to predict."""
    mean, deviation = _moments(data.y[:len(data.y) - count], standard)
    x, x_test = (pairs.encoded(part) for part in (data.x, test.x))
    y, y_test = _standardized(mean, deviation, data.y, test.y)
    _closed(x, y, x_test, y_test, pairs.users, pairs.items, pairs.liked)
    return Split(x, y, count, x_test, y_test, target_mean=_single(mean), target_deviation=_single(deviation),
                 pairs=pairs)


def _chosen(dataset: Dataset, y: np.ndarray, preparation: Preparation) -> tuple[np.ndarray, int]:
    """Indices of the examples for training, then of those for validation; and the number of the latter."""
    rest = for_testing(dataset, y, preparation)[0] if dataset.load_test is None else np.arange(len(y))
    return for_learning(dataset, y, rest, preparation)


def _holes(x: np.ndarray) -> np.ndarray:
    """Where a value is missing. Images are not searched, because none of theirs is missing."""
    return np.isnan(x) if x.dtype.kind == "f" else np.zeros(0, bool)


def _medians(x: np.ndarray) -> np.ndarray:
    """The median of each column's values, float64 (features,); 0 for a column without any."""
    medians = np.zeros(x.shape[-1])
    for place, column in enumerate(np.moveaxis(x, -1, 0)):
        known = column[~np.isnan(column)]
        if known.size:
            medians[place] = np.median(known.astype(np.float64))
    return medians


def _filled(x: np.ndarray, medians: np.ndarray) -> np.ndarray:
    return np.where(np.isnan(x), medians, x).astype(np.float32)


def _moments(x: np.ndarray, standard: bool = True) -> tuple[np.ndarray, np.ndarray]:
    """Mean and standard deviation of each column (or channel), float64; 1 for a constant one.

    standard: if False, returns 0 and 1, which change nothing.
    """
    if not standard:
        return np.zeros(x.shape[-1]), np.ones(x.shape[-1])
    exact = x.reshape(-1, x.shape[-1]).astype(np.float64)
    return exact.mean(axis=0), np.where(np.ptp(exact, axis=0) == 0, 1.0, exact.std(axis=0))


def _standardized(mean: np.ndarray, deviation: np.ndarray, *arrays: np.ndarray) -> list[np.ndarray]:
    return [((array - mean) / deviation).astype(np.float32) for array in arrays]


def _single(array: np.ndarray | None) -> np.ndarray | None:
    return None if array is None else array.astype(np.float32)


def _closed(*arrays: np.ndarray) -> tuple[np.ndarray, ...]:
    """The arrays made read-only, because runs share them."""
    for array in arrays:
        array.flags.writeable = False
    return arrays


def _keep(key: _Key, made: Split) -> None:
    """Puts a split in front and drops those unused the longest, but never the last one."""
    _in_use[key] = _kept[key] = made
    _kept.move_to_end(key)
    while len(_kept) > 1 and (len(_kept) > KEPT_SPLITS
                              or sum(_bytes(stored) for stored in _kept.values()) > KEPT_BYTES):
        _kept.popitem(last=False)


def _bytes(made: Split) -> int:
    return sum(array.nbytes for array in (made.x, made.x_test))
