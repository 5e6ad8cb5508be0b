"""Regression metrics on a test set."""

from dataclasses import dataclass

import numpy as np

from core.metrics.intervals import Interval, bootstrap
from core.metrics.scores import regression_metrics


@dataclass(frozen=True)
class NumberReport:
    """Regression metrics of one test set. With several outputs, they are taken over all of them.

    Attributes:
        mae, rmse: mean absolute and root mean squared error, in the target's units.
        interval: 95 % interval of the mean absolute error.
        r2: R²; NaN if the target is constant.
        median, largest: of the absolute errors, in the target's units.
        bias: mean of true - predicted, in the target's units.
    """

    mae: float
    interval: Interval
    rmse: float
    r2: float
    median: float
    largest: float
    bias: float


def number_report(expected: np.ndarray, predicted: np.ndarray, seed: int) -> NumberReport:
    """The report of predicted numbers, both (n, outputs). seed: of the interval's draws.

    Raises `ValueError` without any example.
    """
    off = expected.astype(np.float64) - predicted
    each = np.abs(off).mean(1)
    interval = bootstrap(each, seed)
    mae, rmse, r2 = regression_metrics(expected, predicted)
    return NumberReport(mae, interval, rmse, r2, float(np.median(np.abs(off))), float(np.abs(off).max()),
                        float(off.mean()))


def worst(expected: np.ndarray, predicted: np.ndarray, most: int) -> np.ndarray:
    """The examples with the largest errors (mean over their outputs): int (k,), indices."""
    off = np.abs(expected.astype(np.float64) - predicted).mean(1)
    return np.argsort(-off, kind="stable")[:most]
