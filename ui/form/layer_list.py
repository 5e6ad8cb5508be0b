"""A learner's list of layers: kept in the session and changed layer by layer, with undo."""

from dataclasses import dataclass
from typing import Any

import streamlit as st

from core.catalog.layers import LAYER_KINDS, MOST_LAYERS, Entry, LayerList
from core.parameters import FieldError
from ui.form import widgets

CHOSEN, PAST = "layer_chosen", "_layers_past"
MOST_UNDONE = 30


@dataclass(frozen=True)
class Held:
    """The list of `parameter`, kept in `st.session_state` under `key`. One of its layers is selected."""

    parameter: LayerList
    key: str

    def entries(self) -> list[Entry]:
        """The current list; the default if it is invalid, which no widget can cause."""
        try:
            return list(self.parameter.check(widgets.value(self.parameter, self.key)))
        except FieldError:
            return list(self.parameter.default)

    def chosen(self) -> int:
        """Index of the selected layer; -1 if there is none."""
        place, count = st.session_state.get(CHOSEN), len(self.entries())
        return min(max(place if isinstance(place, int) else 0, 0), count - 1)

    def insert(self, kind: str, **values: Any) -> None:
        """Add a layer after the selected one. Values that are left out get the kind's defaults."""
        entries, place = self.entries(), self.chosen() + 1
        if len(entries) < MOST_LAYERS:
            usual = {own.name: own.default for own in LAYER_KINDS[kind].parameters}
            self._change([*entries[:place], {"kind": kind, **usual, **values}, *entries[place:]], place)

    def copy(self) -> None:
        """Duplicate the selected layer."""
        if self.entries():
            self.insert(**self.entries()[self.chosen()])

    def remove(self) -> None:
        """Remove the chosen layer."""
        entries, place = self.entries(), self.chosen()
        if entries:
            self._change(entries[:place] + entries[place + 1:], max(place - 1, 0))

    def move(self, by: int) -> None:
        """Move the chosen layer towards the output, or by a negative number towards the input."""
        entries, place = self.entries(), self.chosen()
        if entries and 0 <= place + by < len(entries):
            entries.insert(place + by, entries.pop(place))
            self._change(entries, place + by)

    def set(self, place: int, kind: str, name: str, value: Any) -> None:
        """Set a parameter of the layer at an index, if it still is of this kind."""
        entries = self.entries()
        if place < len(entries) and entries[place]["kind"] == kind:
            entries[place] = {**entries[place], name: value}
            self._change(entries, place)

    def undo(self) -> None:
        """Undo the last change."""
        past = st.session_state.get(PAST)
        if past:
            st.session_state[self.key], st.session_state[CHOSEN] = past.pop()

    def _change(self, entries: list[Entry], chosen: int) -> None:
        past: list[tuple[tuple[Entry, ...], int]] = st.session_state.setdefault(PAST, [])
        past.append((tuple(self.entries()), self.chosen()))
        del past[:-MOST_UNDONE]
        st.session_state[self.key], st.session_state[CHOSEN] = tuple(entries), chosen


def can_undo() -> bool:
    """Whether there is a change to undo."""
    return bool(st.session_state.get(PAST))


def begin() -> None:
    """Forget the changes to an earlier list."""
    st.session_state[CHOSEN] = 0
    st.session_state.pop(PAST, None)
