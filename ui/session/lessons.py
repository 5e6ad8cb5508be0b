"""The lesson that this session is in, its attempt, and the learner's progress, which the server keeps."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import streamlit as st

from core.lessons.attempt import Attempt
from core.lessons.graded import Verdict
from core.lessons.lesson import Lesson
from core.lessons.progress import LessonProgress, with_verdict
from core.lessons.reading import lessons
from ui.session import link_runs, runs

NAME = "_lesson"


def enter(name: str) -> None:
    """Be in the lesson of this name from now on; in none if it is empty."""
    st.session_state[NAME] = name
    if name:
        link_runs.forget()
        runs.sight().chosen = None
    runs.sight().only = own_runs()


def again() -> None:
    """Begin the lesson that the session is in anew."""
    found = lesson()
    if found:
        runs.service().attempts.again(runs.sight().owner, found)
        enter(found.name)


def lesson() -> Lesson | None:
    """The lesson that the session is in; None outside of one."""
    name = st.session_state.get(NAME)
    return lessons().get(name) if name else None


def attempt() -> Attempt | None:
    """The learner's attempt at that lesson."""
    found = lesson()
    return runs.service().attempts.of(runs.sight().owner, found) if found else None


def own_runs() -> list[str] | None:
    """The ids of the runs that the stage shows: those of the lesson; None outside of one, for all."""
    found = attempt()
    return found.runs if found else None


def progress() -> Mapping[str, LessonProgress]:
    """What this browser did, by lesson."""
    return runs.service().progress.of(runs.sight().owner)


def progress_of(lesson: Lesson) -> LessonProgress:
    """What this browser did in one lesson."""
    return progress().get(lesson.name) or LessonProgress(lesson.name)


def note(lesson: Lesson, **changes: Any) -> None:
    """Remember what changed in a lesson's progress."""
    before = progress_of(lesson)
    after = replace(before, **changes)
    if after != before:
        runs.service().progress.note(runs.sight().owner, after)


def delete_progress() -> list[str]:
    """Hide what this browser did in all lessons, and forget where it stands in them; the lessons' names."""
    found, owner = list(progress()), runs.sight().owner
    runs.service().progress.delete(owner, found)
    runs.service().attempts.forget(owner)
    return found


def restore_progress(names: list[str]) -> None:
    """Undo `delete_progress`."""
    runs.service().progress.restore(runs.sight().owner, names)


def note_verdict(attempt: Attempt, verdict: Verdict) -> None:
    """Remember what a grading found."""
    attempt.verdict = verdict
    after = with_verdict(progress_of(attempt.lesson), verdict)
    note(attempt.lesson, passed=after.passed, reached=after.reached)
