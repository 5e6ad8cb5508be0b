"""The learner's choices: what the sidebar draws, and the RunConfig that it adds up to."""

from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from core.config import PARAMETERS, RunConfig
from core.datasets import DATASETS
from core.parameters import FieldError, Parameter
from core.pictures import activation_plot
from core.tables.activations import ACTIVATIONS
from core.tables.architectures import ARCHITECTURES
from core.tables.optimizers import OPTIMIZERS
from ui import forms, permalink, runs
from ui.about import dataset_picture
from ui.messages import refuse
from ui.permalink import NESTED

HIDDEN, LOCKED, LINK_REFUSED = "_hidden", "_locked", "_link_refused"
TABLES: dict[str, Mapping[str, Any]] = {
    "dataset": DATASETS, "architecture": ARCHITECTURES, "optimizer": OPTIMIZERS}


def follow_address() -> None:
    """Take over what the address says, if it was opened just now."""
    link = permalink.opened()
    if link is None:
        return
    for name, parameter in PARAMETERS.items():
        forms.fill(parameter, name, getattr(link.config, name))
    for field in NESTED:
        for own, key in _own(field, getattr(link.config, NESTED[field][0])):
            forms.fill(own, key, getattr(link.config, field)[own.name])
    st.session_state[HIDDEN], st.session_state[LOCKED] = link.hidden, link.locked
    st.session_state[LINK_REFUSED] = link.refused and link.refused.message


def hidden() -> frozenset[str]:
    """The fields that the link hides."""
    return st.session_state.get(HIDDEN, frozenset())


def locked() -> frozenset[str]:
    """The fields that the link locks."""
    return st.session_state.get(LOCKED, frozenset())


def config() -> RunConfig:
    """The configuration that the widgets say. Raises `FieldError` for what is refused."""
    values = {name: forms.value(parameter, name) for name, parameter in PARAMETERS.items()}
    for field, (choice, table) in NESTED.items():
        if values[choice] in table:
            values[field] = {own.name: forms.value(own, key) for own, key in _own(field, values[choice])}
    return RunConfig.from_dict(values)


def link_refusal() -> str | None:
    """Why the link was not followed, as long as the defaults that it opened stand."""
    try:
        stands = config() == RunConfig()
    except FieldError:
        stands = False
    if not stands:
        st.session_state.pop(LINK_REFUSED, None)
    return st.session_state.get(LINK_REFUSED)


def draw() -> RunConfig | None:
    """Draw all choices in the sidebar; None where they do not fit together, and the page says why."""
    with st.sidebar:
        _field("dataset")
        dataset = DATASETS[st.session_state["dataset"]]
        if "dataset" not in hidden():
            dataset_picture(dataset)
            st.caption(dataset.help)
        _architecture(dataset.shape)
        _field("activation")
        if "activation" not in hidden():
            activation = ACTIVATIONS[st.session_state["activation"]]
            st.markdown(activation_plot(activation), unsafe_allow_html=True)
            st.caption(activation.help)
        _field("dropout_rate")
        _field("optimizer")
        _optimizer()
        _field("learning_rate", lambda: runs.control(
            learning_rate=forms.value(PARAMETERS["learning_rate"], "learning_rate")))
        _row("batch_size", "epochs")
        _row("seed", "validation_share")
        try:
            return config()
        except FieldError as error:
            refuse(error.message)
            return None


def _field(name: str, on_change: Callable[[], None] | None = None,
           options: tuple[str, ...] | None = None) -> None:
    """One choice, unless the link hides it."""
    if name in hidden():
        return
    table = TABLES.get(name)
    forms.draw(PARAMETERS[name], name, forms.Drawn(
        disabled=name in locked(), on_change=on_change, options=options,
        names=(lambda entry: table[entry].label) if table else str))


def _row(*names: str) -> None:
    columns = st.columns(len(names))
    for column, name in zip(columns, names, strict=True):
        with column:
            _field(name)


def _architecture(shape: tuple[int, ...]) -> None:
    """The architectures that fit the dataset, and why the others do not."""
    refusals = {name: entry.refusal(shape) for name, entry in ARCHITECTURES.items()}
    fitting = tuple(name for name, refusal in refusals.items() if refusal is None)
    chosen = st.session_state["architecture"]
    if chosen not in fitting and "architecture" in hidden() | locked():
        fitting = (chosen,)  # it is not the learner's to change: `config` refuses it, and says why
    elif chosen not in fitting:
        st.session_state["architecture"] = PARAMETERS["architecture"].default
    _field("architecture", options=fitting)
    entry = ARCHITECTURES[st.session_state["architecture"]]
    if "architecture" not in hidden():
        st.caption(entry.help)
        for refusal in filter(None, refusals.values()):
            st.caption(f":material/block: {refusal}")
    _own_widgets("architecture_parameters", entry.name)


def _optimizer() -> None:
    entry = OPTIMIZERS[st.session_state["optimizer"]]
    if "optimizer" not in hidden():
        st.caption(f"{entry.help} A learning rate near {entry.learning_rate:g} is a usual start.")
    if entry.parameters and "optimizer_parameters" not in hidden():
        with st.expander(f"More of {entry.label}"):
            _own_widgets("optimizer_parameters", entry.name)


def _own_widgets(field: str, entry: str) -> None:
    if field not in hidden():
        for own, key in _own(field, entry):
            forms.draw(own, key, forms.Drawn(disabled=field in locked()))


def _own(field: str, entry: str) -> list[tuple[Parameter, str]]:
    """The own parameters of an entry, each with its widget's key: every entry keeps its values."""
    return [(own, f"{entry}_{own.name}") for own in NESTED[field][1][entry].parameters]
