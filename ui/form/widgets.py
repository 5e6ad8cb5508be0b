"""Parameters as widgets: a table from each kind of parameter to how it is drawn.

A widget's value is in `st.session_state` under its key, also while it is hidden; `fill` puts values there,
`value` reads them. What is read is not trusted: `RunConfig` checks it.
"""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import streamlit as st

from core.datasets.names import NameList
from core.parameters import Bool, Choice, FloatRange, IntList, IntRange, Parameter, Subset
from ui.session.presses import ignore_echo

_PUT = "_put_"
ECHO_SECONDS = 1.0
# Several names, which a widget has as a list.
NAMES = (Subset, NameList)

Changed = Callable[[], None] | None


@dataclass(frozen=True)
class Drawn:
    """How one widget is drawn. names: labels of the options; options: if not all of them."""

    disabled: bool = False
    on_change: Changed = None
    names: Callable[[str], str] = str
    options: tuple[str, ...] | None = None


def fill(parameter: Parameter, key: str, value: Any) -> None:
    """Put `value` where the widget `key` will find it."""
    value = list(value) if isinstance(parameter, NAMES) else value
    if isinstance(parameter, IntList):
        st.session_state[_count(key)] = len(value)
        for index, member in enumerate(value):
            st.session_state[_member(key, index)] = member
    elif st.session_state.get(key, value) != value:
        put(key, value)
    else:
        st.session_state[key] = value


def value(parameter: Parameter, key: str) -> Any:
    """The value of the widget `key`; the parameter's default before it was first filled."""
    if isinstance(parameter, IntList):
        count = st.session_state.get(_count(key))
        if count is None:
            return parameter.default
        return tuple(st.session_state.get(_member(key, index), parameter.low) for index in range(count))
    found = st.session_state.get(key, parameter.default)
    return tuple(found) if isinstance(parameter, NAMES) else found


def draw(parameter: Parameter, key: str, drawn: Drawn | None = None) -> None:
    """Draw the widget of `parameter` under `key`.

    The value is set each time. A browser that builds a widget late, as a phone does with a closed sidebar,
    would otherwise start with the widget's own default, and report it.
    """
    fill(parameter, key, value(parameter, key))
    drawn = drawn or Drawn()
    if not isinstance(parameter, IntList):
        drawn = replace(drawn, on_change=_unless_echo(key, drawn.on_change))
    KINDS[type(parameter)](parameter, key, drawn)


def _choice(parameter: Choice, key: str, drawn: Drawn) -> None:
    st.selectbox(parameter.label, drawn.options or parameter.options, key=key, help=parameter.help,
                 format_func=drawn.names, disabled=drawn.disabled, on_change=drawn.on_change,
                 persist_state="session")


def _names(parameter: Subset | NameList, key: str, drawn: Drawn) -> None:
    options = parameter.options if isinstance(parameter, Subset) else drawn.options or ()
    st.multiselect(parameter.label, options, key=key, help=parameter.help, placeholder="All",
                   disabled=drawn.disabled, on_change=drawn.on_change, persist_state="session")


def _switch(parameter: Bool, key: str, drawn: Drawn) -> None:
    st.toggle(parameter.label, key=key, help=parameter.help, disabled=drawn.disabled,
              on_change=drawn.on_change, persist_state="session")


def _float(parameter: FloatRange, key: str, drawn: Drawn) -> None:
    if parameter.log:
        _logarithmic(parameter, key, drawn)
    elif parameter.low == 0 and 0.5 <= parameter.high <= 0.9:
        st.slider(parameter.label, parameter.low, parameter.high, step=0.05, key=key, help=parameter.help,
                  disabled=drawn.disabled, on_change=drawn.on_change, persist_state="session")
    else:
        st.number_input(parameter.label, parameter.low, parameter.high, step=0.01, format="%g", key=key,
                        help=parameter.help, disabled=drawn.disabled, on_change=drawn.on_change,
                        persist_state="session")


def scale(low: float, high: float) -> list[float]:
    """1, 2, 5, 10, ... from `low` to `high`: the stops of a logarithmic slider."""
    first, last = math.floor(math.log10(low)), math.ceil(math.log10(high))
    stops = (float(f"{digit}e{power}") for power in range(first, last + 1) for digit in (1, 2, 5))
    return [stop for stop in stops if low <= stop <= high]


