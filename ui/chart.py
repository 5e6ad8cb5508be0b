"""One chart on a page: draws a figure of `core.charts` in place, in the page's colours, light or dark."""

from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st
from streamlit.components.v2 import component

from ui.assets import plotly_name, provide_plotly, provide_scripts

# Sent again with every update; the rest is a file, loaded once (see `ui/live/component.py`).
_JS = """export default async (component) => {
  const url = new URL(`app/static/${component.data.assets}/chart.js`, document.baseURI)
  return (await import(url)).default(component)
}"""
_HTML = '<div class="chart" style="overflow:hidden"></div>'
_CSS = ".chart.clicks .nsewdrag { cursor: pointer }"
HEIGHT = 360

_component = component("playground.chart", html=_HTML, js=_JS, css=_CSS, isolate_styles=False)


def chart(key: str, figure: Mapping[str, Any], height: int = HEIGHT,
          on_click: Callable[[tuple[int, ...]], object] | None = None) -> None:
    """Draw `figure`: its traces, its layout and, for screen readers, the sentence `about`.

    height: in pixels. on_click: called with the position clicked, (row, column) in a heatmap, before the
    script runs again. The browser's value is not trusted: it may be anything.
    """
    provide_plotly()

    def clicked() -> None:
        place = place_of(st.session_state[key].get("clicked"))
        if on_click is not None and place:
            on_click(place)

    kept = {name: figure[name] for name in ("traces", "layout", "about")}
    _component(key=key, height=height, on_clicked_change=clicked, data={
        "figure": kept, "height": height, "clicks": on_click is not None, "plotly": plotly_name(),
        "assets": provide_scripts()})


def place_of(said: Any) -> tuple[int, ...]:
    """The position that the browser reports as clicked, as whole numbers from 0; empty if it is invalid."""
    if not isinstance(said, list) or not 0 < len(said) <= 2:
        return ()
    if not all(isinstance(number, int) and not isinstance(number, bool) and number >= 0 for number in said):
        return ()
    return tuple(said)
