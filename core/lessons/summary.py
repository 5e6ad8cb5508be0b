"""What a learner's progress adds up to: lessons passed, and how good the predictions were."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from core.lessons.attempt import SURE
from core.lessons.lesson import Lesson
from core.store import LessonProgress

BEGUN, PREDICTED, PASSED = STATES = ("not begun", "predicted", "passed")


class Calibration(NamedTuple):
    """Of `made` predictions when the learner was so `sure`, how many were `right`."""

    sure: str
    right: int
    made: int

    @property
    def words(self) -> str:
        """As the learner reads it."""
        kind, one = {"a guess": ("guesses", "guess"),
                     "fairly": ("predictions that you were fairly sure of",
                                "prediction that you were fairly sure of"),
                     "certain": ("predictions that you were certain of",
                                 "prediction that you were certain of")}[self.sure]
        if self.made == 1:
            return f"Your one {one} was {'right' if self.right else 'wrong'}."
        return f"Of {self.made} {kind}, {self.right} {'was' if self.right == 1 else 'were'} right."


def state(known: LessonProgress | None) -> str:
    """One of `STATES`."""
    if known is None or not known.predicted:
        return BEGUN if known is None or not known.passed else PASSED
    return PASSED if known.passed else PREDICTED


def calibration(known: Mapping[str, LessonProgress]) -> list[Calibration]:
    """One entry for each degree of sureness that has predictions; sketches count for none."""
    judged = [one for one in known.values() if one.predicted and one.right is not None]
    found = []
    for number, sure in enumerate(SURE):
        own = [one.right for one in judged if one.sure == number]
        if own:
            found.append(Calibration(sure, sum(map(bool, own)), len(own)))
    return found


def advice(found: Sequence[Calibration]) -> str:
    """What the learner may make of it; empty while there is too little to say anything."""
    certain = next((one for one in found if one.sure == SURE[-1]), None)
    if certain is None or certain.made < 3:
        return ""
    if certain.right == certain.made:
        return "When you are certain, you are right. Trust it."
    return "You were certain and wrong: those are the lessons to look at again."


def passed(lessons: Sequence[Lesson], known: Mapping[str, LessonProgress]) -> list[tuple[Lesson, float]]:
    """The lessons that were passed, in their order, and when (`time.time`)."""
    found = [(one, known[one.name].passed) for one in lessons if one.name in known]
    return [(one, when) for one, when in found if when is not None]
