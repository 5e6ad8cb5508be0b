"""The line that leads back to a lesson, where the sidebar that holds it is closed."""

from collections.abc import Sequence

from core.lessons.attempt import CHALLENGE, EXPLAIN, OBSERVE, PREDICT, RUN, Attempt
from core.runs.run import Run
from core.views.patches import Patch

# What the lesson asks for or says now.
WORDS = {PREDICT: "make your prediction", RUN: "press Train", OBSERVE: "watch what happens",
         EXPLAIN: "read what happened", CHALLENGE: "the challenge"}


def lesson_line(attempt: Attempt | None, runs: Sequence[Run]) -> Patch:
    """`title` and `next` of the lesson, empty without one; whether it says `watch`."""
    if attempt is None:
        return Patch(None, lambda: {"title": "", "next": "", "watch": False})
    stage, lesson = attempt.stage(runs), attempt.lesson
    return Patch((lesson.name, stage), lambda: {
        "title": f"Lesson {lesson.number}: {lesson.title}", "next": WORDS[stage], "watch": stage == OBSERVE})


def first(attempt: Attempt | None) -> str:
    """What a lesson asks for before its first run; empty outside of one."""
    return attempt.missing or "Now press Train." if attempt else ""
