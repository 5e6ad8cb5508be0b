"""The board where a learner places points by clicking."""

from typing import Any

import streamlit as st
from streamlit.components.v2 import component

from core.charts.palette import CLASS_COLORS
from core.datasets.custom_points import PointList
from core.parameters import FieldError
from ui.assets import provide_scripts
from ui.form import widgets

# Sent again with every update; the rest is a file, loaded once (see `ui/live/component.py`).
_JS = """export default async (component) => {
  const url = new URL(`app/static/${component.data.assets}/points.js`, document.baseURI)
  const {default: show} = await import(url)
  if (component.parentElement.isConnected) show(component)
}"""
# Keeps the place of buttons, board and words until that file is there.
_HTML = '<div class="points-place" style="min-height:21rem"></div>'
BOARD, VERSION = "points_board", "_points_version"

_component = component("playground.points", html=_HTML, js=_JS, isolate_styles=False)


def draw(parameter: PointList, key: str, disabled: bool = False) -> None:
    """The points under `key`, and buttons that choose the class of the next one."""
    def told() -> None:
        if not disabled:
            take(parameter, key, st.session_state[BOARD].get("placed"))

    st.markdown(parameter.label, help=parameter.help)
    points = widgets.value(parameter, key)
    _component(key=BOARD, on_placed_change=told, data={
        "points": [list(point) for point in points], "classes": parameter.classes,
        "colors": list(CLASS_COLORS), "limit": parameter.limit, "most": parameter.most, "disabled": disabled,
        "version": st.session_state.get(VERSION, 0), "assets": provide_scripts()})


def take(parameter: PointList, key: str, said: Any) -> None:
    """Adopt what the browser sends: `{"points": [[x, y, class], ...], "version": 3}`.

    Invalid values change nothing, and the board shows the points that are valid. version: counts the
    browser's changes, so that it knows which of them an answer includes.
    """
    version = said.get("version") if isinstance(said, dict) else None
    if not isinstance(version, int) or isinstance(version, bool) or not 0 < version < 2**53:
        return
    st.session_state[VERSION] = version
    try:
        widgets.fill(parameter, key, parameter.check(said.get("points")))
    except FieldError:
        return
