"""An attempt at a lesson: what a browser says counts until the first run, and only where it makes sense."""

from dataclasses import replace

import pytest

from core.lessons.attempt import CHALLENGE, EXPLAIN, MOST_POINTS, OBSERVE, PREDICT, RUN, Attempt, Attempts
from core.lessons.judging import is_right, why
from core.lessons.lesson import Lesson
from core.lessons.reading import lessons
from core.lessons.review import for_a_wait, mistakes
from core.lessons.summary import Calibration, advice, calibration
from core.runs.controls import Controls
from core.runs.run import Run
from core.store import LessonProgress


@pytest.fixture
def chosen() -> Attempt:
    return Attempt(lessons()["learning_rate"])


@pytest.fixture
def sketched() -> Attempt:
    return Attempt(lessons()["overfitting"])


def a_run(attempt: Attempt, status: str = "training") -> Run:
    run = Run(str(len(attempt.runs)), "me", attempt.lesson.config, 0, Controls(), status=status)
    attempt.runs.append(run.id)
    return run


def test_a_lesson_goes_from_stage_to_stage(chosen):
    assert chosen.stage([]) == PREDICT and chosen.missing == "Make your prediction first."
    chosen.predict(option=1)
    assert chosen.stage([]) == PREDICT and chosen.missing == "Say how sure you are first."
    chosen.predict(sure=0)
    assert chosen.stage([]) == RUN and not chosen.missing
    run = a_run(chosen)
    assert chosen.stage([run]) == OBSERVE
    run.status = "finished"
    assert chosen.stage([run]) == EXPLAIN and chosen.ended([run]) is run
    chosen.tried = tuple(chosen.runs)
    assert chosen.stage([run]) == CHALLENGE and chosen.config == chosen.lesson.challenge_config


def test_a_run_of_the_challenge_does_not_answer_the_prediction(chosen):
    first = a_run(chosen, "finished")
    assert chosen.explained([first], first) is first
    chosen.tried = tuple(chosen.runs)
    later = a_run(chosen, "finished")
    assert chosen.ended([first, later]) is later and chosen.explained([first, later], later) is first
    assert chosen.explained([later], later) is None  # the first is no longer on the stage


def test_after_the_first_run_nothing_changes_the_prediction(chosen, sketched):
    chosen.predict(option=1, sure=2)
    sketched.sketch("loss", [1, 0.5])
    before = chosen.prediction, sketched.prediction
    for attempt in (chosen, sketched):
        a_run(attempt)
    chosen.predict(option=0)
    sketched.sketch("loss", [0, 0])
    assert (chosen.prediction, sketched.prediction) == before
    # Not even once the run is forgotten.
    assert chosen.locked and chosen.stage([]) == OBSERVE


@pytest.mark.parametrize("said", [
    {"option": 99}, {"option": -1}, {"option": True}, {"option": "1"}, {"sure": 3}, {"number": 5.0}])
def test_nonsense_is_no_prediction(chosen, said):
    chosen.predict(**said)
    assert chosen.prediction == Attempt(chosen.lesson).prediction


@pytest.mark.parametrize("curve, heights", [
    ("accuracy", [1, 2]), (["loss"], [1, 2]), ("loss", "12"), ("loss", [1]),
    ("loss", [1.0] * (MOST_POINTS + 1)),
    ("loss", [1, float("nan")]), ("loss", [1, float("inf")]), ("loss", [1, None]), ("loss", [True, 1]),
    ("loss", [1, 10**400])])
def test_nonsense_is_no_sketch(sketched, curve, heights):
    sketched.sketch(curve, heights)
    assert not sketched.prediction.curves


def test_a_sketch_stays_on_its_axes(sketched):
    top = sketched.lesson.prediction.top
    sketched.sketch("loss", [-5, top / 2, 1000])
    assert sketched.prediction.curves == {"loss": (0.0, top / 2, top)}


def test_each_learner_has_an_attempt_of_each_lesson_and_keeps_it(chosen):
    attempts, lesson = Attempts(), chosen.lesson
    mine = attempts.of("new", lesson)
    assert attempts.of("new", lesson) is mine is not attempts.of("other", lesson)
    attempts.adopt("new", "kept")
    assert attempts.of("kept", lesson) is mine
    attempts.again("kept", lesson)
    assert attempts.of("kept", lesson) is not mine


def test_each_answer_has_its_own_explanation(chosen):
    run = a_run(chosen, "finished")
    for number, option in enumerate(chosen.lesson.prediction.options):
        chosen.prediction = replace(chosen.prediction, option=number)
        assert is_right(chosen, run) is option.right
        assert why(chosen, run)[:20] == option.why[:20]


def known(lesson: Lesson, right: bool | None, sure: int = 0) -> LessonProgress:
    return LessonProgress(lesson.name, "something", right, sure)


def test_mistakes_come_back_in_the_lessons_that_review_them():
    every = tuple(lessons().values())
    progress = {one.name: known(one, right=one.number not in (2, 3)) for one in every}
    for lesson in every:
        expected = [3, 2] if lesson.reviews and lesson.number > 3 else []
        assert [one.number for one in mistakes(lesson, every, progress)] == expected
    wait = for_a_wait(every[7], every, progress, ())
    assert wait is not None and wait.number == 3
    # The first lesson has none before it.
    assert for_a_wait(every[0], every, progress, ()) is None


def test_calibration_counts_by_how_sure_the_learner_was():
    every = list(lessons().values())
    progress = {one.name: known(one, right=one.number % 2 == 0, sure=2) for one in every[:4]}
    progress[every[4].name] = known(every[4], None, 1)
    [certain] = calibration(progress)
    assert (certain.right, certain.made) == (2, 4)
    assert certain.words == "Of 4 predictions that you were certain of, 2 were right."
    assert Calibration("a guess", 0, 1).words == "Your one guess was wrong."
    assert advice([certain]).startswith("You were certain and wrong")
