"""The live panel of a page: one component that stays mounted and receives only what changed."""

from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st
from streamlit.components.v2 import component

from core.views.patches import Parts, diff
from ui.assets import plotly_name, provide_plotly, provide_scripts

# Streamlit sends these few lines again with every update; the rest is a file, loaded once.
_JS = """export default async (component) => {{
  const url = new URL(`app/static/${{component.data.assets}}/{name}.js`, document.baseURI)
  return (await import(url)).default(component)
}}"""
# The height keeps the page's place until that file is there.
_HTML = '<div class="live-place" style="min-height:60rem"></div>'

# The panels by their keys, which are the names of their files: of the Playground and of the Agents page.
_COMPONENTS = {name: component(f"playground.{name}", html=_HTML, js=_JS.format(name=name),
                               isolate_styles=False) for name in ("live", "agents")}

Obey = Callable[[str, Any], object]
Choose = Callable[[str], object]
Adopt = Callable[[str, bool], object]


def streamed_panel(key: str, stream: str, obey: Obey, on_advice: Choose, on_adopt: Adopt,
                   on_lost: Callable[[], None]) -> None:
    """Mount the live panel, which follows the stream with the key `stream`.

    Args:
        key: of `_COMPONENTS`.
        obey: called with a command's name and value before the script or fragment runs again. The panel sends
            commands this way where a choice was made just before: one socket keeps the order.
        on_advice: the same, with the name of the coach's advice to follow.
        on_adopt: the same, with the id of the run whose settings are to be put into the sidebar, empty for
            the shown one; and whether its weights are to be the start.
        on_lost: called if the browser cannot reach the stream.
    """
    _mount(key, {"stream": stream}, obey, on_advice, on_adopt, on_lost_change=on_lost,
           on_changed_change=lambda: None)


def live_panel(key: str, view: Parts, obey: Obey, on_advice: Choose,
               on_adopt: Adopt) -> None:
    """Mount or update the live panel without a stream. See `streamed_panel`."""
    held, asked = f"_{key}_sent", f"_{key}_asked"
    told, st.session_state[held] = diff(view, st.session_state.get(held, {}))

    def forget() -> None:
        st.session_state[held] = {}
        # Counted, because a message equal to the last one would not reach the component.
        st.session_state[asked] = st.session_state.get(asked, 0) + 1

    _mount(key, {"parts": told, "asked": st.session_state.get(asked, 0)}, obey, on_advice, on_adopt,
           on_missing_change=forget)


def _mount(key: str, data: dict[str, Any], obey: Obey, on_advice: Choose,
           on_adopt: Adopt, **heard: Callable[[], object]) -> None:
    provide_plotly()

    def reported(name: str) -> Any:
        return st.session_state[key].get(name)

    def command() -> None:
        said = reported("command")
        if isinstance(said, Mapping):
            obey(said.get("command", ""), said.get("value"))

    def advice() -> None:
        if isinstance(said := reported("advice"), str):
            on_advice(said)

    def settings() -> None:
        said = reported("settings")
        if isinstance(said, Mapping) and isinstance(run := said.get("run"), str):
            on_adopt(run, said.get("start") is True)

    _COMPONENTS[key](key=key, data={"key": key, "assets": provide_scripts(), "plotly": plotly_name(), **data},
                     on_command_change=command, on_advice_change=advice, on_settings_change=settings,
                     **heard)  # type: ignore[arg-type]
