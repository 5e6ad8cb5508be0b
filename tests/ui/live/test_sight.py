"""Which runs lie under the shown one: those that the learner chose, and by default one to compare with."""

from types import SimpleNamespace

import pytest

from core.runs.config import RunConfig
from core.runs.controls import Controls
from core.runs.run import Run
from ui.session import runs as session
from ui.session.runs import OVERLAID, ShownRuns

MOONS = RunConfig(dataset="moons")
NOISY = MOONS.replaced(dataset_parameters=MOONS.to_dict()["dataset_parameters"] | {"noise": 0.4})
CURVE = RunConfig(dataset="sine")


def laid(*runs: tuple[RunConfig, str], chosen: dict[str, bool] | None = None) -> list[int]:
    """Places of the runs that lie under the last one."""
    made = [Run(str(place), "me", config, place, Controls(), status=status)
            for place, (config, status) in enumerate(runs)]
    jobs = SimpleNamespace(runs=lambda _: made)
    return [run.slot for run in ShownRuns(jobs, "me", None, chosen or {}).overlaid]  # type: ignore[arg-type]


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


def test_of_what_a_browser_says_only_its_own_runs_are_kept(monkeypatch):
    own = [Run(name, "me", config, 0, Controls(), status="finished")
           for name, config in (("own", CURVE), ("shown", MOONS))]
    state = {OVERLAID: {}}
    monkeypatch.setattr(session.st, "session_state", state)
    monkeypatch.setattr(session, "sight", lambda: ShownRuns(
        SimpleNamespace(runs=lambda _: own), "me", None, state[OVERLAID]))  # type: ignore[arg-type]
    for told in ("another learner's", "x" * 10_000, "own"):
        session.overlay(told)
    assert state[OVERLAID] == {"own": True}
    session.overlay("own")
    assert state[OVERLAID] == {"own": False}
