"""A placeholder while a worker is still computing."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from core.runs.run import Run
from ui.messages import plain
from ui.session import runs

LOOK_SECONDS = 0.3


def until(asked: Callable[[], Any], words: str) -> None:
    """Show `words` while `asked()` returns None; then run the page again."""
    def look() -> None:
        if asked() is not None:
            st.rerun()
        state = runs.service().workers.state
        st.caption(f":material/hourglass_top: {words if state == 'Ready' else plain(state)} ...")

    st.fragment(look, run_every=LOOK_SECONDS)()


def ended(run: Run) -> bool:
    """Whether `run` has ended. Until then, shows a message; the page runs again when the run ends."""
    if not run.active:
        return True
    st.info("This run is still training. Its test results are computed when it ends: wait for it, or choose "
            "another run.", icon=":material/hourglass_top:")
    until(lambda: None if run.active else run, "Training")
    return False
