"""What a run starts from: one line, and which layers it takes over, in a group drawn while it is open."""

from typing import Any

import streamlit as st

from core.runs.config import RunConfig
from core.runs.start import RATE_FACTOR, Start
from core.runs.taken_layers import ALL, NONE, weighted
from core.views.start_words import data_name, origin, said
from ui.form import form_state, widgets
from ui.form.form_state import hidden, locked
from ui.messages import plain

LAYERS, FROZEN = "start_layers", "start_frozen"


def draw() -> None:
    """The start, if there is one; what a link locks can be neither changed nor removed."""
    start = form_state.start()
    if start is None:
        return
    config = form_state.config_or_none()
    with st.container(key="start", horizontal=True, vertical_alignment="center", gap="small"):
        words = origin(config) if config is not None and config.start is not None else (
            f"{said(start)} on {data_name(start.config)}")
        st.caption(f":material/start: {plain(f'Starts {words}.')}", width=165, help=_help(config))
        if not locked() | hidden():
            st.button("Remove", key="start_remove", type="tertiary", on_click=form_state.forget_start)
    if locked() | hidden():
        return
    box = st.expander("Layers taken over", key="group_start", on_change="rerun")
    if box.open:
        with box:
            _choices(start)


def _help(config: RunConfig | None) -> str:
    start = config.start if config is not None else None
    if config is None or start is None or start.config.data.key == config.data.key:
        return ("The run goes on with those weights, on data prepared as they were then. Choose other data, "
                "such as other classes, and what was learned is transferred.")
    return ("The run takes those weights over and learns from other data; its output layer is new if they "
            "have other classes.")


def _choices(start: Start) -> None:
    count = len(weighted(start.config))
    _choose(LAYERS, "Layers", [ALL, *range(1, count)], start.layers, "layers",
            "How many layers with weights are taken over, counted from the input. The first layers learn "
            "what most data have in common, such as edges; the last ones what only these data need.")
    most = start.layers if isinstance(start.layers, int) else count - 1
    _choose(FROZEN, "Frozen", [NONE, *range(1, most + 1)], start.frozen, "frozen",
            "How many of these are not trained any more. Frozen layers cannot forget, and each step is "
            "faster; but they cannot adapt to the new data either.")
    st.session_state[RATE_FACTOR.name] = start.rate_factor
    widgets.draw(RATE_FACTOR, RATE_FACTOR.name, widgets.Drawn(on_change=lambda: form_state.change_start(
        rate_factor=st.session_state[RATE_FACTOR.name])))


def _choose(key: str, label: str, options: list[Any], value: Any, field: str, help_text: str) -> None:
    st.session_state[key] = value if value in options else options[-1]
    st.selectbox(label, options, key=key, format_func=str, help=help_text,
                 on_change=lambda: form_state.change_start(**{field: st.session_state[key]}))
