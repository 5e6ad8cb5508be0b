"""Members trained together, or side by side, against the same run alone, and folds against scikit-learn."""

import os

os.environ["KERAS_BACKEND"] = "jax"

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from unittest.mock import patch

import numpy as np
import pytest

from core.charts.repeats import folds_table
from core.formatting import percent
from core.runs.config import RunConfig
from core.settings import from_environment
from core.studies.events import GroupBegan, GroupEnded, GroupEpochs, GroupEvent
from core.studies.grouping import groups
from core.studies.reducer import begin_round, record
from core.studies.study import (
    DIVERGED,
    FINISHED,
    METRIC,
    STOPPED,
    TRAINING,
    VAL_LOSS,
    VAL_METRIC,
    Fold,
    Member,
    Round,
    Study,
    StudySize,
)
from core.training import starting
from core.training.model import keras_model
from core.training.studies import autotune, warm_states
from core.training.studies.autotune import BESIDE, TOGETHER
from core.training.studies.members import build_group
from core.training.studies.training import train
from core.training.studies.warm_states import Standings
from tests.core.training.studies.cases import CASES, IRIS
from tests.core.training.test_fit import run

SETTINGS = from_environment({})


class Listed:
    """A method of given members and rounds."""

    axes: tuple[str, ...] = ()

    def __init__(self, configs: list[RunConfig], folds: list[Fold | None] | None = None):
        self.config = configs[0]
        self.members = tuple(Member(config, (), fold) for config, fold in
                             zip(configs, folds or [None] * len(configs), strict=True))

    @property
    def plan(self) -> StudySize:
        return StudySize(len(self.members), len(self.members) * self.config.epochs)

    def following(self, members, results):
        return self.members, Round(tuple(range(len(self.members))), self.config.epochs)


@contextmanager
def chosen(way: str) -> Iterator[None]:
    """Groups of more than one train this way, whatever is quicker."""
    with patch.multiple(autotune, FEW_PRODUCTS=0, kept=lambda key, make: make(), _quicker=lambda *_: way):
        yield


def trained(method: Listed, *rounds: int, way: str = "", standings: Standings | None = None,
            stopped=lambda: False) -> tuple[Study, list[GroupEvent]]:
    """A study of one group, trained to the end of each of `rounds` epochs in turn."""
    study, told = Study("study", "owner", method), []
    begin_round(study, method.members, None, Round(tuple(range(len(method.members))), 1))
    assert len(groups(study.members, range(len(study.members)))) == 1
    standings = standings or Standings()
    with chosen(way) if way else nullcontext():
        for epochs in rounds or (method.config.epochs,):
            for event in train("study", dict(enumerate(study.members)), epochs, SETTINGS, stopped, standings):
                told.append(event)
                if not isinstance(event, GroupEnded):
                    record(study, event)
    assert isinstance(told[-1], GroupEnded) and not told[-1].failed
    return study, told


QUICK = ("learning rates and seeds", "a start, left within an epoch", "numbers of AdamW", "images")


@pytest.mark.parametrize("name, way", [
    *(pytest.param(name, TOGETHER, marks=() if name in QUICK else pytest.mark.sweep) for name in CASES),
    ("numbers of RMSprop", BESIDE), pytest.param("images", BESIDE, marks=pytest.mark.sweep)])
def test_each_member_trains_as_the_same_run_alone(name, way):
    configs = CASES[name]
    study, told = trained(Listed(configs), way=way)
    # What they differ in matters: not all of them merely agree with one run.
    assert not np.allclose(study.results.curves[0], study.results.curves[1], rtol=1e-3)
    assert [one.way for one in told if isinstance(one, GroupBegan)] == [way]
    assert set(study.results.states) == {FINISHED}
    for number, config in enumerate(configs):
        alone = run(config)
        expected = alone.table("epochs")[:, 1:]
        np.testing.assert_allclose(study.results.curves[number], expected, rtol=1e-4, atol=1e-4)
        assert study.results.test_loss[number] == pytest.approx(alone.evaluation.loss, rel=1e-3)
        assert study.results.test_metric[number] == pytest.approx(alone.evaluation.metric, rel=1e-3)


