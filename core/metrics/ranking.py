"""ROC and precision-recall, from scikit-learn: how well probabilities rank a class above all others."""

import math
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, eq=False)
class Ranking:
    """One class against the rest, at every threshold of its probability.

    If the test set has no example of the class, or no other ones, everything except `share` is NaN or empty.

    Attributes:
        false_positive, true_positive: float (k,), shares; the ROC curve.
        area: area under the ROC curve: the chance that an example of the class ranks above one of another.
        recall, precision: float (m,), from the lowest threshold on.
        average_precision: mean precision, weighted by the recall that each threshold adds.
        share: share of the class among all examples, which is the precision of guessing.
    """

    false_positive: np.ndarray
    true_positive: np.ndarray
    area: float
    recall: np.ndarray
    precision: np.ndarray
    average_precision: float
    share: float


def rankings(y: np.ndarray, probabilities: np.ndarray) -> tuple[Ranking, ...]:
    """The ranking of each class. y: int (n,). probabilities: float (n, classes)."""
    return tuple(ranking(y == label, scores) for label, scores in enumerate(probabilities.T))


def area(positive: np.ndarray, scores: np.ndarray) -> float:
    """The area under the ROC curve alone, of more scores than need a curve; NaN unless there are both kinds.

    positive: bool (n,); scores: float (n,). It is the Mann-Whitney statistic: the share of pairs of a
    positive and another example in which the positive one has the higher score; equal scores count half.
    """
    if not positive.any() or positive.all() or not np.isfinite(scores).all():
        return math.nan
    return float(shares_below(scores[~positive], scores[positive]).mean())


def shares_below(others: np.ndarray, values: np.ndarray) -> np.ndarray:
    """The share of `others` that is below each value, float (n,); equal ones count half."""
    ordered = np.sort(others)
    below, up_to = (np.searchsorted(ordered, values, side) for side in ("left", "right"))
    return (below + up_to) / (2 * len(ordered))


def ranking(positive: np.ndarray, scores: np.ndarray) -> Ranking:
    """One class against the rest. positive: bool (n,), which examples are of the class; scores: float (n,).

    Source: T. Fawcett, "An introduction to ROC analysis", Pattern Recognition Letters 27, 2006.
    """
    from sklearn.metrics import auc, average_precision_score, precision_recall_curve, roc_curve

    share = float(positive.mean()) if len(positive) else math.nan
    if not positive.any() or positive.all():
        empty = np.zeros(0)
        return Ranking(empty, empty, math.nan, empty, empty, math.nan, share)
    false_positive, true_positive, _ = roc_curve(positive, scores)
    precision, recall, _ = precision_recall_curve(positive, scores, drop_intermediate=True)
    area = float(auc(false_positive, true_positive))
    return Ranking(false_positive, true_positive, area, recall, precision,
                   float(average_precision_score(positive, scores)), share)
