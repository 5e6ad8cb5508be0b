"""The values that the trials of a search get: every combination, random, or spread out evenly."""

import itertools
import math
from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import Any

import numpy as np

from core.parameters import FieldError
from core.studies.search import Search
from core.studies.space import with_values
from core.studies.study import Member

Values = tuple[Any, ...]


def combinations(search: Search) -> int:
    """How many trials a grid has: the product of the levels of its axes."""
    return math.prod(len(axis.grid()) for axis in search.axes)


def grid(search: Search, count: int, first: int = 0) -> Iterator[Values]:
    """Every combination of the axes' levels, the last axis changing fastest."""
    return itertools.product(*(axis.grid() for axis in search.axes))


def random(search: Search, count: int, first: int = 0) -> list[Values]:
    """Each value is drawn at random from its axis, independently of the others.

    first: number of the first of these trials; those before it are what they are, however many follow.
    Source: J. Bergstra and Y. Bengio, "Random Search for Hyper-Parameter Optimization", JMLR 13, 2012.
    """
    shares = np.random.default_rng([search.seed, first]).random((count, len(search.axes)))
    return _placed(search, shares)


def latin(search: Search, count: int, first: int = 0) -> list[Values]:
    """A Latin hypercube: each axis is cut into `count` parts, and each part is drawn from once.

    Source: M. McKay, R. Beckman and W. Conover, "A Comparison of Three Methods for Selecting Values of Input
    Variables", Technometrics 21, 1979; by `scipy.stats.qmc`.
    """
    from scipy.stats import qmc
    sampler = qmc.LatinHypercube(len(search.axes), rng=np.random.default_rng([search.seed, first]))
    return _placed(search, sampler.random(count))


def _placed(search: Search, shares: np.ndarray) -> list[Values]:
    return [tuple(axis.at(float(share)) for axis, share in zip(search.axes, row, strict=True))
            for row in shares]


def members(search: Search, drawn: Iterable[Values]) -> tuple[Member, ...]:
    """The drawn values that give a configuration that can be trained."""
    fields, made = [axis.field for axis in search.axes], []
    for values in drawn:
        with suppress(FieldError):  # each value is valid by itself, but not all combinations are
            config = with_values(search.config, dict(zip(fields, values, strict=True)))
            made.append(Member(config, tuple(values)))
    return tuple(made)
