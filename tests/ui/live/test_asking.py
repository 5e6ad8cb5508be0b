"""Questions about inputs of the learner's own."""

import numpy as np
import pytest

from core.datasets import splits
from core.parameters import FieldError
from core.runs.config import RunConfig
from core.runs.evaluations import TriedAnswer
from core.runs.run import Run
from core.runs.tried import Tried, check, tried
from tests.ui.live.conftest import all_runs
from ui.live import trying
from ui.live.commands import obey


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
    real, seen = trying.read, []
    monkeypatch.setattr(trying, "read", lambda value: seen.append(value) or real(value))
    obey(stage, "train")

    def asked(first: int, count: int) -> int:
        for number in range(first, first + count):
            obey(stage, "try", {"number": number, "values": [1.0] * 4})
        return all_runs(stage)[0].controls.tried.number

    assert asked(1, 30) == 10
    now[0] += 0.5
    assert asked(101, 30) == 105
    assert len(seen) == 15, "what is dropped is not even read"


def test_a_text_is_numbered_by_the_worker(stage, monkeypatch):
    """The page would have to divide the dataset and count its words first, for two seconds."""
    text = RunConfig(dataset="sentence_polarity", architecture="embeddings")
    monkeypatch.setattr(splits, "_make", None)
    asked = trying.read({"number": 3, "text": "A good film", "gradients": True})
    assert asked is not None and asked == Tried(3, b"", "A good film", True)
    check(asked, text.data)
    with pytest.raises(FieldError, match="does not read sentences"):
        check(asked, RunConfig().data)
    for value in ({"number": 1, "text": "x", "gradients": 1}, {"number": 1, "text": "x" * 10_001}):
        with pytest.raises(FieldError):
            trying.read(value)


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
