"""Commands: what each does to a learner's runs, and that nonsense from a browser does nothing."""


import pytest

from tests.ui.live.conftest import IRIS, all_runs
from ui.live import commands
from ui.live.commands import obey


def test_a_run_is_started_steered_and_ended(stage):
    obey(stage, "pace", "5 epochs/s")
    obey(stage, "features", [3, 0])
    obey(stage, "train")
    [run] = all_runs(stage)
    assert (run.config, run.controls.pace, run.controls.features) == (IRIS, 5.0, (3, 0))
    for name, value, wanted in (("pause", None, {"paused": True}), ("step", None, {"epochs": 1}),
                                ("unit", "step", {"epochs": 1}), ("step", None, {"steps": 1}),
                                ("resume", None, {"paused": False}),
                                ("pace", "Full speed", {"pace": None}),
                                ("features", [1, 2], {"features": (1, 2)}),
                                ("stop", None, {"stopped": True})):
        obey(stage, name, value)
        assert {field: getattr(run.controls, field) for field in wanted} == wanted, name
    obey(stage, "reset")
    again = all_runs(stage)[1]
    assert again.config == IRIS and again.controls.paused and stage.own.shown is again
    obey(stage, "train")
    assert len(all_runs(stage)) == 2 and not again.controls.paused, "the waiting run goes on"


def test_train_starts_the_choices_beside_a_run_of_others(stage):
    obey(stage, "train")
    stage.choose(IRIS.replaced(seed=3))
    obey(stage, "train")
    assert [run.config.seed for run in all_runs(stage)] == [0, 3]
    assert [run.active for run in all_runs(stage)] == [True, True], "what trains is not ended by another"


def test_what_cannot_be_done_is_said_and_forgotten_at_the_next_press(stage):
    stage.choose(None, "Epochs must be at most 1000.")
    obey(stage, "train")
    assert "cannot be trained yet. Epochs must" in (stage.own.refused or "") and not all_runs(stage)
    stage.choose(IRIS)
    stage.own.run_service.full = True
    obey(stage, "train")
    assert stage.own.refused == "There is no room."
    stage.own.run_service.full = False
    obey(stage, "train")
    assert stage.own.refused is None and len(all_runs(stage)) == 1


def test_data_that_is_not_here_is_left_to_the_page(stage, monkeypatch):
    monkeypatch.setattr(commands, "available", lambda name: False)
    for name, paused in (("train", False), ("step", True)):
        obey(stage, name)
        assert stage.fetch is paused and not all_runs(stage)


@pytest.mark.parametrize("name, value", [
    ("pace", 7), ("pace", "1e9 epochs/s"), ("unit", "steps"), ("unit", None), ("features", [0, 0]),
    ("features", [0, 99]), ("features", [True, 2]), ("features", "01"), ("features", {"0": 1}),
    ("features", [0]), ("show", "another learner's"), ("show", 3), ("overlay", ["0"]), ("obey", None),
    ("forget", "another learner's"), ("forget", 0),
    (None, None), (["train"], 1), ({}, {}), ("__class__", 1)])
def test_nonsense_changes_nothing(stage, name, value):
    obey(stage, "train")

    def now():
        return vars(stage) | {"own": None, "pressed": 0}, vars(stage.own) | {}, all_runs(stage)[0].controls

    before = now()
    obey(stage, name, value)
    assert now() == before


def test_a_changed_choice_that_trains_by_itself_ends_the_run_before(stage):
    obey(stage, "view", {"auto": True})
    obey(stage, "train", "auto")
    stage.choose(IRIS.replaced(seed=1))
    obey(stage, "train", "auto")
    assert [run.active for run in all_runs(stage)] == [False, True] and stage.view["auto"]


def test_a_run_that_the_learner_began_is_not_ended_by_auto_train(stage):
    obey(stage, "train")
    stage.choose(IRIS.replaced(seed=1))
    obey(stage, "train", "auto")
    assert [run.active for run in all_runs(stage)] == [True, True]


@pytest.mark.parametrize("value", [{"auto": 1}, {"card": "x"}, {"example": -1}, {"epochs": 3}, [1], None,
                                   "auto"])
def test_only_what_a_view_has_is_taken_over(stage, value):
    before = dict(stage.view)
    obey(stage, "view", value)
    assert stage.view == before
