"""The live panel on a page: one component that stays mounted and receives only what changed."""

from collections.abc import Callable
from typing import Any

import streamlit as st
from streamlit.components.v2 import component

from core.views.run_panel import RunPanel, message
from ui.assets import plotly_name, provide_plotly, provide_scripts

# Streamlit sends these few lines again with every update; the rest is a file, loaded once.
_JS = """export default async (component) => {
  const url = new URL(`app/static/${component.data.assets}/live.js`, document.baseURI)
  return (await import(url)).default(component)
}"""
# The height keeps the page's place until that file is there.
_HTML = '<div class="live-place" style="min-height:60rem"></div>'

_component = component("playground.live", html=_HTML, js=_JS, isolate_styles=False)

Choose = Callable[[str], object]


def streamed_panel(key: str, stream: str, on_show: Choose, on_overlay: Choose, on_advice: Choose,
                   on_lost: Callable[[], None]) -> None:
    """Mount the live panel, which follows the stream with the key `stream`.

    Args:
        on_show, on_overlay: called with a run's id before the script or fragment runs again, so that the same
            run draws what they change.
        on_advice: the same, with the name of the coach's advice to follow.
        on_lost: called if the browser cannot reach the stream.
    """
    _mount(key, {"stream": stream}, on_show_change=_on_report(key, "show", on_show), on_lost_change=on_lost,
           on_overlay_change=_on_report(key, "overlay", on_overlay),
           on_advice_change=_on_report(key, "advice", on_advice), on_changed_change=lambda: None)


def live_panel(key: str, view: RunPanel, on_show: Choose, on_overlay: Choose, on_advice: Choose) -> None:
    """Mount or update the live panel without a stream. on_...: see `streamed_panel`."""
    held, asked = f"_{key}_sent", f"_{key}_asked"
    told, st.session_state[held] = message(view, st.session_state.get(held, {}))

    def forget() -> None:
        st.session_state[held] = {}
        # Counted, because a message equal to the last one would not reach the component.
        st.session_state[asked] = st.session_state.get(asked, 0) + 1

    _mount(key, {"parts": told, "asked": st.session_state.get(asked, 0)}, on_missing_change=forget,
           on_show_change=_on_report(key, "show", on_show),
           on_overlay_change=_on_report(key, "overlay", on_overlay),
           on_advice_change=_on_report(key, "advice", on_advice))


def _mount(key: str, data: dict[str, Any], **heard: Callable[[], object]) -> None:
    provide_plotly()
    _component(key=key, data={"key": key, "assets": provide_scripts(), "plotly": plotly_name(), **data},
               **heard)  # type: ignore[arg-type]


def _on_report(key: str, name: str, then: Choose) -> Callable[[], None]:
    """Passes on what the browser reports as `name`."""
    def call() -> None:
        value = st.session_state[key].get(name)
        if isinstance(value, str):
            then(value)
    return call
