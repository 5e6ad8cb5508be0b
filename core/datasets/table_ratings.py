"""Which columns of a table hold users, items and ratings, and the pairs that a network gets from them."""

from collections.abc import Sequence

import numpy as np

from core.datasets.column import Column
from core.datasets.dataset import Arrays
from core.datasets.table import Table
from core.formatting import amount
from core.parameters import FieldError, short_repr

# Names of columns, without underscores and spaces, in small letters.
_USERS = ("userid", "user", "customerid", "customer", "readerid", "reader")
_ITEMS = ("itemid", "item", "movieid", "movie", "filmid", "film", "titleid", "title", "bookid", "book",
          "productid", "product", "isbn")
_RATINGS = ("rating", "stars", "score", "bookrating")
# Each has a row of numbers to learn.
MOST = 20_000


def guess_ratings(table: Table) -> dict[str, str]:
    """The columns `user`, `item` and `target` by their names; empty unless all three are there."""
    plain = {"".join(letter for letter in column.name.lower() if letter.isalnum()): column
             for column in reversed(table.columns)}
    found = {part: next((plain[name].name for name in names if name in plain), "")
             for part, names in (("user", _USERS), ("item", _ITEMS), ("target", _RATINGS))}
    rating = table.column(found["target"])
    return found if all(found.values()) and rating is not None and rating.is_number else {}


def pair_columns(table: Table, user: str, item: str, target: str, task: str) -> tuple[Column, Column]:
    """The columns of users and items. Raises `FieldError` if they cannot be that."""
    if not user or not item:
        missing, there = ("user", "items") if not user else ("item", "users")
        raise _refused(missing, f"There is a column of {there}, but none of {missing}s. Choose both, or "
                       "none.")
    if task != "regression":
        raise _refused("task", "Ratings are numbers to predict. Choose regression, or no columns of users "
                       "and items.")
    if len({user, item, target}) < 3:
        raise _refused("item", "Users, items and ratings must be three different columns, got "
                       f"{short_repr(user)}, {short_repr(item)} and {short_repr(target)}.")
    return _column(table, "user", user), _column(table, "item", item)


def _column(table: Table, part: str, name: str) -> Column:
    column = table.column(name)
    if column is None:
        raise _refused(part, f"The table has no column {short_repr(name)}. Choose another column of {part}s.")
    if column.distinct > MOST:
        raise _refused(part, f"{short_repr(name)} has {column.distinct:,} different {part}s; the limit is "
                       f"{MOST:,}. Leave out those with the fewest ratings.")
    if column.distinct < 2:
        raise _refused(part, f"{short_repr(name)} has {amount(column.distinct, part)}, and at least two are "
                       "needed. Choose another column.")
    return column


def pairs_of(user: Column, item: Column, rating: Column) -> tuple[np.ndarray, Arrays, tuple[np.ndarray, ...]]:
    """The rows that are used, their pairs and ratings, and the codes of users and items in their order.

    Rows without a user, an item or a rating are left out. Of several ratings of an item by the same user, the
    last counts. Both are numbered from 1 in the order of their values.
    """
    rows = np.flatnonzero((user.codes < user.distinct) & (item.codes < item.distinct)
                          & (rating.codes < rating.distinct))
    pairs = user.codes[rows].astype(np.int64) * (item.distinct + 1) + item.codes[rows]
    _, last = np.unique(pairs[::-1], return_index=True)
    rows = np.sort(rows[len(rows) - 1 - last])
    users, items = (np.unique(column.codes[rows], return_inverse=True) for column in (user, item))
    x = np.stack([users[1] + 1, items[1] + 1], axis=1).astype(np.int32)
    return rows, Arrays(x, rating.values()[rows, None].astype(np.float32)), (users[0], items[0])


def names_of(column: Column, codes: np.ndarray) -> tuple[str, ...]:
    """What the table calls its users or items: their texts, or their numbers."""
    names: Sequence[str] = column.names or [f"{value:.15g}" for value in column.numbers.tolist()]
    return tuple(names[code] for code in codes.tolist())


def told_of_pairs(table: Table, user: Column, item: Column, rating: Column) -> str:
    """What becomes of the table, in words."""
    rows, data, (users, items) = pairs_of(user, item, rating)
    there = int(((user.codes < user.distinct) & (item.codes < item.distinct)
                 & (rating.codes < rating.distinct)).sum())
    said = [f"{amount(len(rows), 'rating')} of {amount(len(items), 'item')} by {amount(len(users), 'user')}."]
    if left := table.rows - there:
        said.append(f"Left out because user, item or rating is missing: {amount(left, 'row')}.")
    if twice := there - len(rows):
        said.append(f"Left out because the same user rates the same item again further down: "
                    f"{amount(twice, 'row')}.")
    if lone := int((np.bincount(data.x[:, 0]) == 1).sum()):
        said.append(f"With a single rating, which may be in the test set: {amount(lone, 'user')}. Nothing is "
                    "known about them then, and they get the mean.")
    return " ".join(said)


def _refused(field: str, message: str) -> FieldError:
    return FieldError(f"dataset_parameters.{field}", message)
