"""A stage in a lesson: the prediction comes before the first run, and is locked with it."""

import pytest

from core.lessons.attempt import Attempt
from core.lessons.reading import lessons
from core.views.sketch import sketch
from ui.live.commands import obey
from ui.session.shown_runs import MOST_ONLY


@pytest.fixture
def lesson(stage):
    attempt = stage.lesson = Attempt(lessons()["overfitting"])
    stage.own.only = attempt.runs
    stage.choose(attempt.config)
    return stage


def test_train_waits_for_the_prediction_and_locks_it(lesson):
    obey(lesson, "train")
    obey(lesson, "step")
    assert not lesson.own.runs and lesson.own.refused == "Make your prediction first."
    obey(lesson, "sketch", {curve: [1.0, 0.5] for curve in ("loss", "val_loss")})
    obey(lesson, "train")
    assert not lesson.own.runs and lesson.own.refused == "Say how sure you are first."
    lesson.lesson.predict(sure=1)
    assert lesson.untold and sketch(lesson.lesson, None).build()["open"]
    obey(lesson, "train")
    assert len(lesson.own.runs) == 1
    obey(lesson, "sketch", {"loss": [0.0, 0.0]})
    drawn = sketch(lesson.lesson, lesson.own.shown).build()
    assert not drawn["open"] and [one["heights"] for one in drawn["curves"]] == [[1.0, 0.5]] * 2


@pytest.mark.parametrize("value", [None, 3, [], {}, {"accuracy": [1, 2]}, {"loss": {}}])
def test_nonsense_draws_nothing(lesson, stage, value):
    obey(lesson, "sketch", value)
    assert not lesson.lesson.prediction.curves


def test_only_runs_of_the_lesson_are_shown(stage):
    obey(stage, "train")
    attempt = stage.lesson = Attempt(lessons()["learning_rate"])
    stage.own.only, stage.own.chosen = attempt.runs, None
    assert not stage.own.runs and stage.own.shown is None
    attempt.predict(option=0, sure=0)
    obey(stage, "train")
    assert [run.id for run in stage.own.runs] == attempt.runs == ["1"]
    attempt.runs[:0] = [f"gone {number}" for number in range(MOST_ONLY)]
    stage.choose(attempt.config.replaced(seed=7))
    obey(stage, "train")
    assert len(attempt.runs) == MOST_ONLY and attempt.runs[-2:] == ["1", "2"]
    stage.own.only = None
    assert len(stage.own.runs) == 3
