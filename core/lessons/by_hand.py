"""What the server measures where a challenge is met by hand: a line, a moment of a run, a kernel."""

import math
from collections.abc import Sequence
from itertools import combinations

import numpy as np

from core.datasets.splits import split
from core.parameters import FieldError
from core.runs.config import RunConfig
from core.runs.run import Run

# The picture that kernels are tried on: a bright square in the dark, with this many pixels of each.
SIDE, MARGIN = 8, 4
# More points would make too many lines to try.
MOST_POINTS = 200
MSE, MAE = "mean squared error", "mean absolute error"


def line_losses(config: RunConfig, weights: Sequence[np.ndarray]) -> dict[str, float]:
    """The squared and the absolute error of a line on the training examples, in units of the lowest possible.

    weights: kernel (1, 1) and bias (1,) of a single neuron. Raises `FieldError` for another network.
    """
    data = split(config.data, config.preparation)
    count = len(data.y) - data.validation
    x, y = data.x[:count].astype(float), data.y[:count].astype(float)
    if len(weights) != 2 or weights[0].shape != (1, 1) or x.ndim != 2 or y.shape[1:] != (1,):
        raise FieldError("run", "This challenge is about a single neuron that draws a line.")
    x, y = x[:, 0], y[:, 0]
    slope, height = float(weights[0][0, 0]), float(weights[1][0])
    off = slope * x + height - y
    return {MSE: _ratio(float((off**2).mean()), lowest_squares(x, y)),
            MAE: _ratio(float(np.abs(off).mean()), lowest_absolute(x, y))}


def lowest_squares(x: np.ndarray, y: np.ndarray) -> float:
    """The lowest mean squared error that a line through points (n,) can have."""
    slope, height = best_squares(x, y)
    return float(((slope * x + height - y) ** 2).mean())


def lowest_absolute(x: np.ndarray, y: np.ndarray) -> float:
    """The lowest mean absolute error that a line through points (n,) can have. Raises `FieldError`."""
    slope, height = best_absolute(x, y)
    return float(np.abs(slope * x + height - y).mean())


def _ratio(own: float, lowest: float) -> float:
    return own / lowest if lowest > 1e-12 else (1.0 if own <= 1e-9 else math.inf)


def best_squares(x: np.ndarray, y: np.ndarray) -> tuple[float, float]:
    """Slope and height of the line through points (n,) with the least squares."""
    slope, height = np.linalg.lstsq(np.stack([x, np.ones_like(x)], axis=1), y, rcond=None)[0]
    return float(slope), float(height)


def best_absolute(x: np.ndarray, y: np.ndarray) -> tuple[float, float]:
    """Slope and height of a line through points (n,) with the lowest mean absolute error.

    One of the best lines goes through two of the points, so all of these lines are tried. Source: Bloomfield
    and Steiger, Least Absolute Deviations (1983), theorem 1.
    """
    if len(x) > MOST_POINTS:
        raise FieldError("dataset", f"The best line is known for at most {MOST_POINTS} points, got "
                         f"{len(x)}.")
    pairs = np.array([(i, j) for i, j in combinations(range(len(x)), 2) if x[i] != x[j]])
    if not len(pairs):
        return 0.0, float(np.median(y))
    first, second = pairs.T
    slopes = (y[second] - y[first]) / (x[second] - x[first])
    heights = y[first] - slopes * x[first]
    best = np.abs(slopes[:, None] * x + heights[:, None] - y).mean(1).argmin()
    return float(slopes[best]), float(heights[best])


def moment_losses(run: Run, step: int | None) -> dict[str, float]:
    """The validation loss of a moment of `run`, its epoch, and the lowest of all moments.

    step: of the moment that is shown; None for the end. Raises `FieldError` for a run that did not train to
    its end, or has no validation.
    """
    if run.rewound or run.status != "finished":
        raise FieldError("run", "Train to the end first, then rewind.")
    kept = run.history.moments.kept
    shown = run.history.moments.nearest(kept[-1].step if step is None and kept else step or 0)
    losses = [moment.val_loss for moment in kept if math.isfinite(moment.val_loss)]
    if shown is None or not losses or not math.isfinite(shown.val_loss):
        raise FieldError("run", "This moment has no validation loss. Choose a later one, or train again with "
                         "validation.")
    return {"loss": shown.val_loss, "lowest": min(losses), "epoch": float(shown.epochs)}


def picture() -> np.ndarray:
    """A bright square in the dark, float (SIDE + 2 MARGIN, the same): two edges in each direction."""
    return np.pad(np.ones((SIDE, SIDE)), MARGIN)


def kernel_responses(kernel: np.ndarray) -> dict[str, float]:
    """How strongly a kernel (3, 3) answers the vertical and the horizontal edges of `picture`.

    The mean size of what it gives where its window sees one straight edge and nothing else. As in a
    convolutional layer, the kernel is not turned.
    """
    windows = np.lib.stride_tricks.sliding_window_view(picture(), kernel.shape)
    given = np.abs((windows * kernel).sum((2, 3)))
    # Windows within the square's height, without its corners, at its left and right edge; then turned.
    along = slice(MARGIN, MARGIN + SIDE - 2)
    across = [MARGIN - 2, MARGIN - 1, MARGIN + SIDE - 2, MARGIN + SIDE - 1]
    return {"vertical": float(given[along][:, across].mean()),
            "horizontal": float(given[across][:, along].mean())}
