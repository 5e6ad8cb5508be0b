"""Pairs of a user and an item by their numbers: who and what is known, and the liked items to rank."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

# The number of every user and every item that training has not seen.
STRANGER = 0
# An item is liked from this share of the way between the lowest and the highest rating: 4 of 1 to 5 stars.
LIKED_SHARE = 0.75
# The share of the ratings used for testing, and what keeps the draw of the liked items apart from others.
RATING_SHARE, _LIKED = 0.1, 4


class PairShape(tuple[int, ...]):
    """The shape (2,) of a user's and an item's number, which knows how many of both there are.

    Both count from 1, so networks look them up in tables of `users + 1` and `items + 1` rows.
    """

    users: int
    items: int

    def __new__(cls, users: int, items: int) -> "PairShape":
        made = super().__new__(cls, (2,))
        made.users, made.items = users, items
        return made

    def __eq__(self, other: object) -> bool:
        return isinstance(other, PairShape) and (self.users, self.items) == (other.users, other.items)

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        return hash((self.users, self.items, *self))

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.users, self.items)


@dataclass(frozen=True)
class Items:
    """What items and users are called; the first of each has the number 1.

    Attributes:
        names: of the items, one each.
        groups: the genre of each item; empty if nothing is known.
        users: their names; empty if they have none but their numbers.
    """

    names: tuple[str, ...]
    groups: tuple[str, ...] = ()
    users: tuple[str, ...] = ()

    def user(self, number: int) -> str:
        """The name of a user, or the number."""
        return self.users[number - 1] if 0 < number <= len(self.users) else str(number)


@dataclass(frozen=True, eq=False)
class KnownPairs:
    """What the training examples of a split say about users and items.

    Attributes:
        users, items: bool (users + 1,) and (items + 1,); whether training has seen the number.
        liked: int32 (k, 2), a user and an item that this user likes: at most one for each user whom
            training has seen. These ratings are in no other part of the split. The item is 0 if training
            has not seen it.
    """

    users: np.ndarray
    items: np.ndarray
    liked: np.ndarray

    @classmethod
    def of(cls, x: np.ndarray, liked: np.ndarray, shape: PairShape) -> "KnownPairs":
        """x: int (n, 2), the training examples. liked: int (k, 2), all that were held out."""
        users, items = (np.isin(np.arange(count + 1), x[:, column])
                        for column, count in enumerate((shape.users, shape.items)))
        found = cls(users, items, liked[:0].astype(np.int32))
        return cls(users, items, found.encoded(liked[users[liked[:, 0]]]))

    def encoded(self, x: np.ndarray) -> np.ndarray:
        """Pairs as networks see them, int32 (n, 2): numbers that training has not seen become `STRANGER`."""
        return np.stack([_known(x[:, 0], self.users), _known(x[:, 1], self.items)], axis=1)


def liked_from(y: np.ndarray) -> float:
    """The lowest rating of an item that is liked. y: all ratings."""
    return float(y.min() + LIKED_SHARE * (y.max() - y.min()))


def for_ranking(x: np.ndarray, y: np.ndarray, seed: int) -> np.ndarray:
    """One liked item of each user, by index in ascending order. Users with a single rating keep it.

    x: int (n, 2). y: float (n, 1).
    """
    order = np.random.default_rng([seed, _LIKED]).permutation(len(x))
    several = np.bincount(x[:, 0])[x[order, 0]] > 1
    likes = order[several & (y[order, 0] >= liked_from(y))]
    _, first = np.unique(x[likes, 0], return_index=True)
    return np.sort(likes[first])


def _known(numbers: Sequence[int] | np.ndarray, seen: np.ndarray) -> np.ndarray:
    found = np.asarray(numbers)
    found = np.where((found > 0) & (found < len(seen)), found, STRANGER).astype(np.int32)
    return np.where(seen[found], found, np.int32(STRANGER))
