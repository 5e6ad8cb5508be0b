"""Weights that a learner sets by hand, in a copy of the shown run's weights that is never trained on."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod
from typing import Any

import numpy as np

from core.parameters import FieldError, short_repr
from core.runs.config import RunConfig
from core.runs.dense_steps import dense_steps, weight_names, weights_travel
from core.runs.evaluations import Evaluation

# One weight: its name such as `dense_1/kernel`, its index in the flattened array, and its new value.
Edit = tuple[str, int, float]
LARGEST = 1e6


@dataclass(frozen=True)
class EditedWeights:
    """What the stage shows of the weights that were set by hand.

    Attributes:
        editable: whether the shown run's weights can be edited now.
        edits: what was set; empty if nothing was.
        turn: the number of the browser's last change.
        evaluation: of the edited weights, on the whole test set; None while a worker computes the first one.
        problem: why there is none, in words.
        trainable: whether a new run can begin with these weights.
    """

    editable: bool = False
    edits: tuple[Edit, ...] = ()
    turn: int = 0
    evaluation: Evaluation | None = None
    problem: str = ""
    trainable: bool = False


UNEDITED = EditedWeights()


def checked_edits(config: RunConfig, rows: Any) -> tuple[Edit, ...]:
    """Rows (name, index, value) from a browser, each weight once; the last value counts.

    Raises `FieldError` for anything that `config`'s network does not have, and for values beyond `LARGEST`.
    """
    if not weights_travel(config):
        raise FieldError("edits", "Only the weights of small dense networks can be edited.")
    sizes = {name: prod(shape) for step in dense_steps(config) or () for name, shape in step.trained}
    if not isinstance(rows, list | tuple) or len(rows) > sum(sizes.values()):
        raise FieldError("edits", f"edits must be a list of at most {sum(sizes.values())} rows (name, index, "
                         f"value), got {short_repr(rows)}.")
    found = [_checked(row, sizes) for row in rows]
    return tuple({(name, index): (name, index, value) for name, index, value in found}.values())


def _checked(row: Any, sizes: dict[str, int]) -> Edit:
    if not isinstance(row, list | tuple) or len(row) != 3:
        raise FieldError("edits", f"Each edit must be a row (name, index, value), got {short_repr(row)}.")
    name, index, value = row
    if not isinstance(name, str) or name not in sizes:
        raise FieldError("edits", f"The name must be one of {', '.join(sizes)}, got {short_repr(name)}.")
    if not isinstance(index, int) or isinstance(index, bool) or not 0 <= index < sizes[name]:
        raise FieldError("edits", f"The index in {name} must be a whole number from 0 to {sizes[name] - 1}, "
                         f"got {short_repr(index)}.")
    if not isinstance(value, int | float) or isinstance(value, bool) or not abs(value) <= LARGEST:
        raise FieldError("edits", f"A weight must be a number between -{LARGEST:,.0f} and {LARGEST:,.0f}, "
                         f"got {short_repr(value)}.")
    return name, index, float(value)


def edited(config: RunConfig, weights: Sequence[np.ndarray], edits: Sequence[Edit]) -> tuple[np.ndarray, ...]:
    """Copies of `weights`, which are in the order of `weight_names`, with `edits` made in them."""
    found = dict(zip(weight_names(config), (np.array(values, np.float32) for values in weights), strict=True))
    for name, index, value in edits:
        found[name].flat[index] = value
    return tuple(found.values())
