"""The tour and the lessons as cards, in order: what each asks or teaches, and how far the learner is."""

import streamlit as st

from core.lessons.lesson import Lesson
from core.lessons.reading import lessons as all_lessons
from core.lessons.summary import BEGUN, PASSED, PREDICTED, state
from core.lessons.tour import CARDS, FINISHED, MINUTES, TOUR
from core.store import LessonProgress
from ui.session import lessons, tour

COLUMNS = 3
SHOWN = {BEGUN: (":gray[:material/radio_button_unchecked:] Not started", "Start"),
         PREDICTED: (":orange[:material/timelapse:] Predicted, challenge open", "Continue"),
         PASSED: (":green[:material/check_circle:] Passed", "Open again")}


def draw() -> None:
    """The tour, and all lessons."""
    with st.container(border=True, key="tour_card"):
        _tour()
    known, found = lessons.progress(), list(all_lessons().values())
    done = sum(state(known.get(lesson.name)) == PASSED for lesson in found)
    st.markdown("Each lesson takes 5 to 10 minutes. You predict, try it on the stage, read what happened, "
                f"and solve a challenge. You have passed **{done} of {len(found)}**.")
    for first in range(0, len(found), COLUMNS):
        for column, lesson in zip(st.columns(COLUMNS), found[first:first + COLUMNS], strict=False):
            with column.container(border=True, height="stretch", key=f"lesson_card_{lesson.name}"):
                _card(lesson, known.get(lesson.name))


def _tour() -> None:
    known = tour.known()
    number = known.number if known else 0
    verb = (f"Go on with the tour at step {number + 1}" if number
            else "Take the tour again" if known and known.state == FINISHED else "Take the tour")
    st.markdown(f"**The tour** shows you the page in {len(CARDS)} steps: train a network, look inside it, "
                f"change it while it learns, break it and repair it. It takes about {MINUTES} minutes.")
    st.page_link("pages/playground.py", label=verb, icon=":material/tour:", query_params={TOUR: "1"})


def _card(lesson: Lesson, known: LessonProgress | None) -> None:
    now = state(known)
    said, verb = SHOWN[now]
    st.markdown(f"##### {lesson.number}. {lesson.title}")
    # The idea of the lesson would answer its question, so before the prediction the card shows the question.
    st.markdown(lesson.prediction.question if now == BEGUN else lesson.idea)
    st.caption(f"{said} · 5 to 10 minutes")
    st.page_link("pages/playground.py", label=f"{verb}: {lesson.title}", icon=":material/play_circle:",
                 query_params={"lesson": lesson.name})
