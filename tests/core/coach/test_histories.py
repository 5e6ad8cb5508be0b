"""The coach on made-up histories: edge cases, and cases in which it should stay silent."""

import dataclasses
import json
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.coach import RULES, advice_of, advise, coach_key, coach_part
from core.coach.advice import MOST
from core.coach.run_summary import Trend, counted
from core.runs.config import RunConfig
from core.runs.controls import Controls
from core.runs.evaluations import Evaluation, Probe
from core.runs.events import Compiled, EpochEnd, Finished, Progress
from core.runs.history import History
from core.runs.run import ENDED, Run

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
    turned = falling[:12] + [falling[11] + 0.03 * index for index in range(1, 29)]
    found = advise(CONFIG, history(falling, turned), "finished")
    assert [one.name for one in found] == ["overfitting"]
    assert f"({turned[11]:.3g}) after epoch 12 and is {turned[-1]:.3g} now" in found[0].evidence
    # What early stopping has cured needs no advice.
    assert "overfitting" not in names(history(falling, turned), config=CONFIG.replaced(patience=5))


def test_where_all_training_examples_are_right_a_falling_loss_asks_for_no_more_epochs():
    falling = [float(one) for one in np.linspace(0.7, 0.18, 40)]
    assert "too_few_epochs" in names(history(falling))
    assert "too_few_epochs" not in names(history(falling, accuracy=1.0))


def test_a_validation_loss_that_stands_still_is_overfitting_where_training_goes_on():
    config = RunConfig(epochs=60, dataset="moons")
    falling = [0.1 + 0.55 * 0.95**epoch for epoch in range(60)]
    still = [*falling[:5], *[0.55 - 0.001 * (epoch % 2) for epoch in range(55, 0, -1)]]
    found = advise(config, history(falling, still), "finished")
    assert [one.name for one in found] == ["overfitting"] and "epochs" not in found[0].change
    assert "was 0.548 after epoch 5 and is 0.549 now" in found[0].evidence
    # At a place as good as training's it has nothing left to lose.
    assert "overfitting" not in names(history(falling, [one + 0.01 for one in falling]), config=config)
    # Without validation nobody knows.
    assert "overfitting" not in names(history(falling), config=config)


def test_five_epochs_of_which_both_losses_fall_steeply_are_too_few():
    config = RunConfig(dataset="moons", epochs=5, learning_rate=0.001)
    for losses in ([0.652, 0.591, 0.542, 0.502, 0.470], [0.693, 0.611, 0.540, 0.475, 0.412]):
        found = advise(config, history(losses, losses, accuracy=0.8), "finished")
        assert [one.name for one in found] == ["too_few_epochs"]
        assert f"from {losses[2]:.3f} to {losses[4]:.3f}" in found[0].evidence


def test_what_it_says_still_falls_does_so_in_the_numbers_that_it_says():
    falling = [float(one) for one in np.linspace(1.0, 0.4, 30)]
    bumpy = [*falling[:-1], falling[-10] + 0.01]
    assert names(history(falling, falling), config=CONFIG.replaced(epochs=30)) == ["too_few_epochs"]
    assert "too_few_epochs" not in names(history(falling, bumpy), config=CONFIG.replaced(epochs=30))


def test_the_loss_began_at_that_of_the_first_step():
    made = History()
    for event in (Compiled(0.1, 100, 4), Progress(1, 0.25, 0.96, 0.5, 0.1, 32),
                  Progress(4, 1.0, 3e22, 0.5, 0.1, 128), EpochEnd(1, 4, 2.96e23, 0.5, None, None)):
        made.append(event)
    found = advise(RunConfig(dataset="curve"), made, "diverged")
    assert "at the first step it was 0.960" in found[0].evidence and "e+2" not in found[0].evidence


def test_a_single_high_last_epoch_is_no_turn():
    falling = [float(one) for one in np.geomspace(1.0, 0.01, 40)]
    assert "overfitting" not in names(history(falling, falling[:-1] + [2.0]))


def test_a_run_without_validation_can_fall_still():
    falling = [1.1 - 0.02 * index for index in range(40)]
    assert names(history(falling)) == ["too_few_epochs"]
    # Stopped by the learner, it is not the number of epochs that was too small.
    assert names(history(falling), "stopped") == []
    # And at the most epochs there are, there is no more to have.
    assert names(history(falling), config=CONFIG.replaced(epochs=1000)) == []


def test_early_stopping_before_the_end_is_not_too_few_epochs():
    assert "too_few_epochs" not in names(history([1.1 - 0.02 * index for index in range(30)]))


def probed(made: History, matrix: list[list[int]], validation: bool = True) -> History:
    counts = np.array(matrix)
    made.append(Probe(400, 40, validation, int(counts.sum()), counts))
    return made


def test_a_rare_class_that_is_not_found_is_told():
    config, stuck = CONFIG.replaced(dataset="breast_cancer"), [0.13] * 40
    found = advise(config, probed(history(stuck, stuck, accuracy=0.97), [[200, 0], [6, 0]]), "finished")
    assert [one.name for one in found] == ["rare_class"]
    assert "206 validation examples" in found[0].evidence and "6 are" in found[0].evidence
    assert found[0].change == {"class_weights": "balanced"}
    # So few may be missed by chance, and where most are found there is nothing to mend.
    for matrix in ([[200, 0], [2, 0]], [[200, 0], [1, 5]]):
        assert "rare_class" not in names(probed(history(stuck, stuck, accuracy=0.97), matrix), config=config)
    # Of training examples it is as true.
    assert "rare_class" in names(probed(history(stuck, accuracy=0.97), [[200, 0], [6, 0]], False),
                                 config=config)


def test_it_does_not_look_at_the_test_set():
    config, stuck = CONFIG.replaced(dataset="breast_cancer"), [0.13] * 40
    for matrix in ([[200, 0], [6, 0]], [[200, 0], [0, 6]]):
        made = history(stuck, stuck, accuracy=0.97)
        before, counts = names(made, config=config), np.array(matrix)
        made.append(Evaluation(400, counts, 206, 0.5, 0.97, True, dead_share=1.0))
        assert names(made, config=config) == before


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
        part = values[-max(3, math.ceil(count / 3)):]
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
    assert coach_part(None)["advice"] == coach_part(run)["advice"] == []
    run.status, run.history = "finished", history([1.1 - 0.02 * index for index in range(40)])
    part = coach_part(run)
    assert json.loads(json.dumps(part)) == part
    assert [advice_entry["name"] for advice_entry in part["advice"]] == ["too_few_epochs"]
    assert set(part["advice"][0]) == {"name", "title", "evidence", "text", "button"}
    assert [one.name for one in advice_of(run)] == ["too_few_epochs"]
    before = coach_key(run)
    run.history.append(Finished(400, "finished"))
    assert coach_key(run) == before
