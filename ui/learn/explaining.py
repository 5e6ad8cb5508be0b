"""The explanation, from the numbers of the learner's own run."""

import streamlit as st

from core.lessons.attempt import Attempt
from core.lessons.facts import fill
from core.lessons.judging import is_right, said, why
from core.runs.run import Run
from ui.live.stage import Stage
from ui.messages import unbroken
from ui.session import lessons

MARKS = {True: ":green[:material/check_circle:]", False: ":orange[:material/cancel:]",
         None: ":material/compare:"}


def draw(stage: Stage, attempt: Attempt) -> None:
    """Whether the prediction was right and why, then what happened."""
    run = attempt.explained(stage.own.runs, stage.own.shown)
    if run is None:
        return
    _note(attempt, run)
    st.markdown(f"{MARKS[is_right(attempt, run)]} **You predicted:** {said(attempt)}")
    st.markdown(unbroken(why(attempt, run)))
    st.markdown(unbroken(fill(attempt.lesson.explain, run)))


def _note(attempt: Attempt, run: Run) -> None:
    """Remember the first prediction in this lesson: later ones know the answer."""
    right = is_right(attempt, run)
    # A run that was stopped at once has no number to compare with; the next one has.
    unknown = right is None and attempt.lesson.prediction.kind == "number"
    if not unknown and not lessons.progress_of(attempt.lesson).predicted:
        lessons.note(attempt.lesson, predicted=said(attempt), right=right,
                     sure=attempt.prediction.sure or 0)
