"""Runs that never trained, for tests of the store."""

import math
import time
from typing import Any

import numpy as np

from core.runs.config import RunConfig
from core.runs.controls import Controls
from core.runs.evaluations import Evaluation, Predictions
from core.runs.events import Compiled, EpochEnd, Finished, Progress
from core.runs.history import History
from core.runs.run import Run
from core.store import Record, record_of

OWNER, OTHER = "a" * 32, "b" * 32


def history(epochs: int = 3, steps_per_epoch: int = 4) -> History:
    """Falling losses, known to the last digit."""
    made = History()
    made.append(Compiled(0.5, 379, steps_per_epoch))
    for step in range(1, epochs * steps_per_epoch + 1):
        loss = 1 / step
        made.append(Progress(step, step / steps_per_epoch, loss, 1 - loss, step / 8, 32 * step))
        if step % steps_per_epoch == 0:
            made.append(EpochEnd(step // steps_per_epoch, step, loss, 1 - loss, 1.5 * loss, 1 - 0.9 * loss))
    return made


def evaluation(step: int = 12, right: int = 28) -> Evaluation:
    """Of Iris' 30 test examples."""
    matrix = np.diag([10, 10, right - 20])
    matrix[2, 1] = 30 - right
    return Evaluation(step, matrix, 30, 0.25, right / 30, True, wrong=tuple(range(30 - right)))


def numbers(expected: np.ndarray, predicted: np.ndarray) -> Evaluation:
    """Of a regression, in the order of the test set."""
    mae = float(np.abs(expected - predicted).mean())
    return Evaluation(12, np.zeros((0, 0), np.int64), len(expected), 0.3, mae, True, numbers=Predictions(
        np.arange(len(expected)), expected, predicted, mae, 2 * mae, math.nan))


def run(run_id: str = "s-1", owner: str = OWNER, config: RunConfig | None = None, *, epochs: int = 3,
        tested: Evaluation | None = None, **changes: Any) -> Run:
    """A run that finished just now."""
    made = Run(run_id, owner, config or RunConfig(epochs=epochs), 0, Controls(), status="finished",
               ended=time.time())
    made.history = history(epochs)
    made.history.append(tested or evaluation())
    made.history.append(Finished(made.history.progress.step, "finished"))
    for name, value in changes.items():
        setattr(made, name, value)
    return made


def record(run_id: str = "s-1", owner: str = OWNER, **changes: Any) -> Record:
    return record_of(run(run_id, owner, **changes))
