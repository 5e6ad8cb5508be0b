"""Divides a dataset into training, validation and test examples, the same for the same seed."""

import threading
from collections import OrderedDict, defaultdict
from functools import lru_cache
from math import ceil
from weakref import WeakValueDictionary

import numpy as np

from core.datasets import DATASETS, Arrays, Dataset, Split

# Of a dataset without a test set of its own.
TEST_SHARE = 0.2
# Splits nobody uses are kept up to here: two of MNIST, or every small one that was asked for lately.
KEPT_BYTES = 128 * 2**20
KEPT_SPLITS = 64

_Key = tuple[str, int, float]
_kept: OrderedDict[_Key, Split] = OrderedDict()
# A split that a run still holds is found again though it is no longer kept: MNIST is 55 MB.
_in_use: WeakValueDictionary[_Key, Split] = WeakValueDictionary()
_lock = threading.Lock()
# One for each dataset: a download of MNIST must not hold up Iris.
_making: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)


def split(name: str, seed: int, validation_share: float) -> Split:
    """The dataset divided for a run, each class in each set by its share, all arrays read-only.

    The test set is the dataset's own, or `TEST_SHARE` of the examples; it does not depend on
    `validation_share`, which is of the rest (0: no validation; else at least as many as classes).
    Raises `DatasetUnavailable`.
    """
    key = (name, seed, validation_share)
    with _lock:
        making = _making[name]
    with making:
        with _lock:
            found = _in_use.get(key)
        found = _make(DATASETS[name], seed, validation_share) if found is None else found
        with _lock:
            _keep(key, found)
        return found


@lru_cache(maxsize=32)
def test_set(name: str, seed: int) -> Arrays:
    """The examples of `split(name, seed, ...).x_test`, in that order; tables not standardized.

    Of a dataset with its own test set nothing else is read. Raises `DatasetUnavailable`.
    """
    dataset = DATASETS[name]
    if dataset.load_test is not None:
        return dataset.load_test()
    data = dataset.load()
    _, chosen = _test_indices(data.y, seed)
    return Arrays(*_closed(data.x[chosen], data.y[chosen]))


def _make(dataset: Dataset, seed: int, validation_share: float) -> Split:
    data = dataset.load()
    test = test_set(dataset.name, seed)
    # A slice makes no copy: MNIST without validation is held once.
    rest: np.ndarray | slice = slice(None)
    if dataset.load_test is None:
        rest, _ = _test_indices(data.y, seed)
    count = 0
    if validation_share > 0:
        everywhere = np.arange(len(data.y))[rest]
        count = max(len(dataset.classes), ceil(validation_share * len(everywhere) - 1e-9))
        rest = np.concatenate(_divided(everywhere, data.y, count, seed))
    x, y, x_test = data.x[rest], data.y[rest], test.x
    if dataset.pixel_maximum is not None:
        _closed(x, y, x_test, test.y)
        return Split(x, y, count, x_test, test.y, scale=1 / dataset.pixel_maximum)
    mean, deviation = _moments(x[:len(y) - count])
    x, x_test = (((one - mean) / deviation).astype(np.float32) for one in (x, x_test))
    _closed(x, y, x_test, test.y)
    return Split(x, y, count, x_test, test.y,
                 mean=mean.astype(np.float32), deviation=deviation.astype(np.float32))


def _test_indices(y: np.ndarray, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """The examples that are not for testing, and those that are."""
    return _divided(np.arange(len(y)), y, ceil(TEST_SHARE * len(y) - 1e-9), seed)


def _divided(indices: np.ndarray, y: np.ndarray, count: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """`indices` as those that stay and `count` that go, in both each class by its share."""
    from sklearn.model_selection import train_test_split

    return tuple(train_test_split(indices, test_size=count, stratify=y[indices], random_state=seed))


def _moments(x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Mean and standard deviation of each column, float64 (features,); 1 for a constant column."""
    exact = x.astype(np.float64)
    return exact.mean(axis=0), np.where(np.ptp(exact, axis=0) == 0, 1.0, exact.std(axis=0))


def _closed(*arrays: np.ndarray) -> tuple[np.ndarray, ...]:
    """The arrays, shared between runs and so closed to writing."""
    for array in arrays:
        array.flags.writeable = False
    return arrays


def _keep(key: _Key, made: Split) -> None:
    """Puts a split in front and lets the longest unused ones go, but never the last."""
    _in_use[key] = _kept[key] = made
    _kept.move_to_end(key)
    while len(_kept) > 1 and (len(_kept) > KEPT_SPLITS
                              or sum(_bytes(one) for one in _kept.values()) > KEPT_BYTES):
        _kept.popitem(last=False)


def _bytes(made: Split) -> int:
    return sum(array.nbytes for array in (made.x, made.x_test))
