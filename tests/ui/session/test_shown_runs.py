"""Which runs lie under the shown one: those that the learner chose, and by default one to compare with."""

from dataclasses import replace
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest

from core.runs.config import RunConfig
from core.runs.controls import Controls
from core.runs.evaluations import Evaluation, ExampleMaps
from core.runs.run import Run
from ui.session.shown_runs import ShownRuns

MOONS = RunConfig(dataset="moons")
NOISY = MOONS.replaced(dataset_parameters=MOONS.to_dict()["dataset_parameters"] | {"noise": 0.4})
CURVE = RunConfig(dataset="sine")


def laid(*runs: tuple[RunConfig, str], chosen: dict[str, bool] | None = None) -> list[int]:
    """Places of the runs that lie under the last one."""
    made = [Run(str(place), "me", config, place, Controls(), status=status)
            for place, (config, status) in enumerate(runs)]
    jobs = SimpleNamespace(runs=lambda _: made)
    shown = ShownRuns(jobs, "me", laid=chosen or {})  # type: ignore[arg-type]
    return [run.slot for run in shown.overlaid]


@pytest.mark.parametrize("before, found", [
    ([(MOONS.replaced(learning_rate=0.1, seed=3), "finished")], [0]),
    ([(RunConfig(dataset="iris"), "finished")], []),
    ([(NOISY, "finished")], []),
    ([(MOONS, "finished"), (MOONS, "diverged"), (RunConfig(dataset="iris"), "finished")], [0]),
    ([(MOONS, "diverged")], []), ([], [])])
def test_only_a_run_of_the_same_data_that_did_not_diverge_lies_under_the_shown_one(before, found):
    assert laid(*before, (MOONS, "training")) == found


def test_losses_of_another_formula_or_unit_are_not_laid_under():
    other = next(text for text in ("mae", "huber", "mse") if text != CURVE.loss)
    assert laid((CURVE.replaced(loss=other), "finished"), (CURVE, "training")) == []
    assert laid((CURVE.replaced(scaling="none"), "finished"), (CURVE, "training")) == []
    assert laid((CURVE, "finished"), (CURVE, "training")) == [0]


def test_what_the_learner_chose_counts():
    assert laid((MOONS, "diverged"), (MOONS, "finished"), (MOONS, "training"),
                chosen={"0": True, "1": False}) == [0]


def test_of_what_a_browser_says_only_its_own_runs_are_kept():
    own = [Run(name, "me", config, 0, Controls(), status="finished")
           for name, config in (("own", CURVE), ("shown", MOONS))]
    shown = ShownRuns(SimpleNamespace(runs=lambda _: own), "me")  # type: ignore[arg-type]
    for told in ("another learner's", "x" * 10_000, "own"):
        shown.overlay(told)
    assert shown.laid == {"own": True}
    shown.overlay("own")
    assert shown.laid == {"own": False}
    shown.show("another learner's")
    assert shown.chosen is None
    shown.show("own")
    assert shown.shown is own[0]


def test_a_run_is_forgotten_and_the_newest_is_shown_again():
    own = [Run(name, "me", MOONS, 0, Controls(), status="finished") for name in ("old", "newest")]
    jobs = SimpleNamespace(runs=lambda _: own, remove=lambda owner, name: own.pop(0))
    shown = ShownRuns(jobs, "me", chosen="old", laid={"old": True})  # type: ignore[arg-type]
    shown.forget("another learner's")
    assert len(own) == 2
    shown.forget("old")
    assert shown.laid == {} and shown.shown is own[0] and shown.shown.id == "newest"


@pytest.mark.parametrize("status, asked", [
    ("finished", [5]), ("stopped", [5]), ("training", []), ("diverged", [])])
def test_a_run_that_was_over_too_soon_is_asked_for_its_maps_once(status, asked):
    config, questions = CURVE.replaced(architecture="rnn"), list[int]()
    run, service = Run("1", "me", config, 0, Controls(example=5), status=status), cast(Any, SimpleNamespace())
    service.maps = lambda owner, run_id, example: questions.append(example)
    own = ShownRuns(service, "me")
    own.look_late(run)
    assert not questions, "it has no evaluation yet"
    found = Evaluation(3, np.zeros((0, 0), int), 9, 0.1, 0.1, True)
    run.history.append(found)
    own.look_late(run)
    own.look_late(run)
    own.look_late(None)
    assert questions == asked


def test_weights_or_maps_that_are_here_are_not_asked_for():
    questions = list[int]()
    own = ShownRuns(cast(Any, SimpleNamespace(maps=lambda *_: questions.append(1))), "me")
    more: dict[str, Any]
    for more in ({"weights": ()}, {"maps": ExampleMaps(0, np.zeros(1), (), None, True)}):
        run = Run("1", "me", MOONS, 0, Controls(), status="finished")
        run.history.append(Evaluation(3, np.zeros((0, 0), int), 9, 0.1, 0.1, True, **more))
        own.look_late(run)
    assert not questions


def test_an_earlier_moment_without_maps_is_looked_into_one_at_a_time():
    asked, answers = list[tuple[int, int]](), dict[int, ExampleMaps]()

    def maps_at(run: Run, example: int) -> ExampleMaps | None:
        asked.append((run.history.evaluation.step, example))  # type: ignore[union-attr]
        return answers.get(asked[-1][0])

    def moment(step: int, weights: Any = ()) -> Run:
        run = Run("1", "me", CURVE.replaced(architecture="rnn"), 0, Controls(), rewound=True)
        run.history.append(Evaluation(step, np.zeros((0, 0), int), 9, 0.1, 0.1, False))
        run.history.kept_weights = weights
        return run

    service = SimpleNamespace(questions=SimpleNamespace(maps_at=maps_at))
    own, first, second = ShownRuns(cast(Any, service), "me"), moment(3), moment(4)
    own.look_back(first, 5)
    own.look_back(second, 5)
    assert own.looking is first and asked == [(3, 5), (3, 5)]
    answers |= {step: ExampleMaps(5, np.zeros(1), (), None, True) for step in (3, 4)}
    for _ in range(3):
        own.look_back(second, 5)
    assert asked[2:] == [(3, 5), (4, 5)] and own.looking is None
    assert [run.history.evaluation.maps for run in (first, second)] == [answers[3], answers[4]]
    own.look_back(moment(9, None), 5)
    own.look_back(replace(first, rewound=False), 6)
    assert len(asked) == 4, "its weights were not kept, and a run as it is now is asked otherwise"
