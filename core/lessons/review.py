"""Which questions of earlier lessons are asked again."""

from collections.abc import Collection, Mapping, Sequence
from typing import Protocol

from core.lessons.lesson import Lesson

MOST_REVIEWED = 3


class Known(Protocol):
    """What is known of a learner in one lesson: `core.store.progress.LessonProgress`."""

    @property
    def right(self) -> bool | None: ...


def mistakes(lesson: Lesson, lessons: Sequence[Lesson], known: Mapping[str, Known]) -> list[Lesson]:
    """The earlier lessons whose question went wrong, the latest first; for a lesson that reviews them."""
    if not lesson.reviews:
        return []
    return [one for one in _earlier(lesson, lessons) if one.name in known and known[one.name].right is False
            ][:MOST_REVIEWED]


def for_a_wait(lesson: Lesson, lessons: Sequence[Lesson], known: Mapping[str, Known],
               asked: Collection[str]) -> Lesson | None:
    """The earlier lesson whose question fills a wait: one that went wrong, else one that was done."""
    found = [one for one in _earlier(lesson, lessons) if one.name not in asked]
    return min(found, default=None, key=lambda one: (
        one.name not in known, one.name in known and known[one.name].right is not False, -one.number))


def _earlier(lesson: Lesson, lessons: Sequence[Lesson]) -> list[Lesson]:
    """Earlier lessons with a question to choose an answer to, the latest first."""
    return [one for one in sorted(lessons, key=lambda one: -one.number)
            if one.number < lesson.number and one.prediction.options]
