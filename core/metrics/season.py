"""The season of a series: after how many steps it repeats."""

from functools import lru_cache

import numpy as np

from core.datasets.dataset import Dataset
from core.datasets.split_indices import test_count

# How often chance alone may find a season in a series that has none.
CHANCE = 0.01
# A season has to be seen this often before it counts.
TIMES = 3


@lru_cache(maxsize=32)
def season_of(dataset: Dataset) -> int:
    """The season in steps; 0 if there is none, or if the series has several channels.

    That of a computed series is known. Otherwise it is found in the values before the first one that is
    tested. Raises `DatasetUnavailable`.
    """
    if dataset.season or dataset.task != "forecasting" or dataset.shape[1] != 1:
        return dataset.season
    return found_season(values_of(dataset)[:first_tested(dataset)])


def values_of(dataset: Dataset) -> np.ndarray:
    """The whole series from which the windows were cut: float32 (examples + window + outputs - 1,)."""
    data = dataset.load()
    return np.concatenate([data.x[:, 0, 0], data.x[-1, 1:, 0], data.y[-1]])


def first_tested(dataset: Dataset) -> int:
    """The index in the series of the first value that the test set asks for."""
    return dataset.examples - test_count(dataset.examples) + dataset.shape[0]


def found_season(values: np.ndarray) -> int:
    """The lag, from 2 steps on, at which the changes from step to step resemble themselves most; 0 if none.

    The changes, because a series that only drifts resembles itself at every short lag. A lag counts if it is
    a peak and chance finds one like it in a hundredth of all series without a season. values: float (n,).
    Source: R. J. Hyndman and G. Athanasopoulos, "Forecasting: Principles and Practice", section 2.8.
    """
    from scipy.stats import norm

    changes = np.diff(values.astype(np.float64))
    changes -= changes.mean()
    lags, size = len(values) // TIMES, changes @ changes
    if lags < 3 or not size:
        return 0
    like = np.array([changes[:len(changes) - lag] @ changes[lag:] for lag in range(lags + 2)]) / size
    peaks = [lag for lag in range(2, lags + 1) if like[lag] >= max(like[lag - 1], like[lag + 1])]
    best = max(peaks, key=lambda lag: like[lag], default=0)
    limit = norm.ppf(1 - CHANCE / lags) / np.sqrt(len(changes))
    return best if best and like[best] > limit else 0