def _logarithmic(parameter: FloatRange, key: str, drawn: Drawn) -> None:
    """A logarithmic slider and a box for the exact number; both show the same value.

    A number between the slider's stops is added to them for as long as it is chosen.
    """
    stops, slider = scale(parameter.low, parameter.high), f"{key}_scale"
    held = value(parameter, key)
    usable = held if isinstance(held, int | float) and held > 0 else parameter.default
    chosen = next((stop for stop in stops if f"{stop:g}" == f"{usable:g}"), usable)
    if st.session_state.get(slider, chosen) != chosen:
        put(slider, chosen)
    st.session_state[slider] = chosen

    def slid() -> None:
        put(key, st.session_state[slider])
        if drawn.on_change:
            drawn.on_change()

    left, right = st.columns([3, 2], vertical_alignment="bottom")
    left.select_slider(parameter.label, sorted({*stops, chosen}), key=slider, help=parameter.help,
                       on_change=_unless_echo(slider, slid), format_func=lambda stop: f"{stop:g}",
                       disabled=drawn.disabled)
    right.number_input(f"{parameter.label}, exactly", parameter.low, parameter.high, key=key,
                       step=max(parameter.low, 0.001 if parameter.high > 1 else parameter.low),
                       format="%g", label_visibility="collapsed", disabled=drawn.disabled,
                       on_change=drawn.on_change, persist_state="session")


def put(key: str, new: Any) -> None:
    """Set a widget's value from outside, and remember which old value the browser may still report."""
    st.session_state[f"{_PUT}{key}"] = (st.session_state.get(key), new, time.monotonic())
    st.session_state[key] = new


def _echo(key: str) -> bool:
    """Whether a change of `key` is only the browser reporting the value from before `put`.

    A tick of the page that was already on its way carries the old value, and must not undo the new one.
    """
    before, new, when = st.session_state.get(f"{_PUT}{key}", (None, None, -math.inf))
    if st.session_state[key] != before or time.monotonic() - when > ECHO_SECONDS:
        return False
    st.session_state[key] = new
    return True


def _unless_echo(key: str, changed: Changed) -> Callable[[], None]:
    def told() -> None:
        if not _echo(key) and changed:
            changed()

    return told


def _int(parameter: IntRange, key: str, drawn: Drawn) -> None:
    st.number_input(parameter.label, parameter.low, parameter.high, step=1, key=key, help=parameter.help,
                    disabled=drawn.disabled, on_change=drawn.on_change, persist_state="session")


def _int_list(parameter: IntList, key: str, drawn: Drawn) -> None:
    """A box for each number, and two buttons to add and remove one."""
    count = st.session_state[_count(key)]
    label = st.container(horizontal=True, vertical_alignment="center")
    label.markdown(parameter.label, help=parameter.help, width="stretch")
    for sign, text, more, possible in (("remove", "one fewer", -1, count > parameter.min_length),
                                       ("add", "one more", 1, count < parameter.max_length)):
        label.button("", icon=f":material/{sign}:", key=f"{key}_{sign}",
                     on_click=ignore_echo(f"{key}_{sign}", _lengthen), args=(parameter, key, more),
                     disabled=drawn.disabled or not possible,
                     help=f"{parameter.label}: {text}", type="tertiary")
    if count == 0:
        st.caption("None. Add one with +.")
    columns = st.columns(3)
    for index in range(count):
        columns[index % 3].number_input(
            f"{parameter.label}, number {index + 1}", parameter.low, parameter.high, step=1,
            key=_member(key, index), label_visibility="collapsed", disabled=drawn.disabled,
            on_change=drawn.on_change, persist_state="session")


def _lengthen(parameter: IntList, key: str, more: int) -> None:
    count = st.session_state[_count(key)] + more
    if parameter.min_length <= count <= parameter.max_length:
        members = value(parameter, key)
        added = members[-1] if members else max(parameter.low, min(parameter.high, 64))
        st.session_state[_count(key)] = count
        if more > 0:
            st.session_state[_member(key, count - 1)] = added


def _count(key: str) -> str:
    return f"{key}_count"


def _member(key: str, index: int) -> str:
    return f"{key}_{index + 1}"


# The kinds of parameters that have a widget here.
KINDS: dict[type, Callable[[Any, str, Drawn], None]] = {
    Choice: _choice, FloatRange: _float, IntRange: _int, IntList: _int_list, Bool: _switch,
    Subset: _names, NameList: _names}
