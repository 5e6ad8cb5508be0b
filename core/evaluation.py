"""Metrics of a test set from its confusion matrix, by scikit-learn."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class ClassMetrics:
    """One class. precision: share of what was given this class that is of it. recall: share of it
    that was given this class. f1: their harmonic mean. support: examples of it."""

    precision: float
    recall: float
    f1: float
    support: int


@dataclass(frozen=True)
class Metrics:
    """accuracy: over all examples, NaN where there are none. classes: in the matrix's order."""

    accuracy: float
    classes: tuple[ClassMetrics, ...]


def metrics(matrix: np.ndarray) -> Metrics:
    """Precision, recall and F1 of each class; 0 where a quotient has nothing to divide by.

    matrix: int (classes, classes), rows are true, columns predicted.
    """
    from sklearn.metrics import accuracy_score, precision_recall_fscore_support

    matrix = np.asarray(matrix)
    names = np.arange(len(matrix))
    true, predicted = (one.ravel() for one in np.indices(matrix.shape))
    if not matrix.sum():
        return Metrics(float("nan"), tuple(ClassMetrics(0.0, 0.0, 0.0, 0) for _ in names))
    # Each cell stands for as many examples as it counts.
    weights = matrix.ravel()
    columns = precision_recall_fscore_support(true, predicted, labels=names, sample_weight=weights,
                                              zero_division=0)
    accuracy = float(accuracy_score(true, predicted, sample_weight=weights))
    return Metrics(accuracy, tuple(ClassMetrics(float(p), float(r), float(f), int(s))
                                   for p, r, f, s in zip(*columns, strict=True)))
