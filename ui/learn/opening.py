"""Opens a lesson or its challenge on the stage, and leaves it."""

from core.lessons.attempt import Attempt
from core.lessons.lesson import Lesson
from ui.form import form_state
from ui.session import lessons


def open_lesson(lesson: Lesson) -> None:
    """Fill the sidebar with the lesson's settings, and show only the lesson's runs."""
    lessons.enter(lesson.name)
    attempt = lessons.attempt()
    if attempt is not None:
        form_state.load(attempt.config, (attempt.config,))


def begin_again() -> None:
    """Forget the prediction and the runs of the lesson. A lesson that was passed stays passed."""
    lessons.again()
    found = lessons.lesson()
    if found is not None:
        open_lesson(found)


def open_challenge(attempt: Attempt) -> None:
    """Go on to the challenge, which may begin with other settings."""
    attempt.tried = tuple(attempt.runs)
    form_state.load(attempt.config, (attempt.config,))


def leave() -> None:
    """Show the whole form again, with the current settings."""
    lessons.enter("")
