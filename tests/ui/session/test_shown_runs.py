"""Which runs lie under the shown one: those that the learner chose, and by default one to compare with."""

from types import SimpleNamespace

import pytest

from core.runs.config import RunConfig
from core.runs.controls import Controls
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
    other = next(one for one in ("mae", "huber", "mse") if one != CURVE.loss)
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
