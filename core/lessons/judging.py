"""Whether a prediction was right, and why, judged by the numbers of a run."""

from core.lessons.attempt import Attempt
from core.lessons.facts import fill, number
from core.runs.run import Run


def is_right(attempt: Attempt, run: Run) -> bool | None:
    """Whether `run` shows what was predicted; None for a sketch, which the learner compares."""
    asked, said = attempt.lesson.prediction, attempt.prediction
    if said.option is not None:
        return asked.options[said.option].right
    found = number(asked.fact, run) if asked.fact else None
    return None if found is None or said.number is None else abs(found - said.number) <= asked.near


def said(attempt: Attempt) -> str:
    """The prediction in words."""
    asked, answer = attempt.lesson.prediction, attempt.prediction
    if answer.option is not None:
        return asked.options[answer.option].text
    if answer.number is not None:
        return f"{answer.number:g} {asked.unit}".strip()
    return "your sketch" if answer.curves else "nothing"


def why(attempt: Attempt, run: Run) -> str:
    """The comment on the prediction, with the numbers of `run`."""
    asked, said = attempt.lesson.prediction, attempt.prediction
    return fill(asked.why if said.option is None else asked.options[said.option].why, run)
