"""The preset menu: a preset fills in every choice, and says what to look for."""

import streamlit as st

from core.parameters import FieldError
from core.runs.config import RunConfig
from core.runs.controls import Controls
from core.runs.fields import NESTED, PARAMETERS
from core.runs.presets import beginnings, presets
from core.studies.learning import LearningCurve
from ui.form import form_state
from ui.messages import plain
from ui.session import runs, studies

CHOSEN = "preset"
# Offered for every dataset, not only for the one that shows it best.
GOOD = "good"
BEFORE = {"good": "", "listing": "Tutorial: ", "bad": "Diagnose: "}
HELP = ("Sets all fields. A tutorial preset uses the numbers from the tutorial and says what is different. "
        "The presets to diagnose go wrong, and you find out why.")


def draw() -> None:
    """The preset menu; not shown if the link locks or hides anything, because then the class has its task."""
    if form_state.hidden() or form_state.locked():
        return
    box = st.expander("Presets", key="group_preset", on_change="rerun")
    if box.open:
        with box:
            _draw()


def _draw() -> None:
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
        config = _config(name)
    except FieldError:  # a table that is not here yet
        return
    form_state.load(config, (config,))


def _config(name: str) -> RunConfig:
    """The config of a preset. Raises `FieldError` if it is for a table that is not uploaded yet."""
    if name != GOOD:
        return presets()[name].config
    data = form_state.dataset()
    start, _ = beginnings(data)
    return start if data.name != "table" else \
        start.replaced(dataset=data.name, dataset_parameters=dict(data.values))


def _tell(name: str) -> None:
    """What to look for, and what was changed since; the diagnosis on request."""
    preset, changed = presets()[name], _changed(name)
    since = f"Changed since: {', '.join(changed)}." if changed else ""
    if name == GOOD:
        st.caption(plain("Settings that learn this dataset well. Both losses should fall together and stay "
                         "low. "
                         + since))
        return
    st.info(plain(preset.text), icon=":material/search:")
    if preset.curve:
        _offer_curve(preset.config)
    if since:
        st.caption(f":material/edit: {plain(since)}")
    if preset.diagnosis:
        box = st.expander("Diagnosis", key="preset_diagnosis", on_change="rerun")
        if box.open:
            box.markdown(plain(preset.diagnosis))


def _offer_curve(config: RunConfig) -> None:
    """A button that trains the preset and its learning curve, and leads to the latter."""
    if st.button("Train the learning curve", key="preset_curve", icon=":material/show_chart:",
                 help="Trains this network, from its start and from scratch, with ever more examples and 5 "
                 "seeds each. It opens in Evaluate."):
        # Evaluate shows the configuration of a run.
        runs.sight().start(config, Controls())
        studies.start(LearningCurve(config))
        st.session_state[studies.SECTION] = "learning_curve"
        st.switch_page("pages/evaluate.py")


def _changed(name: str) -> list[str]:
    """The names of the choices that have changed since the preset filled them in."""
    try:
        config, now = _config(name), form_state.config()
    except FieldError:
        return []
    found = [PARAMETERS[field].label.lower() for field in PARAMETERS
             if getattr(now, field) != getattr(config, field)]
    if now.start != config.start:
        found.append("start")
    for field, own in NESTED.items():
        if own.choice is None or getattr(now, own.choice) == getattr(config, own.choice):
            found += [parameter.label.lower() for parameter in own.entry(vars(now)).parameters
                      if getattr(now, field)[parameter.name] != getattr(config, field)[parameter.name]]
    return found
