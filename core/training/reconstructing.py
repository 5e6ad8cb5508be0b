"""How close a network comes to its inputs: the errors of test examples, and some of them to draw."""

import numpy as np
from jaxtyping import Float, Int

from core.datasets import Split
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


def guessed(split: Split) -> tuple[float, float]:
    """The reconstruction error of always answering the mean of the training examples, and its mean square."""
    mean = inputs(split, split.x_train[:GUESSED]).mean(0)
    off = np.square(inputs(split, split.x_test[:GUESSED]) - mean).mean(1)
    return float(np.sqrt(off).mean()), float(off.mean())


def reconstructions(split: Split, off: Float[np.ndarray, "n kept"], shown: Int[np.ndarray, "k"],
                    outputs: Float[np.ndarray, "k values"], guess: tuple[float, float]) -> Reconstructions:
    """What `squares` found of all examples, and the outputs for those that are drawn."""
    each, (error, square) = off.mean(1), guess
    seen = inputs(split, split.x_test[shown])
    if split.mean is None:
        # Pixels, in 256 levels.
        brightest = max(1.0, float(seen.max())) if split.scale == 1.0 else 1.0
        seen, outputs = (np.clip(np.round(rows * (255 / brightest)), 0, 255).astype(np.uint8)
                         for rows in (seen, np.nan_to_num(outputs)))
    by_value = np.sqrt(off.mean(0)).astype(np.float32) if off.shape[1] > 1 else np.zeros(0, np.float32)
    return Reconstructions(shown.astype(np.int32), seen, outputs, np.sqrt(each).astype(np.float32), by_value,
                           float(each.mean()), error, 1 - float(each.mean()) / square if square else np.nan)
