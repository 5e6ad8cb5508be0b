"""Made-up runs and evaluations of classes, for testing charts and the panel."""

import numpy as np

from core.runs.config import RunConfig
from core.runs.controls import Controls
from core.runs.evaluations import Evaluation
from core.runs.events import Compiled, EpochEnd, Progress
from core.runs.run import Run


def a_run(epochs: int = 0, slot: int = 0, dataset: str = "iris", state: str = "training",
          steps_per_epoch: int = 4) -> Run:
    """A run with `epochs` of history; its loss after epoch n is 1/n."""
    run = Run(f"run{slot}", "me", RunConfig(dataset=dataset, epochs=60), slot, Controls(), status=state)
    run.history.append(Compiled(1.5, 100, steps_per_epoch))
    for epoch in range(1, epochs + 1):
        run.history.append(Progress(epoch * steps_per_epoch, epoch, 1 / epoch, 0.5, epoch * 0.1, epoch * 96))
        run.history.append(EpochEnd(epoch, epoch * steps_per_epoch, 1 / epoch, 0.5, 2 / epoch, 0.4))
    return run


def an_evaluation(classes: int, complete: bool = True, **more) -> Evaluation:
    matrix = np.arange(classes * classes).reshape(classes, classes)
    return Evaluation(8, matrix, int(matrix.sum()), 0.5, 0.25, complete, **more)


def by_name(figure: dict, name: str) -> dict:
    return next(trace for trace in figure["traces"] if trace["name"] == name)
