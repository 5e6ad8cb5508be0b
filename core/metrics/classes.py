"""Classification metrics on a test set, from scikit-learn."""

import warnings
from dataclasses import dataclass

import numpy as np

from core.metrics.intervals import Interval, wilson
from core.metrics.scores import ClassMetrics


@dataclass(frozen=True, eq=False)
class ClassReport:
    """Classification metrics of one test set.

    Attributes:
        matrix: int (classes, classes), rows are true classes, columns predicted ones.
        interval: 95 % interval of the accuracy.
        balanced_accuracy: mean recall of the classes that occur.
        log_loss: mean of -ln of the true class's probability.
        classes: metrics of each class, in the matrix's order.
        macro, weighted: their means, plain and weighted by the number of examples.
    """

    matrix: np.ndarray
    accuracy: float
    interval: Interval
    balanced_accuracy: float
    log_loss: float
    classes: tuple[ClassMetrics, ...]
    macro: ClassMetrics
    weighted: ClassMetrics


def class_report(y: np.ndarray, probabilities: np.ndarray) -> ClassReport:
    """The report of predicted `probabilities`, float (n, classes), for the true classes y, int (n,).

    A quotient with nothing to divide by is 0. Rows that do not come from a softmax are scaled to a sum of 1.
    Raises `ValueError` without any example.
    """
    from sklearn.metrics import (
        balanced_accuracy_score,
        confusion_matrix,
        log_loss,
        precision_recall_fscore_support,
    )

    count, predicted = probabilities.shape[1], probabilities.argmax(1)
    names, exact = np.arange(count), probabilities.astype(np.float64)
    right = int((predicted == y).sum())

    def means(average: str | None) -> tuple:
        return precision_recall_fscore_support(y, predicted, labels=names, average=average, zero_division=0)

    with warnings.catch_warnings():
        # scikit-learn warns if a class is predicted that has no examples.
        warnings.simplefilter("ignore", UserWarning)
        balanced = float(balanced_accuracy_score(y, predicted))
    each = tuple(ClassMetrics(float(p), float(r), float(f), int(s))
                 for p, r, f, s in zip(*means(None), strict=True))
    macro, weighted = (ClassMetrics(float(p), float(r), float(f), len(y))
                       for p, r, f, _ in map(means, ("macro", "weighted")))
    loss = float(log_loss(y, exact / exact.sum(1, keepdims=True), labels=names))
    return ClassReport(confusion_matrix(y, predicted, labels=names), right / len(y), wilson(right, len(y)),
                       balanced, loss, each, macro, weighted)


def confident_mistakes(y: np.ndarray, probabilities: np.ndarray, most: int) -> np.ndarray:
    """Indices of the wrongly predicted examples, most confident first, at most `most`: int (k,)."""
    predicted = probabilities.argmax(1)
    wrong = np.flatnonzero(predicted != y)
    return wrong[np.argsort(-probabilities[wrong].max(1), kind="stable")][:most]


def cell(y: np.ndarray, probabilities: np.ndarray, true: int, predicted: int) -> np.ndarray:
    """The examples of one cell of the confusion matrix, the most confident first: int (k,), indices."""
    chosen = np.flatnonzero((y == true) & (probabilities.argmax(1) == predicted))
    return chosen[np.argsort(-probabilities[chosen, predicted], kind="stable")]
