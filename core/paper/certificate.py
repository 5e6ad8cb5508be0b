"""The certificate: which lessons a learner has passed."""

from collections.abc import Sequence

from core.lessons.lesson import Lesson
from core.paper.html import inline, tag
from core.paper.sheet import Sheet, blank, sheet


def certificate(passed: Sequence[Lesson], of: int, date: str) -> Sheet:
    """The certificate for the lessons `passed`. of: how many lessons there are."""
    return sheet(
        "Certificate", "certificate",
        tag("h1", "Deep Learning Playground"), tag("p", "This is to certify that"),
        blank("", "Type your name here; it is not sent anywhere"),
        tag("p", f"has passed {len(passed)} of {of} lessons, and solved a challenge in each:"),
        tag("ol", *(tag("li", f"{lesson.number}. {lesson.title}: ", inline(lesson.idea))
                    for lesson in passed)),
        tag("p", date), wide=True)
