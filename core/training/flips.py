"""The smallest change of one feature that changes a network's answer, where only a worker has the network."""

from collections.abc import Callable, Sequence

import numpy as np
from jaxtyping import Float, Int

from core.runs.evaluations import Flip
from core.runs.input_fields import Field

# Points over a feature's range, and between two of these, where the edge lies.
POINTS, FINER = 41, 41

Classes = Callable[[Float[np.ndarray, "n inputs"]], Int[np.ndarray, "n"]]


def flip(fields: Sequence[Field], x: Float[np.ndarray, "inputs"], classes: Classes) -> Flip | None:
    """The smallest change, as a share of the feature's range; None where no single feature is enough.

    The same as `flip` of static/try_answer.js, which halves where this asks about all points at once.

    Args:
        fields: of `core.runs.input_fields`.
        x: an input in its own units.
        classes: says what the network predicts for inputs in their own units.
    """
    tried = [(place, value) for place, field in enumerate(fields) for value in _values(field)]
    if not tried:
        return None
    found = classes(np.stack([x, *(_changed(x, fields[place], value) for place, value in tried)]))
    flips = [Flip(place, value, int(to)) for (place, value), to in zip(tried, found[1:], strict=True)
             if to != found[0]]
    if not flips:
        return None
    flips.sort(key=lambda one: _share(fields, x, one))
    least = _share(fields, x, flips[0]) + 1 / (POINTS - 1)
    nearest = {flip.field: flip for flip in reversed(flips) if _share(fields, x, flip) <= least}
    edges = _edges(fields, x, [*nearest.values()], int(found[0]), classes)
    return min(edges, key=lambda one: _share(fields, x, one))


def _edges(fields: Sequence[Field], x: np.ndarray, flips: Sequence[Flip], now: int,
           classes: Classes) -> list[Flip]:
    """For each change, the first value on the way to it that changes the answer; all are asked at once."""
    ways = [(flip.field, value) for flip in flips for value in _way(fields[flip.field], x, flip.value)]
    told = classes(np.stack([_changed(x, fields[place], value) for place, value in ways]))
    # The first one stays, so the last of each feature comes first.
    first = {place: Flip(place, value, int(to))
             for (place, value), to in reversed([*zip(ways, told, strict=True)]) if to != now}
    return [first.get(flip.field, flip) for flip in flips]


def _values(field: Field) -> Sequence[float]:
    """What is tried: each category, or evenly spread numbers."""
    if "options" in field:
        return range(len(field["options"]))
    return np.linspace(field["low"], field["high"], POINTS).tolist() if field["high"] > field["low"] else ()


def _share(fields: Sequence[Field], x: np.ndarray, change: Flip) -> float:
    """How large a change is, as a share of the range; another category is as much as all of it."""
    field = fields[change.field]
    if "options" in field:
        return 1.0
    return abs(change.value - float(x[field["at"][0]])) / (field["high"] - field["low"])


def _changed(x: np.ndarray, field: Field, value: float) -> np.ndarray:
    other, at = x.copy(), field["at"]
    other[at] = [value] if len(at) == 1 else np.arange(len(at)) == value
    return other


def _way(field: Field, x: np.ndarray, value: float) -> list[float]:
    """Values from the tried point before `value` to it: somewhere between them the answer changes."""
    if "options" in field:
        return [value]
    own, step = float(x[field["at"][0]]), (field["high"] - field["low"]) / (POINTS - 1)
    before = max(own, value - step) if value > own else min(own, value + step)
    return np.linspace(before, value, FINER).tolist()
