"""A network ranked beside classical methods: scores with intervals, and whether chance explains the gap."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from core.catalog.baselines import BASELINES
from core.formatting import number, percent
from core.metrics.baselines import Fitted
from core.metrics.intervals import (
    Interval,
    Paired,
    area_interval,
    bootstrap,
    compared_areas,
    mcnemar,
    wilson,
)
from core.metrics.ranked_items import RankedItems
from core.metrics.ranking import area
from core.metrics.scores import regression_metrics

NETWORK = "network"
# If luck alone would produce such a difference more often than this, it may be luck.
ALPHA = 0.05


@dataclass(frozen=True, eq=False)
class LeaderboardRow:
    """One row of the leaderboard. The last four are None for the network itself.

    Attributes:
        score: accuracy, mean absolute error in the target's units, or area under the ROC curve.
        interval: 95 % interval of the score.
        r2: NaN for classes.
        lead: how much better the network is, in the score's units; negative if it is worse.
        luck: whether a difference like that may be chance.
        paired: the exact test that says so, for classes.
        gap: the interval of the difference that says so, for numbers and areas: the other's error minus the
            network's, or the network's area minus the other's.
        rmse: root mean squared error in the target's units; NaN for classes.
        ranked: the liked items of ratings; None for all other data.
    """

    name: str
    label: str
    score: float
    interval: Interval
    r2: float
    seconds: float
    trained: str
    lead: float | None = None
    luck: bool | None = None
    paired: Paired | None = None
    gap: Interval | None = None
    rmse: float = float("nan")
    ranked: RankedItems | None = None


@dataclass(frozen=True, eq=False)
class Candidate:
    """One competitor in the leaderboard.

    Attributes:
        name, label: key of the method, and its name on a page.
        predicted: as in `Fitted`.
        seconds: time to fit it.
        trained: what it was trained on, in words.
        ranked: as in `Fitted`.
    """

    name: str
    label: str
    predicted: np.ndarray
    seconds: float
    trained: str
    ranked: RankedItems | None = None


def candidate(fitted: Fitted) -> Candidate:
    """A fitted method as a candidate, with a note if it did not get all examples."""
    trained = f"{fitted.examples:,}" if fitted.of else "–"
    if fitted.examples < fitted.of:
        trained += f" of {fitted.of:,}"
    return Candidate(fitted.name, BASELINES[fitted.name].label, fitted.predicted, fitted.seconds,
                     trained + (f", {fitted.note}" if fitted.note else ""), fitted.ranked)


def standing(y: np.ndarray, method: Candidate, network: Candidate | None, seed: int) -> LeaderboardRow:
    """One row: of a method compared with the network, or, without a network, the network's own row.

    y: of the test set, as `Arrays` has it, in its own units; or bool (n,), which examples are anomalous.
    seed: of the intervals' draws.
    """
    if y.dtype == bool:
        return _of_anomalies(y, method, network)
    if y.ndim == 1:
        return _of_classes(y, method, network)
    return _of_numbers(y, method, network, seed)


def _of_classes(y: np.ndarray, method: Candidate, network: Candidate | None) -> LeaderboardRow:
    right = method.predicted == y
    score, interval = float(right.mean()), wilson(int(right.sum()), len(y))
    plain = (method.name, method.label, score, interval, float("nan"), method.seconds, method.trained)
    if network is None:
        return LeaderboardRow(*plain)
    ours = network.predicted == y
    paired = mcnemar(ours, right)
    return LeaderboardRow(*plain, lead=float(ours.mean()) - score, luck=paired.p > ALPHA, paired=paired)


def _of_numbers(y: np.ndarray, method: Candidate, network: Candidate | None, seed: int) -> LeaderboardRow:
    off = _errors(y, method.predicted)
    score, rmse, r2 = regression_metrics(y, method.predicted)
    own: dict[str, Any] = {"rmse": rmse, "ranked": method.ranked}
    plain = (method.name, method.label, score, bootstrap(off, seed), r2, method.seconds, method.trained)
    if network is None:
        return LeaderboardRow(*plain, **own)
    behind = off - _errors(y, network.predicted)
    gap = bootstrap(behind, seed)
    return LeaderboardRow(*plain, lead=float(behind.mean()), luck=gap.low <= 0 <= gap.high, gap=gap,
                          **own)


def _of_anomalies(odd: np.ndarray, method: Candidate, network: Candidate | None) -> LeaderboardRow:
    scores = method.predicted[:, 0].astype(np.float64)
    plain = (method.name, method.label, area(odd, scores), area_interval(odd, scores), float("nan"),
             method.seconds, method.trained)
    if network is None:
        return LeaderboardRow(*plain)
    lead, gap = compared_areas(odd, scores, network.predicted[:, 0].astype(np.float64))
    return LeaderboardRow(*plain, lead=lead, luck=gap.low <= 0 <= gap.high, gap=gap)


def _errors(y: np.ndarray, predicted: np.ndarray) -> np.ndarray:
    """The absolute error of each example, mean over its outputs: float (n,)."""
    return np.abs(y.astype(np.float64) - predicted).mean(1)


def against(row: LeaderboardRow, classes: bool, areas: bool = False) -> dict[str, str]:
    """How a method compares with the network, and the evidence: cells of a table by their column.

    classes, areas: whether scores are accuracies, or areas under the ROC curve; else they are errors.
    """
    said, told = "–", ["–", "–", "–"]
    if row.lead is not None:
        said = "no clear difference" if row.luck else "network better" if row.lead > 0 else "baseline better"
    if row.paired is not None:
        told = [str(row.paired.second), str(row.paired.first), _p(row.paired.p)]
    if classes:
        columns = ("Only baseline right", "Only network right", "p")
        return {"Compared with the network": said, **dict(zip(columns, told, strict=True))}
    gap = f"{number(row.gap.low)} to {number(row.gap.high)}" if row.gap is not None else "–"
    gap_of = "Network's area minus baseline's" if areas else "Baseline's error minus network's"
    return {"Compared with the network": said, gap_of: gap}


def verdict(rows: Sequence[LeaderboardRow], examples: int) -> str:
    """What the table says about the network, in a sentence or two; empty if there is nothing to compare."""
    if len(rows) < 2 or rows[0].name != NETWORK:
        return ""
    ours, others = rows[0], rows[1:]
    tied = [other for other in others if other.luck]
    beaten = [row for row in others if not row.luck and (row.lead or 0) < 0]
    verb = "is" if len(beaten) == 1 else "are"
    said = [f"{_list(beaten)} {verb} better than the network."] if beaten else []
    if tied:
        overlap = [row for row in tied if row.interval.overlaps(ours.interval)]
        begin = "The intervals overlap: " if len(overlap) == len(tied) else ""
        said.append(f"{begin}{examples:,} test examples are too few to tell the network apart from "
                    f"{_list(tied)}.")
    if not said:
        said.append(f"The network is better than all of them, and {examples:,} test examples are enough to "
                    "say that this is more than luck.")
    return " ".join(sentence[0].upper() + sentence[1:] for sentence in said)


def score_words(row: LeaderboardRow, classes: bool) -> tuple[str, str]:
    """A row's score and interval as the page writes them. classes: whether the score is an accuracy."""
    write = percent if classes else number
    return write(row.score), f"{write(row.interval.low)} to {write(row.interval.high)}"


def _p(value: float) -> str:
    return "below 0.001" if value < 0.001 else f"{value:.2g}" if value < 0.1 else f"{value:.2f}"


def _list(rows: Sequence[LeaderboardRow]) -> str:
    names = [row.label.lower() for row in rows]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
