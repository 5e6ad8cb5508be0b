"""Presets: a choice that fills all others, and what to look for then."""

import streamlit as st

from core.parameters import FieldError
from core.presets import good_start, presets
from ui import choices
from ui.messages import plain

CHOSEN = "preset"
# For whichever dataset is chosen, not only for the one that shows it best.
GOOD = "good"
BEFORE = {"good": "", "listing": "Tutorial: ", "bad": "To diagnose: "}
HELP = ("Fills all choices. A tutorial's preset has the numbers that are printed there and says what "
        "differs. Those to diagnose go wrong, and you find out why.")


def draw() -> None:
    """The choice of a preset. A class whose link locks or hides anything has its task already."""
    if choices.hidden() or choices.locked():
        return
    known = presets()
    chosen = st.session_state.get(CHOSEN)
    st.session_state[CHOSEN] = chosen if chosen in known else None
    st.selectbox("Preset", list(known), index=None, key=CHOSEN, on_change=_take, help=HELP,
                 format_func=lambda name: BEFORE[known[name].kind] + known[name].label,
                 placeholder="Start from a preset", persist_state="session")
    if chosen in known:
        _tell(chosen)


def _take() -> None:
    name = st.session_state.get(CHOSEN)
    if name not in presets():
        return
    try:
        choices.take(good_start(choices.said("dataset")) if name == GOOD else presets()[name].config)
    except FieldError:  # a table that is not here yet
        return


def _tell(name: str) -> None:
    """What to look for, as long as the preset's dataset is the one chosen; the diagnosis when asked for."""
    preset = presets()[name]
    if name == GOOD:
        st.caption("What learns this dataset well. Both losses should fall together and stay low.")
        return
    if choices.said("dataset") != preset.config.dataset:
        return
    st.info(plain(preset.text), icon=":material/search:")
    if preset.diagnosis:
        box = st.expander("Diagnosis", key="preset_diagnosis", on_change="rerun")
        if box.open:
            box.markdown(plain(preset.diagnosis))
