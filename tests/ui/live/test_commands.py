"""Commands: what each does to a learner's runs, and that nonsense from a browser does nothing."""

from typing import Any

import numpy as np
import pytest

from core.cluster.run_service import Refused
from core.runs.config import RunConfig
from core.runs.controls import Controls
from core.runs.evaluations import Evaluation, TriedAnswer
from core.runs.events import LearningRate, Progress
from core.runs.run import Run
from core.runs.tried import Tried, tried
from ui.live import commands, trying
from ui.live.commands import obey
from ui.live.stage import Stage
from ui.session.shown_runs import ShownRuns

IRIS = RunConfig(epochs=3)


class Runs:
    """Keeps runs as `RunService` does, but trains nothing. full: whether it refuses another one."""

    def __init__(self) -> None:
        self.made: list[Run] = []
        self.full = False

    def runs(self, owner: str) -> list[Run]:
        return [run for run in self.made if run.owner == owner]

    def expect(self, owner: str, config: RunConfig) -> None:
        self.expected = config

    def submit(self, owner: str, config: RunConfig, *, begins_paused: bool, controls: Controls,
               **_: Any) -> Run:
        if self.full:
            raise Refused("There is no room.")
        self.made.append(Run(str(len(self.made)), owner, config, 0, controls.changed(paused=begins_paused),
                             status="training"))
        return self.made[-1]

    def control(self, owner: str, run_id: str, **changes: Any) -> None:
        run = next(run for run in self.made if (run.owner, run.id) == (owner, run_id))
        run.controls = run.controls.changed(**changes)
        run.status = "stopped" if run.controls.stopped else run.status

    def maps(self, owner: str, run_id: str, example: int) -> None:
        self.control(owner, run_id, example=example)

    def try_it(self, owner: str, run_id: str, tried: Tried | None) -> None:
        self.control(owner, run_id, tried=tried)

    def stop(self, owner: str, run_id: str) -> None:
        self.control(owner, run_id, stopped=True)


@pytest.fixture
def stage() -> Stage:
    made = Stage(ShownRuns(Runs(), "me"))  # type: ignore[arg-type]
    made.choose(IRIS)
    return made


def all_runs(stage: Stage) -> list[Run]:
    return stage.own.runs


def test_the_chosen_example_reaches_the_run_and_the_next_one(stage):
    obey(stage, "train")
    obey(stage, "view", {"example": 7})
    obey(stage, "reset")
    obey(stage, "view", {"example": -1})
    assert [run.controls.example for run in all_runs(stage)] == [7, 7]
    obey(stage, "stop")
    obey(stage, "view", {"example": 9})
    assert all_runs(stage)[-1].controls.example == 9, "an ended run is asked, too"
    obey(stage, "train")
    assert all_runs(stage)[-1].controls.example == 9


def counted(predicted: list[int], indices: list[int] | None = None) -> Evaluation:
    return Evaluation(1, np.zeros((3, 3), int), len(predicted), 0.5, 0.5, indices is None,
                      indices=None if indices is None else np.array(indices),
                      predicted=np.array(predicted, np.uint8))


def test_a_cell_chooses_its_examples_one_after_another(stage):
    obey(stage, "train")
    labels = stage.examples(IRIS)[0].y
    first, second, other = *np.flatnonzero(labels == 1)[:2], np.flatnonzero(labels == 2)[0]
    run, = all_runs(stage)
    run.history.append(counted([2, 2, 2], sorted([first, second, other])))
    for wanted in (first, second, first):
        obey(stage, "cell", [1, 2])
        assert stage.view["example"] == run.controls.example == wanted
    obey(stage, "cell", [0, 2])
    assert stage.view["example"] == first, "an empty cell chooses nothing"
    obey(stage, "cell", [2, 2])
    assert stage.view["example"] == other


@pytest.mark.parametrize("value", [None, 3, [1], [1, 3], [-1, 0], [True, 0], ["0", 1], [0, 1, 2], {"0": 1}])
def test_nonsense_is_no_cell(stage, value):
    obey(stage, "train")
    all_runs(stage)[0].history.append(counted([0] * 30))
    obey(stage, "cell", value)
    assert stage.view["example"] == 0 and stage.own.refused is None


def test_a_run_that_does_not_say_what_it_predicted_has_no_examples_in_its_cells(stage):
    obey(stage, "train")
    all_runs(stage)[0].history.append(an_evaluation(1))
    obey(stage, "cell", [1, 1])
    assert stage.view["example"] == 0 and stage.own.refused is None


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


def an_evaluation(step: int) -> Evaluation:
    return Evaluation(step, np.zeros((3, 3), np.int64), 9, 1.0, 0.5, False)


@pytest.fixture
def trained(stage) -> Stage:
    """A stage that shows a run with moments at the steps 3, 6, 9 and 12."""
    obey(stage, "train")
    for step in (3, 6, 9, 12):
        stage.own.shown.history.append(an_evaluation(step))
    return stage


@pytest.mark.parametrize("value, wanted", [
    (6, [6]), (7, [6]), (0, [3]), (-10**400, [3]), (11, [None]), (10**400, [None]), (None, [None]),
    ("back", [9, 6, 3, 3]), ("forth", [None])])
def test_the_stage_goes_to_the_nearest_moment(trained, value, wanted):
    for step in wanted:
        obey(trained, "rewind", value)
        assert trained.moment == step
        assert trained.seen.history.evaluation.step == (step or 12)
    assert trained.own.shown.history.evaluation.step == 12, "the run itself goes on"


