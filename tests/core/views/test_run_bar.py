"""The run bar: one main button, which others stand beside it, and what it says of another run's settings."""

import pytest

from core.runs.config import RunConfig
from core.runs.controls import Controls
from core.runs.events import Compiled
from core.runs.run import Run
from core.views.run_bar import axes, run_bar
from core.views.run_chips import run_chips
from core.views.status import status

OWN, OTHER = RunConfig(), RunConfig(seed=1)
MENUS = {"pace": ["Full speed"], "unit": ["step", "epoch"]}, {"auto": False}


@pytest.mark.parametrize("status, paused, choices, shown, enabled, adopts", [
    (None, False, OWN, ["train"], {"train", "step"}, False),
    (None, False, None, ["train"], set(), False),
    ("training", False, OWN, ["pause"], {"pause", "stop", "reset"}, False),
    ("training", False, OTHER, ["train", "pause"], {"train", "pause", "stop", "reset"}, True),
    ("paused", True, OWN, ["resume"], {"train", "resume", "step", "stop", "reset"}, False),
    ("paused", True, OTHER, ["train", "resume"], {"train", "resume", "step", "stop", "reset"}, True),
    ("finished", False, OWN, ["train"], {"train", "step", "reset"}, False),
    ("finished", False, None, ["train"], {"reset"}, True)])
def test_the_buttons_of_each_state(status, paused, choices, shown, enabled, adopts):
    run = Run("1", "me", OWN, 0, Controls(paused=paused), status=status) if status else None
    bar = run_bar(run, choices, "Full speed", "epoch", None, *MENUS).build()
    assert (bar["shown"], set(bar["enabled"]), bar["primary"]) == (shown, enabled, shown[0])
    assert bar["adopts"] is adopts and ("Iris" in bar["note"]) is adopts


def test_a_run_that_goes_on_from_another_says_so_and_is_not_another_ones():
    config = OWN.replaced(start={"config": {"epochs": 200}, "at": 160})
    run = Run("1", "me", config, 0, Controls(), status="training")
    run.history.append(Compiled(0.1, 400, 4))
    bar = run_bar(run, OWN, "Full speed", "epoch", None, *MENUS).build()
    said = "Goes on with Adam's state. Started from epoch 40 of MLP 16-16 relu Adam 0.01."
    assert bar["note"] == "", "the bar has no room for it; the details and the chip have"
    assert status(run)["sentence"].endswith(said) and run_chips([run], "1", ())[0]["started"] == said
    assert bar["primary"] == "pause" and "train" in bar["enabled"] and not bar["adopts"]
    run.config = config.replaced(optimizer="sgd")
    run.status = "finished"
    bar = run_bar(run, OWN, "Full speed", "epoch", None, *MENUS).build()
    assert bar["note"].startswith("Shown: Iris")
    assert "Fresh optimizer: Adam → SGD." in run_chips([run], "1", ())[0]["started"]
    assert bar["continues"] and bar["onward"].endswith("Fresh optimizer: SGD → Adam.")
    other = run_bar(run, OWN.replaced(dataset="wine"), "Full speed", "epoch", None, *MENUS).build()
    assert "inputs of the same shape" in other["onward"]
    assert not run_bar(run, None, "Full speed", "epoch", None, *MENUS).build()["continues"]


def test_a_refusal_comes_first():
    run = Run("1", "me", OWN, 0, Controls())
    bar = run_bar(run, OTHER, "Full speed", "epoch", "No room.", *MENUS).build()
    assert (bar["note"], bar["refused"], bar["adopts"]) == ("No room.", True, False)


@pytest.mark.parametrize("dataset, there", [("iris", True), ("digits", False), ("diabetes", False),
                                            ("sine", False)])
def test_axes_are_chosen_where_regions_are_drawn(dataset, there):
    assert bool(axes(RunConfig(dataset=dataset).data, (0, 1)).build()["features"]) is there
