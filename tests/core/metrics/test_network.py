"""Why a run's network cannot be evaluated: the messages say what to do."""

import numpy as np
import pytest

from core.metrics.network import MOST_BYTES, refusal, too_large
from core.runs.config import RunConfig
from core.runs.controls import Controls
from core.runs.events import Compiled, Finished, Progress
from core.runs.history import History
from core.runs.run import Run


def run(status: str, weights: bool = False, parameters: int = 400) -> Run:
    history = History()
    history.append(Compiled(0.1, parameters, 3))
    if status not in ("training", "paused"):
        history.append(Finished(9, status, weights=(np.zeros(3),) if weights else None))
    return Run("a-1", "me", RunConfig(), 0, Controls(), status=status, history=history)


def test_a_stopped_run_from_the_store_is_not_said_to_have_stopped_too_early():
    stored = run("stopped")
    stored.history.append(Progress(9, 3.0, 0.5, 0.8, 0.1, 90))
    assert "not its weights" in refusal(stored)


@pytest.mark.parametrize("status, parameters, words", [
    ("training", 400, "still training"), ("paused", 400, "still training"),
    ("diverged", 400, "Lower the learning rate"), ("finished", 2_000_000, "has 2,000,000 parameters"),
    ("finished", 400, "not its weights"), ("stopped", 400, "stopped early"),
    ("failed", 400, "Train it again")])
def test_it_says_why_and_what_to_do(status, parameters, words):
    assert words in refusal(run(status, parameters=parameters))


@pytest.mark.parametrize("status", ["finished", "stopped"])
def test_a_run_whose_weights_came_home_can_be_asked(status):
    assert refusal(run(status, weights=True)) == ""


def test_the_largest_test_sets_on_offer_are_not_too_large():
    assert not too_large(10_000, 20) and too_large(100_000, 20)
    assert not too_large(MOST_BYTES // 8, 1) and too_large(MOST_BYTES // 8 + 1, 1)
