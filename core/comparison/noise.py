"""Whether one run really does better on the test set than another, or the difference could be chance."""

from dataclasses import dataclass

import numpy as np

from core.formatting import amount, number, percent
from core.metrics.intervals import Interval, Paired, bootstrap, mcnemar, wilson
from core.metrics.measures import MEASURES
from core.store import StoredRun
from core.store.packing import Scores

ALPHA = 0.05
PLAIN = {True: "The difference is too large to be explained by luck in the choice of test examples.",
         False: "Luck in the choice of test examples can explain a difference of this size.",
         None: "It is impossible to say which is better."}
# With another seed, each network would be a different one.
ONE_EACH = "Each network was trained only once; with another seed, the result could change as well."


@dataclass(frozen=True)
class Excess:
    """Whether two runs differ by more than chance.

    Attributes:
        exceeds: whether the difference is larger than chance explains; None if that cannot be said.
        said: the difference and how certain it is, in words.
        how: the method, and what it leaves out.
    """

    exceeds: bool | None
    said: str
    how: str

    @property
    def plain(self) -> str:
        return PLAIN[self.exceeds]


def verdict(first: tuple[StoredRun, Scores | None], second: tuple[StoredRun, Scores | None]) -> Excess:
    """The second run against the first."""
    (run, scores), (other, others) = first, second
    if run.task != other.task:
        return Excess(None, f"The runs have different tasks: {run.task} and {other.task}.", "")
    if scores is None or others is None or not (scores.complete and others.complete):
        return Excess(None, "A run was not tested on its whole test set, because it did not finish.", "")
    if MEASURES[run.task].quantity.is_share:
        return _of_shares(run, scores, other, others)
    return _of_numbers(run, scores, other, others)


def difference(right: int, examples: int, others_right: int, others: int) -> Interval:
    """The interval of 95 % of a difference between two shares, second minus first, of different examples.

    Newcombe's hybrid score interval, from Wilson's of each. Source: R. G. Newcombe, "Interval estimation for
    the difference between independent proportions", Statistics in Medicine 17, 1998, method 10.
    """
    p, q = right / examples, others_right / others
    (low, high), (others_low, others_high) = wilson(right, examples), wilson(others_right, others)
    return Interval(q - p - float(np.hypot(q - others_low, high - p)),
                    q - p + float(np.hypot(others_high - q, p - low)))


def paired(scores: Scores, others: Scores) -> Paired | None:
    """McNemar's exact test if the wrong examples of both runs are known; else None."""
    if scores.wrong is None or others.wrong is None or scores.examples != others.examples:
        return None
    right = np.ones((2, scores.examples), bool)
    right[0, scores.wrong], right[1, others.wrong] = False, False
    return mcnemar(right[0], right[1])


def _of_shares(run: StoredRun, scores: Scores, other: StoredRun, others: Scores) -> Excess:
    right, others_right = round(scores.metric * scores.examples), round(others.metric * others.examples)
    each = " and ".join([share(right, scores.examples), share(others_right, others.examples)])
    what = "Test accuracy" if run.task == "classification" else "Hidden words guessed"
    intervals = f"{what}, with the 95 % interval that the number of test examples implies: {each}."
    if not same_test_set(run, other):
        return Excess(None, f"The runs were tested on different examples. {intervals}",
                       "Use the same dataset and the same seed for both. Intervals: Wilson.")
    tested = paired(scores, others)
    if tested is not None:
        said = (f"Only the first is right about {_examples(tested.first)}, only the second about "
                f"{tested.second}")
        return Excess(tested.p < ALPHA, f"{intervals} {said}; p = {tested.p:.2g}.",
                       "McNemar's exact test, on the examples that only one of the two got right. "
                       f"{ONE_EACH}")
    low, high = difference(right, scores.examples, others_right, others.examples)
    said = (f"The second minus the first: {100 * (others.metric - scores.metric):+.1f} points, 95 % interval "
            f"{100 * low:+.1f} to {100 * high:+.1f}.")
    return Excess(not low <= 0 <= high, f"{intervals} {said}",
                   "Newcombe's interval for two proportions. For images, the store does not keep which "
                   "examples were wrong, so the interval treats the two test sets as unrelated: it may be "
                   f"too wide, but not too narrow. {ONE_EACH}")


def _of_numbers(run: StoredRun, scores: Scores, other: StoredRun, others: Scores) -> Excess:
    what = "Reconstruction error" if run.task == "reconstruction" else "Mean absolute error"
    errors = f"{what} on the test set: {number(scores.metric)} and {number(others.metric)}."
    if not same_test_set(run, other):
        return Excess(None, f"The runs were tested on different examples. {errors}",
                       "Use the same dataset and the same seed for both.")
    if scores.errors is None or others.errors is None or len(scores.errors) != len(others.errors) \
            or not len(scores.errors):
        return Excess(None, errors, "The errors of the individual examples were not saved.")
    low, high = bootstrap(others.errors.astype(float) - scores.errors, seed=0)
    neighbours = " Neighbouring values in a series have similar errors, so the true interval is wider." \
        if run.task == "forecasting" else ""
    return Excess(not low <= 0 <= high, f"{errors} The second minus the first, example by example: 95 % "
                   f"interval {low:+.3g} to {high:+.3g}.",
                   f"The differences were resampled 2,000 times (percentile-t bootstrap).{neighbours} "
                   f"{ONE_EACH}")


def share(right: int, examples: int) -> str:
    """A share with the interval that the number of examples implies."""
    low, high = wilson(right, examples)
    return f"{percent(right / examples)} ({percent(low)} to {percent(high)})"


def same_test_set(run: StoredRun, other: StoredRun) -> bool:
    """Whether both runs were tested with the same examples."""
    return bool(run.test_set) and run.test_set == other.test_set


def _examples(count: int) -> str:
    return amount(count, "example")
