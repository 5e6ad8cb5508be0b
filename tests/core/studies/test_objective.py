"""Scores, the best trial, importance, and the cost of a study."""

import numpy as np
import pytest

from core.parameters import FieldError
from core.runs.config import RunConfig
from core.settings import from_environment
from core.studies import cost
from core.studies.methods import METHODS, Searching
from core.studies.objective import Objective, best, importances, ranked
from core.studies.repeats import CrossValidation, Seeds
from core.studies.search import METHOD_NAMES, Search
from core.studies.space import Axis
from core.studies.study import DIVERGED, DROPPED, FINISHED, VAL_LOSS, VAL_METRIC, StudyResults
from tests.studies import FakeStudies

LOSS, ACCURACY = Objective.of("val_loss", RunConfig()), Objective.of("val_metric", RunConfig())


def some_results() -> StudyResults:
    results = StudyResults.empty(5, 3, 3)
    results.done[:] = [3, 3, 1, 2, 0]
    results.curves[:, :, VAL_LOSS] = [
        [3, 2, 0.5], [3, 0.1, 0.7], [0.2, 9, 9], [1, np.nan, 9], [0.1, 0.1, 0.1]]
    results.curves[:, :, VAL_METRIC] = [[0, 0, 0.5], [0, 0, 0.7], [0.9, 0, 0], [1, np.nan, 0], [1, 1, 1]]
    results.states[:] = [FINISHED, FINISHED, DROPPED, DIVERGED, 0]
    return results


def test_the_best_is_the_one_with_the_best_last_value():
    results = some_results()
    assert LOSS.values(results).tolist()[:3] == pytest.approx([0.5, 0.7, 0.2])
    assert np.isnan(LOSS.values(results)[3:]).all() and np.isinf(LOSS.costs(results)[3:]).all()
    assert LOSS.values(results, 2).tolist()[:3] == pytest.approx([2, 0.1, 0.2])
    assert ranked(LOSS, results).tolist() == [0, 1, 2], "what was dropped comes behind"
    assert ranked(ACCURACY, results).tolist() == [1, 0, 2]
    assert best(LOSS, StudyResults.empty(0, 1, 0)) is None and best(LOSS, StudyResults.empty(3, 1, 0)) is None
    assert Objective.of("val_metric", RunConfig(dataset="diabetes")).falls


def test_with_early_stopping_the_best_epoch_is_judged_whose_weights_are_kept():
    results, early = some_results(), RunConfig(patience=2)
    loss, accuracy = Objective.of("val_loss", early), Objective.of("val_metric", early)
    assert results.kept(True).tolist() == [3, 2, 1, 1, 0]
    assert loss.values(results).tolist()[:3] == pytest.approx([0.5, 0.1, 0.2])
    assert accuracy.values(results).tolist()[:3] == pytest.approx([0.5, 0, 0.9]), "of the lowest loss's epoch"
    assert loss.values(results, 1).tolist()[:3] == pytest.approx([3, 3, 0.2])
    assert ranked(loss, results).tolist() == [1, 0, 2] and ranked(accuracy, results).tolist() == [0, 1, 2]
    nothing = StudyResults.empty(2, 3, 0)
    assert nothing.kept(True).tolist() == [0, 0] and np.isnan(nothing.judged(VAL_LOSS, True)).all()
    assert StudyResults.empty(0, 1, 0).judged(VAL_LOSS, True).shape == (0,)


def test_the_parameter_that_decides_is_the_most_important():
    search = Search(RunConfig(epochs=5), (Axis("seed", 0, 99), Axis("learning_rate", 1e-4, 0.5, True),
                                          Axis("activation", values=("relu", "tanh"))), trials=80)
    study = FakeStudies().submit("me", Searching(search))
    found = importances(search.axes, study.members, search.goal, study.results)
    assert isinstance(found, dict)
    assert next(iter(found)) == "learning_rate" and found["learning_rate"] > 0.8
    assert sum(found.values()) == pytest.approx(1)
    again = importances(search.axes, study.members, search.goal, study.results)
    assert again == found


def test_too_few_results_have_no_importance():
    search = Search(RunConfig(epochs=5), (Axis("seed", 0, 99),), trials=8)
    study = FakeStudies().submit("me", Searching(search))
    assert "there are 8" in str(importances(search.axes, study.members, search.goal, study.results))
    same = StudyResults.empty(20, 2, 3)
    same.curves[:, 0, VAL_LOSS], same.done[:] = 0.5, 1
    members = study.members * 3
    assert "the same" in str(importances(search.axes, members[:20], search.goal, same))


