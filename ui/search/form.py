"""The search form: which parameters, over which ranges, by which method; read back as a `Search`."""

from collections.abc import Sequence
from typing import Any

import streamlit as st

from core.parameters import Bool, Choice, FieldError, FloatRange, IntList, IntRange, Parameter
from core.runs.config import RunConfig
from core.runs.fields import NESTED
from core.studies.methods import METHODS
from core.studies.objective import Objective
from core.studies.search import MOST_AXES, SEARCH_PARAMETERS, Search, first_choice
from core.studies.space import LEVELS, MOST_LEVELS, Axis, label, parameter_of, searchable, suggested, written
from ui.form import form_state, widgets

FIELDS = "search_fields"


def draw(config: RunConfig) -> Search:
    """Draw the form; returns the search it describes. Raises `FieldError` if that is refused."""
    left, right = st.columns([2, 3], gap="large")
    with left:
        method = _method(config)
    with right:
        fields = _fields(config)
        axes = [_axis(field, config, method) for field in fields]
    said = {name: widgets.value(parameter, f"search_{name}") for name, parameter in SEARCH_PARAMETERS.items()}
    used = {"method", "seed", "objective", *METHODS[method].uses}
    return Search(config, tuple(axes), **{name: value for name, value in said.items() if name in used})


def _method(config: RunConfig) -> str:
    """The method and its own fields."""
    widgets.draw(SEARCH_PARAMETERS["method"], "search_method",
               widgets.Drawn(names=lambda name: METHODS[name].label))
    method = METHODS[widgets.value(SEARCH_PARAMETERS["method"], "search_method")]
    st.caption(method.help)
    for name in method.uses:
        widgets.draw(SEARCH_PARAMETERS[name], f"search_{name}")
    widgets.draw(SEARCH_PARAMETERS["objective"], "search_objective", widgets.Drawn(
        names=lambda name: Objective.of(name, config).label.capitalize()))
    widgets.draw(SEARCH_PARAMETERS["seed"], "search_seed")
    return method.name


def offered(config: RunConfig) -> tuple[str, ...]:
    """The fields that can be searched, without those that a link locks or hides."""
    closed = form_state.locked() | form_state.hidden()
    return tuple(field for field in searchable(config) if field.partition(".")[0] not in closed)


def _fields(config: RunConfig) -> list[str]:
    open_fields = offered(config)
    before = st.session_state.get(FIELDS, first_choice(config))
    st.session_state[FIELDS] = [field for field in before if field in open_fields]
    return st.multiselect(
        "Parameters to search", open_fields, key=FIELDS, max_selections=MOST_AXES, persist_state="session",
        format_func=lambda field: _name(field, config),
        help="Each parameter is one axis; everything else stays as it is in the Playground. Two parameters "
             "are easy to see in one picture; more parameters need more trials.")


def _name(field: str, config: RunConfig) -> str:
    """A field's label, with that of the entry it belongs to."""
    prefix, _, own = field.partition(".")
    if not own or NESTED[prefix].choice is None:
        return label(field, config)
    entry = NESTED[prefix].entry(vars(config))
    return f"{label(field, config)} ({entry.label})"


def _axis(field: str, config: RunConfig, method: str) -> Axis:
    """The editor of one axis. Raises `FieldError` if its text cannot be read."""
    parameter, first = parameter_of(field, config), suggested(field, config)
    with st.container(border=True, key=f"axis_{field.replace('.', '_')}"):
        if isinstance(parameter, FloatRange | IntRange):
            return _range(field, parameter, first, config, method)
        return Axis(field, values=tuple(_values(field, parameter, first.values, config)))


def _range(field: str, parameter: FloatRange | IntRange, first: Axis, config: RunConfig, method: str) -> Axis:
    columns = st.columns([3, 3, 2] if method != "grid" else [3, 3, 2, 2], vertical_alignment="bottom")
    kind = int if isinstance(parameter, IntRange) else float
    ends = []
    for column, end, start in ((columns[0], "from", first.low), (columns[1], "to", first.high)):
        key = f"axis_{field}_{end}"
        # Another optimizer or network may have a field of the same name with a narrower range.
        held = st.session_state.get(key, start)
        st.session_state[key] = kind(min(max(held, parameter.low), parameter.high))
        step = 1 if kind is int else (parameter.high - parameter.low) / 100
        ends.append(column.number_input(
            f"{_name(field, config)}, {end}", kind(parameter.low), kind(parameter.high), key=key, step=step,
            format="%d" if kind is int else "%g", help=parameter.help if end == "from" else None,
            persist_state="session"))
    key = f"axis_{field}_log"
    st.session_state[key] = st.session_state.get(key, first.log)
    log = columns[2].toggle("Log scale", key=key, persist_state="session",
                            help="On a log scale, the range from 0.001 to 0.01 counts as much as the range "
                                 "from 0.1 to 1. Use it for learning rates and penalties.")
    levels = LEVELS
    if method == "grid":
        key = f"axis_{field}_levels"
        st.session_state[key] = st.session_state.get(key, LEVELS)
        levels = columns[3].number_input("Values", 1, MOST_LEVELS, key=key, step=1, persist_state="session",
                                         help="How many values of this range the grid tries.")
    return Axis(field, ends[0], ends[1], log, (), int(levels))


def _values(field: str, parameter: Parameter, first: Sequence[Any], config: RunConfig) -> Sequence[Any]:
    key = f"axis_{field}_values"
    if isinstance(parameter, IntList):
        st.session_state[key] = st.session_state.get(key, ", ".join(map(parameter.format, first)))
        text = st.text_input(f"{_name(field, config)}: values", key=key, persist_state="session",
                             help=f"{parameter.help} Write each list with hyphens, and separate lists with "
                                  "commas: 16-16, 32-32.")
        return _lists(field, parameter, text)
    options = list(parameter.options) if isinstance(parameter, Choice) else [False, True]
    held = st.session_state.get(key, list(first))
    kept = [option for option in held if option in options]
    st.session_state[key] = list(first) if held and not kept else kept
    if isinstance(parameter, Bool | Choice):
        return st.multiselect(f"{_name(field, config)}: values", options, key=key, help=parameter.help,
                              format_func=lambda value: written(field, value), persist_state="session")
    return first


def _lists(field: str, parameter: IntList, text: str) -> list[Any]:
    """The lists written in a text. Raises `FieldError` for an invalid one."""
    found = []
    for part in text.split(","):
        if part.strip():
            # A single hyphen is the empty list.
            found.append(parameter.check(() if part.strip() == "-" else parameter.parse(part.strip()),
                                         field=field))
    if not found:
        raise FieldError(field, f"{parameter.label} needs at least one value to try, such as 16-16.")
    return found
