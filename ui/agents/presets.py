"""The preset menu of the Agents page: a preset fills in every choice, and says what to look for."""

import streamlit as st

from core.agents.presets import PRESETS
from core.parameters import FieldError
from core.views.agents.chips import changes
from ui.agents import choices
from ui.form.presets import BEFORE
from ui.messages import plain

CHOSEN = choices.key("preset")
HELP = "Sets all fields. The presets to diagnose go wrong, and you find out why."


def draw() -> None:
    """The preset menu, drawn only while it is open."""
    box = st.expander("Presets", key=choices.key("group_preset"), on_change="rerun")
    if box.open:
        with box:
            _draw()


def _draw() -> None:
    chosen = st.session_state.get(CHOSEN)
    chosen = chosen if isinstance(chosen, str) and chosen in PRESETS else None
    st.session_state[CHOSEN] = chosen
    st.selectbox("Preset", list(PRESETS), index=None, key=CHOSEN, on_change=_take, help=HELP,
                 format_func=_label,
                 placeholder="Start from a preset", persist_state="session")
    if chosen is not None:
        _tell(chosen)


def _label(name: str) -> str:
    return BEFORE[PRESETS[name].kind] + PRESETS[name].label


def _take() -> None:
    name = st.session_state.get(CHOSEN)
    if isinstance(name, str) and name in PRESETS:
        choices.load(PRESETS[name].config)


def _tell(name: str) -> None:
    """What to look for, and what was changed since; the diagnosis on request."""
    preset = PRESETS[name]
    st.info(plain(preset.text), icon=":material/search:")
    if changed := _changed(name):
        st.caption(f":material/edit: Changed since: {plain(', '.join(changed))}.")
    if preset.diagnosis:
        box = st.expander("Diagnosis", key=choices.key("diagnosis"), on_change="rerun")
        if box.open:
            box.markdown(plain(preset.diagnosis))


def _changed(name: str) -> list[str]:
    """The names of the choices that have changed since the preset filled them in."""
    try:
        now = choices.config()
    except FieldError:
        return []
    known = now.parameters()
    return [known[changed].label.lower() for changed in changes(PRESETS[name].config, now)]
