"""Points placed by the learner: the kind of parameter that holds them, and the dataset made from them."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from core.datasets.computed import FIELD, computed
from core.datasets.dataset import Arrays, Dataset
from core.datasets.scikit import read_only
from core.datasets.toy_points import FEATURES
from core.parameters import FieldError, short_repr

Point = tuple[float, float, int]

# A class with fewer points cannot be in each of training, validation and test.
LEAST_OF_A_CLASS = 3


@dataclass(frozen=True)
class PointList:
    """A list of points (x, y, class) as a parameter. x and y are in steps of 0.01.

    In a link, `12.-34.0_5.6.1` stands for (0.12, -0.34) of class 0 and (0.05, 0.06) of class 1.

    Attributes:
        most: how many points there may be.
        limit: x and y are from -`limit` to `limit`.
        classes: number of classes; a point's class is from 0 to `classes` - 1.
    """

    name: str
    label: str
    help: str
    default: tuple[Point, ...]
    most: int = 300
    limit: float = 6.0
    classes: int = 5

    def check(self, value: Any, owner: str = "", field: str = "") -> tuple[Point, ...]:
        """`value` as a tuple of tuples. Raises `FieldError` for an invalid point or too many points."""
        name, field = f"{self.label} of {owner}" if owner else self.label, field or self.name
        if not isinstance(value, list | tuple):
            raise FieldError(field,
                             f"{name} must be a list of points (x, y, class), got {short_repr(value)}.")
        if len(value) > self.most:
            raise FieldError(field, f"{name} must be at most {self.most}, got {len(value)}.")
        return tuple(self._point(point, name, field) for point in value)

    def format(self, value: Sequence[Point]) -> str:
        return "_".join(f"{round(x * 100)}.{round(y * 100)}.{label}" for x, y, label in value)

    def parse(self, text: str) -> Any:
        """The points written in `text`, or `text` itself if it has none."""
        try:
            return tuple(_read(part) for part in text.split("_")) if text else ()
        except (ValueError, OverflowError):
            return text

    def _point(self, value: Any, name: str, field: str) -> Point:
        if not isinstance(value, list | tuple) or len(value) != 3:
            raise FieldError(field, f"Each of the {name[0].lower()}{name[1:]} must be a point "
                             f"(x, y, class), got {short_repr(value)}.")
        x, y, label = value
        if not all(isinstance(coordinate, int | float) and not isinstance(coordinate, bool)
                   and -self.limit <= coordinate <= self.limit for coordinate in (x, y)):
            raise FieldError(field, f"x and y of a point must be numbers between {-self.limit:g} and "
                             f"{self.limit:g}, got {short_repr((x, y))}.")
        if not isinstance(label, int) or isinstance(label, bool) or not 0 <= label < self.classes:
            raise FieldError(field, f"The class of a point must be a whole number between 0 and "
                             f"{self.classes - 1}, got {short_repr(label)}.")
        return _rounded(x), _rounded(y), int(label)


def _rounded(value: float) -> float:
    # Through a whole number, so that -0.001 becomes 0 and not -0.
    return round(value * 100) / 100


def _read(part: str) -> Point:
    x, y, label = (int(number) for number in part.split("."))
    return x / 100, y / 100, label


def _two_rings() -> tuple[Point, ...]:
    """Twenty points around the middle and twenty in a ring around them, each turned by the golden angle."""
    turn = math.pi * (3 - math.sqrt(5))
    return tuple((_rounded(radius * math.cos(index * turn)), _rounded(radius * math.sin(index * turn)), label)
                 for label, (near, far) in enumerate(((0.3, 1.7), (3.0, 4.6)))
                 for index in range(20)
                 for radius in (near + (far - near) * (index * 7 % 20) / 19,))


POINTS = PointList("points", "Points", "Your own points: choose a class, then click where a point belongs.",
                   _two_rings())


def _build(values: Mapping[str, Any]) -> Dataset:
    points: tuple[Point, ...] = values["points"]
    counts = np.bincount([label for *_, label in points], minlength=2)
    if (counts >= LEAST_OF_A_CLASS).sum() < 2:
        told = ", ".join(f"{count} of class {label + 1}" for label, count in enumerate(counts.tolist()))
        raise FieldError(f"{FIELD}.points", "Training, validation and test need at least two classes with "
                         f"{LEAST_OF_A_CLASS} points each; there are {told}. Place more points.")
    return Dataset(
        "placed", "Your own points", "Place the points yourself and see where the network draws the border. "
        "A few dozen points are enough.", "Placed by you.",
        examples=len(points), shape=(2,), features=FEATURES, load=partial(_arrays, points),
        classes=tuple(f"class {label + 1}" for label in range(len(counts))))


def _arrays(points: tuple[Point, ...]) -> Arrays:
    """x float32 (n, 2)."""
    table = np.array(points, np.float64)
    return read_only(table[:, :2], table[:, 2])


PLACED = computed("your own points", (POINTS,), _build)
