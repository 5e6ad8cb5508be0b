"""How high a recommender ranks what users like: one liked item each, which it has never seen them rate."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from core.datasets.divided import Split

# The length of a list of recommendations.
MOST = 10
# Scores computed at a time, and in all: of more users, some are drawn at random.
TOGETHER, MOST_SCORES = 100_000, 1_000_000

Scores = Callable[[np.ndarray], np.ndarray]


@dataclass(frozen=True, eq=False)
class RankedItems:
    """Where one liked item of each user stands among all known items that the user has not rated.

    Attributes:
        liked: int32 (k, 2), user and item, as in `KnownPairs`.
        places: int (k,), from 1; 0 for an item that training has not seen, which nobody can recommend.
        top: int32 (k, 10), the best items of each list, best first; 0 where a list ends.
        of: how many users have a liked item; more than k if only some were drawn.
        among: how long the lists are, on average.
    """

    liked: np.ndarray
    places: np.ndarray
    top: np.ndarray
    of: int
    among: float

    @property
    def hit_rate(self) -> float:
        """The share of users whose liked item is among the first `MOST`; NaN without users."""
        return hit_rate(self.places)

    @property
    def ndcg(self) -> float:
        """The same, but a hit counts less further down; NaN without users."""
        return ndcg(self.places)


def hit_rate(places: np.ndarray, most: int = MOST) -> float:
    """The share of places from 1 to `most`; 0 is no place at all."""
    return float(np.mean((places > 0) & (places <= most))) if len(places) else float("nan")


def ndcg(places: np.ndarray, most: int = MOST) -> float:
    """The mean of 1 / log2(1 + place) for places from 1 to `most`, and 0 for all others.

    With one relevant item in each list, the best possible sum is 1. Source: K. Järvelin and J. Kekäläinen,
    "Cumulated gain-based evaluation of IR techniques", ACM TOIS 20, 2002.
    """
    return float(np.mean(gains(places, most))) if len(places) else float("nan")


def gains(places: np.ndarray, most: int = MOST) -> np.ndarray:
    """What each place adds to the NDCG before the mean, float (k,)."""
    hits = (places > 0) & (places <= most)
    return np.where(hits, 1 / np.log2(1 + np.maximum(places, 1)), 0.0)


def ranked_items(data: Split, scores: Scores, seed: int = 0) -> RankedItems:
    """The lists of all users who like an item, or of as many as `MOST_SCORES` allows.

    scores: for users, int (m,), float (m, items + 1), higher is better; the column of item 0 is not read.
    Equal scores are ranked in an order that has nothing to do with the items.
    """
    assert data.pairs is not None
    known, liked = data.pairs.items, data.pairs.liked
    shuffled = np.random.default_rng([seed, 5]).permutation(np.arange(1, len(known)))
    most = max(1, MOST_SCORES // len(known))
    chosen = liked
    if len(liked) > most:
        chosen = liked[np.sort(np.random.default_rng([seed, 6]).choice(len(liked), most, replace=False))]
    size, parts = max(1, TOGETHER // len(known)), []
    for start in range(0, len(chosen), size):
        part = chosen[start:start + size]
        parts.append(_ranked(part, np.asarray(scores(part[:, 0])), free_items(data, part), shuffled))
    if not parts:
        return RankedItems(chosen, np.zeros(0, int), np.zeros((0, MOST), np.int32), 0, 0.0)
    places, top, counts = (np.concatenate(arrays) for arrays in zip(*parts, strict=True))
    return RankedItems(chosen, places, top, len(liked), float(counts.mean()))


def free_items(data: Split, liked: np.ndarray) -> np.ndarray:
    """What may be recommended to the users in `liked`, int (m, 2): bool (m, items + 1).

    All known items without those that the user rated in any part of the data, but for the liked one.
    """
    assert data.pairs is not None
    rows = np.full(len(data.pairs.users), -1)
    rows[liked[:, 0]] = np.arange(len(liked))
    free = np.tile(data.pairs.items, (len(liked), 1))
    for x in (data.x, data.x_test):
        mine = rows[x[:, 0]] >= 0
        free[rows[x[mine, 0]], x[mine, 1]] = False
    free[np.arange(len(liked)), liked[:, 1]] = data.pairs.items[liked[:, 1]]
    free[:, 0] = False
    return free


def _ranked(liked: np.ndarray, scores: np.ndarray, free: np.ndarray,
            order: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Places, lists, and their lengths. order: the items, so that the first of equals comes first."""
    lowest = float(np.finfo(np.float32).min)  # of a score that is no number; what is not free is below it
    shown = np.where(free, np.nan_to_num(scores, nan=lowest, neginf=lowest), -np.inf)[:, order]
    best = np.argsort(-shown, axis=1, kind="stable")
    counts = free.sum(axis=1)
    listed = np.arange(best.shape[1]) < counts[:, np.newaxis]
    ranking = np.where(listed, order[best], 0)
    found = (ranking == liked[:, 1:]) & listed
    places = np.where(found.any(axis=1), found.argmax(axis=1) + 1, 0)
    top = np.zeros((len(liked), MOST), np.int32)
    top[:, :ranking.shape[1]] = ranking[:, :MOST]
    return places, top, counts
