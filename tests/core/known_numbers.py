"""Made-up regressions and forecasts with their runs, for testing charts."""

from collections.abc import Callable

import numpy as np

from core.datasets.dataset import Arrays, Dataset, DatasetUnavailable
from core.metrics.scores import regression_metrics
from core.runs.config import RunConfig
from core.runs.controls import Controls
from core.runs.evaluations import Evaluation, Predictions
from core.runs.events import Compiled, EpochEnd, Progress
from core.runs.run import Run


def dataset(name: str, shape: tuple[int, ...], features: tuple[str, ...], target: str,
            task: str = "regression", outputs: int = 1) -> Dataset:
    def load() -> Arrays:
        raise DatasetUnavailable("a chart loads nothing")

    return Dataset(name, name, "", "", 500, shape, (), load, features=features, task=task, outputs=outputs,
                   target=target)


LINE = dataset("line", (1,), ("hours",), "pay (USD)")
HOUSES = dataset("houses", (3,), ("rooms", "age", "distance"), "price (USD)")
WEEKS = dataset("weeks", (5, 2), ("volume", "price"), "price", "forecasting", outputs=2)


def config(data: Dataset, **more) -> RunConfig:
    """A config of that dataset, which need be in no table."""
    class Known(RunConfig):
        @property
        def data(self) -> Dataset:
            return data

    return Known(**more)


def points(count: int, seed: int = 0) -> Arrays:
    """x between -3 and 3, y about 2 x + 10."""
    rng = np.random.default_rng(seed)
    x = rng.uniform(-3, 3, (count, 1)).astype(np.float32)
    return Arrays(x, (2 * x + 10 + rng.normal(0, 1, (count, 1))).astype(np.float32))


def windows(count: int) -> Arrays:
    """A growing wave: windows of 5 steps of two channels; targets are the next two of the second."""
    steps = np.arange(count + 7)
    series = np.stack([np.cos(steps), 100 + steps / 5 + 5 * np.sin(steps / 6)], axis=1).astype(np.float32)
    x = np.stack([series[index:index + 5] for index in range(count)])
    return Arrays(x, np.stack([series[index + 5:index + 7, 1] for index in range(count)]))


def evaluation(expected: np.ndarray, predict: Callable[[np.ndarray], np.ndarray], complete: bool = True,
               indices: np.ndarray | None = None, curve: tuple[np.ndarray, np.ndarray] | None = None,
               ) -> Evaluation:
    """An evaluation of `expected`, float (n, outputs), where `predict` gives what a network would say."""
    predicted = predict(expected).astype(np.float32)
    numbers = Predictions(np.arange(len(expected)) if indices is None else indices, expected, predicted,
                          *regression_metrics(expected, predicted), curve)
    return Evaluation(8, np.zeros((0, 0), int), len(expected), 0.5, numbers.mae, complete, numbers=numbers)


def run(data: Dataset, epochs: int = 0, slot: int = 0, state: str = "training", **more) -> Run:
    """A run with `epochs` of history; after epoch n its loss is 1/n and its error 30/n."""
    made = Run(f"run{slot}", "me", config(data, epochs=60, **more), slot, Controls(), status=state)
    made.history.append(Compiled(1.5, 100, 4))
    for epoch in range(1, epochs + 1):
        made.history.append(Progress(epoch * 4, epoch, 1 / epoch, 30 / epoch, epoch * 0.1, epoch * 96))
        made.history.append(EpochEnd(epoch, epoch * 4, 1 / epoch, 30 / epoch, 2 / epoch, 40 / epoch))
    return made
