"""The learner's choices: where they are kept, and the RunConfig that they add up to."""

from contextlib import suppress
from dataclasses import replace
from typing import Any

import streamlit as st

from core.catalog.losses import DEFAULT_LOSS, losses_of
from core.catalog.targets import LABEL, TARGETS, targets_of
from core.datasets import DATASETS, Dataset
from core.lessons.attempt import leaves_free
from core.parameters import FieldError, Parameter, accepted
from core.runs.config import RunConfig
from core.runs.fields import NESTED, PARAMETERS, applies
from core.runs.presets import beginnings
from core.runs.start import Start
from ui.form import permalink, table_upload, widgets
from ui.session import lessons

HIDDEN, LOCKED, LINK_REFUSED, VIEW = "_hidden", "_locked", "_link_refused", "_view"
# The values that filled the widgets, and those that a new dataset filled in or left: see `ui.form.starts`.
STARTED, FOLLOWED = "_started", "_followed"
# Whether the data that were last filled in, or followed, are ratings: of a table only its columns tell.
PAIRS = "_pairs"
# The last choices, and the config made from them, or which field was refused and why.
MADE = "_made"
# What the run starts from, if it does not start from new weights: no widget shows it.
START = "_start"
# Fields that each layer of a list has for itself.
STYLE = ("activation", "initializer", "dropout_rate", "l1", "l2", "batch_normalization")


def follow_address() -> RunConfig | None:
    """Adopt the config in the address, if the page was just opened.

    Returns that config; None if there was none or it was refused.
    """
    link = permalink.opened()
    if link is None:
        return None
    lessons.enter(link.lesson)
    load(link.config, (link.config,) if link.lesson else beginnings(link.config.data))
    st.session_state[HIDDEN], st.session_state[LOCKED] = link.hidden, link.locked
    st.session_state[LINK_REFUSED] = link.refused and link.refused.message
    st.session_state[VIEW] = dict(link.view)
    return link.config if st.query_params and not link.refused and not link.lesson else None


def hold() -> None:
    """Give the fields that a lesson keeps its values, whatever filled their widgets meanwhile."""
    attempt = lessons.attempt()
    if attempt is None:
        return
    kept, fields = attempt.config, permalink.changeable(attempt.lesson)
    st.session_state[START] = kept.start
    for name, parameter in PARAMETERS.items():
        if name not in fields:
            widgets.fill(parameter, name, getattr(kept, name))
    for field in NESTED:
        for own, key in own_parameters(field):
            if field not in fields or not leaves_free(fields, field, own.name):
                widgets.fill(own, key, getattr(kept, field)[own.name])


def load(config: RunConfig, started: tuple[RunConfig, ...] = ()) -> None:
    """Make all widgets show `config`.

    started: from now on, only what differs from all of these counts as set by hand; unchanged if left out.
    """
    if started:
        st.session_state[STARTED] = started
        st.session_state.pop(FOLLOWED, None)
    st.session_state[START], st.session_state[PAIRS] = config.start, config.data.is_pairs
    for name, parameter in PARAMETERS.items():
        widgets.fill(parameter, name, getattr(config, name))
    for field in NESTED:
        for own, key in own_parameters(field):
            widgets.fill(own, key, getattr(config, field)[own.name])


def opened_view() -> dict[str, Any] | None:
    """How the link just opened wants the stage to be looked at, told once; None if none was opened."""
    return st.session_state.pop(VIEW, None)


def start() -> Start | None:
    """What the run starts from; None for new weights."""
    return st.session_state.get(START)


def forget_start() -> None:
    """From now on, runs start from new weights."""
    st.session_state[START] = None


def change_start(**changes: Any) -> None:
    """Change some fields of the start; there are never more frozen layers than layers taken over."""
    changed = replace(st.session_state[START], **changes)
    if isinstance(changed.layers, int) and isinstance(changed.frozen, int):
        changed = replace(changed, frozen=min(changed.layers, changed.frozen))
    st.session_state[START] = changed


