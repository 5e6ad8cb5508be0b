"""What a network answers to a learner's own input is what Keras's own network answers."""

import os

os.environ["KERAS_BACKEND"] = "jax"

import keras
import numpy as np
import pytest

from core.datasets import splits
from core.parameters import FieldError
from core.runs.config import RunConfig
from core.runs.controls import Controls, ControlsMailbox
from core.runs.evaluations import OWN_INPUT, Evaluation, TriedAnswer
from core.runs.events import Event, Finished, Paused
from core.runs.input_fields import fields
from core.runs.tried import Tried, check, tried
from core.settings import Settings
from core.training.fit import fit
from core.training.model import keras_model
from core.training.trying import answer_ended

CNN = RunConfig(dataset="digits", architecture="cnn", epochs=3,
                architecture_parameters={"filters": [4], "dense_units": [8]})
WIDE = RunConfig(dataset="diabetes", architecture_parameters={"hidden_units": [60, 50]}, epochs=3)
SERIES = RunConfig(dataset="sine", architecture="rnn", architecture_parameters={"units": 4}, epochs=1)
SETTINGS = Settings(workers=1, threads=1)
DRAWN = np.random.default_rng(3).integers(0, 17, 64).astype(np.uint8)


def question(config: RunConfig, number: int = 1) -> Tried:
    """An input in its own units that is no example of the dataset."""
    if config.data.is_image:
        return tried(number, DRAWN.tobytes())
    x = splits.test_set(config.data, config.preparation).x
    return tried(number, (1.25 * x[number].ravel() + 0.5).tolist())


def keras_answers(config: RunConfig, weights: tuple[np.ndarray, ...], asked: Tried) -> np.ndarray:
    """By Keras's own layers and the written formulas of scaling."""
    data = splits.split(config.data, config.preparation)
    x = asked.x.reshape(1, *config.data.shape).astype(np.float64)
    if config.data.is_image:
        x = x / 16
    else:
        assert data.mean is not None and data.deviation is not None
        x = (x - data.mean) / data.deviation
    found = np.asarray(keras_model(config, list(weights))(x.astype(np.float32)))[0]
    if config.data.classes:
        return np.asarray(keras.activations.softmax(found[None]))[0]
    assert data.target_mean is not None and data.target_deviation is not None
    return found * data.target_deviation + data.target_mean


def last(events: list[Event], kind: type) -> list[int]:
    return [place for place, event in enumerate(events) if isinstance(event, kind)]


@pytest.mark.parametrize("config", [CNN, WIDE, SERIES], ids=["cnn", "wide", "series"])
def test_the_answer_at_the_end_and_after_it_is_kerass(config: RunConfig):
    asked = question(config)
    panel = ControlsMailbox(Controls(tried=asked))
    events = list(fit(config, splits.split(config.data, config.preparation), panel, SETTINGS))
    told, finished = events[last(events, TriedAnswer)[-1]], events[-1]
    assert isinstance(told, TriedAnswer) and isinstance(finished, Finished) and finished.weights
    assert (told.number, told.step) == (1, finished.step)
    expected = keras_answers(config, finished.weights, asked)
    np.testing.assert_allclose(told.answers, expected, rtol=1e-5, atol=1e-5)
    after = answer_ended(config, finished.weights, question(config, 2))
    np.testing.assert_allclose(after.answers, keras_answers(config, finished.weights, question(config, 2)),
                               rtol=1e-5, atol=1e-5)
    assert after.maps is not None and after.maps.example == OWN_INPUT and len(after.maps.layers) >= 1
    np.testing.assert_allclose(after.maps.answers, after.answers)


def test_a_question_is_answered_while_the_run_trains_and_while_it_is_paused():
    config = CNN.replaced(epochs=500)
    panel = ControlsMailbox()
    events = fit(config, splits.split(config.data, config.preparation), panel, SETTINGS)
    told, expected = list[TriedAnswer](), np.zeros(10)
    for event in events:
        if isinstance(event, Evaluation) and panel.controls.tried is None:
            panel.set(panel.controls.changed(tried=question(config, 1)))
        if isinstance(event, TriedAnswer):
            told.append(event)
            if event.number == 1 and not panel.controls.paused:
                panel.set(panel.controls.changed(paused=True))
            elif event.number == 2:
                panel.set(panel.controls.changed(stopped=True))
        if isinstance(event, Paused) and event.paused:
            panel.set(panel.controls.changed(tried=question(config, 2)))
        if isinstance(event, Finished):
            assert event.weights is not None
            expected = keras_answers(config, event.weights, question(config, 2))
    assert told[0].number == 1 and told[-1].number == 2 and told[-1].step >= told[0].step > 0
    # Paused, so with the weights that the run ended with.
    np.testing.assert_allclose(told[-1].answers, expected, rtol=1e-5, atol=1e-5)
    assert abs(told[-1].answers.sum() - 1) < 1e-5


def test_what_would_have_to_change_is_kerass_edge():
    config = RunConfig(dataset="iris", architecture_parameters={"hidden_units": [60, 50]}, epochs=3)
    data, asked = config.data, tried(5, [5.8, 2.8, 4.7, 1.6])
    panel = ControlsMailbox(Controls(tried=asked))
    events = list(fit(config, splits.split(data, config.preparation), panel, SETTINGS))
    told, finished = events[last(events, TriedAnswer)[-1]], events[-1]
    assert isinstance(told, TriedAnswer) and isinstance(finished, Finished) and finished.weights
    assert told.scanned and told.flip is not None
    edge, weights = told.flip, finished.weights
    field = fields(config)[edge.field]
    place, span = field["at"][0], field["high"] - field["low"]

    def by_keras(share: float) -> int:
        """The class, so much of the range beyond the edge."""
        values = asked.x.astype(float).tolist()
        values[place] = edge.value + share * span * np.sign(edge.value - values[place])
        return int(keras_answers(config, weights, tried(6, values)).argmax())

    now = int(told.answers.argmax())
    assert by_keras(1e-4) == edge.to != now == by_keras(-0.002)


def test_a_question_changes_nothing_that_is_trained():
    config = CNN.replaced(epochs=2)
    ends = [list(fit(config, splits.split(config.data, config.preparation), ControlsMailbox(controls),
                     SETTINGS))[-1] for controls in (Controls(), Controls(tried=question(config)))]
    weights = [end.weights for end in ends if isinstance(end, Finished) and end.weights is not None]
    for one, other in zip(*weights, strict=True):
        np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize(("values", "word"), [
    (b"\x00" * 63, "64 pixels"), (bytes([17]) + b"\x00" * 63, "0 to 16"), ([0.0] * 65, "64 pixels"),
    ([float("nan")] + [0.0] * 63, "missing or too large"), ([1e300] + [0.0] * 63, "missing or too large"),
    ([-1.0] + [0.0] * 63, "0 to 16"), (["x"] * 64, "list of numbers"),
    ([[1.0]] * 63 + [[1.0, 2.0]], "list of"),
    ([0.0] * 20_000, "at most")])
def test_what_is_no_image_of_the_dataset_is_refused(values, word: str):
    with pytest.raises(FieldError, match=word) as refused:
        check(tried(1, values), CNN.data)
    assert refused.value.field == "tried"


def test_the_feature_without_a_number_is_named():
    with pytest.raises(FieldError, match="petal length"):
        check(tried(1, [5.0, 3.0, float("nan"), 1.0]), RunConfig().data)
    with pytest.raises(FieldError, match="whole number"):
        Tried(-1, b"")
