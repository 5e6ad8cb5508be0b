"""fit against Keras's own training, and against itself: chunks, pauses and replays change nothing."""

import os

os.environ["KERAS_BACKEND"] = "jax"

import dataclasses
import threading
from unittest.mock import patch

import numpy as np
import pytest

from core.datasets import Split
from core.datasets.splits import split
from core.runs.config import RunConfig
from core.runs.controls import Controls, ControlsMailbox
from core.runs.evaluations import Evaluation
from core.runs.events import Compiled, EpochEnd, Finished, LearningRate, Paused, Progress
from core.runs.history import History
from core.settings import from_environment
from core.training.fit import fit
from core.training.limits import OPERATIONS_PER_SECOND, OverBudget
from core.training.plan import Plan
from tests.core.training.reference import by_keras

SETTINGS = from_environment({})


def run(config: RunConfig, mailbox: ControlsMailbox | None = None, replay=(), settings=SETTINGS,
        data: Split | None = None) -> History:
    data = data or split(config.data, config.preparation)
    history = History()
    for event in fit(config, data, mailbox or ControlsMailbox(), settings, replay):
        history.append(event)
    return history


CASES = {
    "iris MLP": RunConfig(seed=3, batch_size=25),
    "iris, a batch of one left over": RunConfig(batch_size=19, optimizer="sgd_nesterov"),
    "wine RNN": RunConfig(dataset="wine", architecture="rnn", activation="tanh",
                          architecture_parameters={"cell": "GRU", "units": 4}),
    "digits CNN": RunConfig(dataset="digits", architecture="cnn", batch_size=200, activation="tanh",
                            architecture_parameters={"filters": [4, 6], "dense_units": [8]}),
    "a batch in parts, the last one filled up": RunConfig(
        dataset="digits", architecture="cnn", batch_size=701, learning_rate=0.01,
        architecture_parameters={"filters": [32, 4], "dense_units": []}),
    "no validation": RunConfig(validation_share=0.0, architecture="softmax"),
    "batch larger than the data": RunConfig(batch_size=4096, activation="selu"),
}


def test_a_case_above_takes_its_batch_in_parts():
    config = CASES["a batch in parts, the last one filled up"]
    plan = Plan.of(config, split(config.data, config.preparation))
    assert plan.parts > 1 and plan.parts * plan.part > plan.batch_size


@pytest.mark.parametrize("name", CASES)
def test_an_epoch_is_what_keras_makes_of_it(name):
    config = CASES[name].replaced(epochs=3)
    rows, model, data = by_keras(config, 3)
    history = run(config)
    np.testing.assert_allclose([row[:len(rows[0])] for row in history.epochs], rows, rtol=2e-3, atol=2e-4)
    assert history.compiled.parameters == model.count_params()
    predicted = model.predict(data.x_test * np.float32(data.scale), verbose=0).argmax(1)
    expected = np.zeros_like(history.evaluation.matrix)
    np.add.at(expected, (data.y_test, predicted), 1)
    assert abs(history.evaluation.matrix - expected).sum() <= 2  # a tie may fall either way
    assert history.evaluation.complete and history.evaluation.examples == len(data.y_test)


def test_a_change_of_the_learning_rate_is_what_keras_makes_of_it():
    config = RunConfig(epochs=4, optimizer="sgd_momentum", learning_rate=0.1)
    rows, _, _ = by_keras(config, 4, {5: 0.001})
    history = run(config, replay=[(5, 0.001)])
    np.testing.assert_allclose([row[:5] for row in history.epochs], rows, rtol=2e-3, atol=2e-4)
    assert history.learning_rates == [(5, 0.001)]


def times_apart(history: History) -> tuple:
    """What of a history must repeat exactly."""
    return history.epochs, history.learning_rates, history.evaluation.matrix.tolist(), history.evaluation.loss


def test_the_same_seed_gives_the_same_history_and_another_does_not():
    config = RunConfig(epochs=20, dropout_rate=0.3)
    first, again = run(config), run(config)
    assert times_apart(first) == times_apart(again)
    assert times_apart(run(config.replaced(seed=1))) != times_apart(first)


@pytest.mark.parametrize("change", [{"learning_rate": 0.5}, {"dropout_rate": 0.6}, {"seed": 5},
                                    {"epochs": 3}, {"validation_share": 0.4}, {"validation_share": 0.0},
                                    {"initializer": "he_normal"}])
def test_another_value_trains_otherwise_and_compiles_nothing(change):
    config = RunConfig(epochs=2, dropout_rate=0.25, architecture_parameters={"hidden_units": (11,)})
    first = run(config)
    with patch("core.training.program_cache.Program", side_effect=AssertionError("compiled again")):
        assert run(config.replaced(**change)).epochs != first.epochs


def test_stepping_gives_the_same_history_as_going_straight():
    config = RunConfig(epochs=6, batch_size=40, dropout_rate=0.2)
    mailbox = ControlsMailbox(Controls(paused=True))
    data = split(config.data, config.preparation)
    history, pauses = History(), []
    for event in fit(config, data, mailbox, SETTINGS):
        history.append(event)
        if isinstance(event, Paused) and event.paused:
            pauses.append(event.step)
        elif isinstance(event, Evaluation) and len(history.epochs) < 4:
            # One more step, or one more epoch: answered by an evaluation when it is done.
            mailbox.set(mailbox.controls.changed(steps=mailbox.controls.steps + 1) if len(history.epochs) < 2
                      else mailbox.controls.changed(epochs=mailbox.controls.epochs + 1))
        elif isinstance(event, Evaluation):
            mailbox.set(mailbox.controls.changed(paused=False))
    assert pauses == [0]
    assert times_apart(history) == times_apart(run(config))
    steps = [int(row[0]) for row in history.steps]
    assert steps[:4] == [1, 2, 3, 4], "single steps are single"


