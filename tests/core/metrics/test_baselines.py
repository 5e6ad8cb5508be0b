"""Classical methods: fitted to the very examples of a network, and no more than they may."""

import warnings
from dataclasses import replace

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.svm import SVR

from core.catalog.baselines import BASELINES, baselines_for
from core.datasets import DATASETS, splits
from core.datasets.scikit import numbers
from core.datasets.series import windows
from core.datasets.splits import split
from core.metrics import baselines
from core.metrics.baselines import NotFitted, fit_baseline, flat, part
from core.metrics.naive_forecast import seasonal_naive
from core.metrics.season import found_season
from core.runs.config import RunConfig

DIABETES = RunConfig(dataset="diabetes")
SERIES = RunConfig(dataset="sine", architecture="rnn", dataset_parameters={"horizon": 3, "steps": 150})
CASES = {"classification": RunConfig(), "regression": DIABETES, "forecasting": SERIES}
FITS = [(task, name) for task in CASES for name in baselines_for(task)]


@pytest.mark.parametrize("task, name", FITS)
def test_each_method_answers_the_whole_test_set(task, name):
    config = CASES[task]
    expected = splits.test_set(config.data, config.preparation).y
    found = fit_baseline(config, name)
    assert found.predicted.shape == expected.shape and np.isfinite(found.predicted).all()
    assert found.examples == found.of == (0 if BASELINES[name].rule else split(
        config.data, config.preparation).examples)
    if task == "classification":
        assert set(np.unique(found.predicted)) <= set(range(3))


@pytest.mark.parametrize("name", ["forest", "tree", "boosting"])
def test_the_seed_decides_what_is_drawn(name):
    config = RunConfig(dataset="breast_cancer", training_size=60)
    first, second = (fit_baseline(config, name).predicted for _ in range(2))
    assert np.array_equal(first, second)


def test_the_majority_is_right_as_often_as_its_class_is_there():
    config = RunConfig(dataset="breast_cancer")
    y = splits.test_set(config.data, config.preparation).y
    training = split(config.data, config.preparation).y_train
    found = fit_baseline(config, "majority")
    assert (found.predicted == y).mean() == (y == np.bincount(training).argmax()).mean()


@pytest.mark.parametrize("changes", [{}, {"label_noise": 0.3}, {"imbalance": 0.8}, {"scaling": "none"},
                                     {"training_size": 50}])
def test_logistic_regression_learns_from_what_the_network_learns_from(changes):
    config = RunConfig(dataset="wine", **changes)
    data = split(config.data, config.preparation)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what is not scaled is hard to fit
        wanted = LogisticRegression(max_iter=300).fit(data.x_train, data.y_train).predict(data.x_test)
    assert fit_baseline(config, "linear").predicted.tolist() == wanted.tolist()


def test_images_are_flattened_and_scaled():
    config = RunConfig(dataset="digits", architecture="cnn")
    data = split(config.data, config.preparation)
    rows = data.x_train.reshape(len(data.x_train), 64) / 16
    assert np.allclose(flat(data.x_train, data.scale), rows)
    told = LogisticRegression(max_iter=300).fit(rows.astype(np.float32), data.y_train).predict(
        data.x_test.reshape(-1, 64) / 16)
    assert (fit_baseline(config, "linear").predicted == told).mean() > 0.99


def test_numbers_come_back_in_their_own_units():
    data = split(DIABETES.data, DIABETES.preparation)
    scaled = Ridge().fit(data.x_train, data.y_train).predict(data.x_test).reshape(-1, 1)
    wanted = scaled * data.target_deviation + data.target_mean
    assert fit_baseline(DIABETES, "ridge").predicted == pytest.approx(wanted, rel=1e-4)
    mean = fit_baseline(DIABETES, "mean").predicted
    assert mean == pytest.approx(np.full_like(mean, data.target_mean[0]), rel=1e-5)


