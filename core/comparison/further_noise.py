"""Whether two runs really differ in RMSE, hit rate, NDCG or ROC area, or it could be chance."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from core.comparison.noise import ALPHA, ONE_EACH, same_test_set, share
from core.formatting import number
from core.metrics.intervals import FEWEST, bootstrap, compared_areas, mcnemar
from core.metrics.measures import FURTHER
from core.metrics.ranked_items import MOST, gains
from core.store import StoredRun
from core.store.packing import Scores

Tested = tuple[StoredRun, Scores | None]


@dataclass(frozen=True)
class FurtherVerdict:
    """Whether two runs differ in one of `FURTHER` by more than chance.

    Attributes:
        label: the measure's name.
        exceeds: whether the difference is larger than chance explains; None if that cannot be said.
        said: both values and how certain the difference is, in words.
        how: the method, and what it leaves out.
    """

    label: str
    exceeds: bool | None
    said: str
    how: str


def further(first: Tested, second: Tested) -> Iterator[FurtherVerdict]:
    """The second run against the first in all that both were measured by besides loss and metric."""
    (run, scores), (other, others) = first, second
    for name, measure in FURTHER.items():
        value, another = (one.results.further.get(name) for one in (run, other))
        if value is None or another is None:
            continue
        both = f"{measure.write(value)} and {measure.write(another)}."
        if scores is None or others is None or not same_test_set(run, other):
            yield FurtherVerdict(measure.label, None, both, "The runs were tested on different examples.")
            continue
        yield _JUDGES[name](measure.label, both, scores, others)


def _of_hits(label: str, both: str, scores: Scores, others: Scores) -> FurtherVerdict:
    places = _places(scores, others)
    if places is None:
        return _unknown(label, both, "users")
    hits = [(one > 0) & (one <= MOST) for one in places]
    tested = mcnemar(*hits)
    each = " and ".join(share(int(one.sum()), len(one)) for one in hits)
    return FurtherVerdict(label, tested.p < ALPHA, f"{each}. Only the first has the liked title in its list "
                          f"for {tested.first} users, only the second for {tested.second}; "
                          f"p = {tested.p:.2g}.", f"McNemar's exact test, user by user. {ONE_EACH}")


def _of_gains(label: str, both: str, scores: Scores, others: Scores) -> FurtherVerdict:
    places = _places(scores, others)
    if places is None:
        return _unknown(label, both, "users")
    first, second = map(gains, places)
    low, high = bootstrap(second - first, seed=0)
    return FurtherVerdict(label, not low <= 0 <= high, f"{both} The second minus the first, user by user: "
                          f"95 % interval {low:+.3g} to {high:+.3g}.",
                          f"The differences were resampled 2,000 times (percentile-t bootstrap). {ONE_EACH}")


def _of_squares(label: str, both: str, scores: Scores, others: Scores) -> FurtherVerdict:
    """By the squared errors of the same ratings. Each is one number, so its saved error can be squared."""
    first, second = scores.errors, others.errors
    if first is None or second is None or len(first) != len(second):
        return _unknown(label, both, "ratings")
    low, high = bootstrap(second.astype(np.float64)**2 - first.astype(np.float64)**2, seed=0)
    return FurtherVerdict(label, not low <= 0 <= high, f"{both} The squared errors of the second minus those "
                          f"of the first, rating by rating: 95 % interval {low:+.3g} to {high:+.3g}.",
                          f"The differences were resampled 2,000 times (percentile-t bootstrap). {ONE_EACH}")


def _of_areas(label: str, both: str, scores: Scores, others: Scores) -> FurtherVerdict:
    found = [(one.errors, one.odd_errors) for one in (scores, others)]
    sizes = {tuple(-1 if part is None else len(part) for part in parts) for parts in found}
    if len(sizes) > 1 or -1 in min(sizes):
        return _unknown(label, both, "examples")
    normal, odd = min(sizes)
    if min(normal, odd) < FEWEST:
        return FurtherVerdict(label, None, f"{both} {odd} anomalies and {normal} normal examples are too few "
                              "to say more.", "")
    positive = np.arange(normal + odd) >= normal
    lead, (low, high) = compared_areas(positive, *(
        np.concatenate([np.asarray(part, np.float64) for part in parts]) for parts in found))
    return FurtherVerdict(label, not low <= 0 <= high, f"{both} The second minus the first: {number(lead)}, "
                          f"95 % interval {low:+.3g} to {high:+.3g}.",
                          f"DeLong's interval for two areas on the same examples. {ONE_EACH}")


def _places(scores: Scores, others: Scores) -> tuple[np.ndarray, np.ndarray] | None:
    """Where both put the liked items of the same users; None if that was not kept, or users differ."""
    if scores.liked is None or others.liked is None or not len(scores.liked) \
            or not np.array_equal(scores.liked[:, 0], others.liked[:, 0]):
        return None
    return scores.liked[:, 1], others.liked[:, 1]


def _unknown(label: str, both: str, of: str) -> FurtherVerdict:
    return FurtherVerdict(label, None, both, f"The results of single {of} were not saved, or the runs "
                          f"were not measured on the same {of}.")


_JUDGES: dict[str, Callable[[str, str, Scores, Scores], FurtherVerdict]] = {
    "rmse": _of_squares, "hit_rate": _of_hits, "ndcg": _of_gains, "area": _of_areas}
