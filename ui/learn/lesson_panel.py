"""The lesson above the sidebar's fields: its text, and the stage that the learner has reached."""

from collections.abc import Callable, Mapping

import streamlit as st

from core.lessons.attempt import CHALLENGE, EXPLAIN, OBSERVE, PREDICT, RUN, STAGES, Attempt
from core.lessons.reading import lessons as all_lessons
from ui.learn import challenging, explaining, opening, predicting, reviewing
from ui.live.stage import Stage
from ui.session import lessons


def draw(stage: Stage) -> None:
    """The open lesson; nothing if none is open."""
    # The learner may have opened or left a lesson since the page's script ran.
    attempt = stage.lesson = lessons.attempt()
    if attempt is None:
        return
    now = attempt.stage(stage.own.runs)
    with st.container(key="lesson"):
        _head(attempt, now)
        for part in (reviewing.draw_mistake,) if reviewing.next_mistake(attempt) else SHOWN[now]:
            part(stage, attempt)
    # Taken before the page drew it: what changes meanwhile is drawn next time.
    stage.told = attempt.seen(stage.own.runs, stage.own.shown)


def draw_below(stage: Stage) -> None:
    """What stands below the fields."""
    attempt = stage.lesson
    if attempt is not None and attempt.challenged and not reviewing.next_mistake(attempt):
        challenging.draw_below(stage, attempt)


def _head(attempt: Attempt, now: str) -> None:
    lesson = attempt.lesson
    with st.container(horizontal=True, vertical_alignment="center", key="lesson_head"):
        st.caption(f"Lesson {lesson.number} of {len(all_lessons())}", width="stretch")
        st.button("Leave the lesson", key="lesson_leave", type="tertiary", on_click=opening.leave,
                  help="All settings appear again, with the values they have now.")
    st.markdown(f"#### {lesson.title}")
    with st.container(key="lesson_steps"):
        st.markdown("\u2009›\u2009".join(
            f":primary[**{name.capitalize()}**]" if name == now else f":gray[{name.capitalize()}]"
            for name in STAGES))


def _text(stage: Stage, attempt: Attempt) -> None:
    st.markdown(attempt.lesson.text)


def _folded_text(stage: Stage, attempt: Attempt) -> None:
    with st.expander("What this lesson is about", key="lesson_text"):
        _text(stage, attempt)


def _look(stage: Stage, attempt: Attempt) -> None:
    st.markdown(f":material/visibility: {attempt.lesson.look}")


def _onward(stage: Stage, attempt: Attempt) -> None:
    st.button("Go to the challenge", key="lesson_onward", type="primary", icon=":material/flag:",
              on_click=opening.open_challenge, args=(attempt,), width="stretch")


def _folded_explanation(stage: Stage, attempt: Attempt) -> None:
    if attempt.explained(stage.own.runs, stage.own.shown) is not None:
        with st.expander("What happened", key="lesson_explained"):
            explaining.draw(stage, attempt)


Part = Callable[[Stage, Attempt], object]
# What stands below the heading, by the stage: what is over takes a line.
_BEFORE: tuple[Part, ...] = (_text, predicting.draw)
SHOWN: Mapping[str, tuple[Part, ...]] = {
    PREDICT: _BEFORE, RUN: _BEFORE,
    OBSERVE: (_folded_text, predicting.folded, _look, reviewing.draw_wait),
    EXPLAIN: (_folded_text, predicting.folded, explaining.draw, _onward),
    CHALLENGE: (_folded_text, predicting.folded, _folded_explanation, challenging.draw)}
