"""What a press in a lesson does: checked once, whatever is pressed meanwhile; predictions are noted once."""

from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import pytest

from core.cluster.queue import Refused
from core.lessons.attempt import Attempt
from core.lessons.reading import lessons
from core.runs.controls import Controls
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
    attempt.challenged = True
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
