"""Two spikes in a short series, and which of them comes first: data that only the order of steps explains."""

from collections.abc import Mapping
from functools import lru_cache, partial
from typing import Any

import numpy as np

from core.datasets.computed import computed, data_seed
from core.datasets.dataset import Arrays, Dataset
from core.datasets.scikit import read_only
from core.parameters import FloatRange, IntRange

CLASSES = ("up first", "down first")
# Added to the data seed, so that the draws differ from those of other datasets.
STREAM = 15


@lru_cache(maxsize=16)
def _load(count: int, length: int, noise: float, seed: int) -> Arrays:
    """x: float32 (count, length, 1), 1 at one step and -1 at another one; y: int32 (count,)."""
    random = np.random.default_rng([seed, STREAM])
    # Two different steps each: the first two of a random order.
    places = random.random((count, length)).argsort(axis=1)[:, :2]
    x = np.zeros((count, length))
    x[np.arange(count), places[:, 0]], x[np.arange(count), places[:, 1]] = 1, -1
    x = x + random.normal(0, 1, x.shape) * noise
    return read_only(x[..., np.newaxis], places[:, 0] > places[:, 1])


def _build(values: Mapping[str, Any]) -> Dataset:
    return Dataset(
        "spikes", "Two spikes", "Short series with one spike up and one spike down. The class "
        "is which of them comes first: no step says anything by itself, only their order does.",
        "Computed here.", examples=values["count"], shape=(values["length"], 1), classes=CLASSES,
        features=("signal",),
        load=partial(_load, *(values[name] for name in ("count", "length", "noise", "data_seed"))))


SPIKES = computed("Two spikes", (
    IntRange("count", "Series", "How many series are drawn. Few: a network memorizes them instead of "
             "learning what matters.", 100, 5000, 500, log=True),
    IntRange("length", "Length", "Steps in a series. Long: the network has to remember the first spike "
             "for longer.", 4, 50, 10, log=True),
    FloatRange("noise", "Noise", "Standard deviation of the random number added to each step. The spikes "
               "have a height of 1. Too much: they cannot be seen any more.", 0.0, 1.0, 0.1),
    data_seed()), _build, redrawn=True)