def test_forth_leads_back_to_now(trained):
    seen = []
    obey(trained, "rewind", 0)
    for _ in range(4):
        obey(trained, "rewind", "forth")
        seen.append(trained.moment)
    assert seen == [6, 9, None, None]


@pytest.mark.parametrize("value", [True, 6.0, "6", "beside", [6], {"step": 6}, float("nan")])
def test_nonsense_rewinds_nothing(trained, value):
    obey(trained, "rewind", 6)
    obey(trained, "rewind", value)
    assert trained.moment == 6


def test_the_rewound_moment_stays_while_the_run_goes_on_and_is_left_with_a_new_run(trained):
    run = trained.own.shown
    obey(trained, "rewind", 6)
    for step in range(15, 900, 3):
        run.history.append(an_evaluation(step))
    assert trained.moment == 6 and trained.own.shown is run
    obey(trained, "resume")
    assert trained.moment is None and trained.seen is run
    obey(trained, "rewind", 6)
    obey(trained, "stop")
    obey(trained, "train")
    assert trained.moment is None and trained.seen is trained.own.shown is not run
    obey(trained, "rewind", 0)
    assert trained.moment is None, "a run without moments is shown as it is"


def test_a_run_is_continued_from_the_moment_that_is_shown(trained):
    run = trained.own.shown
    run.history.append(Progress(12, 4.0, 0.5, 0.5, 0.1, 384))
    obey(trained, "rewind", 6)
    obey(trained, "continue")
    start = trained.own.shown.config.start
    assert trained.own.refused is None and (start.config, start.at) == (run.config, 6)
    assert trained.moment is None, "the new run is shown as it is"


def test_runs_of_others_are_never_rewound(trained):
    stranger = Stage(ShownRuns(trained.own.run_service, "somebody"))
    obey(stranger, "rewind", 6)
    assert stranger.seen is None and stranger.moment is None


def test_a_question_reaches_the_run_and_leaves_it(stage):
    obey(stage, "try", {"number": 1, "values": [5.0, 3.0, 4.0, 1.0]})
    assert stage.own.refused is None, "there is no run to ask"
    obey(stage, "train")
    obey(stage, "try", {"number": 2, "values": [5.0, 3.0, 4.0, 1.0]})
    assert all_runs(stage)[0].controls.tried == tried(2, [5.0, 3.0, 4.0, 1.0])
    obey(stage, "try", {"number": 3, "pixels": "AP8QAQ=="})
    assert all_runs(stage)[0].controls.tried == tried(3, [0.0, 255.0, 16.0, 1.0])
    obey(stage, "try", None)
    assert all_runs(stage)[0].controls.tried is None and stage.own.refused is None


@pytest.mark.parametrize("value", [
    1, "x", [], {}, {"number": 1}, {"number": "1", "values": []}, {"number": -1, "values": [1.0]},
    {"number": 2**60, "values": []}, {"number": True, "values": []}, {"number": 1, "values": ["x"]},
    {"number": 1, "values": [[1.0], []]}, {"number": 1, "values": [None, {}]}, {"number": 1, "values": "1"},
    {"number": 1, "pixels": "no base64!"}, {"number": 1, "pixels": "\u00e9"}, {"number": 1, "pixels": 5},
    {"number": 1, "values": [10**400]}, {"number": 1, "values": [0.0] * 20_000}])
def test_nonsense_is_no_question(stage, value):
    obey(stage, "train")
    obey(stage, "try", value)
    assert all_runs(stage)[0].controls.tried is None and "tried" in (stage.own.refused or "")


def test_a_page_asks_ten_questions_at_once_and_ten_a_second(stage, monkeypatch):
    now = [100.0]
    monkeypatch.setattr(trying.time, "monotonic", lambda: now[0])
    obey(stage, "train")

    def asked(first: int, count: int) -> int:
        for number in range(first, first + count):
            obey(stage, "try", {"number": number, "values": [1.0] * 4})
        return all_runs(stage)[0].controls.tried.number

    assert asked(1, 30) == 10
    now[0] += 0.5
    assert asked(101, 30) == 105


def test_a_question_at_an_earlier_moment_is_about_its_weights_alone(trained):
    values, asked = [5.0, 3.0, 4.0, 1.0], list[tuple[int, int]]()

    def answer(run: Run, question: Tried) -> TriedAnswer | None:
        asked.append((run.history.evaluation.step, question.number))
        return TriedAnswer(question.number, 6, np.zeros(3)) if len(asked) > 1 else None

    trained.own.run_service.tried_at = answer
    obey(trained, "rewind", 6)
    obey(trained, "try", {"number": 1, "values": values})
    trained.questions.look(trained.seen, trained.own.run_service)
    assert asked == [], "its weights were not kept"
    trained.rewound.history.kept_weights = (np.zeros(1),)
    trained.questions.look(trained.seen, trained.own.run_service)
    obey(trained, "try", {"number": 2, "values": values})
    obey(trained, "try", {"number": 3, "values": values})
    assert trained.questions.waiting(trained.seen)
    for _ in range(4):
        trained.questions.look(trained.seen, trained.own.run_service)
    assert asked == [(6, 1), (6, 1), (6, 3)], "one at a time, then the newest"
    assert trained.seen.history.tried.number == 3 and not trained.questions.waiting(trained.seen)
    assert trained.own.shown.controls.tried is None and trained.own.shown.history.tried is None
