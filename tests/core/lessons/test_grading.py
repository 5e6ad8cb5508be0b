"""Challenges are graded by the server alone: whatever a browser claims, a verdict comes from training."""

import math
from dataclasses import replace

import numpy as np
import pytest

from core.datasets.splits import split
from core.lessons.by_hand import MAE, MSE
from core.lessons.grading import Grading, judge, judge_at_once, submission
from core.lessons.lesson import NumberInput
from core.lessons.reading import lessons
from core.parameters import FieldError
from core.runs.config import RunConfig
from core.runs.evaluations import Evaluation
from core.runs.moments import Moment, Moments
from core.studies import cost
from core.studies.repeats import Seeds
from core.studies.study import DIVERGED, FAILED, FINISHED, Study, StudyResults
from tests.core.lessons.made import MOONS, ended, lesson, offer
from tests.core.store import made as runs

NOTHING = StudyResults.empty(0, 1, 0)
THRESHOLD = NumberInput("threshold", "Threshold", 0.01, 0.99, 0.5)
RARE = {"check": "recall_precision", "values": {"recall": 0.8, "precision": 0.35}, "inputs": (THRESHOLD,)}


def refused(field: str, *arguments, **named) -> str:
    with pytest.raises(FieldError) as caught:
        submission("made", *arguments, **named)
    assert caught.value.field == field
    return str(caught.value)


@pytest.mark.parametrize("field, changes", [
    ("epochs", {"epochs": 400}), ("label_noise", {"label_noise": 0.1}),
    ("dataset_parameters.noise", {"dataset_parameters": {"count": 100, "noise": 0.0}}),
    ("dataset", {"dataset": "blobs"}), ("scaling", {"scaling": "none"}), ("patience", {"patience": 5}),
    ("optimizer", {"optimizer": "sgd"}), ("training_size", {"training_size": 20}),
    ("start", {"start": {"config": {"dataset": "moons", "dataset_parameters": {"count": 100}}, "at": 1}})])
def test_what_the_challenge_does_not_leave_free_is_refused_by_its_field(monkeypatch, field, changes):
    offer(monkeypatch, lesson())
    assert "challenge" in refused(field, MOONS.replaced(**changes))


def test_what_is_free_may_differ_and_so_may_the_seed(monkeypatch):
    offer(monkeypatch, lesson(free=("learning_rate", "optimizer", "dataset_parameters.noise")))
    config = MOONS.replaced(learning_rate=0.5, optimizer="rmsprop", optimizer_parameters={"rho": 0.8},
                            seed=7, dataset_parameters={"count": 100, "noise": 0.0})
    assert submission("made", config).configs == (config,)
    more = config.replaced(dataset_parameters={"count": 200, "noise": 0.0})
    text = refused("dataset_parameters.count", more)
    assert "Points stays at 100; you have 200" in text


@pytest.mark.parametrize("changes", [{"rare_share": 0.02}, {"noise": 0.0}, {"data_seed": 7}])
def test_a_sample_is_not_repaired_by_an_easier_task(changes):
    # With 2 % of one class, always answering the other one is right in 98 % of all cases.
    wanted = lessons()["data"].challenge_config
    config = wanted.replaced(dataset_parameters={**wanted.dataset_parameters, **changes})
    with pytest.raises(FieldError) as caught:
        submission("data", config)
    assert caught.value.field == f"dataset_parameters.{next(iter(changes))}"


@pytest.mark.parametrize("inputs, field", [
    ({}, "inputs.threshold"), ({"threshold": 1.5}, "inputs.threshold"),
    ({"threshold": -0.1}, "inputs.threshold"),
    ({"threshold": math.nan}, "inputs.threshold"), ({"threshold": True}, "inputs.threshold"),
    ({"threshold": "0.5"}, "inputs.threshold"), ({"threshold": 0.5, "passed": 1.0}, "inputs.passed"),
    ({"threshold": 0.5, "accuracy": 1.0}, "inputs.accuracy"), ([0.5], "inputs")])
