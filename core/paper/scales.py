"""Scales: where the values of an axis are on paper, and which of them get a label."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from core.charts.style import TICK, short
from core.formatting import Figure

MOST_TICKS = 5


@dataclass(frozen=True)
class Scale:
    """One axis.

    Attributes:
        low, high: the values at its ends; `low` is the larger one if the axis runs downwards.
        begin, end: where these ends are, in the units of the picture.
        names: for an axis of names, the names in order, at the values 0, 1 and so on.
        is_share: whether its numbers are written as percentages.
    """

    low: float
    high: float
    begin: float
    end: float
    names: tuple[str, ...] = ()
    is_share: bool = False

    def at(self, value: Any) -> float:
        """Where a value or a name is; NaN for None."""
        if isinstance(value, str):
            value = self.names.index(value)
        if value is None:
            return math.nan
        return self.begin + (float(value) - self.low) / (self.high - self.low) * (self.end - self.begin)

    def ticks(self) -> list[tuple[float, str]]:
        """The labels beside the axis, with their places."""
        if self.names:
            return [(self.at(place), short(name, TICK)) for place, name in enumerate(self.names)]
        return [(self.at(value), f"{100 * value:g} %" if self.is_share else f"{value:g}")
                for value in round_numbers(min(self.low, self.high), max(self.low, self.high))]


def scale(axis: Figure, values: Sequence[Any], begin: float, end: float, room: float = 0.0) -> Scale:
    """The scale of an axis of `core.charts.style` for the values drawn on it.

    room: extra space above the highest value, as a share of the range; an axis with a range of its own has
        none.
    """
    if axis.get("type") == "category":
        names = tuple(axis["categoryarray"])
        low, high = axis.get("range", (-0.5, len(names) - 0.5))
        return Scale(low, high, begin, end, names)
    if "range" in axis:
        low, high = axis["range"]
    else:
        seen = [value for value in (*values, *axis.get("autorangeoptions", {}).get("include", ()))
                if value is not None] + [0.0] * (axis.get("rangemode") == "tozero")
        low, high = min(seen, default=0.0), max(seen, default=1.0)
        high += room * (high - low)
    if high == low:
        high = low + (abs(low) or 1.0)
    return Scale(low, high, begin, end, is_share=axis.get("tickformat") == "~%")


def round_numbers(low: float, high: float) -> list[float]:
    """Round numbers from `low` to `high`, at most `MOST_TICKS` + 1."""
    rough = (high - low) / MOST_TICKS
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(factor * power for factor in (1, 2, 5, 10) if factor * power >= rough * (1 - 1e-9))
    first = math.ceil(low / step - 1e-9)
    return [float(f"{place * step:.6g}") for place in range(first, math.floor(high / step + 1e-9) + 1)]
