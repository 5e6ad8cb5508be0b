"""A sensor's readings in windows, some with an injected fault: for networks that learn what is normal."""

from collections.abc import Mapping
from functools import lru_cache, partial
from typing import Any

import numpy as np

from core.datasets.computed import computed, data_seed
from core.datasets.dataset import Arrays, Dataset
from core.parameters import Choice, FloatRange, IntRange

CLASSES = ("healthy", "faulty")
# Periods (in readings) and heights of the two vibrations that a healthy machine makes.
WAVES = ((20.0, 1.0), (7.3, 0.4))
FAULTS = ("spike", "stuck", "drift", "shaking")
ALL = "all"
_STREAM = 14


@lru_cache(maxsize=16)
def _load(count: int, window: int, noise: float, share: float, size: float, fault: str, seed: int) -> Arrays:
    """x: float32 (count, window, 1), windows of one series that do not overlap; y: int32 (count,)."""
    random = np.random.default_rng([seed, _STREAM])
    time = np.arange(count * window)
    waves = sum(height * np.sin(2 * np.pi * time / period) for period, height in WAVES)
    x = (waves + random.normal(0, 1, len(time)) * noise).reshape(count, window)
    y = np.zeros(count, np.int32)
    y[random.permutation(count)[:faulty(count, share)]] = 1
    for row in np.flatnonzero(y):
        kind = FAULTS[random.integers(len(FAULTS))] if fault == ALL else fault
        start, length = random.integers(window // 2), window // 2
        if kind == "spike":
            x[row, start + length // 2] += 2 * size
        elif kind == "stuck":
            x[row, start:start + length] = x[row, start]
        elif kind == "drift":
            x[row, start:] += size * np.linspace(0, 1, window - start)
        else:
            x[row, start:start + length] += random.normal(0, size / 2, length)
    x = x[..., np.newaxis].astype(np.float32)
    x.flags.writeable = y.flags.writeable = False
    return Arrays(x, y)


def faulty(count: int, share: float) -> int:
    """How many of `count` windows have a fault: at least five, so that some are in the test set."""
    return max(5, round(share * count))


def _build(values: Mapping[str, Any]) -> Dataset:
    return Dataset(
        "sensor", "Sensor", "Windows of a machine's vibration. Some have a fault: a spike, readings that are "
        "stuck, a drift, or shaking. Learn from the normal ones alone, and find the faults.",
        "Computed here.", examples=values["count"], shape=(values["window"], 1), classes=CLASSES,
        features=("vibration",),
        load=partial(_load, *(values[name] for name in (
            "count", "window", "noise", "fault_share", "fault_size", "fault", "data_seed"))))


SENSOR = computed("Sensor", (
    IntRange("count", "Windows", "How many windows the series is cut into. Few: little to learn from.",
             100, 5000, 2000, log=True),
    IntRange("window", "Window", "Readings in a window. Short: a fault has little that it disagrees with. "
             "Long: more to give back.", 8, 100, 32, log=True),
    FloatRange("noise", "Noise", "Standard deviation of the random number added to each reading. It cannot "
               "be reconstructed, so faults smaller than it stay hidden.", 0.0, 1.0, 0.2),
    FloatRange("fault_share", "Share of faults", "Share of all windows that have a fault.", 0.01, 0.4, 0.1),
    FloatRange("fault_size", "Size of faults", "How far a fault moves the readings; the larger wave has a "
               "height of 1. Small: hard to find. What is stuck has no size.", 0.05, 3.0, 0.5),
    Choice("fault", "Kind of fault", "Which faults there are: all four, or only one kind.",
           (ALL, *FAULTS), ALL), data_seed()), _build, redrawn=True)
