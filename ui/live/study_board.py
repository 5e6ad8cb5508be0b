"""The board of a study on a page: cards that stay mounted and receive only what changed."""

import re
import time
from collections.abc import Callable, Hashable, Sequence
from dataclasses import asdict
from typing import Any

import streamlit as st
from streamlit.components.v2 import component

from core.studies.study import Study
from core.views.patches import Parts, diff
from core.views.study_board import Card
from ui.assets import plotly_name, provide_plotly, provide_scripts
from ui.live import open_pages, stream
from ui.session import runs

# Sent again with every update; the rest is a file, loaded once (see `ui/live/component.py`).
_JS = """export default async (component) => {
  const url = new URL(`app/static/${component.data.assets}/board.js`, document.baseURI)
  return (await import(url)).default(component)
}"""
# The height keeps the page's place until that file is there.
_HTML = '<div class="live-place" style="min-height:50rem"></div>'
# Least seconds between two updates while a study trains, and between two looks when it does not.
UPDATE_SECONDS, IDLE_SECONDS = 0.125, 1.0
# Without a stream, a fragment runs for each update.
TICK_SECONDS = 0.5

_NUMBER = re.compile(r"[0-9]{1,6}")

_component = component("playground.board", html=_HTML, js=_JS, isolate_styles=False)

Opened = Callable[[int], object]


def draw(key: str, cards: Sequence[Card], study: Study | None, parts: Callable[[], Parts],
         state: Callable[[], Hashable], on_open: Opened | None = None) -> None:
    """Draw a board and keep it up to date.

    Args:
        parts: returns what the cards show; called from another thread too.
        state: returns what the page draws of the study outside the board; when that changes, the page runs
            again.
        on_open: called with the number in the row whose button was pressed, before the script runs again; the
            browser's value is not trusted.
    """
    drawn, streams = state(), stream.available()
    data = {"key": key, "cards": [asdict(card) for card in cards], "plotly": plotly_name(),
            "assets": provide_scripts()}
    heard: dict[str, Callable[[], object]] = {"on_opened_change": _opened(key, on_open)}
    provide_plotly()
    if streams:
        view = open_pages.PageView(parts, state, drawn, lambda: _pause(study), _on_cost)
        _component(key=key, data=data | {"stream": open_pages.register(view, key)},
                   on_lost_change=stream.report_unreachable,
                   on_changed_change=lambda: None, **heard)  # type: ignore[arg-type]
        return

    def tick() -> None:
        if (state(), stream.available()) != (drawn, streams):
            st.rerun()
        began = time.thread_time()
        _mount(key, data, parts(), heard)
        _on_cost(time.thread_time() - began)

    st.fragment(tick, run_every=TICK_SECONDS if study and study.active else None)()


def _mount(key: str, data: dict[str, Any], parts: Parts, heard: dict[str, Callable[[], object]]) -> None:
    """Mount or update the board without a stream."""
    held, asked = f"_{key}_sent", f"_{key}_asked"
    told, st.session_state[held] = diff(parts, st.session_state.get(held, {}))

    def forget() -> None:
        st.session_state[held] = {}
        # Counted, because a message equal to the last one would not reach the component.
        st.session_state[asked] = st.session_state.get(asked, 0) + 1

    _component(key=key, data=data | {"parts": told, "asked": st.session_state.get(asked, 0)},
               on_missing_change=forget, **heard)  # type: ignore[arg-type]


def _opened(key: str, on_open: Opened | None) -> Callable[[], None]:
    def call() -> None:
        said = st.session_state[key].get("opened")
        if on_open is not None and isinstance(said, str) and _NUMBER.fullmatch(said):
            on_open(int(said))
    return call


def _pause(study: Study | None) -> float:
    if study is None or not study.active:
        return IDLE_SECONDS
    return max(UPDATE_SECONDS, runs.service().rate.look(open_pages.pages()))


def _on_cost(seconds: float) -> None:
    if seconds:
        runs.service().rate.note(seconds)
