"""The arithmetic of the learning-rate finder: one short run whose rate rises at every step.

Source: Smith, "Cyclical Learning Rates for Training Neural Networks", 2015, arXiv:1506.01186, section 3.3;
the smoothing and where to stop as fast.ai's `lr_find` does it.
"""

from typing import Any

import numpy as np

SMOOTHING = 0.9
TOO_HIGH = 4.0  # times the best loss
BEFORE_THE_MINIMUM = 10 ** 0.5
LEAST_FALL = 0.05  # share of the first losses
LEAST_FALL_OF_NOISE = 2.0  # times the deviation of single losses
FEWEST = 10


def sweep_rates(low: float, high: float, steps: int) -> np.ndarray:
    """The learning rate of each step, float32 (steps,): from `low` to `high`, each by the same factor."""
    return np.geomspace(low, high, steps).astype(np.float32)


def smoothed(values: Any, smoothing: float = SMOOTHING) -> np.ndarray:
    """The exponential moving average of `values` (n,), float64 (n,), corrected for its start from nothing.

    m_i = s m_(i-1) + (1 - s) v_i, divided by 1 - s^(i+1). From a value that is not finite on, none is.
    Source: Kingma and Ba, "Adam", 2014, section 3, for the correction.
    """
    means, mean = [], 0.0
    for index, value in enumerate(np.asarray(values, dtype=float)):
        mean = smoothing * mean + (1 - smoothing) * value
        means.append(mean / (1 - smoothing ** (index + 1)))
    return np.array(means)


def _both_ways(values: np.ndarray, smoothing: float) -> np.ndarray:
    """`values` (n,) smoothed forwards and then backwards."""
    return smoothed(smoothed(values, smoothing)[::-1], smoothing)[::-1]


def end_of_sweep(losses: Any) -> int | None:
    """The index of the first of `losses` (n,) that ends a sweep; None while it goes on.

    It ends where the smoothed loss is over four times its best so far, or no number.
    """
    with np.errstate(all="ignore"):
        means = smoothed(losses)
        over = ~np.isfinite(means) | (means > TOO_HIGH * np.minimum.accumulate(means))
    return int(over.argmax()) if over.any() else None


def suggestion(rates: Any, losses: Any) -> float | None:
    """The learning rate to try, from the rates and losses of a sweep, (n,) each; None where nothing fell.

    It is the rate at which the smoothed loss falls most steeply over the logarithm of the rate: there a step
    is worth most, and a little more does no harm yet. At the minimum itself it would be too late: the
    network gains nothing there any more, and diverges soon after. So it is at most half a power of ten below
    the minimum, where the fall goes on right up to it.

    A moving average is late; one forwards and one backwards over it are not. The logarithms of the rates
    are averaged in the same way, so that each mean loss stands at its mean rate also at the ends. Nothing
    fell where the smoothed loss sinks by less than a twentieth of where it began, or by less than twice the
    deviation of single losses: that may be chance.
    """
    losses = np.asarray(losses, dtype=float)[:end_of_sweep(losses)]
    if len(losses) < FEWEST:
        return None
    smoothing = 1 - 1 / max(5, len(losses) / 20)  # a share of the sweep, however many steps it has
    # Nothing after the minimum counts; backwards, a first large loss would spread over what was good.
    losses = losses[:int(smoothed(losses).argmin()) + 1]
    logarithms = np.log(np.asarray(rates, dtype=float)[:len(losses)])
    x, y = _both_ways(logarithms, smoothing), _both_ways(losses, smoothing)
    lowest = int(y.argmin())
    if lowest < FEWEST // 2:
        return None
    begun = float(losses[:max(lowest // 5, FEWEST // 2)].mean())
    # By differences of neighbours: a curve that falls is not noise.
    noise = float(np.std(np.diff(losses)) / np.sqrt(2))
    if begun - y[lowest] < max(LEAST_FALL * abs(begun), LEAST_FALL_OF_NOISE * noise):
        return None
    # By steps, which are of one length in the logarithm of the rate: at the ends x itself is drawn together.
    steepest = int(np.gradient(y)[:lowest + 1].argmin())
    return float(np.exp(min(x[steepest], x[lowest] - np.log(BEFORE_THE_MINIMUM))))
