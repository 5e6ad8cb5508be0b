"""What is told of the test set while a run trains: when, of which examples, and of which weights."""

import os

os.environ["KERAS_BACKEND"] = "jax"

from collections.abc import Sequence
from types import SimpleNamespace
from unittest.mock import patch

import numpy as np
import pytest
from scipy.special import softmax

from core.datasets.splits import split
from core.runs.config import RunConfig
from core.runs.controls import Controls, ControlsMailbox
from core.runs.evaluations import Evaluation
from core.runs.matrix_cells import cell_of, examples_in
from core.settings import from_environment
from core.training import test_monitor
from core.training.fit import fit
from core.training.plan import Plan
from core.training.program import data_of
from core.training.program_cache import program_for
from core.training.test_monitor import SHARE, TestMonitor, probe_order
from tests.core.training.reference import by_keras

SETTINGS = from_environment({})
EPOCHS = 2


def monitor(config: RunConfig) -> TestMonitor:
    data = split(config.data, config.preparation)
    plan = Plan.of(config, data)
    return TestMonitor(config, data, program_for(config, plan, data_of(data), SETTINGS))


@pytest.mark.parametrize("active_runs", [1, 2, 10, 50])
def test_looks_of_a_crowd_take_no_more_than_those_of_two(active_runs):
    live = monitor(RunConfig())
    live.spent = 1.0
    least = max(1.0, active_runs / 2) / SHARE  # seconds that the run must have taken
    assert not live.due(0.99 * least, active_runs)
    assert live.due(1.01 * least, active_runs)


def during(config: RunConfig) -> Sequence[Evaluation]:
    """What a run tells of the test set until it has taken `EPOCHS` epochs and pauses."""
    data, told = split(config.data, config.preparation), list[Evaluation]()
    panel, end = ControlsMailbox(Controls(paused=True, epochs=EPOCHS)), EPOCHS * Plan.of(config, data).steps
    for event in fit(config, data, panel, SETTINGS):
        if isinstance(event, Evaluation):
            told.append(event)
            if event.step == end:
                break
    return told


def test_an_evaluation_is_what_keras_says_of_the_same_examples_after_the_same_steps():
    config = RunConfig(dataset="digits", batch_size=200, epochs=5, activation="tanh")
    with patch.object(test_monitor, "MOST", 100):
        told = during(config)
    _, model, data = by_keras(config, EPOCHS)
    probes = [one for one in told if not one.complete]
    asked = [probe.indices for probe in probes if probe.indices is not None]
    assert len(asked) > 1 and all(np.array_equal(one, asked[0]) for one in asked)
    last = probes[-1]
    assert last.indices is not None
    assert (last.examples, last.total, len(last.indices)) == (100, len(data.y_test), 100)
    labels = data.y_test[last.indices]
    answers = softmax(model.predict(data.x_test[last.indices] * np.float32(data.scale), verbose=0), 1)
    expected = np.zeros_like(last.matrix)
    np.add.at(expected, (labels, answers.argmax(1)), 1)
    np.testing.assert_array_equal(last.matrix, expected)
    for cell in ((3, 3), (8, 1), (9, 5)):
        own = last.indices[(labels == cell[0]) & (answers.argmax(1) == cell[1])]
        np.testing.assert_array_equal(examples_in(last, data.y_test, cell), own)
        assert all(cell_of(last, data.y_test, one) == cell for one in own)
    assert last.loss == pytest.approx(-np.log(answers[np.arange(100), labels]).mean(), rel=2e-3)
    for picture in last.gallery:
        place = int(np.flatnonzero(last.indices == picture.index)[0])
        assert picture.confidence == pytest.approx(answers[place].max(), rel=2e-3)


def test_matrix_regions_and_weights_are_of_the_same_step():
    config = RunConfig(epochs=5, batch_size=40, learning_rate=0.05)
    last = during(config)[-1]
    _, model, data = by_keras(config, EPOCHS)
    assert last.complete and last.weights is not None and last.regions is not None
    assert data.mean is not None and data.deviation is not None
    expected = np.zeros_like(last.matrix)
    np.add.at(expected, (data.y_test, model.predict(data.x_test, verbose=0).argmax(1)), 1)
    np.testing.assert_array_equal(last.matrix, expected)
    for sent, value in zip(last.weights, model.get_weights(), strict=True):
        np.testing.assert_allclose(sent, value, rtol=2e-3, atol=2e-4)
    size = len(last.regions.classes)
    x = np.tile(data.x_train.mean(0), (size * size, 1))
    plane = np.stack(np.meshgrid(*(np.linspace(last.regions.low[number], last.regions.high[number], size)
                                   for number in (0, 1))), -1).reshape(-1, 2)
    x[:, :2] = (plane - data.mean[:2]) / data.deviation[:2]
    found = softmax(model.predict(x, verbose=0), 1)
    differ = found.argmax(1).reshape(size, size) != last.regions.classes
    assert differ.sum() <= 2  # a tie may fall either way
    np.testing.assert_allclose(found.max(1).reshape(size, size) * 255, last.regions.confidence, atol=1.5)


@pytest.mark.parametrize("size", [20, 100, 250])
def test_a_probe_has_the_shares_of_all_classes(size):
    targets = np.repeat([0, 1, 2], [300, 60, 15])
    order = probe_order(targets, RunConfig())
    assert sorted(order) == list(range(375))
    shares = np.bincount(targets[order[:size]], minlength=3) / size
    np.testing.assert_allclose(shares, np.array([300, 60, 15]) / 375, atol=1 / size + 1e-9)
    assert np.array_equal(order, probe_order(targets, RunConfig())), "the seed draws it"
    assert not np.array_equal(order, probe_order(targets, RunConfig(seed=1)))


def test_a_probe_of_a_series_is_its_last_part():
    config = RunConfig(dataset="sine", architecture="rnn")
    assert probe_order(np.zeros((9, 1)), config)[:3].tolist() == [8, 7, 6]


def test_the_same_weights_are_not_evaluated_twice():
    config = RunConfig(epochs=2, batch_size=40)
    panel = ControlsMailbox(Controls(pace=1.5))  # it waits most of the time
    with patch.multiple(test_monitor, SHARE=1e9, message_interval=lambda _: 0):
        told = [event.step for event in fit(config, split(config.data, config.preparation), panel, SETTINGS)
                if isinstance(event, Evaluation)]
    *during_it, _ = told  # the last is of the whole test set
    assert during_it and len(set(during_it)) == len(during_it)


def test_a_busy_machine_does_not_stop_the_pictures():
    config = RunConfig()
    live = monitor(config)
    state = live.program.initial_state(config.seed, live.program.model)
    clock = iter([0.0, 0.01, 1.0, 1.01, 2.0, 7.0])  # the third evaluation takes 5 s instead of 0.01
    live.size = 30
    with patch.object(test_monitor, "time", SimpleNamespace(monotonic=lambda: next(clock))):
        for step in range(3):
            live.update(state, step, (0, 1))
    assert live.spent == pytest.approx(0.01 + 0.01 + 0.04)