@pytest.mark.parametrize("way", [TOGETHER, BESIDE])
def test_a_start_whose_file_cannot_be_written_is_trained_once(way, tmp_path, monkeypatch):
    (tmp_path / "file").write_text("no folder")
    monkeypatch.setenv("PLAYGROUND_CACHE", str(tmp_path / "file"))
    start = {"config": {"epochs": 9, "learning_rate": 0.01}, "at": 7}
    configs = [IRIS.replaced(learning_rate=rate, start=start) for rate in (0.001, 0.03, 0.01)]
    with patch.object(starting, "_trained", wraps=starting._trained) as training:
        study, _ = trained(Listed(configs), way=way)
    assert training.call_count == 1
    alone = run(configs[1]).table("epochs")[:, 1:]
    np.testing.assert_allclose(study.results.curves[1], alone, rtol=1e-4, atol=1e-4)


def test_a_later_round_goes_on_from_where_the_members_stand():
    method = Listed([IRIS.replaced(learning_rate=rate) for rate in (0.01, 0.02)])
    whole, _ = trained(method)
    standings = Standings()
    halted, told = trained(method, 2, 7, standings=standings)
    np.testing.assert_array_equal(halted.results.curves, whole.results.curves)
    firsts = [event.first for event in told if isinstance(event, GroupEpochs) and event.rows.shape[1]]
    assert min(firsts[1:]) >= 2 and firsts.count(1) == 1  # no epoch twice
    again, _ = trained(method, 7, standings=standings)  # nobody waits any more: from the beginning
    np.testing.assert_array_equal(again.results.curves, whole.results.curves)


@pytest.mark.parametrize("way", [TOGETHER, BESIDE])
def test_without_validation_only_the_test_set_judges(way):
    configs = [IRIS.replaced(validation_share=0.0, epochs=2, seed=seed) for seed in (0, 1)]
    study, _ = trained(Listed(configs), way=way)
    assert set(study.results.states) == {FINISHED} and study.results.matrices.sum() == 0
    assert np.isnan(study.results.curves[:, :, VAL_LOSS]).all()
    for number, config in enumerate(configs):
        assert study.results.test_loss[number] == pytest.approx(run(config).evaluation.loss, rel=1e-3)


def test_what_nobody_fetched_is_let_go():
    method, standings = Listed([IRIS, IRIS.replaced(seed=1)]), Standings()
    with patch.object(warm_states, "KEPT_SECONDS", -1.0):
        whole, told = trained(method, 2, 7, standings=standings)
    firsts = [event.first for event in told if isinstance(event, GroupEpochs) and event.rows.shape[1]]
    assert firsts.count(1) == 2, "from the beginning, with the same curves"
    np.testing.assert_array_equal(whole.results.curves, trained(method)[0].results.curves)


def test_members_between_two_rounds_are_not_over():
    study, _ = trained(Listed([IRIS, IRIS.replaced(seed=1)]), 2)
    assert list(study.results.done) == [2, 2] and set(study.results.states) == {TRAINING}
    assert np.isnan(study.results.test_metric).all()


def test_early_stopping_ends_each_member_as_alone():
    configs = [RunConfig(epochs=60, patience=3, learning_rate=rate) for rate in (0.05, 0.2)]
    study, _ = trained(Listed(configs), way=TOGETHER)
    for number, config in enumerate(configs):
        alone = run(config)
        assert study.results.done[number] == len(alone.epochs) < 60
        assert np.isnan(study.results.curves[number, len(alone.epochs):]).all()
        assert study.results.test_metric[number] == pytest.approx(alone.evaluation.metric, abs=0.04)


