"""The arithmetic of the learning-rate finder: a sweep shows where to look, short trainings pick the rate.

The sweep is one short run whose rate rises at every step. Source: Smith, "Cyclical Learning Rates for
Training Neural Networks", 2015, arXiv:1506.01186, section 3.3; smoothing and stopping as in fast.ai's
`lr_find`. It shows which rates a network survives for a few steps. Which one trains best is found by
training: first at a few rates far apart, below the rate where the sweep ended, then at some around the best
of these.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np

SMOOTHING = 0.9
TOO_HIGH = 4.0  # times the best loss
# Rates far apart, and those around the best of them: how many, and how many to a power of ten.
FAR, FAR_PER_DECADE = 9, 2
NEAR, NEAR_PER_DECADE = 5, 6
# A network that learns anything lowers the untrained loss by at least this share.
LEAST_FALL = 0.05
# A loss below this share of the untrained loss means that the task is solved: lower ones are no better.
SOLVED = 0.02
# A rate also suits other first weights if its mean loss is within a quarter of the best one.
AS_GOOD = 1.25
# If the losses at one rate vary this much (deviation of their logarithms), rates cannot be told apart.
MOST_SPREAD = 0.25
# The same for the rate that was best half-way through the trainings, as a share of the loss.
DRIFT = 1.1


def sweep_rates(low: float, high: float, steps: int) -> np.ndarray:
    """The learning rate of each step, float32 (steps,): from `low` to `high`, each by the same factor."""
    return np.geomspace(low, high, steps).astype(np.float32)


def smoothed(values: Any, smoothing: float = SMOOTHING) -> np.ndarray:
    """The exponential moving average of `values` (n,), float64 (n,), corrected for its start.

    m_i = s m_(i-1) + (1 - s) v_i, divided by 1 - s^(i+1). From the first value that is not finite, all are
    NaN. Source of the correction: Kingma and Ba, "Adam", 2014, section 3.
    """
    means, mean = [], 0.0
    for index, value in enumerate(np.asarray(values, dtype=float)):
        mean = smoothing * mean + (1 - smoothing) * value
        means.append(mean / (1 - smoothing ** (index + 1)))
    return np.array(means)


def end_of_sweep(losses: Any) -> int | None:
    """The index in `losses` (n,) at which a sweep ends; None while it continues.

    It ends where the smoothed loss is NaN or more than four times its best so far.
    """
    with np.errstate(all="ignore"):
        means = smoothed(losses)
        over = ~np.isfinite(means) | (means > TOO_HIGH * np.minimum.accumulate(means))
    return int(over.argmax()) if over.any() else None


def far_apart(end: float) -> list[float]:
    """The nine rates to train at first, two per power of ten, downwards from where the sweep ended."""
    return [_short(end * 10 ** (-place / FAR_PER_DECADE)) for place in range(FAR)]


def around(rate: float) -> list[float]:
    """Five rates with `rate` in the middle, six per power of ten."""
    return [_short(rate * 10 ** (place / NEAR_PER_DECADE)) for place in range(-(NEAR // 2), NEAR // 2 + 1)]


def _short(rate: float) -> float:
    """Two digits, as the form will adopt it: with another last digit, the run may be different."""
    return float(f"{rate:.2g}")


def lowest(losses: Mapping[float, float]) -> float:
    """The rate with the lowest loss; one that is not finite is the highest."""
    return min(losses, key=lambda rate: losses[rate] if np.isfinite(losses[rate]) else np.inf)


def chosen(losses: Mapping[float, np.ndarray], solved: float = 0.0) -> float:
    """The best rate for a run. losses: of trainings at each rate, (k,), the first of them the run itself.

    Only rates that suit other first weights too are considered, because a rate that is good by chance alone
    teaches nothing. Of these, the one with which the run itself ends best is chosen. Losses below `solved`
    count as equal; of equal rates, the one with the lower mean wins.
    """
    means = {rate: _logarithm(np.maximum(values, solved)) for rate, values in losses.items()}
    least = min(means.values())
    good = [rate for rate, mean in means.items() if not mean > least + np.log(AS_GOOD)]
    return min(good, key=lambda rate: (max(float(losses[rate][0]), solved), _logarithm(losses[rate])))


def doubt(far: Mapping[float, float], near: Mapping[float, np.ndarray],
          earlier: Mapping[float, float] | None = None, solved: float = 0.0) -> str:
    """Why the chosen rate may not be the best, in a sentence; empty if that is unlikely.

    Args:
        far: the loss of one training at each of the rates far apart.
        near: losses (k,) of trainings at those around the best.
        earlier: losses half-way through the first of these, if they are shorter than a run. What was best
            then must still be good, since the best rate depends on the length of a run. Source: Goodfellow,
            Bengio and Courville, "Deep Learning", 2016, section 8.3.1.
        solved: as in `chosen`.
    """
    found, near = chosen(near, solved), {rate: np.maximum(losses, solved) for rate, losses in near.items()}
    if lowest(far) in (min(far), max(far)):
        return "The best rate may lie outside the range that was tried."
    with np.errstate(all="ignore"):
        spread = float(np.median([np.log(losses).std() for losses in near.values()]))
    if not spread < MOST_SPREAD:
        return "The initial weights matter as much as the rate here."
    if near[found][0] > DRIFT * min(losses[0] for losses in near.values()):
        return "The best rate for these initial weights is poor for others."
    if earlier and near[lowest(earlier)][0] > DRIFT * near[found][0]:
        return "Which rate is best still depends on how long the network is trained."
    return ""


def _logarithm(losses: np.ndarray) -> float:
    """The mean of their logarithms, because ratios are compared."""
    return float(np.log(np.maximum(losses, 1e-30)).mean()) if np.isfinite(losses).all() else float("inf")
