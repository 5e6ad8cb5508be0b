"""Decides which run is shown when a link is opened in a browser that already has runs."""

import streamlit as st

from core.runs.config import RunConfig
from core.runs.run import Run
from ui.session import runs
from ui.session.shown_runs import NOTHING

LINK, OWNER, OTHER, WANTED = "_link", "_link_owner", "_other_than_link", "_link_run"


def prefer(run_id: str) -> None:
    """Of several runs with the settings of the link that is opened next, show this one."""
    st.session_state[WANTED] = run_id


def follow(opened: RunConfig | None) -> None:
    """Show the newest run of the link just `opened`; if there is none, show no run until Train is pressed.

    A run that is still active stays visible, so that it can be stopped; `strange` recognizes it.
    """
    owner = st.session_state[runs.OWNER]
    if opened is not None:
        st.session_state[LINK] = opened
    elif owner == st.session_state.get(OWNER):
        return
    # Repeated once the browser has reported its key: before that, it has no runs.
    st.session_state[OWNER], config = owner, st.session_state.get(LINK)
    if config is not None:
        _show(config)


def forget() -> None:
    """From now on, no link decides which run is shown."""
    for key in (LINK, OTHER, WANTED):
        st.session_state.pop(key, None)


def _show(config: RunConfig) -> None:
    own = runs.all_runs()
    same = [run for run in own if run.config == config]
    going = [run for run in own if run.active]
    name = st.session_state.pop(WANTED, None)
    wanted = [run for run in same if run.id == name]
    found = (wanted or same or going)[-1:]
    runs.sight().chosen = found[0].id if found else NOTHING
    st.session_state[OTHER] = going[-1].id if going and not same else None


def strange(run: Run | None, config: RunConfig | None) -> bool:
    """Whether `run` is shown only because it was active when a link with other settings was opened."""
    return run is not None and run.id == st.session_state.get(OTHER) and run.config != config