@pytest.mark.parametrize("architecture, wanted", [
    ("softmax", 64 * 10), ("mlp", 64 * 16 + 16 * 16 + 16 * 10),
    # 8x8 pixels, 3x3 filters: 64 places of 32 sums over 9, pooled to 4x4, 16 places of 64 sums over 9 * 32.
    ("cnn", 64 * 32 * 9 + 16 * 64 * 9 * 32 + 2 * 2 * 64 * 64 + 64 * 10)])
def test_multiplications_are_counted(architecture: str, wanted: int):
    assert cost.multiplications(RunConfig(dataset="digits", architecture=architecture)) == wanted


def test_a_study_that_is_too_large_is_refused():
    settings = from_environment({})
    axes = (Axis("learning_rate", 1e-4, 0.5, True), Axis("seed", 0, 9999))
    cost.check(Searching(Search(RunConfig(), axes, trials=1000)), settings)
    with pytest.raises(FieldError, match="1,001 trainings; the limit is 1,000"):
        cost.check(Searching(Search(RunConfig(), axes, trials=1001)), settings)
    many = tuple(Axis(field, low, high, levels=50) for field, low, high in (
        ("learning_rate", 0.1, 1), ("dropout_rate", 0, 0.5), ("seed", 0, 999), ("clip_norm", 0, 1),
        ("label_noise", 0, 0.5), ("imbalance", 0, 0.9)))
    with pytest.raises(FieldError, match="15,625,000,000 trainings"):
        cost.check(Searching(Search(RunConfig(), many, "grid")), settings)
    large = RunConfig(dataset="mnist", architecture="tutorial_cnn", epochs=100)
    with pytest.raises(FieldError, match=r"about \d+ h of computing, but a study may use only about \d+ min"):
        cost.check(Seeds(large, 100), settings)


def test_the_estimate_grows_with_the_study_and_learns():
    small = Seeds(RunConfig(dataset="mnist", epochs=2), 4)
    large = Seeds(RunConfig(dataset="mnist", epochs=8), 40)
    assert cost.seconds(small) < cost.seconds(large)
    rates, sizes = (Searching(Search(RunConfig(), axes, trials=100)) for axes in (
        (Axis("learning_rate", 1e-4, 1.0, log=True),), (Axis("batch_size", 1, 64),)))
    assert cost.seconds(sizes) > 40 * cost.COMPILE_SECONDS > 20 * cost.seconds(rates)
    folds = CrossValidation(RunConfig(epochs=10), 4)
    assert folds.plan == (4, 40)
    study = FakeStudies().submit("me", small)
    study.created, study.ended, study.compiled = 100.0, 100.0 + 1.0, 1.0
    quick = cost.seconds(large, [study])
    study.ended = 100.0 + 501.0
    assert quick < cost.seconds(large) < cost.seconds(large, [study])
    study.status = "stopped"
    assert cost.seconds(large, [study]) == cost.seconds(large)


def test_the_estimate_counts_what_has_to_be_compiled_and_learns_how_long_that_takes():
    tiny, other = Seeds(RunConfig(epochs=2), 4), Seeds(RunConfig(epochs=3), 4)
    assert cost.COMPILE_SECONDS < cost.seconds(tiny) < cost.COMPILE_SECONDS + 1
    study = FakeStudies().submit("me", tiny)
    study.created, study.ended, study.compiled = 100.0, 100.0 + 18.5, 18.0
    assert cost.seconds(other, [study]) > 18, "another program, which takes as long to compile"
    assert cost.seconds(tiny, [study]) < 1, "this program is there"


@pytest.mark.parametrize("value, words", [(0.2, "about 1 s"), (23, "about 20 s"), (58, "about 1 min"),
                                          (200, "about 3 min"), (1500, "about 20 min"), (3500, "about 1 h")])
def test_a_guess_in_words(value: float, words: str):
    assert cost.about(value) == words


def test_every_method_says_what_it_is():
    assert tuple(METHODS) == METHOD_NAMES
    for method in METHODS.values():
        assert method.label and method.help.endswith(".") and set(method.uses) <= {"trials", "eta",
                                                                                   "least_epochs"}
