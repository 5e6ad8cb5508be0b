"""`DrawnField`: a field whose value a learner draws in the browser, in a small component of its own."""

from dataclasses import dataclass, field
from typing import Any

import streamlit as st
from streamlit.components.v2 import component

from core.parameters import FieldError, Parameter
from ui.assets import provide_scripts
from ui.form import widgets

# Sent again with every update; the rest is a file, loaded once (see `ui/live/component.py`).
_JS = """export default async (component) => {{
  const url = new URL(`app/static/${{component.data.assets}}/{script}.js`, document.baseURI)
  const {{default: show}} = await import(url)
  if (component.parentElement.isConnected) show(component)
}}"""
# Keeps the place of the drawing until that file is there.
_HTML = '<div class="{place}" style="min-height:{height}rem"></div>'


@dataclass(frozen=True)
class DrawnField:
    """A field that is drawn.

    Attributes:
        script: what draws it, in `static`; its default export is called with the component.
        place: the class of the element that it fills, and its least `height` in rem.
        value: the name of what the browser sends beside `version`: `{"points": [...], "version": 3}`.
    """

    script: str
    place: str
    height: int
    value: str
    _component: Any = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_component", component(
            f"playground.{self.script}", html=_HTML.format(place=self.place, height=self.height),
            js=_JS.format(script=self.script), isolate_styles=False))

    @property
    def key(self) -> str:
        """Of the component, in the session's state."""
        return f"{self.script}_drawn"

    @property
    def _version(self) -> str:
        return f"_{self.script}_version"

    def draw(self, parameter: Parameter, key: str, disabled: bool, data: dict[str, Any]) -> None:
        """Draw the value under `key`. data: what the script needs beside it."""
        def told() -> None:
            if not disabled:
                self.take(parameter, key, st.session_state[self.key].get("drawn"))

        st.markdown(parameter.label, help=parameter.help)
        drawn = [list(part) if isinstance(part, tuple) else part for part in widgets.value(parameter, key)]
        self._component(key=self.key, on_drawn_change=told, data=data | {
            self.value: drawn, "disabled": disabled, "version": st.session_state.get(self._version, 0),
            "assets": provide_scripts()})

    def take(self, parameter: Parameter, key: str, said: Any) -> None:
        """Adopt what the browser sends, if it is valid; else the browser shows what was valid before.

        `version` counts the browser's changes, so that it knows which of them an answer includes.
        """
        version = said.get("version") if isinstance(said, dict) else None
        if not isinstance(version, int) or isinstance(version, bool) or not 0 < version < 2**53:
            return
        st.session_state[self._version] = version
        try:
            widgets.fill(parameter, key, parameter.check(said.get(self.value)))
        except FieldError:
            return
