"""The forecasts that learn nothing, which every network has to beat: the last value, and the last season."""

from dataclasses import dataclass

import numpy as np

from core.datasets.dataset import Arrays, Dataset
from core.metrics.scores import regression_metrics
from core.metrics.season import first_tested, season_of, values_of


@dataclass(frozen=True, eq=False)
class NaiveForecast:
    """A forecast that learns nothing.

    Attributes:
        name, help: what it is called in the middle of a sentence, and what it does.
        forecast: float (n, outputs), of each test example, in the target's units.
        mae: its mean absolute error on them.
    """

    name: str
    help: str
    forecast: np.ndarray
    mae: float


def naive_forecast(dataset: Dataset, examples: Arrays) -> np.ndarray:
    """The last value of each window, repeated: float (n, outputs), in the target's units.

    With several channels, it is the channel with the target's name, or the first.
    """
    named = dataset.features.index(dataset.target) if dataset.target in dataset.features else 0
    return np.repeat(examples.x[:, -1, named, None], examples.y.shape[1], axis=1)


def seasonal_naive(dataset: Dataset, steps: int = 0) -> np.ndarray | None:
    """For each test example the values one season ago, float (n, steps), in the target's units.

    What is further ahead than a season takes the newest value at the same place in the season. The season may
    be longer than the window: all values up to a window's last are known by then. None if there is no
    season. steps: how far ahead; 0 for as far as the network. Source: R. J. Hyndman and G. Athanasopoulos,
    "Forecasting: Principles and Practice", section 5.2. Raises `DatasetUnavailable`.
    """
    season = season_of(dataset)
    first = first_tested(dataset)
    if not season or season > first:
        return None
    values = values_of(dataset)
    beginnings = np.arange(first, len(values) - dataset.outputs + 1)[:, None]
    ago = season - np.arange(steps or dataset.outputs) % season
    return values[beginnings - ago]


def rule_to_beat(dataset: Dataset, examples: Arrays) -> NaiveForecast:
    """The better of the two on these examples, the whole test set in the order of time."""
    season = season_of(dataset)
    told = {("naive forecast", "Naive: repeats the last value"): naive_forecast(dataset, examples)}
    seasonal = seasonal_naive(dataset)
    if seasonal is not None:
        told["seasonal naive forecast",
             f"Seasonal naive: repeats the value {season} steps before"] = seasonal
    rules = [NaiveForecast(*words, forecast, regression_metrics(examples.y, forecast)[0])
             for words, forecast in told.items()]
    return min(rules, key=lambda rule: rule.mae)
