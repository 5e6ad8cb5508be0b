"""Curves to fit: one number from another."""

from collections.abc import Callable, Mapping
from functools import lru_cache, partial
from typing import Any

import numpy as np

from core.datasets.computed import computed, data_seed
from core.datasets.dataset import Arrays, Dataset, NoiseFloor
from core.datasets.difference import ALIKE, Difference
from core.datasets.scikit import numbers
from core.parameters import Choice, FloatRange, IntRange

# The curves are drawn from -RANGE to RANGE.
RANGE = 3.0

FUNCTIONS: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "line": lambda x: 2 * x,
    "sine": lambda x: 2 * np.sin(2 * x),
    "steps": lambda x: np.floor(x),
    "polynomial": lambda x: x**3 / 2 - 2 * x,
}


def _hello(first: int, last: int) -> Arrays:
    x = np.arange(first, last + 1, dtype=np.float64)[:, None]
    return numbers(x, 2 * x)


@lru_cache(maxsize=32)
def _curve(function: str, count: int, noise: float, seed: int) -> Arrays:
    """x, y: float32 (count, 1)."""
    random = np.random.default_rng(seed)
    x = random.uniform(-RANGE, RANGE, (count, 1))
    return numbers(x, FUNCTIONS[function](x) + random.normal(0, 1, x.shape) * noise)


def _with_outlier(height: float, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """The targets with that of the largest x moved up. x, y: (n, 1)."""
    moved = y.copy()
    moved[x[:, 0].argmax()] += np.float32(height)
    return moved


def _floor(noise: float) -> NoiseFloor:
    """Of normal noise: its standard deviation and its mean without sign."""
    return NoiseFloor(noise, noise * (2 / np.pi)**0.5)


def _build(values: Mapping[str, Any]) -> Dataset:
    outlier = values["outlier"]
    return Dataset(
        "curve", "A curve", "Points along a curve, with noise. The network learns to predict y for any x. "
        "The line needs one neuron, the other curves need a hidden layer.", "Computed here.",
        examples=values["count"], shape=(1,), classes=(), features=("x",), task="regression", target="y",
        load=partial(_curve, values["function"], values["count"], values["noise"], values["data_seed"]),
        difference=Difference(targets=partial(_with_outlier, outlier)) if outlier else ALIKE,
        notes=(f"The training point with the largest x is moved up by {outlier:g}.",) if outlier else (),
        # No line goes through the outlier: with it the loss stays far above what the noise alone costs.
        floor=None if outlier else partial(_floor, values["noise"]))


HELLO = Dataset(
    "hello", "Hello, neural network", "The smallest dataset of all: x = 1, 2, 3, 4 and y = 2x. One neuron "
    "learns it, then predicts y for x = 5.", "Computed here.",
    examples=5, shape=(1,), classes=(), features=("x",), task="regression", target="y",
    load=partial(_hello, 1, 4), load_test=partial(_hello, 5, 5))

CURVE = computed("A curve", (
    Choice("function", "Curve", "line: y = 2x. sine: y = 2 sin 2x. steps: x rounded down. polynomial: "
           "y = x³/2 - 2x.", tuple(FUNCTIONS), "sine"),
    IntRange("count", "Points", "How many points are drawn. Few: the network may learn the noise. Many: the "
             "noise averages out.", 10, 2000, 200, log=True),
    FloatRange("noise", "Noise", "Standard deviation of y around the curve. No network can predict it: on "
               "new points the mean absolute error stays at 0.8 times this or above.", 0.0, 2.0, 0.3),
    FloatRange("outlier", "Outlier", "How far one training point, the one with the largest x, is moved up. "
               "0: it stays in its place. Large: with the squared error as the loss, this one point pulls "
               "the whole curve up; with the absolute error, it hardly does.", 0.0, 20.0, 0.0),
    data_seed()), _build, redrawn=True)
