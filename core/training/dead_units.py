"""Finds dead relu units: those that output 0 for every example and hardly ever learn again."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import jax
import jax.numpy as jnp
from jaxtyping import Bool, Float

# Recurrent layers are left out: nothing outside their loop can look at what happens inside.
WATCHED = ("Dense", "Conv1D", "Conv2D", "Conv2DTranspose", "SeparableConv2D", "Activation")

_seen: ContextVar[list[Any] | None] = ContextVar("units_seen", default=None)


@contextmanager
def watching() -> Iterator[list[Bool[Any, "units"]]]:
    """Collects which units of each relu layer called inside output more than 0: bool (units,)."""
    seen: list[Any] = []
    token = _seen.set(seen)
    try:
        yield seen
    finally:
        _seen.reset(token)


def relu(x: Float[Any, "n *places units"]) -> Float[Any, "n *places units"]:
    """max(0, x), seen by `watching`."""
    answers, seen = jax.nn.relu(x), _seen.get()
    if seen is not None:
        seen.append((answers > 0).any(tuple(range(answers.ndim - 1))))
    return answers


def alive(seen: list[Bool[Any, "units"]]) -> Bool[Any, "relus"]:
    """The results of `watching` in one row: the units of all relu layers."""
    return jnp.concatenate(seen) if seen else jnp.zeros(0, bool)
