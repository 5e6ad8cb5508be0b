"""Which run is evaluated: the one shown, or another of this browser's."""

import streamlit as st

from core.runs.run import Run
from core.views.start_words import data_name, origin, steps_per_epoch
from core.views.status import WORDS
from ui.session import runs

CHOSEN = "evaluated_run"


def draw() -> Run | None:
    """A box with this browser's runs, newest first. Before the first run: None, and a message with a link."""
    own = {run.id: run for run in runs.all_runs()}
    # The Playground may show no run, because of a link, although there are some.
    shown = runs.shown() or next(reversed(own.values()), None)
    if shown is None:
        st.info("There is no run to evaluate yet. Train a network first: it takes a few seconds.",
                icon=":material/school:")
        st.page_link("pages/playground.py", label="Open the Playground", icon=":material/play_circle:")
        return None
    st.session_state[CHOSEN] = shown.id
    # The box tells options apart by their text, and two runs may have the same config.
    names = {run.id: f"{place}. {_name(run)}" for place, run in enumerate(own.values(), 1)}
    st.selectbox("Run", list(own)[::-1], key=CHOSEN, on_change=_show,
                 format_func=lambda run_id: str(names.get(run_id, run_id)))
    return shown


def _show() -> None:
    """Show the chosen run here and in the Playground; if it no longer exists, nothing changes."""
    runs.sight().show(st.session_state[CHOSEN])


def _name(run: Run) -> str:
    word, sign = WORDS[run.status]
    # A network from scratch has the same name as the one that it is compared with.
    begun = origin(run.config, steps_per_epoch(run))
    name = f"{data_name(run.config)}: {run.name} {sign} {word.lower()}"
    return f"{name}, started {begun}" if begun else name