def test_several_numbers_take_a_method_each_where_it_gives_only_one():
    data = split(SERIES.data, SERIES.preparation)
    x, x_test = flat(data.x_train, 1.0), flat(data.x_test, 1.0)
    wanted = SVR().fit(x, data.y_train[:, 2]).predict(x_test)
    found = fit_baseline(SERIES, "support").predicted[:, 2]
    assert found == pytest.approx(wanted * data.target_deviation[2] + data.target_mean[2], rel=1e-4, abs=1e-5)


def test_the_naive_forecast_is_the_last_value():
    shown = splits.test_set(SERIES.data, SERIES.preparation)
    assert np.array_equal(fit_baseline(SERIES, "naive").predicted, np.repeat(shown.x[:, -1], 3, 1))


def test_linear_autoregression_is_least_squares_on_the_windows():
    def rows(x: np.ndarray) -> np.ndarray:
        return np.hstack([x[:, :, 0], np.ones((len(x), 1))])

    config = SERIES.replaced(dataset="sines")
    data, shown = split(config.data, config.preparation), splits.test_set(config.data, config.preparation)
    whole = config.data.load()  # in time, so the training examples are the first
    weights = np.linalg.lstsq(rows(whole.x[:data.examples].astype(float)), whole.y[:data.examples])[0]
    found = fit_baseline(config, "autoregression").predicted
    assert found == pytest.approx(rows(shown.x) @ weights, abs=1e-3)


def test_the_seasonal_naive_forecast_is_the_value_one_season_ago():
    values = np.array([0, 10, 20, 30, 1, 11, 21, 31, 2, 12, 22, 32, 3, 13, 23, 33], np.float32)
    made = DATASETS["sine"].made_with({"horizon": 6, "window": 2})
    known = replace(made, examples=9, season=4, load=lambda: numbers(*windows(values, 2, 6)))
    # The last two of nine windows are tested; the last values that they see are 2 and 12.
    told = seasonal_naive(known)
    assert told is not None and told.tolist() == [[11, 21, 31, 2, 11, 21], [21, 31, 2, 12, 21, 31]]


def test_a_season_is_found_and_a_drift_is_none():
    random = np.random.default_rng(0)
    weekly = np.tile(random.normal(0, 1, 7), 30) + np.arange(210) / 20 + random.normal(0, 0.3, 210)
    assert found_season(weekly) == 7
    assert sum(found_season(random.normal(0, 1, 200).cumsum()) > 0 for _ in range(50)) <= 3
    assert found_season(np.zeros(100)) == found_season(np.arange(5.0)) == 0


def test_a_series_without_a_season_is_refused_in_words():
    with pytest.raises(NotFitted, match="no season was found"):
        fit_baseline(RunConfig(dataset="stocks", architecture="rnn"), "seasonal")


def test_of_large_data_a_part_is_drawn_and_said(monkeypatch):
    config, tree = RunConfig(dataset="breast_cancer"), BASELINES["tree"]
    monkeypatch.setitem(baselines.BASELINES, "tree", replace(tree, most_values=30 * 40))
    found = fit_baseline(config, "tree")
    assert (found.examples, found.of) == (40, split(config.data, config.preparation).examples)
    data = split(config.data, config.preparation)
    chosen = part(replace(tree, most_examples=70), data, 5)
    assert len(set(chosen.tolist())) == 70 and chosen.max() < data.examples
    assert chosen.tolist() == part(replace(tree, most_examples=70), data, 5).tolist()


def test_what_cannot_be_fitted_is_said_in_words(monkeypatch):
    def refuse(*_):
        raise ValueError("needs samples of at least 2 classes\nand more")

    monkeypatch.setattr(LogisticRegression, "fit", refuse)
    with pytest.raises(NotFitted, match=r"Logistic regression cannot be fitted .* 2 classes$"):
        fit_baseline(RunConfig(), "linear")


def test_few_examples_have_as_many_neighbours():
    config = RunConfig(dataset="hello", validation_share=0.0, training_size=3)
    found = fit_baseline(config, "neighbours")
    assert found.examples == 3
    assert np.isfinite(found.predicted).all()
