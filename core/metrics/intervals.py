"""How much chance alone can move a test-set result: confidence intervals and paired tests."""

from typing import NamedTuple

import numpy as np

from core.metrics.ranking import shares_below

LEVEL = 0.95
RESAMPLES = 2000
# Standard errors on both sides of a 95 % interval of something normally distributed.
DEVIATIONS = 1.959964
# With fewer of a kind, their spread says too little: with four, every fourth interval misses the area.
FEWEST = 10
# Values drawn at once: all resamples of a test set of 10,000 examples together would take 160 MB.
_TOGETHER = 2**21
# A resample of few values may repeat a single one. Its standard error counts as at least this share of the
# whole sample's.
_LEAST_ERROR = 0.1


class Interval(NamedTuple):
    """Both ends of a 95 % interval."""

    low: float
    high: float

    def overlaps(self, other: "Interval") -> bool:
        return self.low <= other.high and other.low <= self.high


class Paired(NamedTuple):
    """Two sets of answers to the same examples.

    Attributes:
        first, second: how many examples only the first, or only the second, has right.
        p: probability of a difference at least as large if both are equally good.
    """

    first: int
    second: int
    p: float


def wilson(right: int, examples: int) -> Interval:
    """Wilson's score interval for a share, where `right` of `examples` are correct.

    Source: E. B. Wilson, "Probable Inference, the Law of Succession, and Statistical Inference", Journal of
    the American Statistical Association 22, 1927; computed by scipy. Raises `ValueError` without any example.
    """
    from scipy.stats import binomtest

    found = binomtest(right, examples).proportion_ci(LEVEL, method="wilson")
    return Interval(float(found.low), float(found.high))


def mcnemar(first: np.ndarray, second: np.ndarray) -> Paired:
    """McNemar's exact test of two classifiers on the same examples. first, second: bool (n,), who is right.

    Only the examples that exactly one of the two gets right count: if both are equally good, each of these
    is a coin toss between the two. Source: Q. McNemar, "Note on the sampling error of the
    difference between correlated proportions or percentages", Psychometrika 12, 1947; recommended for
    classifiers that are trained once by T. G. Dietterich, "Approximate Statistical Tests for Comparing
    Supervised Classification Learning Algorithms", Neural Computation 10, 1998.
    """
    from scipy.stats import binomtest

    only_first, only_second = int((first & ~second).sum()), int((second & ~first).sum())
    if not only_first + only_second:
        return Paired(0, 0, 1.0)
    return Paired(only_first, only_second, float(binomtest(only_first, only_first + only_second, 0.5).pvalue))


class Areas(NamedTuple):
    """Two rankings of the same examples: the second's area under the ROC curve minus the first's."""

    difference: float
    interval: Interval


def area_interval(positive: np.ndarray, scores: np.ndarray) -> Interval:
    """DeLong's interval for the area under the ROC curve; 0 to 1 with fewer than `FEWEST` of a kind.

    positive: bool (n,); scores: float (n,).
    """
    area, error = _delong(*_placements(positive, scores))
    return Interval(max(0.0, area - DEVIATIONS * error), min(1.0, area + DEVIATIONS * error))


def compared_areas(positive: np.ndarray, first: np.ndarray, second: np.ndarray) -> Areas:
    """DeLong's interval for the difference of two areas, `second` minus `first`, on the same examples.

    Source: E. R. DeLong, D. M. DeLong and D. L. Clarke-Pearson, "Comparing the areas under two or more
    correlated receiver operating characteristic curves: a nonparametric approach", Biometrics 44, 1988.
    """
    both = [_placements(positive, scores) for scores in (first, second)]
    difference, error = _delong(*(later - before for before, later in zip(*both, strict=True)))
    return Areas(difference, Interval(max(-1.0, difference - DEVIATIONS * error),
                                      min(1.0, difference + DEVIATIONS * error)))


def _placements(positive: np.ndarray, scores: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """For each positive example the share of the others below it, and for each other that of the positives
    above it.

    Equal scores count half. The mean of either is the area.
    """
    yes, no = scores[positive], scores[~positive]
    return shares_below(no, yes), 1 - shares_below(yes, no)


def _delong(yes: np.ndarray, no: np.ndarray) -> tuple[float, float]:
    """The mean of placements, or of their differences, and its standard error."""
    if min(len(yes), len(no)) < FEWEST:
        return float(yes.mean()), float("inf")
    spread = sum(float(part.var(ddof=1)) / len(part) for part in (yes, no))
    return float(yes.mean()), float(np.sqrt(spread))


def bootstrap(values: np.ndarray, seed: int, resamples: int = RESAMPLES) -> Interval:
    """A bootstrap interval for the mean of `values`, float (n,).

    It is the percentile-t interval: how far the mean of a resample is from that of the values, in standard
    errors of the resample. Unlike plain percentiles, it suits few values and long tails, which errors have.
    The same seed gives the same interval. If no value is negative, the interval is not either. A single value
    says nothing about its spread: its interval is infinite. It assumes independent values, which neighbours
    in a series are not quite. Source: B. Efron and R. J. Tibshirani, "An Introduction to the Bootstrap",
    1993, chapter 12.5; P. Hall, "Theoretical Comparison of Bootstrap Confidence Intervals", Annals of
    Statistics 16, 1988. Raises `ValueError` without any value.
    """
    count = len(values)
    if not count:
        raise ValueError("There is no value to draw from.")
    mean, least = float(values.mean()), 0.0 if values.min() >= 0 else -np.inf
    if count == 1:
        return Interval(least, np.inf)
    if (values == values[0]).all():
        return Interval(float(values[0]), float(values[0]))
    centred = values.astype(np.float64) - mean
    scale = float(np.abs(centred).max())  # the square of a very large error would be infinite
    centred /= scale
    error = float(np.sqrt((centred**2).mean() / (count - 1)))
    ends = np.quantile(_standardized(centred, error, seed, resamples), [(1 + LEVEL) / 2, (1 - LEVEL) / 2])
    low, high = (mean - end * error * scale for end in ends.tolist())
    return Interval(max(least, low), high)


def _standardized(centred: np.ndarray, error: float, seed: int, resamples: int) -> np.ndarray:
    """The mean of each resample of `centred`, divided by its standard error, float (resamples,).

    error: the standard error of all of `centred`.
    """
    random, count, found = np.random.default_rng(seed), len(centred), []
    rows = max(1, _TOGETHER // count)
    for start in range(0, resamples, rows):
        drawn = centred[random.integers(count, size=(min(rows, resamples - start), count), dtype=np.int32)]
        means = drawn.mean(1)
        squares = np.einsum("ij,ij->i", drawn, drawn) / count
        errors = np.sqrt(np.maximum(0.0, squares - means**2) / (count - 1))
        found.append(means / np.maximum(errors, _LEAST_ERROR * error))
    return np.concatenate(found)
