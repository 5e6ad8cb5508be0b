"""The live panel on a page: one component that stays mounted and is told only what changed."""

from collections.abc import Callable

import streamlit as st
from streamlit.components.v2 import component

from core.panel import LivePanel, message
from ui.assets import assets_version, plotly_name, provide_plotly

# Streamlit sends these few lines again with every update; the rest is a file, loaded once.
_JS = """export default async (component) => {
  const url = new URL("app/static/live.js?v=" + component.data.assets, document.baseURI)
  return (await import(url)).default(component)
}"""
# The height keeps the page's place until that file is there.
_HTML = '<div class="live-place" style="min-height:60rem"></div>'

_component = component("playground.live", html=_HTML, js=_JS, isolate_styles=False)

Choose = Callable[[str], None]


def live_panel(key: str, view: LivePanel, on_show: Choose, on_overlay: Choose) -> None:
    """Mount or update the live panel.

    on_show, on_overlay: called with a run's id before the script or fragment runs again, so that what
    they change is drawn in that same run.
    """
    provide_plotly()
    held, asked = f"_{key}_sent", f"_{key}_asked"
    told, st.session_state[held] = message(view, st.session_state.get(held, {}))
    known = {run.id for run in view.runs}

    def chosen(name: str, then: Choose) -> Callable[[], None]:
        def call() -> None:
            run_id = st.session_state[key].get(name)
            if isinstance(run_id, str) and run_id in known:  # a browser can send anything
                then(run_id)
        return call

    def forget() -> None:
        st.session_state[held] = {}
        # Counted, because a message equal to the last one would not reach the component.
        st.session_state[asked] = st.session_state.get(asked, 0) + 1

    _component(
        key=key, data={"key": key, "assets": assets_version(), "plotly": plotly_name(), "parts": told,
                       "asked": st.session_state.get(asked, 0)},
        on_show_change=chosen("show", on_show), on_overlay_change=chosen("overlay", on_overlay),
        on_missing_change=forget)