def hidden() -> frozenset[str]:
    """The fields that the link hides; in a lesson, all but those that it leaves free now."""
    attempt = lessons.attempt()
    if attempt is not None:
        return frozenset(permalink.FIELDS) - attempt.free
    return st.session_state.get(HIDDEN, frozenset())


def locked() -> frozenset[str]:
    """The fields that the link locks; a lesson hides them instead."""
    if lessons.lesson() is not None:
        return frozenset()
    return st.session_state.get(LOCKED, frozenset())


def value(name: str) -> Any:
    """The value of a field's widget; its default before it was first filled."""
    return widgets.value(PARAMETERS[name], name)


def own_parameters(field: str) -> list[tuple[Parameter, str]]:
    """The own parameters that `field` has now, each with its widget's key: every entry keeps its values."""
    own = NESTED[field]
    choice = own.choice and value(own.choice)
    entry = own.entry({own.choice: choice} if own.choice else {})
    return [(parameter,
             f"{choice or own.prefix}_{parameter.name}") for parameter in entry.parameters] if entry else []


def own_values(field: str) -> dict[str, Any]:
    """The values of the own parameters' widgets; a table can only be this learner's own."""
    values = {own.name: widgets.value(own, key) for own, key in own_parameters(field)}
    return values | {"digest": table_upload.own_digest()} if "digest" in values else values


def dataset() -> Dataset:
    """The chosen dataset, with its own parameters as far as they are valid."""
    chosen = DATASETS[value("dataset")]
    with suppress(FieldError):
        chosen = chosen.made_with(own_values("dataset_parameters"))
    target = value("target")
    return TARGETS[target].of(chosen, value("normal")) if target in targets_of(chosen) else chosen


def config() -> RunConfig:
    """The configuration from the widgets. Raises `FieldError` for invalid values.

    Fields that make no sense for the chosen dataset keep their defaults, whatever the widgets remember.
    """
    values = {name: value(name) for name in PARAMETERS} | {field: own_values(field) for field in NESTED}
    values |= {"start": start()}
    # A table's target decides the task, so the dataset's entry alone does not know it.
    known = isinstance(values["dataset"], str) and values["dataset"] in DATASETS
    asked = (values, dataset() if known else None)
    # A page asks for it about five times per run; it is checked again only if the choices changed.
    before, made = st.session_state.get(MADE, (None, None))
    if made is None or before != asked:
        try:
            made = _config(*asked)
        except FieldError as error:
            made = error.field, error.message
        st.session_state[MADE] = asked, made
    if isinstance(made, RunConfig):
        return made
    raise FieldError(*made)


def _config(values: dict[str, Any], found: Dataset | None) -> RunConfig:
    """The config of these values. found: their dataset; None if there is none of that name."""
    if values["dataset_parameters"].get("digest") == "":
        raise FieldError("dataset_parameters.digest", "Upload a CSV file first, then choose its target.")
    if found is not None:
        values = {name: value for name, value in values.items() if applies(name, found)}
        if values.get("target") not in targets_of(found):  # the widget may still have another dataset's
            values["target"] = LABEL
        if "normal" in values:  # the widget may still have those of another dataset
            values["normal"] = [name for name in values["normal"] if name in found.labelled.classes]
        if values["loss"] not in losses_of(found):
            values |= {"loss": DEFAULT_LOSS[found.task], "loss_parameters": {}}
    if values["architecture"] == "custom":
        values = {name: value for name, value in values.items() if name not in STYLE}
    return RunConfig.from_dict(values)


def config_or_none() -> RunConfig | None:
    """The same; None for what is refused, which the sidebar shows."""
    return accepted(config)[0]


def refusal() -> str:
    """Why the choices do not fit together; empty if they do."""
    return accepted(config)[1]


def forget_link_refusal() -> None:
    """Say no more about the link."""
    st.session_state.pop(LINK_REFUSED, None)


def link_refusal() -> str | None:
    """Why the link was refused, for as long as the defaults it opened are unchanged."""
    try:
        stands = config() == RunConfig()
    except FieldError:
        stands = False
    if not stands:
        st.session_state.pop(LINK_REFUSED, None)
    return st.session_state.get(LINK_REFUSED)
