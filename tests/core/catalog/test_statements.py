"""The numbers and formulas in help texts and documents are true."""

import re

import keras
import numpy as np
import pytest
from keras.src.backend.common import global_state

from core.catalog.help import HELP
from core.catalog.layers import LAYER_KINDS
from core.catalog.losses import LOSSES
from core.datasets import DATASETS, splits
from core.datasets.curves import FUNCTIONS
from core.lessons.articles import IDEAS
from core.runs.config import RunConfig

# The mean size of normal noise, in standard deviations.
FLOOR = np.sqrt(2 / np.pi)


def idea(title: str) -> str:
    """What the ideas say of one."""
    return next(" ".join(idea.text.split()) for idea in IDEAS.values() if idea.title == title)


def help_of(dataset: str, parameter: str) -> str:
    return next(one.help for one in DATASETS[dataset].parameters if one.name == parameter)


@pytest.mark.parametrize("function", FUNCTIONS)
def test_the_best_error_on_a_curve_is_0_8_of_its_noise(function: str):
    noise = 0.7
    data = DATASETS["curve"].made_with({"function": function, "count": 2000, "noise": noise}).load()
    error = np.abs(data.y - FUNCTIONS[function](data.x.astype(float))).mean()
    # A step's place is lost where a number was rounded to float32.
    assert error == pytest.approx(FLOOR * noise, rel=0.05)
    assert "0.8 times" in help_of("curve", "noise") and pytest.approx(FLOOR, abs=0.01) == 0.8


def test_the_best_error_on_a_series_is_0_8_of_its_noise():
    values = {"window": 2, "steps": 5000}
    plain, noisy = (DATASETS["sines"].made_with({**values, "noise": noise}).load().y for noise in (0.0, 0.4))
    assert np.abs(noisy - plain).mean() == pytest.approx(FLOOR * 0.4, rel=0.05)
    assert "0.8 times" in help_of("sines", "noise") and "0.8 times" in help_of("sine", "noise")


def test_the_ideas_name_the_errors_that_noise_leaves():
    for name, dataset in (("Noise", "curve"), ("Window", "sines")):
        noise = dict(DATASETS[dataset].values)["noise"]
        assert f"standard deviation of {noise:g}" in idea(name)
        assert f"{FLOOR * noise:.2g}" in re.findall(r"0\.\d+", idea(name))


def test_the_formula_of_the_hinge_is_that_of_keras():
    outputs = np.random.default_rng(0).normal(-0.5, 1, (200, 4))
    y = np.arange(200) % 4
    true, others = outputs[np.arange(200), y], np.where(np.eye(4)[y] == 1, -np.inf, outputs).max(1)
    expected = np.maximum(0, 1 + np.maximum(others, 0) - true)
    got = keras.ops.convert_to_numpy(keras.losses.categorical_hinge(np.eye(4)[y], outputs))
    np.testing.assert_allclose(got, expected, rtol=1e-5, atol=1e-6)
    assert (others < 0).any(), "where all wrong classes are below 0 it matters"
    assert "or 0 if all of those are below 0" in LOSSES["categorical_hinge"].help


def test_batch_normalization_stands_where_its_help_says():
    layers = RunConfig(batch_normalization=True).layers()
    names = [layer["class_name"] for layer in layers]
    assert names == ["Dense", "BatchNormalization"] * 2
    assert all(layer["config"]["activation"] == "relu" for layer in layers[::2])
    assert "comes after the activation" in HELP["batch_normalization"]


def test_what_is_not_scaled_are_the_targets_too():
    plain, scaled = (splits.split(config.data, config.preparation) for config in (
        RunConfig(dataset="diabetes", scaling=scaling) for scaling in ("none", "standard")))
    assert plain.y_train.mean() > 100 and abs(scaled.y_train.mean()) < 1e-3
    assert "not even the targets" in HELP["scaling"]


def test_label_noise_leaves_validation_and_test_as_they_are():
    clean, noisy = (splits.split(config.data, config.preparation) for config in (
        RunConfig(dataset="digits", label_noise=share) for share in (0.0, 0.5)))
    assert (clean.y_train != noisy.y_train).mean() == pytest.approx(0.5, abs=0.01)
    np.testing.assert_array_equal(clean.y_validation, noisy.y_validation)
    assert "validation and test sets stay correct" in HELP["label_noise"]


def test_an_lstm_has_four_times_the_weights():
    def weights(name: str) -> int:
        # No weight is drawn: that takes most of the time.
        with keras.StatelessScope(initialize_variables=False):
            cell = getattr(keras.layers, name)(8)
            cell.build((None, 5, 3))
        global_state.set_global_attribute("uninitialized_variables", [])
        return cell.count_params()

    assert weights("LSTM") == 4 * weights("SimpleRNN")
    assert "four times as many weights" in LAYER_KINDS["LSTM"].help


def test_a_straight_line_leaves_more_than_half_of_diabetes_unexplained():
    from sklearn.linear_model import LinearRegression
    from sklearn.model_selection import cross_val_score

    data = DATASETS["diabetes"].load()
    explained = cross_val_score(LinearRegression(), data.x, data.y[:, 0], cv=10, scoring="r2").mean()
    assert 0.3 < explained < 0.5 and "more than half" in DATASETS["diabetes"].help
