"""Probes report what the latest weights predict for the validation set, and change nothing."""

import os

os.environ["KERAS_BACKEND"] = "jax"

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from sklearn.metrics import confusion_matrix, r2_score

import core.training.probing as probing
from core.datasets import Split
from core.datasets.splits import split
from core.runs.config import RunConfig
from core.runs.controls import ControlsMailbox
from core.runs.evaluations import Probe
from core.runs.events import Event, Resumed
from core.runs.history import History
from core.settings import from_environment
from core.training.fit import fit

SETTINGS = from_environment({})
IRIS, NUMBERS = RunConfig(epochs=12), RunConfig(dataset="diabetes", epochs=5, loss="mae")


def told(config: RunConfig, data: Split | None = None) -> list[Event]:
    data = split(config.data, config.preparation) if data is None else data
    return list(fit(config, data, ControlsMailbox(), SETTINGS))


def history(events: list[Event]) -> History:
    made = History()
    for event in events:
        made.append(event)
    return made


def answers(weights: Any, x: np.ndarray) -> tuple[np.ndarray, float]:
    """Of a stack of Dense relu layers, by NumPy: its outputs, and the share of dead units."""
    off = []
    for kernel, bias in zip(weights[0:-2:2], weights[1:-2:2], strict=True):
        x = np.maximum(x @ kernel + bias, 0)
        off.append((x == 0).all(axis=0))
    return x @ weights[-2] + weights[-1], float(np.concatenate(off).mean())


@pytest.mark.parametrize("share", [0.2, 0.0])
def test_it_says_what_the_last_weights_say(share: float):
    config = IRIS.replaced(validation_share=share)
    data, found = split(config.data, config.preparation), history(told(config))
    x, y = (data.x_validation, data.y_validation) if share else (data.x, data.y)
    assert found.probe is not None and found.finished is not None
    outputs, dead = answers(found.finished.weights, x)
    assert found.probe.validation == bool(share) and found.probe.examples == len(y)
    assert found.probe.epoch == 12 and found.probe.step == found.finished.step
    np.testing.assert_array_equal(found.probe.matrix, confusion_matrix(y, outputs.argmax(1)))
    assert found.probe.dead_share == pytest.approx(dead)


def test_of_numbers_it_says_r2_and_what_the_mean_would_cost():
    data, found = split(NUMBERS.data, NUMBERS.preparation), history(told(NUMBERS))
    assert found.probe is not None and found.finished is not None
    outputs, _ = answers(found.finished.weights, data.x_validation)
    assert found.probe.r2 == pytest.approx(r2_score(data.y_validation, outputs), abs=1e-5)
    assert found.probe.baseline == pytest.approx(
        np.abs(data.y_validation - data.y_validation.mean()).mean(), rel=1e-5)


def test_of_many_examples_it_takes_some_drawn_from_the_seed(monkeypatch):
    monkeypatch.setattr(probing, "EXAMPLES", 10)
    first, again, other = (history(told(config)).probe for config in (IRIS, IRIS, IRIS.replaced(seed=1)))
    assert first is not None and again is not None and other is not None
    assert first.examples == 10 and first.matrix.sum() == 10
    np.testing.assert_array_equal(first.matrix, again.matrix)


def test_it_does_not_read_the_test_set():
    data = split(IRIS.data, IRIS.preparation)
    blind = replace(data, x_test=np.full_like(data.x_test, np.nan))
    one, other = history(told(IRIS, data)).probe, history(told(IRIS, blind)).probe
    assert one is not None and other is not None
    np.testing.assert_array_equal(one.matrix, other.matrix)


@pytest.mark.parametrize("config", [IRIS.replaced(dropout_rate=0.2), NUMBERS], ids=["classes", "numbers"])
def test_curves_are_the_same_whether_it_looks_or_not(config: RunConfig, monkeypatch):
    monkeypatch.setattr(probing.Probing, "due", lambda *_: False)
    seldom = told(config)
    monkeypatch.setattr(probing.Probing, "due", lambda self, epoch, *_: self.program.predict is not None)
    often = told(config)
    count = [sum(isinstance(event, Probe) for event in events) for events in (seldom, often)]
    assert count[0] == 1 and count[1] > 3
    assert history(seldom).table("epochs").tolist() == history(often).table("epochs").tolist()


def test_an_attempt_that_goes_on_keeps_what_was_said_before_it():
    found = history(told(IRIS))
    assert found.probe is not None
    assert found.cut(Resumed(found.probe.step, 12)).probe is found.probe
    assert found.cut(Resumed(found.probe.step - 1, 11)).probe is None


def test_probes_keep_to_their_share_and_wait_for_an_epoch():
    class Ready:
        predicts = True

    data = split(IRIS.data, IRIS.preparation)
    look: Any = Ready()
    one = probing.Probing(IRIS, data, look)
    one.spent = 1.0
    assert not one.due(1, 0.99 / probing.SHARE) and one.due(1, 1.01 / probing.SHARE)
    assert not one.due(0, 2 / probing.SHARE) and not one.due(1, 1.01 / probing.SHARE, active_runs=4)
