"""The coach on made-up histories: the edges, and what it costs nothing to get wrong."""

import dataclasses
import json
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.coach import RULES, advice_of, advise, coach_key, coach_part
from core.coach.rules import MOST
from core.coach.seen import Trend, counted
from core.commands import Controls
from core.config import RunConfig
from core.results import Compiled, EpochEnd, Evaluation, Finished, History, Progress
from core.run import ENDED, Run

CONFIG = RunConfig(epochs=40)


def history(losses: list[float], val_losses: list[float] | None = None, steps_per_epoch: int = 10,
            accuracy: float = 0.9) -> History:
    """A run that told these losses, an epoch each."""
    made = History()
    made.append(Compiled(0.1, 1000, steps_per_epoch))
    for epoch, loss in enumerate(losses, 1):
        step = epoch * steps_per_epoch
        made.append(EpochEnd(epoch, step, loss, accuracy, val_losses[epoch - 1] if val_losses else None,
                             None))
        if math.isfinite(loss):
            made.append(Progress(step, float(epoch), loss, accuracy, 0.1, 320 * epoch))
    return made


def names(made: History, status: str = "finished", config: RunConfig = CONFIG) -> list[str]:
    return [one.name for one in advise(config, made, status)]


@pytest.mark.parametrize("status", ["waiting", "compiling", "training", "paused", *ENDED])
def test_of_an_empty_history_it_says_only_that_a_run_diverged(status: str):
    assert names(History(), status) == (["diverging"] if status == "diverged" else [])


def test_a_loss_that_is_no_number_is_diverging_whenever_it_comes():
    for made in (history([math.nan]), history([1.0, 0.8, math.inf]), history([1.0] * 29 + [math.nan])):
        for status in ("diverged", "training"):
            assert names(made, status) == ["diverging"]


def test_a_failed_run_is_none_of_its_business():
    assert names(history([1.1] * 40), "failed") == []


def test_a_run_that_just_began_says_nothing():
    for count in range(8):
        assert names(history([1.2] * count, [1.2] * count, accuracy=0.3), "training") == []


def test_a_turn_of_the_validation_loss_is_overfitting():
    falling = [float(one) for one in np.geomspace(1.0, 0.01, 40)]
    turned = falling[:12] + [falling[11] + 0.03 * one for one in range(1, 29)]
    found = advise(CONFIG, history(falling, turned), "finished")
    assert [one.name for one in found] == ["overfitting"]
    assert f"({turned[11]:.3g}) after epoch 12 and is {turned[-1]:.3g} now" in found[0].evidence
    # Validation that stands still at a good place is no turn.
    assert "overfitting" not in names(history(falling, falling[:12] + [falling[11]] * 28))
    # What early stopping has cured needs no advice.
    assert "overfitting" not in names(history(falling, turned), config=CONFIG.replaced(patience=5))


def test_a_single_high_last_epoch_is_no_turn():
    falling = [float(one) for one in np.geomspace(1.0, 0.01, 40)]
    assert "overfitting" not in names(history(falling, falling[:-1] + [2.0]))


def test_a_run_without_validation_can_fall_still():
    falling = [1.1 - 0.02 * one for one in range(40)]
    assert names(history(falling)) == ["too_few_epochs"]
    # Stopped by the learner, it is not the number of epochs that was too small.
    assert names(history(falling), "stopped") == []
    # And at the most epochs there are, there is no more to have.
    assert names(history(falling), config=CONFIG.replaced(epochs=1000)) == []


def test_early_stopping_before_the_end_is_not_too_few_epochs():
    assert "too_few_epochs" not in names(history([1.1 - 0.02 * one for one in range(30)]))


def evaluated(made: History, matrix: list[list[int]], complete: bool = True) -> History:
    counts = np.array(matrix)
    right = float(np.trace(counts) / counts.sum())
    made.append(Evaluation(400, counts, int(counts.sum()), 0.5, right, complete))
    return made


def test_always_the_same_class_is_seen_in_the_whole_test_set_only():
    stuck, matrix = [1.1] * 40, [[28, 0, 0], [4, 0, 0], [4, 0, 0]]
    found = advise(CONFIG, evaluated(history(stuck, accuracy=0.78), matrix), "finished")
    assert "majority_class" in [one.name for one in found]
    one = next(one for one in found if one.name == "majority_class")
    assert "36 of 36" in one.evidence and "77.8 %" in one.evidence
    assert one.change == {"class_weights": "balanced"}
    assert "majority_class" not in names(evaluated(history(stuck, accuracy=0.78), matrix, complete=False))
    # A test set of one class only leaves no other answer.
    assert "majority_class" not in names(evaluated(history(stuck), [[36, 0, 0], [0, 0, 0], [0, 0, 0]]))


@given(st.lists(st.one_of(st.floats(0, 1e6), st.just(math.nan), st.just(math.inf)), max_size=60),
       st.booleans(), st.sampled_from(["training", "paused", *ENDED]), st.integers(1, 40),
       st.sampled_from([CONFIG, CONFIG.replaced(dataset="curve"), CONFIG.replaced(scaling="none", l2=0.1),
                        RunConfig(dataset="sine", architecture="rnn", loss="huber")]))
def test_it_gives_at_most_four_and_valid_changes_whatever_it_sees(losses, validated, status, steps, config):
    made = history(losses, losses[::-1] if validated else None, steps)
    found = advise(config, made, status)
    assert len(found) <= MOST
    silent = {rule.name: rule.instead_of for rule in RULES}
    for index, one in enumerate(found):
        assert config.replaced(**one.change) != config
        assert "nan" not in one.evidence.lower().split() and one.button and one.text
        assert not silent[one.name] & {other.name for other in found[index + 1:]}


def test_the_trend_is_that_of_least_squares():
    random = np.random.default_rng(0)
    for count in (2, 3, 7, 50):
        values = random.normal(size=count)
        part = values[-max(2, math.ceil(count / 3)):]
        slope, start = np.polyfit(np.arange(len(part)), part, 1)
        line = start + slope * np.arange(len(part))
        found = Trend.of(values)
        np.testing.assert_allclose(found, [line[-1], line[0] - line[-1], (part - line).std()], atol=1e-12)
    assert Trend.of(np.array([3.0])) == (3.0, 0.0, 0.0)


@given(st.integers(0, 5000))
def test_of_the_epochs_of_a_run_under_way_less_than_an_eighth_is_left_aside(epochs):
    assert 0 <= epochs - counted(epochs) <= epochs / 8
    assert counted(counted(epochs)) == counted(epochs)


def a_run(made: History, status: str) -> Run:
    return Run("a", "me", CONFIG, 0, Controls(), status=status, history=made)


def test_the_part_of_the_panel_is_plain_data_and_follows_the_run():
    run = dataclasses.replace(a_run(history([1.1] * 8, accuracy=0.3), "training"), id="followed")
    assert coach_part(None)["advice"] == coach_part(run)["advice"] == [] and coach_key(None) == ()
    run.status, run.history = "finished", history([1.1 - 0.02 * one for one in range(40)])
    part = coach_part(run)
    assert json.loads(json.dumps(part)) == part
    assert [one["name"] for one in part["advice"]] == ["too_few_epochs"]
    assert set(part["advice"][0]) == {"name", "title", "evidence", "text", "button"}
    assert [one.name for one in advice_of(run)] == ["too_few_epochs"]
    before = coach_key(run)
    run.history.append(Finished(400, "finished"))
    assert coach_key(run) == before
