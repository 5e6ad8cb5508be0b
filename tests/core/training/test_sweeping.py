"""The learning-rate finder's trainings are those of the run itself."""

import os

os.environ["KERAS_BACKEND"] = "jax"

import numpy as np
import pytest

from core.config import RunConfig
from core.settings import from_environment
from core.training.sweeping import sweep
from tests.core.training.test_fit import run

SETTINGS = from_environment({})
CONFIG = RunConfig(epochs=70, batch_size=40, schedule="cosine")  # longer than a window of 64 epochs


@pytest.mark.parametrize("change", [{}, {"patience": 60}])
def test_each_training_ends_with_the_loss_of_the_run(change):
    config = CONFIG.replaced(**change)
    found = sweep(config, SETTINGS)
    assert found.share == 1 and found.suggestion in found.tried
    for place in (0, found.tried.tolist().index(found.suggestion)):
        losses = [row[3] for row in run(config.replaced(learning_rate=float(found.tried[place]))).epochs]
        wanted = min(losses) if config.patience else losses[-1]
        assert found.tried_losses[place] == pytest.approx(wanted, rel=1e-3)


def test_without_validation_the_training_loss_decides():
    config = CONFIG.replaced(validation_share=0.0, epochs=5)
    found = sweep(config, SETTINGS)
    losses = [row[1] for row in run(config.replaced(learning_rate=float(found.tried[0]))).epochs]
    assert found.tried_losses[0] == pytest.approx(losses[-1], rel=1e-3)


def test_a_large_network_is_trained_for_a_part_of_the_run(monkeypatch):
    monkeypatch.setattr("core.training.sweeping.MOST_STEPS", 800)
    found = sweep(CONFIG, SETTINGS)
    assert 0 < found.share < 1 and np.isfinite(found.tried_losses[0])
    assert sweep(CONFIG, SETTINGS).tried_losses.tolist() == found.tried_losses.tolist()
