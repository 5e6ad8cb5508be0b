"""Forecasts step by step: each predicted value becomes the newest of the next window."""

from collections.abc import Callable

import numpy as np

from core.datasets import Split


def recursive_forecast(data: Split, predict: Callable[[np.ndarray], np.ndarray], steps: int) -> np.ndarray:
    """The values after each test window, one step at a time: float32 (n, steps), in the target's units.

    Of several steps that are predicted at once, only the first is used.

    Args:
        data: a series with one channel, which is what is forecast.
        predict: the outputs (n, outputs), standardized, for windows (n, window, 1), standardized.
    """
    assert data.mean is not None and data.deviation is not None
    x, told = data.x_test, []
    for _ in range(steps):
        value = restored_targets(data, predict(x)[:, :1])[:, 0]
        told.append(value)
        newest = (value - data.mean[0]) / data.deviation[0]
        x = np.concatenate([x[:, 1:], newest[:, None, None]], axis=1).astype(np.float32)
    return np.stack(told, axis=1)


def restored_targets(data: Split, outputs: np.ndarray) -> np.ndarray:
    """Standardized outputs, the first of them or all, in the target's units: (n, k)."""
    assert data.target_mean is not None and data.target_deviation is not None
    count = outputs.shape[1]
    return outputs * data.target_deviation[:count] + data.target_mean[:count]
