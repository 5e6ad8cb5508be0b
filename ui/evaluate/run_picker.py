"""Which run is evaluated: the one shown, or another of this browser's."""

import streamlit as st

from core.runs.run import Run
from core.views.status import WORDS
from ui.session import runs

CHOSEN = "evaluated_run"


def draw() -> Run | None:
    """A box with this browser's runs, newest first; None, with words and a way out, before there is any."""
    own = {run.id: run for run in runs.all_runs()}
    # A link may show none in the Playground, although there are some.
    shown = runs.shown() or next(reversed(own.values()), None)
    if shown is None:
        st.info("There is no run to evaluate yet. Train a network first: it takes a few seconds.",
                icon=":material/school:")
        st.page_link("pages/playground.py", label="Open the Playground", icon=":material/play_circle:")
        return None
    st.session_state[CHOSEN] = shown.id
    # A box tells its options apart by their words, and the same may be trained twice.
    names = {run.id: f"{place}. {_name(run)}" for place, run in enumerate(own.values(), 1)}
    st.selectbox("Run", list(own)[::-1], key=CHOSEN, on_change=_show,
                 format_func=lambda run_id: str(names.get(run_id, run_id)))
    return shown


def _show() -> None:
    """Show the chosen run here and in the Playground; if it is gone by now, nothing changes."""
    chosen = st.session_state[CHOSEN]
    if any(run.id == chosen for run in runs.all_runs()):
        runs.show(chosen)


def _name(run: Run) -> str:
    word, sign = WORDS[run.status]
    return f"{run.config.data.label}: {run.name} {sign} {word.lower()}"
