"""The prediction: a choice, a number or a sketch, and how sure the learner is."""

from collections.abc import Callable, Mapping
from textwrap import shorten
from typing import Any

import streamlit as st

from core.lessons.attempt import MISSING, SURE, Attempt
from core.lessons.judging import said
from core.lessons.lesson import SKETCHED
from ui.live.stage import Stage

# Characters of an answer in a line of the sidebar.
LINE = 48
NEXT = "Then press **Train** (T)."


def draw(stage: Stage, attempt: Attempt) -> None:
    """The question, and what to do next."""
    asked = attempt.lesson.prediction
    # A run was refused because something was missing; the learner may have supplied it meanwhile.
    if stage.own.refused in MISSING:
        stage.own.refused = attempt.missing or None
    with st.container(key="lesson_prediction"):
        _ANSWERS[asked.kind](attempt)
        _choice("sure", "How sure are you?", SURE, attempt, horizontal=True)
    # Always one line, so that what is below it does not move.
    st.markdown(f":material/play_arrow: {'Now press **Train** (T).' if not attempt.missing else NEXT}")
    with st.container(key="lesson_close"):
        st.caption("**Train** is behind this panel: close it, train, and come back.")


def folded(stage: Stage, attempt: Attempt) -> None:
    """The prediction in one line; it can no longer be changed."""
    asked = attempt.lesson.prediction
    with st.expander(f":material/lock: You predicted: {_line(said(attempt))}", key="lesson_predicted"):
        st.markdown(f"**{asked.question}**")
        st.markdown(f"{said(attempt)}\n\nYou were {_sure(attempt)}.")


def _line(text: str) -> str:
    """As many whole words as fit on a line."""
    return shorten(text, LINE, placeholder="…")


def _sure(attempt: Attempt) -> str:
    sure = attempt.prediction.sure
    return "not asked how sure you were" if sure is None else ("guessing", "fairly sure", "certain")[sure]


def _choice(name: str, label: str, options: tuple[str, ...], attempt: Attempt,
            horizontal: bool = False) -> None:
    key = _put(name, attempt)
    st.radio(label, range(len(options)), key=key, index=None, format_func=options.__getitem__,
             horizontal=horizontal, on_change=_take(name, key, attempt))


def _options(attempt: Attempt) -> None:
    asked = attempt.lesson.prediction
    _choice("option", f"**{asked.question}**", tuple(option.text for option in asked.options), attempt)


def _number(attempt: Attempt) -> None:
    asked = attempt.lesson.prediction
    key = _put("number", attempt)
    unit = f" ({asked.unit})" if asked.unit else ""
    st.number_input(f"**{asked.question}**{unit}", key=key, value=None, format="%g",
                    placeholder="Your number", on_change=_take("number", key, attempt))


def _sketch(attempt: Attempt) -> None:
    asked = attempt.lesson.prediction
    st.markdown(f"**{asked.question}**")
    names = " and the ".join(SKETCHED[curve] for curve in asked.curves)
    st.markdown(f":material/draw: Draw the {names} on the chart, with the pointer or with the arrow keys.")
    with st.container(key="lesson_close_chart"):
        st.caption("The chart is behind this panel: close it, draw, and come back.")
    done = [curve for curve in asked.curves if curve in attempt.prediction.curves]
    st.caption(f"Drawn: {len(done)} of {len(asked.curves)}.")


def _put(name: str, attempt: Attempt) -> str:
    """The widget's key; it shows what the server knows, whatever the browser says.

    Set only where it differs: what is set is sent, and would undo what the learner chose meanwhile.
    """
    key, known = f"lesson_{name}_{attempt.lesson.name}", getattr(attempt.prediction, name)
    if st.session_state.get(key) != known:
        st.session_state[key] = known
    return key


def _take(name: str, key: str, attempt: Attempt) -> Callable[[], None]:
    def take() -> None:
        value: Any = st.session_state[key]
        # A browser that built the widget anew reports it as empty.
        if value is not None:
            attempt.predict(**{name: value})

    return take


_ANSWERS: Mapping[str, Callable[[Attempt], None]] = {
    "choice": _options, "number": _number, "sketch": _sketch}
