"""A choice of the sidebar: a field's widget, several in a row, or a group that is drawn once it is opened."""

from collections.abc import Callable
from contextlib import nullcontext
from functools import partial

import streamlit as st

from core.catalog.layers import LayerList
from core.catalog.losses import losses_of
from core.datasets import Dataset
from core.datasets.custom_points import PointList
from core.lessons.attempt import leaves_free
from core.parameters import Choice, IntRange, Parameter
from core.runs.fields import NESTED, PARAMETERS, applies, option_label
from ui.form import form_state, layer_editor, points_editor, table_upload, widgets
from ui.form.form_state import hidden, locked
from ui.session import lessons


def unseen() -> frozenset[str]:
    """The fields that are not drawn among the choices: what the link locks is folded away, see `_kept`."""
    return hidden() | locked()


def group(label: str, fields: tuple[str, ...], data: Dataset, draw: Callable[[], object]) -> None:
    """Choices under a heading, drawn only while it is open: closed ones cost nothing.

    A line below says which are not at their defaults. The group is left out if none of its choices applies or
    is visible.
    """
    seen = [field for field in fields if field not in unseen() and applies(field, data)]
    if not seen:
        return
    if lessons.lesson() is not None:  # of the few choices of a lesson, none has to be looked for
        draw()
        return
    box = st.expander(label, key=f"group_{fields[0]}", on_change="rerun")
    if box.open:
        with box:
            draw()
    changed = [word for field in seen for word in _changed(field, data)]
    if changed:
        st.caption(f":material/tune: Changed from default: {', '.join(changed)}")


def _changed(field: str, data: Dataset) -> list[str]:
    """The labels of a field's widgets that are not at their defaults."""
    if field in NESTED:
        return [own.label.lower() for own, key in form_state.own_parameters(field)
                if widgets.value(own, key) != own.default]
    usual = losses_of(data)[0] if field == "loss" else PARAMETERS[field].default
    fits = field != "loss" or form_state.value(field) in losses_of(data)
    return [PARAMETERS[field].label.lower()] if fits and form_state.value(field) != usual else []


def field(name: str, on_change: Callable[[], None] | None = None,
           options: tuple[str, ...] | None = None) -> None:
    """Draw one choice, unless the link hides or locks it."""
    if name not in unseen():
        draw_field(name, on_change, options)


def draw_field(name: str, on_change: Callable[[], None] | None = None,
                options: tuple[str, ...] | None = None) -> None:
    widgets.draw(PARAMETERS[name], name, widgets.Drawn(
        disabled=name in locked(), on_change=on_change, options=options,
        names=partial(option_label, name)))


def row(*names: str, data: Dataset | None = None) -> None:
    """Choices side by side: those that make sense for `data`, and that the link does not hide."""
    seen = [name for name in names if name not in unseen() and (data is None or applies(name, data))]
    if not seen:
        return
    # A long name takes two lines; the choices still stand in one row.
    for column, name in zip(st.columns(len(seen), vertical_alignment="bottom"), seen, strict=True):
        with column:
            field(name)


def own(field: str, data: Dataset) -> None:
    """The chosen entry's own parameters, unless the link hides or locks them."""
    if field not in unseen():
        draw_own(field, data)


def draw_own(field: str, data: Dataset) -> None:
    disabled = field in locked()
    if field == "dataset_parameters" and data.name == "table":
        table_upload.draw(disabled)
        return
    for row in _rows(field):
        places = st.columns(len(row), vertical_alignment="bottom") if len(row) > 1 else [nullcontext()]
        for place, (own, key) in zip(places, row, strict=True):
            with place:
                _draw_one(own, key, data, disabled)


def _rows(field: str) -> list[list[tuple[Parameter, str]]]:
    """The own parameters, row by row: of an architecture, two single values share one.

    So the choices that every network has stay on a screen of 720 pixels. In a lesson, those that it leaves
    free.
    """
    rows: list[list[tuple[Parameter, str]]] = []
    attempt = lessons.attempt()
    for own, key in form_state.own_parameters(field):
        if attempt is not None and not leaves_free(attempt.free, field, own.name):
            continue
        single = field == "architecture_parameters" and isinstance(own, IntRange | Choice)
        if single and rows and len(rows[-1]) == 1 and isinstance(rows[-1][0][0], IntRange | Choice):
            rows[-1].append((own, key))
        else:
            rows.append([(own, key)])
    return rows


def _draw_one(own: Parameter, key: str, data: Dataset, disabled: bool) -> None:
    if isinstance(own, LayerList):
        layer_editor.draw(own, key, data.shape, disabled)
    elif isinstance(own, PointList):
        points_editor.draw(own, key, disabled)
    else:
        widgets.draw(own, key, widgets.Drawn(disabled=disabled))
