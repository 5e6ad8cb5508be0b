"""Methods without a network that predict ratings and rank items."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from core.datasets.pairs import PairShape

# Neighbours in the tutorial's listing.
NEIGHBOURS = 5


@dataclass(frozen=True)
class RatingMethod:
    """A fitted method.

    Attributes:
        ratings: for pairs, int (n, 2), what it predicts: float (n,).
        scores: for users, int (m,), what it ranks items by: float (m, items + 1), higher is better.
    """

    ratings: Callable[[np.ndarray], np.ndarray]
    scores: Callable[[np.ndarray], np.ndarray]


Fit = Callable[[np.ndarray, np.ndarray, PairShape], RatingMethod]


def global_mean(x: np.ndarray, y: np.ndarray, shape: PairShape) -> RatingMethod:
    """The mean of all ratings. x: int (n, 2). y: float (n,)."""
    return RatingMethod(lambda asked: np.full(len(asked), y.mean()),
                        lambda users: np.zeros((len(users), shape.items + 1)))


def pair_means(x: np.ndarray, y: np.ndarray, shape: PairShape) -> RatingMethod:
    """The user's mean plus the item's mean minus the mean of all; an unknown one has the mean of all."""
    users, items = (_means(x[:, column], y, count + 1, float(y.mean()))
                    for column, count in enumerate((shape.users, shape.items)))
    return RatingMethod(lambda asked: users[asked[:, 0]] + items[asked[:, 1]] - y.mean(),
                        lambda asked: users[asked, np.newaxis] + items)


def most_popular(x: np.ndarray, y: np.ndarray, shape: PairShape) -> RatingMethod:
    """The same list for everyone: the items with the most ratings. It predicts an item's mean rating."""
    often = np.bincount(x[:, 1], minlength=shape.items + 1).astype(float)
    items = _means(x[:, 1], y, shape.items + 1, float(y.mean()))
    return RatingMethod(lambda asked: items[asked[:, 1]], lambda users: np.tile(often, (len(users), 1)))


def cosine_neighbours(x: np.ndarray, y: np.ndarray, shape: PairShape) -> RatingMethod:
    """What the most similar users say, by the cosine of their rows in the matrix of users and items.

    The matrix has 0 where a rating is missing, as in the tutorial. A rating is the mean of those neighbours'
    who have one, weighted by their similarity, or else the item's mean. The score of an item is the weighted
    sum of all neighbours' entries, those that are missing included.
    """
    from scipy.sparse import csr_matrix

    size = (shape.users + 1, shape.items + 1)
    matrix = csr_matrix((y, (x[:, 0], x[:, 1])), shape=size)
    rated = csr_matrix((np.ones(len(y)), (x[:, 0], x[:, 1])), shape=size)
    items, neighbours = _means(x[:, 1], y, shape.items + 1, float(y.mean())), similar_users(matrix)

    def scores(users: np.ndarray) -> np.ndarray:
        return np.asarray((neighbours(users) @ matrix).toarray())

    def ratings(asked: np.ndarray) -> np.ndarray:
        users, rows = np.unique(asked[:, 0], return_inverse=True)
        weights = neighbours(users)
        given, weight = ((weights @ table)[rows, asked[:, 1]] for table in (matrix, rated))
        given, weight = np.asarray(given).ravel(), np.asarray(weight).ravel()
        known = weight > 1e-9
        return np.where(known, given / np.where(known, weight, 1), items[asked[:, 1]])

    return RatingMethod(ratings, scores)


def similar_users(matrix: Any, count: int = NEIGHBOURS) -> Callable[[np.ndarray], Any]:
    """A function of users, int (m,), that gives the similarity of their neighbours: sparse (m, users + 1).

    matrix: sparse (users + 1, items + 1). A user's own row is no neighbour. Users without a rating are no
    neighbours, and have none.
    """
    from scipy.sparse import csr_matrix
    from sklearn import config_context
    from sklearn.neighbors import NearestNeighbors

    there = np.flatnonzero(np.diff(matrix.indptr))
    model = NearestNeighbors(n_neighbors=min(count + 1, len(there)), metric="cosine", algorithm="brute")
    model.fit(matrix[there])

    def neighbours(users: np.ndarray) -> Any:
        # Others train in the same process: blocks of a gigabyte, as by default, are too much.
        with config_context(working_memory=64):
            distances, found = model.kneighbors(matrix[users])
        found = there[found]
        # The user is mostly the first, but not if another one has the same ratings.
        own = found == users[:, np.newaxis]
        own[~own.any(axis=1), -1] = True
        own[~np.isin(users, there)] = True
        rows = np.repeat(np.arange(len(users)), (~own).sum(axis=1))
        return csr_matrix((1 - distances[~own], (rows, found[~own])), shape=(len(users), matrix.shape[0]))

    return neighbours


RATING_METHODS: dict[str, Fit] = {
    "mean": global_mean, "pair_means": pair_means, "popular": most_popular, "cosine": cosine_neighbours}


def _means(numbers: np.ndarray, y: np.ndarray, count: int, otherwise: float) -> np.ndarray:
    """The mean rating of each number from 0 to count - 1: float (count,)."""
    often = np.bincount(numbers, minlength=count)
    return np.where(often > 0, np.bincount(numbers, y, count) / np.maximum(often, 1), otherwise)
