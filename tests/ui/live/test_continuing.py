"""Continuing from another run, at its end or at an earlier moment."""


import pytest

from core.runs.config import RunConfig
from core.runs.events import LearningRate, Progress
from core.runs.run import Run
from tests.ui.live.conftest import IRIS, all_runs
from ui.live.commands import obey
from ui.live.stage import Stage


def stopped_at(stage: Stage, step: int, status: str = "stopped") -> Run:
    """The newest run, as if it had ended after some steps."""
    run = all_runs(stage)[-1]
    run.history.append(Progress(step, step / 3, 0.5, 0.5, 0.1, 32 * step))
    run.history.append(LearningRate(2, 0.5))
    run.status = status
    return run


def test_a_run_goes_on_from_another(stage):
    obey(stage, "continue")
    assert stage.own.refused == "There is no run to continue from. Press Train first."
    obey(stage, "train")
    stopped_at(stage, 6)
    stage.choose(IRIS.replaced(epochs=5, optimizer="sgd"))
    edits = [["dense_1/kernel", 3, 1.5], ["logits/bias", 2, -1]]
    for at, wanted in ((None, 6), ("kept", 6), (4, 4), (0, 0)):
        obey(stage, "continue", {"at": at, "edits": edits})
        run = all_runs(stage)[-1]
        start = run.config.start
        assert stage.own.refused is None and start is not None and run is stage.own.shown
        assert (start.config, start.at, start.edits) == (IRIS, wanted, tuple(map(tuple, edits)))
        assert start.learning_rates == (((2, 0.5),) if wanted else ())
        assert run.config.replaced(start=None) == stage.choices
        obey(stage, "show", "0")
    obey(stage, "continue", {"run": "1"})
    assert all_runs(stage)[-1].config.start.config == all_runs(stage)[1].config, "a start may have a start"
    obey(stage, "continue")
    assert "such a chain cannot be longer" in stage.own.refused
    stopped_at(stage, 0)
    obey(stage, "show", "0")
    all_runs(stage)[0].status = "finished"
    obey(stage, "continue", {})
    assert all_runs(stage)[-1].config.start.at == "kept"


@pytest.mark.parametrize("value, words", [
    ({"at": 7}, "has taken 6 steps"), ({"at": -1}, "start.at"), ({"at": "last"}, "at must be a step"),
    ({"at": True}, "at must be a step"), ({"at": 1.5}, "at must be a step"), ({"edits": 5}, "start.edits"),
    ({"edits": [["dense_1/kernel", 64, 1.0]]}, "no weight number 64"),
    ({"edits": [["dense_9/kernel", 0, 1.0]]}, "no weight number 0 in dense_9"),
    ({"edits": [["dense_1/kernel", 0, float("nan")]]}, "must be a number"),
    ({"edits": [["dense_1/kernel", 0, 1.0]] * 2001}, "at most 2000"), ({"run": "9"}, "no run to continue"),
    ({"run": ["0"]}, "no run to continue"), ({"more": 1}, None), ([4], None), ("kept", None)])
def test_what_cannot_be_continued_starts_nothing(stage, value, words):
    obey(stage, "train")
    stopped_at(stage, 6)
    obey(stage, "continue", value)
    assert len(all_runs(stage)) == 1
    assert words in stage.own.refused if words else stage.own.refused is None


def test_a_run_of_another_network_or_without_numbers_cannot_be_continued(stage):
    obey(stage, "train")
    run = stopped_at(stage, 6, "diverged")
    for choices, at, words in ((IRIS, None, "no longer a number"), (None, 3, "cannot"),
                               (RunConfig(dataset="wine"), 3, "same shape"),
                               (IRIS.replaced(architecture="softmax"), 3, "another shape")):
        stage.choose(choices)
        obey(stage, "continue", {"at": at})
        assert words in stage.own.refused and all_runs(stage) == [run]


def test_a_run_is_continued_from_the_moment_that_is_shown(trained):
    run = trained.own.shown
    run.history.append(Progress(12, 4.0, 0.5, 0.5, 0.1, 384))
    obey(trained, "rewind", 6)
    obey(trained, "continue")
    start = trained.own.shown.config.start
    assert trained.own.refused is None and (start.config, start.at) == (run.config, 6)
    assert trained.moment is None, "the new run is shown as it is"
