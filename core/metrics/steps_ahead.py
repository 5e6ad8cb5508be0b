"""How the error of a forecast grows with the distance: several methods, step by step ahead."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from core.datasets.dataset import Dataset
from core.datasets.divided import Preparation
from core.datasets.splits import split
from core.metrics.naive_forecast import seasonal_naive
from core.metrics.recursive_forecast import recursive_forecast, restored_targets
from core.metrics.season import first_tested, season_of, values_of

# As far as the chart goes for a network that forecasts a single step.
FARTHEST = 20

AT_ONCE, STEP_BY_STEP = "network, all steps at once", "network, step by step"
AUTOREGRESSION, NAIVE, SEASONAL = "linear autoregression", "naive", "seasonal naive"


@dataclass(frozen=True, eq=False)
class StepsAhead:
    """The errors of several forecasts of the same values.

    Attributes:
        errors: by method, the mean absolute error 1, 2, ... steps ahead, float (steps,), in the target's
            units.
        examples: the test windows behind each number: those that are followed by so many values.
        season: in steps; 0 if there is none.
    """

    errors: Mapping[str, np.ndarray]
    examples: int
    season: int


def steps_drawn(dataset: Dataset, tests: int) -> int:
    """How far ahead errors are measured: as far as the network forecasts, and farther if that is one step.

    0 for a series of several channels: what a network says of one does not make the next window. tests: the
    number of test windows.
    """
    if dataset.task != "forecasting" or dataset.shape[1] != 1:
        return 0
    return dataset.outputs if dataset.outputs > 1 else max(1, min(FARTHEST, tests // 2))


def steps_ahead(dataset: Dataset, preparation: Preparation, outputs: np.ndarray,
                recursive: np.ndarray) -> StepsAhead:
    """The errors of a network and of simpler methods.

    outputs: what the network says of all test windows, (n, outputs). recursive: (n, steps), the same step by
    step. Both in the target's units. Raises `DatasetUnavailable`.
    """
    steps, values = recursive.shape[1], values_of(dataset).astype(np.float64)
    beginnings = np.arange(first_tested(dataset), len(values) - steps + 1)
    true = values[beginnings[:, None] + np.arange(steps)]
    told = {AT_ONCE: outputs} if dataset.outputs == steps > 1 else {}
    told |= {STEP_BY_STEP: recursive, AUTOREGRESSION: autoregression(dataset, preparation, steps),
             NAIVE: np.repeat(values[beginnings - 1, None], steps, axis=1)}
    seasonal = seasonal_naive(dataset, steps)
    if seasonal is not None:
        told[SEASONAL] = seasonal
    return StepsAhead({name: np.abs(forecast[:len(true)] - true).mean(0) for name, forecast in told.items()},
                      len(true), season_of(dataset))


def autoregression(dataset: Dataset, preparation: Preparation, steps: int) -> np.ndarray:
    """Least squares on the training windows: float (test windows, steps), in the target's units.

    Each step ahead has weights of its own if the targets reach that far. If they are a single step, it is
    forecast step by step.
    """
    from sklearn.linear_model import LinearRegression

    data = split(dataset, preparation)
    model = LinearRegression().fit(data.x_train[:, :, 0], data.y_train)

    def predict(x: np.ndarray) -> np.ndarray:
        return model.predict(x[:, :, 0])

    if dataset.outputs == steps:
        return restored_targets(data, predict(data.x_test))
    return recursive_forecast(data, predict, steps)
