"""What a learner asks about users and items, and what the network recommends."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.datasets.pairs import PairShape
from core.parameters import FieldError

FIELD = "tried"
# Ratings that a learner may give.
MOST_RATED = 100


@dataclass(frozen=True)
class Recommended:
    """What a network recommends to a user, and which items are like a chosen one.

    Attributes:
        user: whose recommendations these are; 0 for the learner, whom the network does not know.
        items, predicted: int (k,) and float (k,), the best items that this user has not rated, best first,
            and their ratings in the target's units.
        rated, ratings: int (r,) and float (r,), what the user rated in the training examples, highest first;
            empty for the learner.
        chosen: the item that others are compared with; 0 for none.
        similar, cosines: int (m,) and float (m,), the most similar ones, and how similar they are.
    """

    user: int
    items: np.ndarray
    predicted: np.ndarray
    rated: np.ndarray
    ratings: np.ndarray
    chosen: int
    similar: np.ndarray
    cosines: np.ndarray


@dataclass(frozen=True)
class Wish:
    """A question about users and items, as `Tried.values` has it: user, chosen item, item, rating, item, ...

    Attributes:
        user: 0 for the learner.
        chosen: an item to find similar ones of; 0 for none.
        items, ratings: int (n,) and float (n,), what the learner rated; of several ratings of one item, the
            last counts.
    """

    user: int
    chosen: int
    items: np.ndarray
    ratings: np.ndarray

    @classmethod
    def of(cls, values: Sequence[float] | np.ndarray, shape: PairShape) -> "Wish":
        """Raises `FieldError` for what is no such question about `shape`."""
        x = np.asarray(values, float)
        if len(x) < 2 or len(x) % 2 or not np.isfinite(x).all():
            raise FieldError(FIELD, "tried needs a user, an item, and then an item and its rating again and "
                             f"again, all of them numbers; got {len(x)} values.")
        if len(x) > 2 + 2 * MOST_RATED:
            raise FieldError(FIELD, f"tried can have at most {MOST_RATED} ratings, got {len(x) // 2 - 1}.")
        rated = dict(x[2:].reshape(-1, 2).tolist())
        _check("user", x[:1], 0, shape.users)
        _check("item", x[1:2], 0, shape.items)
        _check("item", np.array([*rated]), 1, shape.items)
        return cls(int(x[0]), int(x[1]), np.array([*rated], int), np.array([*rated.values()], float))


def _check(what: str, numbers: np.ndarray, low: int, high: int) -> None:
    wrong = numbers[(numbers != np.floor(numbers)) | (numbers < low) | (numbers > high)]
    if wrong.size:
        raise FieldError(FIELD, f"tried has {what} {wrong[0]:g}, but {what}s are whole numbers from {low} to "
                         f"{high}.")
