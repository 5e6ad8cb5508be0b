"""The board of a grid world, which a learner draws: walls, pits, goals and the start."""

from typing import Any

import streamlit as st
from streamlit.components.v2 import component

from core.agents.board import CELLS, LEAST_SIDE, MOST_SIDE, BoardLayout
from core.agents.boards import BOARDS
from core.parameters import FieldError
from ui.assets import provide_scripts
from ui.form import widgets

# Sent again with every update; the rest is a file, loaded once (see `ui/live/component.py`).
_JS = """export default async (component) => {
  const url = new URL(`app/static/${component.data.assets}/board_editor.js`, document.baseURI)
  const {default: show} = await import(url)
  if (component.parentElement.isConnected) show(component)
}"""
# Keeps the place of buttons, board and words until that file is there.
_HTML = '<div class="board-place" style="min-height:24rem"></div>'
BOARD, VERSION = "agents_board", "_agents_board_version"

_component = component("playground.board_editor", html=_HTML, js=_JS, isolate_styles=False)


def draw(parameter: BoardLayout, key: str, disabled: bool = False) -> None:
    """The board under `key`, what can be placed on it, and boards to begin with."""
    def told() -> None:
        if not disabled:
            take(parameter, key, st.session_state[BOARD].get("drawn"))

    st.markdown(parameter.label, help=parameter.help)
    _component(key=BOARD, on_drawn_change=told, data={
        "rows": list(widgets.value(parameter, key)), "cells": [list(cell) for cell in CELLS.items()],
        "boards": [[name, list(rows)] for name, rows in BOARDS.items()], "least": LEAST_SIDE,
        "most": MOST_SIDE, "disabled": disabled, "version": st.session_state.get(VERSION, 0),
        "assets": provide_scripts()})


def take(parameter: BoardLayout, key: str, said: Any) -> None:
    """Adopt what the browser sends: `{"rows": ["S.", ".G"], "version": 3}`.

    An invalid board changes nothing, and the editor shows the one that is valid. version: counts the
    browser's changes, so that it knows which of them an answer includes.
    """
    version = said.get("version") if isinstance(said, dict) else None
    if not isinstance(version, int) or isinstance(version, bool) or not 0 < version < 2**53:
        return
    st.session_state[VERSION] = version
    try:
        widgets.fill(parameter, key, parameter.check(said.get("rows")))
    except FieldError:
        return
