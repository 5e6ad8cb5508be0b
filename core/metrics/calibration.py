"""Calibration: of 100 answers given with 90 % confidence, are 90 right?."""

from dataclasses import dataclass

import numpy as np

BINS = 10


@dataclass(frozen=True)
class Bin:
    """One bin of a reliability diagram: the answers whose confidence is in (low, high].

    Attributes:
        low, high: ends of the bin, 0 to 1.
        count: number of answers.
        confidence, accuracy: their mean confidence, and the share that is correct; NaN without any answer.
    """

    low: float
    high: float
    count: int
    confidence: float
    accuracy: float


@dataclass(frozen=True)
class Reliability:
    """How well confidence matches accuracy.

    Attributes:
        bins: of equal width, from 0 to 1.
        error: the expected calibration error.
        sure: mean confidence.
    """

    bins: tuple[Bin, ...]
    error: float
    sure: float
    accuracy: float


def reliability(y: np.ndarray, probabilities: np.ndarray, bins: int = BINS) -> Reliability:
    """How reliable the probability of the predicted class is. y: int (n,). probabilities: (n, classes).

    The expected calibration error is the sum over the bins of (share of the examples in it) times
    |accuracy - mean confidence|. Source: C. Guo, G. Pleiss, Y. Sun and K. Q. Weinberger, "On Calibration of
    Modern Neural Networks", ICML 2017, equations 1 to 3.
    """
    confidence = probabilities.max(1).astype(np.float64)
    right = probabilities.argmax(1) == y
    edges = np.linspace(0, 1, bins + 1)
    # As in the paper, a bin includes its upper end.
    place = np.clip(np.searchsorted(edges, confidence, side="left") - 1, 0, bins - 1)
    made, error = [], 0.0
    for number in range(bins):
        mine = place == number
        count = int(mine.sum())
        sure, true = (float(values[mine].mean()) if count else float("nan") for values in (confidence, right))
        made.append(Bin(float(edges[number]), float(edges[number + 1]), count, sure, true))
        error += count / len(y) * abs(true - sure) if count else 0.0
    return Reliability(tuple(made), error, float(confidence.mean()), float(right.mean()))
