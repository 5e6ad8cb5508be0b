"""Every optimizer and every activation trains: two epochs, a finite loss, all of the test set evaluated."""

import os

os.environ["KERAS_BACKEND"] = "jax"

import math

import numpy as np
import pytest

from core.catalog.activations import ACTIVATIONS
from core.catalog.optimizers import OPTIMIZERS
from core.datasets.splits import split
from core.runs.config import RunConfig
from core.runs.controls import ControlsMailbox
from core.runs.evaluations import Evaluation
from core.runs.events import EpochEnd, Finished
from core.settings import from_environment
from core.training.fit import fit

SETTINGS = from_environment({})

pytestmark = pytest.mark.sweep


def trained(config: RunConfig) -> list:
    """The events of a run."""
    data = split(config.data, config.preparation)
    return list(fit(config, data, ControlsMailbox(), SETTINGS))


def check(config: RunConfig) -> None:
    """Train, and see that nothing is missing and nothing exploded."""
    events = trained(config)
    ends = [event for event in events if isinstance(event, EpochEnd)]
    assert [end.epoch for end in ends] == [1, 2]
    assert all(math.isfinite(loss) for end in ends for loss in (end.loss, end.val_loss or math.nan))
    shares = [share for end in ends for share in (end.metric, end.val_metric)]
    assert all(share is not None and 0 <= share <= 1 for share in shares)
    evaluation = next(event for event in reversed(events) if isinstance(event, Evaluation))
    size = len(split(config.data, config.preparation).y_test)
    assert evaluation.complete and evaluation.examples == evaluation.matrix.sum() == size
    assert evaluation.metric == pytest.approx(np.trace(evaluation.matrix) / size)
    assert math.isfinite(evaluation.loss)
    assert isinstance(events[-1], Finished) and events[-1].status == "finished"


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_every_optimizer_trains(name):
    check(RunConfig(optimizer=name, learning_rate=OPTIMIZERS[name].learning_rate, epochs=2))


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_every_optimizer_learns_at_the_rate_that_is_offered_for_it(name):
    config = RunConfig(optimizer=name, learning_rate=OPTIMIZERS[name].learning_rate)
    ends = [event for event in trained(config) if isinstance(event, EpochEnd)]
    assert ends[-1].loss < 0.6 * math.log(3), "far better than guessing one of three classes"


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_every_activation_trains(name):
    check(RunConfig(activation=name, epochs=2, architecture_parameters={"hidden_units": [6]}))


def test_iris_is_learned_with_the_defaults():
    accuracies = [trained(RunConfig(seed=seed))[-2].metric for seed in range(10)]
    assert np.mean(accuracies) >= 0.94 and min(accuracies) >= 0.86, accuracies
