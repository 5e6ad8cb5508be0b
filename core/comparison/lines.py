"""Curves of runs over steps, epochs or seconds, smoothed."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from core.store.packing import Curves

AXES = {"epoch": "Epoch", "step": "Step", "seconds": "Seconds of training"}
QUANTITIES = ("loss", "metric")
KINDS = ("training", "validation")
MOST_SMOOTHING = 0.99


class RunLine(NamedTuple):
    """One line. x: epochs, steps or seconds. y: NaN for a gap."""

    x: np.ndarray
    y: np.ndarray


@dataclass(frozen=True)
class CurveOptions:
    """How curves are drawn.

    Attributes:
        axis, quantity, kinds: from `AXES`, `QUANTITIES` and `KINDS`.
        smoothing: from 0 (none) to `MOST_SMOOTHING`.
        log: whether the quantity's axis is logarithmic.
    """

    axis: str = "epoch"
    quantity: str = "loss"
    kinds: tuple[str, ...] = KINDS
    smoothing: float = 0.0
    log: bool = False


def line(curves: Curves, view: CurveOptions, kind: str) -> RunLine:
    """One curve of a run over its epochs; over its steps if it ended within the first epoch.

    The seconds at the end of an epoch are interpolated from those of the steps around it.
    """
    steps, epochs = curves.steps, curves.epochs
    column = 1 + QUANTITIES.index(view.quantity) + 2 * KINDS.index(kind)
    if len(epochs) > 1 or (kind == "validation" and len(epochs)):
        at, y = epochs[:, 0], epochs[:, column]
    elif kind == "training":
        at, y = steps[:, 1], steps[:, 2 + QUANTITIES.index(view.quantity)]
    else:
        at = y = np.zeros(0)
    x = {"epoch": lambda: at, "step": lambda: _at(at, steps[:, 1], steps[:, 0]),
         "seconds": lambda: _at(at, steps[:, 1], steps[:, 4])}[view.axis]()
    return RunLine(x, smoothed(y, view.smoothing))


def smoothed(values: np.ndarray, weight: float) -> np.ndarray:
    """The exponential moving average of `values`, float (n,), corrected for its start.

    s_t = (1 - w) * sum of w^k y_(t-k), divided by the sum of the same weights; w = 0 changes nothing. A gap
    stays a gap and is left out of the average. weight: w, limited to 0 to `MOST_SMOOTHING`. Source: D. P.
    Kingma and J. Ba, "Adam", ICLR 2015, section 3 (bias correction), as in TensorBoard's scalar charts.
    """
    weight = min(max(weight, 0.0), MOST_SMOOTHING)
    result, total, share = np.full(len(values), np.nan), 0.0, 0.0
    for place, value in enumerate(np.asarray(values, float)):
        if np.isfinite(value):
            total, share = weight * total + (1 - weight) * value, weight * share + (1 - weight)
            result[place] = total / share
    return result


def _at(epochs: np.ndarray, known: np.ndarray, values: np.ndarray) -> np.ndarray:
    """`values` at other epochs than those where they are known, in straight lines that start from 0."""
    finite = np.isfinite(values)
    return np.interp(epochs, np.concatenate([[0.0], known[finite]]), np.concatenate([[0.0], values[finite]]))
