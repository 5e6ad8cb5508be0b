"""How close a network comes to its inputs: the errors of test examples, and some of them to draw."""

import math

import numpy as np
from jaxtyping import Bool, Float, Int

from core.datasets import Dataset, Split
from core.metrics.ranking import area
from core.runs.evaluations import Reconstructions

# Test examples that are drawn: the chosen one, then the first ones of the probe.
SHOWN = 8
# An example of at most so many values tells its error for each of them.
EACH = 256
# Test examples that the guess is measured on.
GUESSED = 1000


def inputs(split: Split, x: np.ndarray) -> Float[np.ndarray, "n values"]:
    """Prepared examples as rows of what the network sees."""
    return x.reshape(len(x), -1).astype(np.float32) * np.float32(split.scale)


def squares(seen: Float[np.ndarray, "n values"],
            outputs: Float[np.ndarray, "n values"]) -> Float[np.ndarray, "n kept"]:
    """Squared errors: of each value, or of each example their mean where there are many values."""
    off = np.square(seen - outputs)
    return off if off.shape[1] <= EACH else off.mean(1, keepdims=True)


def normal(data: Dataset, y: np.ndarray) -> Bool[np.ndarray, "n"]:
    """Which examples count in means over a test set: the normal ones, or all where none is anomalous.

    y: their classes.
    """
    kept = ~data.anomalous(y) if data.detects else np.ones(len(y), bool)
    return kept if kept.any() else ~kept


def errors(off: Float[np.ndarray, "n kept"]) -> Float[np.ndarray, "n"]:
    """The reconstruction error of each example, given its `squares`."""
    return np.sqrt(off.mean(1))


def guessed(data: Dataset, split: Split) -> tuple[float, float]:
    """The reconstruction error of always answering the mean of the training examples, and its mean square."""
    mean = inputs(split, split.x_train[:GUESSED]).mean(0)
    tested = split.x_test[normal(data, split.y_test)][:GUESSED]
    off = np.square(inputs(split, tested) - mean).mean(1)
    return float(np.sqrt(off).mean()), float(off.mean())


def drawn(data: Dataset, split: Split, example: int, order: Int[np.ndarray, "n"]) -> Int[np.ndarray, "k"]:
    """The test examples to draw: the chosen one, then others in this order, normal and anomalous in turns."""
    others = order[order != example]
    if data.detects:
        odd = data.anomalous(split.y_test[others])
        place = np.empty(len(others))
        for kind in (False, True):
            place[odd == kind] = np.arange((odd == kind).sum()) + 0.5 * kind
        others = others[np.argsort(place, kind="stable")]
    return np.array([example, *others[:SHOWN - 1]])


def reconstructions(data: Dataset, split: Split, chosen: Int[np.ndarray, "n"],
                    off: Float[np.ndarray, "n kept"], shown: Int[np.ndarray, "k"],
                    outputs: Float[np.ndarray, "k values"], guess: tuple[float, float]) -> Reconstructions:
    """What `squares` found of the chosen test examples, and the outputs for those that are drawn."""
    each, (error, square) = off.mean(1), guess
    counted, anomalous, odd, ranked = normal(data, split.y_test[chosen]), None, None, math.nan
    if data.detects:
        anomalous, odd = (data.anomalous(split.y_test[found]) for found in (chosen, shown))
        ranked = area(anomalous, each)
    square_left = float(each[counted].mean())
    seen = inputs(split, split.x_test[shown])
    if split.mean is None:
        # Pixels, in 256 levels.
        brightest = max(1.0, float(seen.max())) if split.scale == 1.0 else 1.0
        seen, outputs = (np.clip(np.round(rows * (255 / brightest)), 0, 255).astype(np.uint8)
                         for rows in (seen, np.nan_to_num(outputs)))
    by_value = np.sqrt(off[counted].mean(0)) if off.shape[1] > 1 else np.zeros(0)
    return Reconstructions(shown.astype(np.int32), seen, outputs, np.sqrt(each).astype(np.float32),
                           by_value.astype(np.float32), square_left, error,
                           1 - square_left / square if square else np.nan, anomalous, ranked, odd)
