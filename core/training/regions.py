"""Predictions over a grid: decision regions over two features, a curve over one."""

from collections.abc import Sequence

import numpy as np

from core.datasets import Split
from core.datasets.splits import split
from core.runs.config import RunConfig
from core.runs.events import Regions
from core.settings import from_environment
from core.training.plan import Plan
from core.training.program import Program, State, data_of
from core.training.program_cache import program_for

GRID = 50
CURVE = 120


def answers(program: Program, state: State, x: np.ndarray) -> np.ndarray:
    """Probabilities (n, classes), or numbers (n, outputs), for as many prepared examples as there are."""
    size = program.plan.slice
    return np.concatenate([program.look(state, x[start:start + size])[0]
                           for start in range(0, len(x), size)])


def decision_regions(program: Program, state: State, split: Split, features: tuple[int, int]) -> Regions:
    """The network's answers on a grid over two features, with the others at their training mean.

    The grid covers the test and training examples plus a margin of 8 %. Features that the dataset does not
    have are replaced by its last one.
    """
    assert split.mean is not None and split.deviation is not None
    columns = split.x_train.shape[1]
    pair = (min(features[0], columns - 1), min(features[1], columns - 1))
    low, high = split.span(list(pair))
    first, second = np.meshgrid(*(np.linspace(low[axis], high[axis], GRID) for axis in (0, 1)))
    x = np.tile(split.x_train.mean(0), (GRID * GRID, 1)).astype(np.float32)
    x[:, pair[0]], x[:, pair[1]] = first.ravel(), second.ravel()
    probabilities = answers(program, state, x)
    chosen = list(pair)
    mean, deviation = split.mean[chosen], split.deviation[chosen]
    corners = [(float(corner[0]), float(corner[1])) for corner in
               (low * deviation + mean, high * deviation + mean)]
    # A diverged network answers NaN: no confidence at all.
    confidence = np.nan_to_num(probabilities.max(1)) * 255
    return Regions(pair, corners[0], corners[1],
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
    return decision_regions(program, state, data, features)
