"""Errors of predicted ratings by how many training ratings their user, or their item, has."""

from dataclasses import dataclass

import numpy as np

from core.datasets.divided import Split

# The first count of each group.
EDGES = (0, 1, 3, 6, 11, 21, 51, 101, 201)


@dataclass(frozen=True)
class CountGroup:
    """The test ratings whose user, or item, has from `low` to `high` training ratings.

    None as `high` is no limit.

    Attributes:
        examples: how many test ratings these are.
        rmse: their root mean squared error, in the target's units.
    """

    low: int
    high: int | None
    examples: int
    rmse: float

    @property
    def name(self) -> str:
        return (str(self.low) if self.low == self.high else f"{self.low} or more" if self.high is None else
                f"{self.low} to {self.high}")


def training_counts(data: Split, column: int) -> np.ndarray:
    """For each test rating, the training ratings of its user (column 0) or its item (1): int (n,)."""
    often = np.bincount(data.x_train[:, column])
    often[0] = 0
    numbers = data.x_test[:, column]
    return np.where(numbers < len(often), often[np.minimum(numbers, len(often) - 1)], 0)


def errors_by_count(counts: np.ndarray, errors: np.ndarray) -> tuple[CountGroup, ...]:
    """The groups that have any examples. counts: int (n,). errors: float (n,), true - predicted."""
    places, groups = np.searchsorted(EDGES, counts, side="right") - 1, []
    for place, low in enumerate(EDGES):
        mine = errors[places == place].astype(float)
        if len(mine):
            high = EDGES[place + 1] - 1 if place + 1 < len(EDGES) else None
            groups.append(CountGroup(low, high, len(mine), float(np.sqrt(np.mean(mine**2)))))
    return tuple(groups)
