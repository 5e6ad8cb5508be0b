"""Anomalies: who is learned from, what the errors say, and scikit-learn's word for it."""

import os

os.environ["KERAS_BACKEND"] = "jax"

from typing import Any

import numpy as np
import pytest
from sklearn.ensemble import IsolationForest
from sklearn.metrics import roc_auc_score
from sklearn.neighbors import NearestNeighbors

from core.datasets import DATASETS, DatasetUnavailable
from core.datasets.sensor import FAULTS, WAVES
from core.datasets.splits import split
from core.metrics.baselines import fit_baseline
from core.parameters import FieldError
from core.runs.config import RunConfig
from core.runs.controls import ControlsMailbox
from core.runs.history import History
from core.runs.program_key import program_key
from core.settings import from_environment
from core.training.fit import fit
from core.training.plan import Plan
from core.training.predict_test_set import network_answers
from core.views.reports import reconstruction_report

IRIS = RunConfig(target="input", normal=("versicolor",), architecture="autoencoder", epochs=20,
                 architecture_parameters={"hidden_units": [6], "code": 2})
VERSICOLOR = 1


def run(config: RunConfig) -> History:
    history = History()
    for event in fit(config, split(config.data, config.preparation), ControlsMailbox(), from_environment({})):
        history.append(event)
    return history


@pytest.fixture(scope="module")
def history() -> History:
    return run(IRIS)


def test_it_learns_from_normal_examples_alone_and_is_tested_on_all():
    found, plain = (split(config.data, config.preparation)
                    for config in (IRIS, RunConfig(dataset="iris")))
    assert set(found.y_train) == set(found.y_validation) == {VERSICOLOR} and len(found.y) == 40
    np.testing.assert_array_equal(found.y_test, plain.y_test)
    np.testing.assert_allclose(found.x_train.mean(0), 0, atol=1e-5)  # scaled by what is normal


def test_another_normal_class_another_seed_or_several_of_them_compile_nothing():
    others = [IRIS.replaced(normal=names, seed=seed) for names, seed in (
        (("setosa",), 0), (("setosa", "virginica"), 0), (("versicolor",), 7))]
    first, *keys = ((program_key(config), Plan.of(config, split(config.data, config.preparation)).fixed)
                    for config in (IRIS, *others))
    assert all(key == first for key in keys)


def test_the_area_is_scikit_learns_of_the_errors_of_single_examples(history: History):
    data, evaluation = split(IRIS.data, IRIS.preparation), history.evaluation
    found = evaluation.reconstructions
    answers = network_answers(IRIS, history.finished.weights or ())
    odd, errors = data.y_test != VERSICOLOR, answers.outputs[:, 0]
    assert found.area == pytest.approx(roc_auc_score(odd, errors)) and found.area > 0.9
    assert dict(evaluation.measures) == {"area": found.area}
    np.testing.assert_array_equal(found.anomalous, odd)
    assert evaluation.metric == pytest.approx(errors[~odd].mean(), rel=1e-4), "of the normal ones"
    assert evaluation.loss == pytest.approx(answers.losses[~odd].mean(), rel=1e-4)
    # Those that come back worst are sent with what comes back.
    worst = answers.worst
    np.testing.assert_array_equal(worst.indices, np.argsort(-errors, kind="stable")[:24])
    off = np.sqrt(np.square(worst.given - worst.made).mean(1))
    np.testing.assert_allclose(off, errors[worst.indices], rtol=1e-4)
    np.testing.assert_allclose(worst.given, data.x_test[worst.indices])
    # Normal and anomalous ones are drawn in turns.
    assert abs(int(found.odd[1:].sum()) - int((~found.odd[1:]).sum())) <= 1


def test_the_report_says_the_area_and_the_square_of_the_mean(history: History):
    rows = {name: cells for name, *cells in reconstruction_report(IRIS.data, history.evaluation)["rows"]}
    found, data = history.evaluation.reconstructions, split(IRIS.data, IRIS.preparation)
    assert rows["Area under the ROC curve"][0] == f"{found.area:#.3g}"
    normal = data.x_test[data.y_test == VERSICOLOR]
    assert float(rows["Mean squared error"][1]) == pytest.approx(
        np.square(normal - data.x_train.mean(0)).mean(), rel=6e-3)


@pytest.mark.parametrize("name, scores", [
    ("isolation", lambda x, t: -IsolationForest(random_state=0).fit(x).score_samples(t)),
    ("nearest", lambda x, t: NearestNeighbors(n_neighbors=1).fit(x).kneighbors(t)[0][:, 0])])
def test_the_baselines_are_scikit_learns_on_the_same_examples(name: str, scores: Any):
    data = split(IRIS.data, IRIS.preparation)
    found = fit_baseline(IRIS, name)
    np.testing.assert_allclose(found.predicted[:, 0], scores(data.x_train, data.x_test), rtol=1e-5)
    assert found.examples == found.of == 32


def test_a_normal_window_of_the_sensor_is_two_waves_and_each_fault_is_seen():
    for fault in FAULTS:
        data = DATASETS["sensor"].made_with({
            "count": 200, "noise": 0.0, "fault": fault, "fault_share": 0.2})
        loaded = data.load()
        time = np.arange(loaded.x.size)
        waves = np.sum([height * np.sin(2 * np.pi * time / period) for period, height in WAVES], 0)
        off = np.abs(loaded.x - waves.reshape(loaded.x.shape)).max(axis=(1, 2))
        assert loaded.y.sum() == 40 and off[loaded.y == 0].max() < 1e-6
        assert off[loaded.y == 1].min() > 0.05, fault


@pytest.mark.parametrize("values, words", [
    ({"normal": ("rose",)}, "must be some of setosa"),
    ({"normal": ("setosa",), "target": "label", "architecture": "mlp"}, "the input as the target"),
    ({"normal": ("setosa",), "dataset": "sine"}, "examples with classes"),
    ({"normal": "setosa"}, "must be a list")])
def test_what_cannot_be_normal_is_refused_in_words(values: dict[str, Any], words: str):
    with pytest.raises(FieldError, match=words) as caught:
        RunConfig(**{"target": "input", "architecture": "autoencoder", **values})
    assert caught.value.field == "normal"


def test_too_few_normal_examples_are_refused_in_words():
    points = [*([place, 0.0, 0] for place in (0.0, 1.0, 2.0)), *([place / 10, 1.0, 1] for place in range(20))]
    config = RunConfig(dataset="placed", target="input", normal=("class 1",),
                       dataset_parameters={"points": points})
    with pytest.raises(DatasetUnavailable, match="at least 3 are needed"):
        split(config.data, config.preparation)


def test_configs_keep_their_keys_and_lose_what_no_longer_fits():
    assert RunConfig.from_dict(IRIS.to_dict()) == IRIS and IRIS.to_dict()["normal"] == ["versicolor"]
    assert "normal" not in IRIS.replaced(normal=()).to_dict()
    every = IRIS.replaced(normal=("virginica", "setosa", "versicolor"))
    assert every.normal == () and not every.data.detects, "nothing is left to find"
    assert IRIS.replaced(dataset="wine").normal == ()
    assert IRIS.replaced(normal=("virginica", "setosa")).normal == ("setosa", "virginica")
