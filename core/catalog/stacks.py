"""Which numbers of a layer stack can change without compiling again, and the stack without them.

Dropout rates, noise levels and penalty strengths are arguments of the compiled program. Whether one of them
is above zero is part of the program itself. Initializers only decide the first values of the weights.
"""

from collections.abc import Callable, Iterator
from typing import Any

from core.catalog.layers import Layer

NUMBERS = ("rate", "stddev", "l1", "l2")
INITIALIZER = "_initializer"


class TracedFloat(float):
    """A number of a layer that knows its position among all numbers of the stack."""

    place: int

    def __new__(cls, value: float, place: int) -> "TracedFloat":
        made = super().__new__(cls, value)
        made.place = place
        return made

    def __reduce__(self):
        return type(self), (float(self), self.place)


def numbers_of(layers: list[Layer]) -> list[float]:
    """The numbers of a stack, in the order of its layers."""
    return [value for layer in layers for value in _numbers(layer)]


def structure_of(layers: list[Layer]) -> list[Layer]:
    """The part of a stack that a compiled program depends on.

    Initializers are left out, and of each number only whether it is above zero is kept.
    """
    return [_without_initializers(kind) for kind in kinds_of(layers)]


def kinds_of(layers: list[Layer]) -> list[Layer]:
    """The part of a stack that first values depend on: of each number, only whether it is above zero."""
    return [_replaced(layer, lambda value: value > 0) for layer in layers]


def traced(layers: list[Layer]) -> list[Layer]:
    """The stack with each of its numbers replaced by a `TracedFloat`."""
    count = iter(range(2**31))
    return [_replaced(layer, lambda value: TracedFloat(value, next(count))) for layer in layers]


def _numbers(value: Any) -> Iterator[float]:
    if isinstance(value, dict):
        for name, item in value.items():
            if name in NUMBERS:
                yield float(item)
            else:
                yield from _numbers(item)


def _without_initializers(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _without_initializers(item) for name, item in value.items()
                if not name.endswith(INITIALIZER)}
    return value


def _replaced(value: Any, change: Callable[[float], Any]) -> Any:
    if isinstance(value, dict):
        return {name: change(item) if name in NUMBERS else _replaced(item, change)
                for name, item in value.items()}
    return value
