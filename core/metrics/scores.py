"""Metrics of a test set, from its confusion matrix or its numbers; tests compare them with scikit-learn."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class ClassMetrics:
    """The metrics of one class.

    Attributes:
        precision: of the examples predicted as this class, the share that are.
        recall: of the examples of this class, the share predicted as it.
        f1: their harmonic mean.
        support: how many examples there are.
    """

    precision: float
    recall: float
    f1: float
    support: int


@dataclass(frozen=True)
class Metrics:
    """accuracy: over all examples; NaN without any. classes: in the matrix's order."""

    accuracy: float
    classes: tuple[ClassMetrics, ...]


def metrics(matrix: np.ndarray) -> Metrics:
    """Precision, recall and F1 of each class; 0 where a quotient has nothing to divide by.

    matrix: int (classes, classes), rows are true, columns predicted. The quotients themselves: a page
    asks at every update, and scikit-learn's checks of its arguments took a third of an update's time.
    """
    matrix = np.asarray(matrix)
    right, given, support = np.diag(matrix), matrix.sum(0), matrix.sum(1)
    precision, recall = (right / np.maximum(count, 1) for count in (given, support))
    f1 = 2 * right / np.maximum(given + support, 1)
    accuracy = float(right.sum() / matrix.sum()) if matrix.sum() else float("nan")
    return Metrics(accuracy, tuple(ClassMetrics(float(p), float(r), float(f), int(s))
                                   for p, r, f, s in zip(precision, recall, f1, support, strict=True)))


def regression_metrics(expected: np.ndarray, predicted: np.ndarray) -> tuple[float, float, float]:
    """Mean absolute error, root mean squared error and R² of predicted numbers; NaN without any example.

    expected, predicted: (n, outputs), in the target's units, as are the first two metrics. Several outputs
    are averaged, as with scikit-learn's `multioutput="uniform_average"`. R² is 1 - (sum of squared errors) /
    (sum of squared distances from the mean). It leaves out constant outputs, for which that is undefined, and
    is NaN if no other output is left or there are fewer than 2 examples.
    """
    expected, predicted = (np.asarray(values, np.float64) for values in (expected, predicted))
    if not expected.size:
        return float("nan"), float("nan"), float("nan")
    errors = expected - predicted
    squares = (errors**2).mean(0)
    varies = np.ptp(expected, axis=0) > 0
    shares = squares[varies] / expected.var(0)[varies]
    r2 = 1 - float(shares.mean()) if len(shares) else float("nan")
    return float(np.abs(errors).mean()), float(np.sqrt(squares).mean()), r2
