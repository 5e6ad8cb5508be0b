"""One layer as plain data, and the error for a layer that does not fit."""

from collections.abc import Mapping
from typing import Any

from core.errors import UserError

Shape = tuple[int, ...]
Values = Mapping[str, Any]
# A class of `keras.layers` (or one of the three blocks of `graph.py`) and what its `from_config` reads.
Layer = dict[str, Any]
# A line of the layer editor: the "kind", a name in LAYER_KINDS, and the values of its parameters.
Entry = dict[str, Any]


def layer(class_name: str, **config: Any) -> Layer:
    """One layer of a stack, as a plain dict in Keras's own names."""
    return {"class_name": class_name, "config": config}


def entry(kind: str, **values: Any) -> Entry:
    """One line of the layer editor; values that are left out get the kind's defaults."""
    return {"kind": kind, **values}


def regularizer(l1: float, l2: float) -> Layer:
    """Keras's penalty on a kernel: l1 times the sum of absolute values, l2 times the sum of squares."""
    return layer("L1L2", l1=l1, l2=l2)


class Misfit(UserError):
    """A layer cannot read the output of the layer before it.

    Attributes:
        needs: what it needs, worded to follow its name.
        rank: how many dimensions an example must have, if their number is wrong; else None.
        advice: what to do.
    """

    def __init__(self, needs: str, advice: str = "", rank: int | None = None):
        super().__init__(needs)
        self.needs, self.advice, self.rank = needs, advice, rank
