"""Fills in a dataset's good start when it is chosen, except what was set by hand."""

from typing import Any, NamedTuple

import streamlit as st

from core.parameters import Parameter
from core.runs.config import RunConfig
from core.runs.fields import NESTED, PARAMETERS, applies
from core.runs.presets import beginnings
from ui.form import form_state, widgets
from ui.messages import plain


class GoodStart(NamedTuple):
    """The start of one choice. usual: values that nobody set by hand. wanted: the value of the good start."""

    field: str
    parameter: Parameter
    key: str
    usual: list[Any]
    wanted: Any


def follow() -> None:
    """Fill in the good start of the dataset just chosen, except what was set by hand, locked or hidden."""
    data = form_state.dataset()
    wanted, *_ = beginnings(data)
    before = st.session_state.get(form_state.STARTED, (RunConfig(),))
    fixed = form_state.hidden() | form_state.locked() | {"dataset"}
    if data.name == "table":  # its columns are nobody's start
        fixed |= {"dataset_parameters"}
    taken, kept = _fill([
        GoodStart(name, parameter, name, [getattr(config, name) for config in before], getattr(wanted, name))
        for name, parameter in PARAMETERS.items() if name not in fixed])
    # Only now is it known which entry's own parameters are needed.
    own = _fill([start for field in NESTED if field not in fixed for start in _own(field, wanted, before)])
    st.session_state[form_state.STARTED] = (wanted,)
    st.session_state[form_state.FOLLOWED] = [*taken, *own[0]], [*kept, *own[1]]
    st.session_state[form_state.PAIRS] = data.is_pairs


def follow_table() -> None:
    """Fill in the good start once a table turns out to hold ratings, or is read as something else again."""
    data = form_state.dataset()
    if data.examples and data.is_pairs != st.session_state.get(form_state.PAIRS, False):
        follow()


def tell() -> None:
    """One line: what was filled in for the dataset, and what stayed as the learner had set it."""
    taken, kept = st.session_state.get(form_state.FOLLOWED, ((), ()))
    # Anything changed since then is the learner's own choice.
    taken = [start for start in taken if _stands(start)]
    words = [f"Set to suit {form_state.dataset().label}: {_labels(taken)}."] if taken else []
    words += [f"Kept as you set it: {_labels(kept)}."] if kept else []
    if words:
        st.caption(f":material/auto_fix_high: {plain(' '.join(words))}")


def _labels(found: list[GoodStart]) -> str:
    return ", ".join(start.parameter.label.lower() for start in found)


def _stands(start: GoodStart) -> bool:
    """Whether the values that were filled in are still there, and still suggested."""
    asked = (start.field not in NESTED
             or start.key in [key for _, key in form_state.own_parameters(start.field)])
    return asked and widgets.value(start.parameter, start.key) == start.wanted


def _own(field: str, wanted: RunConfig, before: tuple[RunConfig, ...]) -> list[GoodStart]:
    """The own parameters of the entry of `field`, if it is the entry of the good start."""
    choice = NESTED[field].choice
    if choice and form_state.value(choice) != getattr(wanted, choice):
        return []
    alike = [getattr(config, field) for config in before
             if not choice or getattr(config, choice) == getattr(wanted, choice)]
    return [GoodStart(field, parameter, key, [parameter.default, *(own[parameter.name] for own in alike)],
                   getattr(wanted, field)[parameter.name])
            for parameter, key in form_state.own_parameters(field)]


def _fill(found: list[GoodStart]) -> tuple[list[GoodStart], list[GoodStart]]:
    """Fills in everything that was not set by hand. Returns what was filled in, and what was kept."""
    taken, kept, data = list[GoodStart](), list[GoodStart](), form_state.dataset()
    for start in found:
        value = widgets.value(start.parameter, start.key)
        if value == start.wanted:
            continue
        by_hand = value not in start.usual
        if not by_hand:
            widgets.fill(start.parameter, start.key, start.wanted)
        if applies(start.field, data):
            (kept if by_hand else taken).append(start)
    return taken, kept