def test_pause_holds_and_stop_ends():
    config = RunConfig(epochs=1000)
    mailbox = ControlsMailbox()
    data = split(config.data, config.preparation)
    seen = []
    for event in fit(config, data, mailbox, SETTINGS):
        seen.append(event)
        if isinstance(event, Progress) and not mailbox.controls.paused:
            mailbox.set(mailbox.controls.changed(paused=True))
        if isinstance(event, Paused):
            # Nobody asks for a step: the run waits until it is told to stop.
            threading.Timer(0.3, lambda: mailbox.set(mailbox.controls.changed(stopped=True))).start()
    paused = next(index for index, event in enumerate(seen) if isinstance(event, Paused))
    after = [type(event) for event in seen[paused + 1:]]
    assert Progress not in after and after[-1] is Finished
    assert seen[-1].status == "stopped" and 0 < seen[-1].step < 3000


def test_a_wish_for_a_learning_rate_is_answered_and_replays_to_the_same_curve():
    config = RunConfig(epochs=400, optimizer="sgd", learning_rate=0.05)
    mailbox, history = ControlsMailbox(), History()
    data = split(config.data, config.preparation)
    for event in fit(config, data, mailbox, SETTINGS):
        history.append(event)
        if isinstance(event, Progress) and event.step > 20 and mailbox.controls.learning_rate is None:
            mailbox.set(mailbox.controls.changed(learning_rate=0.5))
    assert [rate for _, rate in history.learning_rates] == [0.5]
    assert times_apart(run(config, replay=history.learning_rates)) == times_apart(history)


def test_a_paced_run_gives_the_same_history():
    config = RunConfig(epochs=8)
    assert times_apart(run(config, ControlsMailbox(Controls(pace=40.0)))) == times_apart(run(config))


def test_a_diverged_run_says_so_and_keeps_its_curve():
    config = RunConfig(dataset="wine", optimizer="sgd", learning_rate=10.0, activation="linear", epochs=200,
                       architecture_parameters={"hidden_units": [64, 64, 64]})
    history = run(config)
    assert history.finished.status == "diverged" and "Lower the learning rate" in history.finished.message
    assert all(np.isfinite(row[1]) for row in history.epochs)
    assert all(np.isfinite(row[2]) for row in history.steps)


def test_events_come_in_order_and_say_what_happened():
    config = RunConfig(epochs=5)
    data = split(config.data, config.preparation)
    events = list(fit(config, data, ControlsMailbox(), SETTINGS))
    assert isinstance(events[0], Compiled) and isinstance(events[-1], Finished)
    assert events[-1].status == "finished" and events[-1].step == 15
    assert [event.epoch for event in events if isinstance(event, EpochEnd)] == [1, 2, 3, 4, 5]
    progress = [event for event in events if isinstance(event, Progress)]
    assert progress[-1].examples == 5 * 96 and progress[-1].epoch == 5
    assert isinstance(events[-2], Evaluation) and events[-2].complete
    assert not any(isinstance(event, LearningRate) for event in events)


@pytest.mark.parametrize("change, word", [
    ({"max_parameters": 100}, "parameters"), ({"max_step_bytes": 100}, "MB"),
    ({"max_step_seconds": 1e-9}, "batch size")])
def test_what_is_over_budget_is_refused_before_the_first_step(change, word):
    # Its own width, so that no compiled program of another test answers.
    config = RunConfig(architecture_parameters={"hidden_units": [7, 11]}, epochs=1)
    with pytest.raises(OverBudget, match=word):
        run(config, settings=dataclasses.replace(SETTINGS, **change))


def test_every_time_step_of_a_recurrent_network_counts():
    """XLA counts a loop's body once: without the repeats this network would pass at 0.02 s."""
    config = RunConfig(dataset="digits", architecture="rnn", activation="tanh", batch_size=1024, epochs=1,
                       architecture_parameters={"cell": "SimpleRNN", "units": 256})
    # By hand: forward and backward of (8 + 256) x 256 weights, 8 time steps, 1024 examples.
    seconds = 3 * 2 * (8 + 256) * 256 * 8 * 1024 / OPERATIONS_PER_SECOND
    with pytest.raises(OverBudget, match="batch size"):
        run(config, settings=dataclasses.replace(SETTINGS, max_step_seconds=seconds / 2))


def test_a_run_ends_when_its_time_is_up():
    history = run(RunConfig(epochs=1000), settings=dataclasses.replace(SETTINGS, max_run_seconds=0.002))
    assert history.finished.status == "stopped" and "minutes" in history.finished.message


def test_regions_agree_with_predictions_by_keras():
    config = RunConfig(epochs=30)
    mailbox = ControlsMailbox(Controls(features=(2, 3)))
    regions = run(config, mailbox).evaluation.regions
    _, model, data = by_keras(config, 30)
    grid = np.zeros((50 * 50, 4), np.float32)
    corners = [(np.asarray(corner) - data.mean[2:]) / data.deviation[2:] for corner in
               (regions.low, regions.high)]
    across, up = np.meshgrid(*(np.linspace(corners[0][number], corners[1][number], 50) for number in (0, 1)))
    grid[:, 2], grid[:, 3] = across.ravel(), up.ravel()
    expected = model.predict(grid, verbose=0).argmax(1).reshape(50, 50)
    assert (expected == regions.classes).mean() > 0.995
