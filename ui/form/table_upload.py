"""The learner's own table: upload it, see what was read, choose the target and the inputs.

The table stays in this learner's session. Neither a link nor another learner's page can reach it:
`own_digest` is checked before a table is used.
"""

from typing import Any

import pandas as pd
import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from core.datasets import kept_tables, table_dataset
from core.datasets.column import Column
from core.datasets.table import MAX_BYTES, Table, read_table
from core.datasets.table_ratings import guess_ratings
from core.datasets.table_summary import told_of
from core.datasets.table_target import first_choice, first_inputs, guess_task, is_identifier
from core.datasets.table_text import READING, guess_sentence, text_columns
from core.formatting import amount
from core.parameters import FieldError
from ui.form import upload_limits, widgets
from ui.messages import plain, refuse, warn
from ui.session import runs

TABLE, REFUSED = "_table", "_table_refused"
FULL = "The server cannot hold any more tables at the moment. Try again in a few minutes."
FIRST_ROWS, MOST_SHOWN = 5, 200
KEYS = {own.name: f"table_{own.name}" for own in table_dataset.PARAMETERS}
_KNOWN = {own.name: own for own in table_dataset.PARAMETERS}


def draw(disabled: bool) -> None:
    """The upload, and the choices for the uploaded table."""
    st.file_uploader("CSV file", type="csv", key="table_file", on_change=_uploaded, disabled=disabled,
                     max_upload_size=MAX_BYTES // 2**20,
                     help="A row with the column names, then one row for each example, separated by commas, "
                          "semicolons or tabs, in UTF-8. It stays in your session.")
    if full := upload_limits.told():
        st.session_state[REFUSED] = full
    if refused := st.session_state.get(REFUSED):
        refuse(refused)
    table: Table | None = st.session_state.get(TABLE)
    if table is None:
        if _said("target"):
            warn("A link does not contain the table. Upload the file to continue.")
        return
    kept_tables.register(table)
    st.caption(f"**{plain(table.name)}**: {amount(table.rows, 'row')}, "
               f"{amount(len(table.columns), 'column')}.")
    _choices(table, disabled)
    _glance(table)


def own_digest() -> str:
    """The digest that identifies this learner's table; empty if there is none."""
    table = st.session_state.get(TABLE)
    return table.digest if table is not None else ""


def refusal(values: dict[str, Any]) -> str:
    """Why nothing can be learned from the table with these choices; empty if it can."""
    try:
        table_dataset.DATASET.made_with(values)
    except FieldError as error:
        return error.message
    return ""


def _uploaded() -> None:
    """Read the chosen file. Removing a file changes nothing."""
    file = st.session_state.get("table_file")
    if not isinstance(file, UploadedFile):
        st.session_state.pop(REFUSED, None)
        return
    try:
        table = read_table(upload_limits.read(file), file.name, st.session_state[runs.OWNER])
    except FieldError as error:
        st.session_state[REFUSED] = error.message
        return
    if not kept_tables.make_room(table.nbytes, runs.service().settings.max_upload_bytes):
        st.session_state[REFUSED] = FULL
        return
    st.session_state.pop(REFUSED, None)
    st.session_state[TABLE] = table
    kept_tables.register(table)
    names = {column.name for column in table.columns}
    before = {name: _said(name) for name in KEYS}
    # The same file again, as after opening a link: keep the choices.
    read = ({before["user"], before["item"]} if before["user"] else
            {before["sentence"]} if before["sentence"] else {*before["columns"]})
    holds = before["target"] in names and read and names.issuperset(read)
    chosen = before | {"digest": table.digest} if holds else first_choice(table)
    _fill(chosen)


def _choices(table: Table, disabled: bool) -> None:
    names = [column.name for column in table.columns]
    if _said("target") not in names:  # a link's choices, for another table
        _fill(first_choice(table))

    def retarget() -> None:
        target = _said("target")
        if target in names:
            st.session_state[KEYS["task"]] = guess_task(table, target)
            st.session_state[KEYS["columns"]] = list(first_inputs(table, target))
            classes = _said("task") == "classification"
            st.session_state[KEYS["sentence"]] = guess_sentence(table, target) if classes else ""
            guessed = guess_ratings(table)
            for name in ("user", "item"):
                st.session_state[KEYS[name]] = guessed[name] if guessed.get("target") == target else ""

    # Set each time, as `forms.draw` does.
    for name in KEYS:
        st.session_state[KEYS[name]] = list(_said(name)) if name == "columns" else _said(name)
    st.selectbox(_KNOWN["target"].label, names, key=KEYS["target"], help=_KNOWN["target"].help,
                 on_change=retarget, disabled=disabled, persist_state="session")
    st.segmented_control(_KNOWN["task"].label, ["classification", "regression"], key=KEYS["task"],
                         required=True, help=_KNOWN["task"].help, disabled=disabled,
                         format_func=str.capitalize, persist_state="session")
    _inputs(table, names, disabled)
    # Whatever a link said: it is this table.
    values = {name: _said(name) for name in KEYS} | {"digest": table.digest}
    refused = refusal(values)
    if refused:
        refuse(refused)
    else:
        st.caption(plain(told_of(table_dataset.DATASET.made_with(values))))