def test_early_stopping_is_judged_by_the_weights_that_are_kept():
    config = RunConfig(epochs=60, patience=3, learning_rate=0.2, batch_size=16)
    study, _ = trained(Listed([config] * 3, [Fold(index, 3) for index in range(3)]))
    results, config = study.results, study.method.config
    matrices = results.matrices
    assert matrices is not None
    # What the network at hand, whose weights are the kept ones, answers to the examples that were left out.
    found = np.trace(matrices, axis1=1, axis2=2) / matrices.sum((1, 2))
    np.testing.assert_allclose(results.judged(VAL_METRIC, True), found, atol=1e-6)
    assert not np.allclose(results.judged(VAL_METRIC, False), found, atol=1e-6)
    table = folds_table(config, study.members, results)
    assert [row[4] for row in table["rows"][:3]] == [percent(one) for one in found]
    for number, data in enumerate(build_group(dict(enumerate(study.members))).splits):
        weights = run(config, data=data).finished.weights
        assert weights is not None
        model = keras_model(config, weights)
        logits = np.asarray(model(data.x_validation), float)
        right = logits[np.arange(len(logits)), data.y_validation]
        loss = (np.log(np.exp(logits).sum(1)) - right).mean()
        assert results.judged(VAL_LOSS, True)[number] == pytest.approx(loss, rel=1e-2)


def test_a_diverged_member_leaves_the_others_alone():
    configs = [RunConfig(dataset="diabetes", optimizer="sgd", learning_rate=rate, epochs=20)
               for rate in (0.01, 10.0)]
    study, _ = trained(Listed(configs))
    assert list(study.results.states) == [FINISHED, DIVERGED]
    assert study.results.done[1] < 20 == study.results.done[0]
    assert np.isfinite(study.results.curves[0]).all()


def test_a_stopped_study_keeps_what_there_is():
    seen = iter([False] * 6 + [True] * 1000)
    study, _ = trained(Listed([IRIS.replaced(epochs=1000), IRIS.replaced(epochs=1000, seed=1)]),
                       stopped=lambda: next(seen))
    assert set(study.results.states) == {STOPPED}
    assert 0 < study.results.done[0] < 1000
    assert np.isfinite(study.results.curves[:, :study.results.done[0], METRIC]).all()


@pytest.mark.parametrize("way", [TOGETHER, BESIDE])
def test_folds_of_different_sizes_train_as_alone(way):
    # 120 examples in 7 folds: 103 or 102 to train on. With batches of 51 some epochs have a third step.
    config = RunConfig(epochs=4, batch_size=51)
    folds = [Fold(index, 7) for index in range(7)]
    study, _ = trained(Listed([config] * 7, list(folds)), way=way)
    group = build_group(dict(enumerate(study.members)))
    assert group.ragged
    for number, found in enumerate(group.splits):
        alone = run(config, data=found)
        np.testing.assert_allclose(study.results.curves[number], alone.table("epochs")[:, 1:],
                                   rtol=1e-4, atol=1e-4)
    assert study.results.matrices.sum() == 120  # each example validates once


def test_cross_validation_agrees_with_scikit_learn_fold_by_fold():
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import log_loss
    config = RunConfig(dataset="blobs", dataset_parameters={"noise": 0.9, "classes": 3, "count": 300},
                       architecture="softmax", epochs=400, batch_size=60_000, optimizer="adam",
                       learning_rate=0.05)
    folds = [Fold(index, 5) for index in range(5)]
    study, _ = trained(Listed([config] * 5, list(folds)))
    losses = []
    for number, found in enumerate(build_group(dict(enumerate(study.members))).splits):
        model = LogisticRegression(C=np.inf, max_iter=1000).fit(found.x_train, found.y_train)
        losses.append(log_loss(found.y_validation, model.predict_proba(found.x_validation)))
        assert study.results.curves[number, -1, VAL_LOSS] == pytest.approx(losses[-1], abs=0.02)
    assert min(losses) > 0.05  # the classes overlap, so that there is a solution at all
