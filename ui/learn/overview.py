"""`SECTIONS`: what Learn offers. The address says which one is shown."""

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from ui.learn import article_list, lesson_list, progress

CHOSEN, SECTION = "learn_section", "section"
_WRITTEN = "_learn_address"


@dataclass(frozen=True)
class LearnSection:
    """One section. label: its button's text. draw: draws all of it. opened_by: the name in the address that
    asks for one entry of it; empty where there are none.
    """

    label: str
    draw: Callable[[], None]
    opened_by: str = ""


SECTIONS: dict[str, LearnSection] = {
    "lessons": LearnSection("Lessons", lesson_list.draw),
    "ideas": LearnSection("Ideas", article_list.ideas, "idea"),
    "words": LearnSection("Words", article_list.words, "term"),
    "questions": LearnSection("Questions", article_list.questions, "question"),
    "progress": LearnSection("Progress", progress.draw),
    "teachers": LearnSection("For teachers", article_list.teachers),
}


def draw() -> None:
    """The buttons that choose a section, and the chosen section."""
    _write_address()
    asked = _asked()
    if asked or st.session_state.get(CHOSEN) not in SECTIONS:
        st.session_state[CHOSEN] = asked or next(iter(SECTIONS))
    chosen = st.segmented_control("Section", list(SECTIONS), key=CHOSEN, required=True, on_change=_choose,
                                  format_func=lambda name: SECTIONS[name].label,
                                  label_visibility="collapsed", persist_state="session")
    with st.container(key=f"learn_{chosen}"):
        SECTIONS[chosen or next(iter(SECTIONS))].draw()


def _asked() -> str | None:
    """The section that the address asks for, by its own name or by that of an entry."""
    params = st.query_params
    return next((name for name, section in SECTIONS.items()
                 if params.get(SECTION) == name or section.opened_by in params), None)


def _write_address() -> None:
    """Show the address that a link of this page led to: Streamlit shows only those to other pages."""
    params = st.query_params.to_dict()
    if params != st.session_state.setdefault(_WRITTEN, params):
        st.session_state[_WRITTEN] = params
        st.query_params.from_dict(params)


def _choose() -> None:
    st.query_params.from_dict({SECTION: st.session_state[CHOSEN]})
