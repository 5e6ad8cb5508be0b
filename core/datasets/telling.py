"""The two features that separate a table's classes best: the first choice of axes for its pictures."""

from functools import lru_cache

import numpy as np

from core.datasets.dataset import Dataset
from core.datasets.divided import Preparation
from core.datasets.splits import training_set


@lru_cache(maxsize=32)
def telling_features(dataset: Dataset) -> tuple[int, int]:
    """The two numeric features whose means differ most between the classes, in the table's order.

    They have the highest F values in an analysis of variance of the training examples with seed 0, so the
    choice does not change with the seed or depend on the test set. Categories, which are 0 or 1, are only
    taken if there are not enough numbers. Raises `DatasetUnavailable`.
    """
    count = len(dataset.features)
    if count < 3:
        return 0, max(0, count - 1)
    data = training_set(dataset, Preparation())
    strength = [-1.0 if column in dataset.indicators else _f(data.x[:, column].astype(np.float64), data.y)
                for column in range(count)]
    first, second = sorted(sorted(range(count), key=lambda column: (-strength[column], column))[:2])
    return first, second


def _f(values: np.ndarray, classes: np.ndarray) -> float:
    """The F value of one feature, (n,), without its missing values; 0 if it is constant.

    Source: R. A. Fisher, "Statistical Methods for Research Workers", 1925, chapter 7.
    """
    known = np.isfinite(values)
    values, classes = values[known], classes[known]
    counts = np.bincount(classes)
    present = counts > 0
    groups, freedom = int(present.sum()), len(values) - int(present.sum())
    if groups < 2 or freedom < 1 or not np.ptp(values):
        return 0.0
    values = values - values.mean()
    sums = np.bincount(classes, values)[present]
    between = float((sums**2 / counts[present]).sum())
    within = max(0.0, float((values**2).sum()) - between)
    return between * freedom / (groups - 1) / within if within else np.inf
