"""A worker's answers for the whole test set, compared with Keras's own `predict` and `evaluate`."""

import keras
import numpy as np
import pytest

from core.catalog.losses import LOSSES
from core.datasets import splits
from core.datasets.splits import split
from core.metrics.network import KEPT_PARAMETERS, Unanswered
from core.metrics.test_report import evaluated
from core.runs.config import RunConfig
from core.runs.controls import Controls, ControlsMailbox
from core.runs.evaluations import Evaluation
from core.runs.events import Finished
from core.settings import Settings
from core.training.fit import fit
from core.training.live_weights import WEIGHT_BYTES
from core.training.model import keras_model
from core.training.predict_test_set import network_answers
from core.training.save_model import saved_model

SMALL = {
    "classes": RunConfig(epochs=3, l2=0.001, loss_parameters={"label_smoothing": 0.1}),
    "one output": RunConfig(dataset="moons", loss="binary_cross_entropy", epochs=3),
    "images": RunConfig(dataset="digits", architecture="cnn", epochs=1,
                        architecture_parameters={"filters": [4], "dense_units": [8]}),
    "regression": RunConfig(dataset="diabetes", epochs=2, batch_normalization=True),
    "series": RunConfig(dataset="sine", architecture="rnn", activation="tanh", epochs=1,
                        dataset_parameters={"horizon": 2, "steps": 200}),
}


def trained(config: RunConfig) -> tuple[Evaluation, tuple[np.ndarray, ...]]:
    """A short run's last evaluation and its weights."""
    events = list(fit(config, split(config.data, config.preparation), ControlsMailbox(Controls()),
                      Settings(workers=1, threads=2)))
    seen = next(event for event in events[::-1] if isinstance(event, Evaluation))
    assert isinstance(events[-1], Finished) and events[-1].weights is not None
    return seen, events[-1].weights


@pytest.fixture(scope="module", params=SMALL)
def run(request):
    return SMALL[request.param], *trained(SMALL[request.param])


def test_it_answers_what_keras_predicts(run):
    config, _, weights = run
    data = split(config.data, config.preparation)
    outputs = keras_model(config, weights).predict(data.x_test * np.float32(data.scale), verbose=0)
    if LOSSES[config.loss].binary:
        second = keras.ops.convert_to_numpy(keras.ops.sigmoid(outputs))
        outputs = np.concatenate([1 - second, second], 1)
    elif config.data.classes:
        outputs = keras.ops.convert_to_numpy(keras.ops.softmax(outputs))
    else:
        outputs = outputs * data.target_deviation + data.target_mean
    found = network_answers(config, weights)
    assert found.outputs.dtype == found.losses.dtype == np.float32
    np.testing.assert_allclose(found.outputs, outputs, rtol=2e-4, atol=2e-5)


def test_the_model_file_answers_what_the_network_answers(run, tmp_path):
    """Probabilities of classes, and numbers as the network was taught them."""
    config, _, weights = run
    (tmp_path / "model.keras").write_bytes(saved_model(config, weights))
    model, data = keras.models.load_model(tmp_path / "model.keras"), split(config.data, config.preparation)
    answers = model.predict(data.x_test * np.float32(data.scale), verbose=0)
    expected = network_answers(config, weights).outputs
    if LOSSES[config.loss].binary:
        expected = expected[:, 1:]
    elif not config.data.classes:
        answers = answers * data.target_deviation + data.target_mean
    np.testing.assert_allclose(answers, expected, rtol=2e-4, atol=2e-5)


def test_it_says_what_the_run_said_at_its_end(run):
    config, seen, weights = run
    found = evaluated(network_answers(config, weights), config.data, config.preparation)
    whole = splits.test_set(config.data, config.preparation)
    assert len(found.answers.losses) == seen.examples == len(whole.y)
    assert found.loss == pytest.approx(seen.loss, rel=1e-5)
    if config.data.classes:
        assert found.classes.matrix.tolist() == seen.matrix.tolist()
        assert found.classes.accuracy == pytest.approx(seen.metric)
    else:
        assert found.numbers.mae == pytest.approx(seen.numbers.mae, rel=1e-5)
        assert found.numbers.r2 == pytest.approx(seen.numbers.r2, rel=1e-4)
        assert found.evaluation.numbers.rmse == pytest.approx(seen.numbers.rmse, rel=1e-5)


def test_too_many_answers_stay_where_they_are(monkeypatch):
    monkeypatch.setattr("core.training.predict_test_set.too_large", lambda examples,
                        units: examples * units == 90)
    with pytest.raises(Unanswered, match="predictions for 30 test examples, 3 numbers each, are too many"):
        network_answers(RunConfig(), [])


def test_a_network_that_answers_no_numbers_is_told_in_words():
    config = SMALL["classes"]
    weights = tuple(np.full_like(one, np.nan) for one in trained(config)[1])
    with pytest.raises(Unanswered, match="no longer numbers"):
        network_answers(config, weights)


def test_weights_that_come_home_are_those_that_are_said():
    assert 4 * KEPT_PARAMETERS == WEIGHT_BYTES


def test_it_forecasts_a_series_step_by_step_as_keras_does_by_hand(run):
    config, _, weights = run
    found = network_answers(config, weights).recursive
    if config.data.task != "forecasting":
        assert found is None
        return
    data, model = split(config.data, config.preparation), keras_model(config, weights)
    shown = splits.test_set(config.data, config.preparation).x[:, :, 0]
    for step in range(config.data.outputs):
        window = (shown[:, -10:, None] - data.mean) / data.deviation
        first = model.predict(window, verbose=0)[:, 0] * data.target_deviation[0] + data.target_mean[0]
        np.testing.assert_allclose(found[:, step], first, rtol=1e-3, atol=1e-4)
        shown = np.hstack([shown, first[:, None]])
