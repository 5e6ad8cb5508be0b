"""Predictions over a grid: decision regions over two features, a curve over one."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from jaxtyping import Float

from core.datasets import Split
from core.datasets.splits import split
from core.runs.config import RunConfig
from core.runs.evaluations import Regions
from core.settings import from_environment
from core.training.plan import Plan
from core.training.program import Program, State, data_of
from core.training.program_cache import program_for

GRID = 50
CURVE = 120


def answers(program: Program, state: State, x: np.ndarray) -> np.ndarray:
    """Probabilities (n, classes), or numbers (n, outputs), for as many prepared examples as there are."""
    size = program.plan.looked
    return np.concatenate([program.look(state, x[start:start + size])[0]
                           for start in range(0, len(x), size)])


class Grid(NamedTuple):
    """The points at which decision regions ask the network.

    Attributes:
        asked: the two features that the learner chose.
        features: the two columns that it has for them.
        low, high: its corners in the features' own units.
        x: prepared examples, float32 (`GRID`², columns).
    """

    asked: tuple[int, int]
    features: tuple[int, int]
    low: tuple[float, float]
    high: tuple[float, float]
    x: Float[np.ndarray, "points columns"]


def grid(split: Split, features: tuple[int, int]) -> Grid:
    """A grid over two features, with the others at their training mean.

    It covers the test and training examples plus a margin of 8 %. Features that the dataset does not have are
    replaced by its last one.
    """
    assert split.mean is not None and split.deviation is not None
    columns = split.x_train.shape[1]
    pair = (min(features[0], columns - 1), min(features[1], columns - 1))
    low, high = split.span(list(pair))
    first, second = np.meshgrid(*(np.linspace(low[axis], high[axis], GRID) for axis in (0, 1)))
    x = np.tile(split.x_train.mean(0), (GRID * GRID, 1)).astype(np.float32)
    x[:, pair[0]], x[:, pair[1]] = first.ravel(), second.ravel()
    mean, deviation = split.mean[list(pair)], split.deviation[list(pair)]
    corners = [(float(corner[0]), float(corner[1])) for corner in
               (low * deviation + mean, high * deviation + mean)]
    return Grid(features, pair, corners[0], corners[1], x)


def decision_regions(program: Program, state: State, over: Grid) -> Regions:
    """The network's answers at the points of a grid."""
    probabilities = answers(program, state, over.x)
    # A diverged network answers NaN: no confidence at all.
    confidence = np.nan_to_num(probabilities.max(1)) * 255
    return Regions(over.features, over.low, over.high,
                   probabilities.argmax(1).astype(np.uint8).reshape(GRID, GRID),
                   confidence.astype(np.uint8).reshape(GRID, GRID))


def curve(program: Program, state: State, split: Split) -> tuple[np.ndarray, np.ndarray]:
    """The network's answer over the only feature: x and y, float (120,), in their own units."""
    assert split.mean is not None and split.deviation is not None
    assert split.target_mean is not None and split.target_deviation is not None
    low, high = split.span([0])
    x = np.linspace(low, high, CURVE).astype(np.float32)
    y = answers(program, state, x) * split.target_deviation + split.target_mean
    return (x * split.deviation + split.mean)[:, 0], y[:, 0]


def regions(config: RunConfig, weights: Sequence[np.ndarray], features: tuple[int, int]) -> Regions:
    """The regions of an ended run over two other features. weights: of `Finished.weights`."""
    data = split(config.data, config.preparation)
    program = program_for(config, Plan.of(config, data), data_of(data), from_environment())
    count = len(program.model.trainable_variables)
    state = State(list(weights[:count]), list(weights[count:]), [])
    return decision_regions(program, state, grid(data, features))