def test_numbers_from_the_browser_are_bounded_and_no_others_are_taken(monkeypatch, inputs, field):
    offer(monkeypatch, lesson(**RARE))
    refused(field, MOONS, inputs=inputs)


def test_the_server_draws_the_seeds(monkeypatch):
    offer(monkeypatch, lesson(count=5))
    first, second = (submission("made", MOONS.replaced(seed=3)) for _ in range(2))
    assert len(set(first.seeds + second.seeds)) == 10 and 3 not in first.seeds
    members, following = first.following((), NOTHING)
    assert [member.config.seed for member in members] == list(first.seeds)
    assert following.chosen == (0, 1, 2, 3, 4) and following.epochs == MOONS.epochs
    # Lost and begun again, the same is trained.
    assert first.following((), NOTHING)[0] == members and first.following(members, NOTHING) == ((), None)


def test_folds_and_second_test_sets_and_thresholds_are_asked_for(monkeypatch):
    offer(monkeypatch, lesson(grade="folds", count=5, check="folds_at_least"))
    members = submission("made", MOONS).members
    assert [(one.fold.index, one.fold.count) for one in members] == [(index, 5) for index in range(5)]
    offer(monkeypatch, lesson(check="second_test_agrees", inputs=(NumberInput("promised", "", 50, 100, 90),)))
    assert all(one.second_test for one in submission("made", MOONS, inputs={"promised": 80}).members)
    offer(monkeypatch, lesson(**RARE))
    assert {one.threshold for one in submission("made", MOONS, inputs={"threshold": 0.25}).members} == {0.25}


def test_the_last_distinct_tries_of_this_lesson_are_trained_again(monkeypatch):
    offer(monkeypatch, lesson(grade="tries", check="slow_good_diverging"))
    rates = [0.5, 0.1, 0.2, 0.3, 0.3]
    tries = [MOONS.replaced(learning_rate=rate, seed=place) for place, rate in enumerate(rates)]
    others = [MOONS.replaced(epochs=5), RunConfig()]
    found = submission("made", MOONS, [*tries, *others])
    assert [one.config.learning_rate for one in found.members] == [0.1, 0.2, 0.3]
    assert len(set(found.seeds)) == 3
    assert [one.learning_rate for one in cost.typical(found)] == [0.1, 0.2, 0.3]
    assert "trained 1 so far. Train 2 more" in refused("tries", MOONS, [*tries[-2:], *others])


def test_a_verdict_comes_from_a_study_that_ended(monkeypatch):
    offer(monkeypatch, lesson())
    study = Study("s", "ann", submission("made", MOONS))
    assert judge(study) is None
    assert judge(ended(study, metrics=(0.8, 0.91, 0.7))).passed
    assert not judge(ended(study, metrics=(0.8, 0.89, 0.7))).passed
    # A network that diverged answers something, and may be right by chance.
    assert not judge(ended(study, metrics=(0.95, 0.5, 0.5), states=(DIVERGED, FINISHED, FINISHED))).passed
    for status, states in (("stopped", (FINISHED,) * 3), ("failed", (FAILED,) * 3)):
        verdict = judge(ended(study, status, (1.0, 1.0, 1.0), states))
        assert not verdict.passed and "could not be graded" in verdict.why
    # Where a worker was lost for some, the others may be enough; if not, nobody knows what is missing.
    one_lost = (FAILED, FINISHED, FINISHED)
    assert judge(ended(study, metrics=(0.0, 0.91, 0.5), states=one_lost)).passed
    assert "1 of 3 trainings stopped" in judge(ended(study, metrics=(0.0, 0.5, 0.5), states=one_lost)).why
    with pytest.raises(TypeError):
        judge(ended(Study("s", "ann", Seeds(MOONS, 3)), metrics=1.0))


