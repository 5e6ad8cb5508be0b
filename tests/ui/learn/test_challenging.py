"""What a press in a lesson does: checked once, whatever is pressed meanwhile; predictions are noted once."""

from dataclasses import dataclass, field, replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from core.cluster.queue import Refused
from core.lessons.attempt import Attempt
from core.lessons.reading import lessons
from core.runs.controls import Controls
from core.runs.evaluations import Evaluation
from core.runs.history import History
from core.runs.run import Run
from core.store import LessonProgress
from core.studies.study import Method, Study
from ui.learn import challenging, explaining


@dataclass
class OneAtATime:
    """A service that takes a learner's study only once the last one has ended."""

    kept: list[Study] = field(default_factory=list)

    def studies(self, owner: str) -> list[Study]:
        return self.kept

    def submit(self, owner: str, method: Method, host: str = "") -> Study:
        if any(study.active for study in self.kept):
            raise Refused("Something else of yours is still training.")
        self.kept.append(Study(str(len(self.kept)), owner, method))
        return self.kept[-1]


def test_a_second_press_does_not_lose_the_check_that_is_under_way(monkeypatch: pytest.MonkeyPatch):
    attempt, driver = Attempt(lessons()["depth"]), OneAtATime()
    attempt.tried = tuple(attempt.runs)
    monkeypatch.setattr(challenging.studies, "driver", lambda: driver)
    monkeypatch.setattr(challenging.runs, "sight", lambda: SimpleNamespace(owner="me"))
    monkeypatch.setattr(challenging.runs, "host", lambda: "")
    monkeypatch.setattr(challenging.form_state, "config", lambda: attempt.config)
    stage: Any = SimpleNamespace(own=SimpleNamespace(runs=[]))
    for _ in range(2):
        challenging._check(stage, attempt)
        assert (attempt.study, attempt.problem) == ("0", "")
    driver.kept[0].status = "finished"
    challenging._check(stage, attempt)
    assert attempt.study == "1"


@pytest.mark.parametrize("edits, line", [((), (1.5, 0.25)), ((("logits/kernel", 0, 2.0),), (2.0, 0.25))])
def test_the_line_that_counts_is_the_one_that_the_stage_shows(monkeypatch: pytest.MonkeyPatch, edits, line):
    attempt, handed_in = Attempt(lessons()["loss"]), []
    shown = Run("a", "me", attempt.config, 0, Controls(), status="finished")
    weights = np.array([[1.5]], np.float32), np.array([0.25], np.float32)
    earlier = replace(shown, history=History(evaluation=Evaluation(
        1, np.zeros((0, 0), int), 4, 1.0, 1.0, True, weights=weights)))
    stage: Any = SimpleNamespace(own=SimpleNamespace(shown=shown), seen=earlier, moment=1,
                                 weights=SimpleNamespace(edits=lambda run: edits))
    monkeypatch.setattr(challenging, "judge_at_once", lambda *given: handed_in.append(given))
    monkeypatch.setattr(challenging.lessons, "progress_of", lambda lesson: LessonProgress(lesson.name))
    monkeypatch.setattr(challenging.lessons, "note_verdict", lambda attempt, verdict: None)
    challenging._judge_at_once(stage, attempt)
    [(_, run, _, found, *_)] = handed_in
    assert run is shown and tuple(float(one.flat[0]) for one in found) == line


def test_a_predicted_number_is_noted_once_a_run_can_judge_it(monkeypatch: pytest.MonkeyPatch):
    attempt, noted = Attempt(lessons()["metrics"]), []
    attempt.predict(number=95.0, sure=2)
    run = Run("a", "me", attempt.config, 0, Controls(), status="stopped")
    monkeypatch.setattr(explaining.lessons, "progress_of", lambda lesson: LessonProgress(lesson.name))
    monkeypatch.setattr(explaining.lessons, "note", lambda lesson, **changes: noted.append(changes))
    explaining._note(attempt, run)
    assert not noted
    monkeypatch.setattr(explaining, "is_right", lambda attempt, run: True)
    explaining._note(attempt, run)
    assert noted == [{"predicted": "95 %", "right": True, "sure": 2}]
