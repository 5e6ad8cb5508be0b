"""The learning-rate finder's trainings are those of the run itself."""

import os

os.environ["KERAS_BACKEND"] = "jax"

import numpy as np
import pytest

from core.parameters import FieldError
from core.runs.answers import FinderProgress
from core.runs.config import RunConfig
from core.settings import from_environment
from core.training.lr_sweep import sweep
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
    monkeypatch.setattr("core.training.lr_sweep.MOST_STEPS", 800)
    found = sweep(CONFIG, SETTINGS)
    assert 0 < found.share < 1 and np.isfinite(found.tried_losses[0])
    assert sweep(CONFIG, SETTINGS).tried_losses.tolist() == found.tried_losses.tolist()


def test_it_tells_how_far_it_is_and_small_calls_change_nothing(monkeypatch):
    config, told = CONFIG.replaced(epochs=4, patience=3), list[FinderProgress]()
    whole = sweep(config, SETTINGS)
    # Calls that end anywhere: in the middle of an epoch, and of its validation.
    monkeypatch.setattr("core.training.lr_sweep.CALL_STEPS", 2)
    found = sweep(config, SETTINGS, told.append)
    assert found.tried_losses == pytest.approx(whole.tried_losses, rel=1e-6)
    assert found.suggestion == whole.suggestion
    assert told[0] == FinderProgress() and {progress.trainings for progress in told[1:]} == {9 + 5 * 4}
    numbers, shares = ([getattr(progress, name) for progress in told] for name in ("training", "share"))
    assert sorted(set(numbers)) == list(range(30)) and numbers == sorted(numbers)
    assert shares == sorted(shares) and shares[-1] == pytest.approx(1.0, abs=0.02)
    assert {progress.rate for progress in told if progress.training > 9} <= set(found.tried.tolist())


def test_what_it_is_told_ends_it():
    class Enough(BaseException):
        pass

    def tell(progress: FinderProgress) -> None:
        if progress.training == 2:
            raise Enough

    with pytest.raises(Enough):
        sweep(CONFIG, SETTINGS, tell)


def test_a_run_with_a_start_is_refused():
    with pytest.raises(FieldError, match="new weights"):
        sweep(RunConfig.from_dict({"start": {"at": 8}}), SETTINGS)