def test_only_what_is_graded_by_training_is_submitted(monkeypatch):
    offer(monkeypatch, lesson(grade="moment", check="at_best_moment", values={"within": 0.05}))
    refused("lesson", MOONS)
    offer(monkeypatch, lesson())
    with pytest.raises(FieldError):
        judge_at_once("made", runs.run(config=MOONS))
    with pytest.raises(FieldError, match="There is no lesson"):
        submission("nobody", MOONS)
    with pytest.raises(FieldError, match="There is no lesson"):
        submission(["made"], MOONS)  # type: ignore[arg-type]
    refused("lesson", None)


def moments(*losses: float) -> Moments:
    kept = tuple(Moment(Evaluation(10 * place, np.zeros((2, 2), int), 20, 0.3, 0.9, True), epochs=place,
                        val_loss=loss) for place, loss in enumerate(losses, 1))
    return Moments(kept=kept)


def test_the_moment_that_counts_is_the_servers_own(monkeypatch):
    offer(monkeypatch, lesson(grade="moment", check="at_best_moment", values={"within": 0.05}))
    run = runs.run(config=MOONS)
    run.history.moments = moments(0.7, 0.4, 0.41, 1.2)
    assert [judge_at_once("made", run, step).passed for step in (10, 20, 30, 40, None)] == [
        False, True, True, False, False]
    for changes in ({"rewound": True}, {"status": "training"}, {"config": MOONS.replaced(epochs=5)}):
        with pytest.raises(FieldError):
            judge_at_once("made", replace(run, **changes), 20)
    with pytest.raises(FieldError):
        judge_at_once("made", None, 20)


def test_a_line_is_evaluated_on_the_server_and_both_errors_have_to_be_low(monkeypatch):
    config = RunConfig(dataset="curve", architecture="softmax", scaling="none", validation_share=0.0,
                       dataset_parameters={"function": "line", "count": 25, "outlier": 15.0})
    offer(monkeypatch, lesson(config, grade="weights", check="near_optimum", values={"within": 0.05}))
    run = runs.run(config=config)
    data = split(config.data, config.preparation)
    slope, height = np.polyfit(data.x[:, 0], data.y[:, 0], 1)
    first = judge_at_once("made", run, edited_weights=(np.array([[slope]]), np.array([height])))
    assert not first.passed and first.reached == (MSE,)
    second = judge_at_once("made", run, edited_weights=(np.array([[2.0]]), np.array([0.0])))
    assert not second.passed and second.reached == (MAE,)
    line = (np.array([[2.0]]), np.array([0.0]))
    both = judge_at_once("made", run, edited_weights=line, reached=first.reached)
    assert both.passed and set(both.reached) == {MSE, MAE}
    for wrong in ((np.array([[math.nan]]), np.array([0.0])), (np.zeros((1, 2)), np.zeros(2))):
        with pytest.raises(FieldError):
            judge_at_once("made", run, edited_weights=wrong)


def test_a_kernel_is_nine_bounded_numbers(monkeypatch):
    names = [f"k{row}{column}" for row in (1, 2, 3) for column in (1, 2, 3)]
    offer(monkeypatch, lesson(grade="kernel", check="vertical_over_horizontal", values={"times": 5.0},
                              inputs=tuple(NumberInput(name, "", -3, 3, 1) for name in names)))
    edges = dict(zip(names, [-1, 0, 1] * 3, strict=True))
    assert judge_at_once("made", None, inputs=edges).passed
    assert not judge_at_once("made", None, inputs=dict.fromkeys(names, 1)).passed
    turned = dict(zip(names, [-1] * 3 + [0] * 3 + [1] * 3, strict=True))
    assert not judge_at_once("made", None, inputs=turned).passed
    with pytest.raises(FieldError):
        judge_at_once("made", None, inputs=edges | {"k11": 1e9})


def test_a_grading_is_a_study_whose_cost_is_checked(monkeypatch):
    offer(monkeypatch, lesson(free=("epochs",), count=5))
    method = submission("made", MOONS.replaced(epochs=500))
    assert isinstance(method, Grading) and method.plan == (5, 2500) and method.axes == ("seed",)