def _inputs(table: Table, names: list[str], disabled: bool) -> None:
    """What the network reads: a column of sentences, or columns of numbers and categories."""
    if _rated(names, disabled):
        return
    texts = ["", *(name for name in text_columns(table) if name != _said("target"))]
    if _said("sentence") not in texts:
        st.session_state[KEYS["sentence"]] = ""
    if len(texts) > 1:
        st.selectbox(_KNOWN["sentence"].label, texts, key=KEYS["sentence"], disabled=disabled,
                     help=_KNOWN["sentence"].help, persist_state="session",
                     format_func=lambda name: name or "None: predict from columns")
    if _said("sentence"):
        box = st.expander("How sentences are read", key="table_reading", on_change="rerun")
        if box.open:
            with box:
                for own in READING:
                    widgets.draw(own, KEYS[own.name], widgets.Drawn(disabled=disabled))
        return
    inputs = [name for name in names if name != _said("target")]
    st.session_state[KEYS["columns"]] = [name for name in _said("columns") if name in inputs]
    st.multiselect(_KNOWN["columns"].label, inputs, key=KEYS["columns"], help=_KNOWN["columns"].help,
                   disabled=disabled, persist_state="session")
    _left_out(table)


def _rated(names: list[str], disabled: bool) -> bool:
    """Which columns say who rates what; whether these are chosen, so that nothing else is read."""
    if _said("task") != "regression":
        for name in ("user", "item"):
            st.session_state[KEYS[name]] = ""
        return False
    for name in ("user", "item"):
        options = ["", *(other for other in names if other != _said("target"))]
        if _said(name) not in options:
            st.session_state[KEYS[name]] = ""
        if name == "item" and not _said("user"):
            st.session_state[KEYS[name]] = ""
            return False
        st.selectbox(_KNOWN[name].label, options, key=KEYS[name], disabled=disabled, help=_KNOWN[name].help,
                     persist_state="session",
                     format_func=lambda own: own or "None: predict from columns")
    return True


def _left_out(table: Table) -> None:
    """Why a column was not proposed as an input, shown as long as it is not one."""
    chosen = {_said("target"), *_said("columns")}
    names = [column.name for column in table.columns
             if column.usable and column.name not in chosen and is_identifier(column, table.rows)]
    if names:
        it, has = ("it", "It has") if len(names) == 1 else ("they", "They have")
        st.caption(plain(f"Not an input: {', '.join(names)}. {has} a different value in every row, like a "
                         f"row number or an ID, so {it} cannot help with new rows. You can still add "
                         f"{it.replace('they', 'them')} above."))


def _glance(table: Table) -> None:
    """The columns as they were read, and the first rows."""
    box = st.expander("Columns and first rows", key="table_glance", on_change="rerun", expanded=True)
    if not box.open:
        return
    with box:
        st.dataframe(pd.DataFrame({
            "Column": [column.name for column in table.columns],
            "Kind": [column.kind for column in table.columns],
            "Values": [column.distinct for column in table.columns],
            "Missing": [column.missing for column in table.columns],
            "Note": [f"{column.reason} {column.note}".strip() for column in table.columns]}), hide_index=True)
        st.dataframe(pd.DataFrame({column.name: _first(column) for column in table.columns}), hide_index=True)


def _first(column: Column) -> list[str]:
    """The first values of a column as text."""
    codes = column.codes[:FIRST_ROWS].tolist()
    if column.is_number:
        return [f"{column.numbers[code]:g}" if code < len(column.numbers) else "" for code in codes]
    return [column.names[code][:MOST_SHOWN] if code < len(column.names) else "" for code in codes]


def _fill(values: dict[str, Any]) -> None:
    for name, value in values.items():
        widgets.fill(_KNOWN[name], KEYS[name], value)


def _said(name: str) -> Any:
    return widgets.value(_KNOWN[name], KEYS[name])
