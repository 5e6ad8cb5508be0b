"""Commands of the Agents page: what each does to a learner's runs, and that nonsense does nothing."""

from copy import deepcopy

import pytest

from tests.agents import CARTPOLE, GRID, way
from ui.agents import commands, sidebar
from ui.agents.commands import obey
from ui.agents.stage import AgentStage


def test_a_run_is_started_steered_and_ended(stage):
    obey(stage, "train")
    [run] = stage.runs
    assert (run.config, run.controls.pace, run.controls.paused) == (GRID, 1000.0, False), "it can be watched"
    for name, value, wanted in (("pause", None, {"paused": True}), ("step", None, {"steps": 1}),
                                ("unit", "episode", {"episodes": 0}), ("step", None, {"episodes": 1}),
                                ("resume", None, {"paused": False}), ("pace", "5 steps/s", {"pace": 5.0}),
                                ("pace", "Full speed", {"pace": None}), ("stop", None, {"stopped": True})):
        obey(stage, name, value)
        assert {field: getattr(run.controls, field) for field in wanted} == wanted, name
    obey(stage, "reset")
    again = stage.runs[1]
    assert again.config == GRID and again.controls.paused and stage.shown is again
    obey(stage, "train")
    assert len(stage.runs) == 2 and not again.controls.paused, "the waiting run goes on"
    assert again.controls.pace is None, "a pace that was chosen stays"


def test_another_run_ends_the_one_before(stage):
    obey(stage, "train")
    stage.choose(CARTPOLE)
    obey(stage, "train")
    before, run = stage.runs
    assert stage.shown is run and before.status == "stopped"


def test_a_step_without_a_run_begins_one_that_waits(stage):
    obey(stage, "step")
    assert stage.shown is not None and stage.shown.controls.paused and stage.shown.controls.steps == 1


def test_what_cannot_be_done_is_said_and_forgotten_at_the_next_press(stage):
    stage.choose(None, "Board must have at least one goal.")
    for name in ("train", "step"):
        obey(stage, name)
        assert "cannot be trained yet. Board must" in (stage.refused or "") and not stage.runs
    stage.choose(GRID)
    stage.service.full = True
    obey(stage, "train")
    assert stage.refused == "There is no room."
    stage.service.full = False
    obey(stage, "train")
    assert stage.refused is None and len(stage.runs) == 1


def test_numbers_act_on_the_shown_run_as_far_as_its_method_has_them(stage, monkeypatch):
    monkeypatch.setattr(sidebar.choices, "value", {"epsilon": 0.4, "batch_size": 8, "discount": 7.0}.get)
    sidebar.steer(stage, "epsilon")  # no run yet
    obey(stage, "train")
    for name in ("epsilon", "batch_size"):
        sidebar.steer(stage, name)
    assert stage.shown.controls.numbers == {"epsilon": 0.4}
    stage.choose(GRID.replaced(epsilon=0.4))
    obey(stage, "train")
    assert len(stage.runs) == 1, "it learns with these numbers already"
    sidebar.steer(stage, "discount")
    assert "Discount must be" in (stage.refused or "")


def test_an_earlier_moment_is_shown_until_the_run_goes_on(stage):
    obey(stage, "train")
    for step in (3, 6, 9):
        way(stage.shown, step, 0, 1)
    for value, at in ((4, 3), ("forth", 6), ("back", 3), (None, None), ("back", 6), (9, None), (10**9, None)):
        obey(stage, "rewind", value)
        assert stage.moment == at, value
    obey(stage, "rewind", 3)
    obey(stage, "pause")
    assert stage.moment == 3
    obey(stage, "resume")
    assert stage.moment is None


def test_runs_are_shown_laid_behind_and_forgotten(stage):
    for seed in (0, 1):
        stage.choose(GRID.replaced(seed=seed))
        obey(stage, "train")
    first, second = stage.runs
    obey(stage, "show", first.id)
    obey(stage, "overlay", second.id)
    assert (stage.shown, stage.behind) == (first, second)
    obey(stage, "overlay", first.id)
    assert stage.behind is None, "a run does not lie behind itself"
    obey(stage, "forget", first.id)
    assert list(stage.runs) == [second] and stage.shown is second


def test_another_world_is_seen_at_once_unless_a_run_is_active(stage):
    other = GRID.replaced(environment_parameters={"board": ("S.G", "...")})
    obey(stage, "train")
    run = stage.shown
    stage.choose(other)
    assert stage.shown is run and stage.service.expected is other
    obey(stage, "stop")
    stage.choose(GRID)
    stage.choose(other)
    assert stage.shown is None
    obey(stage, "show", run.id)
    assert stage.shown is run
    stage.choose(GRID)
    assert stage.shown is run
    stage.choose(other)
    obey(stage, "train")
    assert stage.shown is stage.runs[1]


def test_a_link_shows_its_run_or_none(stage):
    obey(stage, "train")
    run = stage.shown
    stage.control(numbers={"epsilon": 0.5})
    stage.open(GRID.replaced(seed=3))
    assert stage.shown is run, "it is active: its learner can stop it"
    obey(stage, "stop")
    stage.open(GRID.replaced(seed=3))
    assert stage.shown is None
    stage.open(GRID.replaced(epsilon=0.5))
    assert stage.shown is run


@pytest.mark.parametrize("name, value", [
    ("pace", "7 steps/s"), ("pace", None), ("unit", "epoch"), ("unit", ["step"]), ("show", "77"),
    ("show", {}), ("forget", None), ("forget", "other"), ("overlay", 3), ("rewind", "sideways"),
    ("rewind", True),
    ("rewind", 1.5), ("rewind", []), ("steps", 4), ("", None), (None, None), ({}, []),
    ("_train", None)])
def test_nonsense_does_nothing(stage, name, value):
    obey(stage, "train")
    way(stage.shown, 3, 0, 1)
    stage.service.submit("other", GRID).id = "other"
    before = deepcopy((stage.runs, stage.unit, stage.pace, stage.chosen, stage.laid, stage.moment))
    obey(stage, name, value)
    after = (stage.runs, stage.unit, stage.pace, stage.chosen, stage.laid, stage.moment)
    assert repr(after) == repr(before) and stage.refused is None
    assert len(stage.service.made) == 2


def test_every_command_takes_any_value(stage: AgentStage):
    for name in commands.COMMANDS:
        for value in (None, {}, [], "x", -1, 1e300, float("nan"), True):
            obey(stage, name, value)
