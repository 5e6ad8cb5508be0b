"""Weights that a learner sets by hand: held for one evaluation of one run, and evaluated by a worker."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from core.cluster.queries import Refusal
from core.parameters import FieldError
from core.runs.config import RunConfig
from core.runs.controls import Controls
from core.runs.evaluations import Evaluation
from core.runs.run import Run
from core.views.run_panel import RunPanel, parts
from ui.live.weight_editor import NotEditable, WeightEditor

IRIS = RunConfig(architecture_parameters={"hidden_units": [5]})
WEIGHTS = tuple(np.zeros(shape, np.float32) for shape in ((4, 5), (5,), (5, 3), (3,)))
OWN = Evaluation(9, np.eye(3, dtype=int) * 10, 30, 0.25, 1.0, True, weights=WEIGHTS)
BIAS = ["logits/bias", 0, 2.0]


class Service:
    """Answers as a worker does, but only when told to. asked: the edits of each question."""

    def __init__(self) -> None:
        self.asked: list[Any] = []
        self.answers: dict[Any, Any] = {}

    def evaluated(self, owner: str, run_id: str, base: Evaluation, edits: Any, features: Any) -> Any:
        if edits not in self.asked:
            self.asked.append(edits)
        return self.answers.get(edits)


@pytest.fixture
def run() -> Run:
    made = Run("1", "me", IRIS, 0, Controls(paused=True), status="paused")
    made.history.append(OWN)
    return made


@pytest.fixture
def service() -> Any:
    return Service()


def put(editor: WeightEditor, run: Run, *edits: Any, turn: int = 1) -> None:
    editor.put(run, {"edits": edits, "turn": turn})


def test_what_a_worker_says_of_edited_weights_is_on_the_stage(run, service):
    editor = WeightEditor()
    put(editor, run, BIAS)
    assert editor.view(run, service).evaluation is None and editor.waiting
    service.answers[tuple(BIAS),] = replace(OWN, loss=0.5, metric=0.8, matrix=np.full((3, 3), 3))
    edited = editor.view(run, service)
    assert edited.edits == (tuple(BIAS),) and not editor.waiting
    drawn, before = (parts(RunPanel(IRIS.data, shown=run, edited=one))
                     for one in (edited, WeightEditor().view(run, service)))
    matrix = drawn["confusion_matrix"].build()
    assert matrix["note"].startswith("Edited weights. ") and drawn["confusion_matrix"].version != \
        before["confusion_matrix"].version
    told = drawn["network_weights"].build()
    assert told["editable"] and told["edits"] == [BIAS] and told["weights"], "its own weights, and the edits"
    assert told["effect"] == "Test accuracy 100.0 % → 80.0 %, loss 0.250 → 0.500"
    assert told["fate"] == "Resume and Step drop them."
    assert before["network_weights"].build()["edits"] == []


def test_a_flood_of_edits_is_one_question_and_then_the_newest(run, service):
    editor = WeightEditor()
    for turn in range(1, 6):
        put(editor, run, ["logits/bias", 0, float(turn)], turn=turn)
        editor.view(run, service)
    assert len(service.asked) == 1
    service.answers[service.asked[0]] = replace(OWN, loss=0.3)
    assert editor.view(run, service).evaluation is not None and editor.waiting
    assert [edits[0][2] for edits in service.asked] == [1.0, 5.0]
    service.answers[service.asked[1]] = Refusal("No numbers.")
    found = editor.view(run, service)
    assert (found.evaluation, found.problem, editor.waiting) == (None, "No numbers.", False)


@pytest.mark.parametrize("change", [
    lambda run: run.history.append(replace(OWN, step=10)), lambda run: setattr(run, "status", "training"),
    lambda run: setattr(run, "controls", Controls()), lambda run: setattr(run, "attempt", 2)])
def test_edits_are_gone_once_the_run_goes_on(run, service, change):
    editor = WeightEditor()
    put(editor, run, BIAS)
    change(run)
    assert editor.view(run, service).edits == () and not service.asked
    assert editor.view(run, service).turn == 1, "the browser learns that its change was seen"


def test_a_run_that_trains_cannot_be_edited(run, service):
    run.status, editor = "training", WeightEditor()
    with pytest.raises(NotEditable, match="paused"):
        put(editor, run, BIAS)
    with pytest.raises(NotEditable):
        editor.put(None, {"edits": [], "turn": 2})
    assert editor.view(run, service).editable is False


def test_refused_edits_leave_those_before(run, service):
    editor = WeightEditor()
    put(editor, run, BIAS)
    with pytest.raises(FieldError):
        put(editor, run, ["logits/bias", 9, 1.0], turn=2)
    found = editor.view(run, service)
    assert found.edits == (tuple(BIAS),) and found.turn == 2


@pytest.mark.parametrize("value", [None, 3, [], {}, {"edits": [BIAS]}, {"edits": [BIAS], "turn": -1},
                                   {"edits": [BIAS], "turn": True}, {"edits": [BIAS], "turn": 2**60}])
def test_nonsense_changes_nothing(run, service, value):
    editor = WeightEditor()
    editor.put(run, value)
    assert editor.view(run, service).edits == ()


def test_put_it_back_shows_the_runs_own_results(run, service):
    editor = WeightEditor()
    put(editor, run, BIAS)
    editor.view(run, service)
    put(editor, run, turn=2)
    found = editor.view(run, service)
    assert (found.edits, found.evaluation, found.turn, editor.waiting) == ((), None, 2, False)
