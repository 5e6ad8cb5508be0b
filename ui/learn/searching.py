"""The search field and the groups above a list: one group at a time, or what was searched for in all."""

from collections.abc import Mapping, Sequence
from typing import Protocol, TypeVar

import streamlit as st

from core.lessons.finding import matching

# Cards of a search: the browser draws each, and whoever sees so many types another word.
MOST_FOUND = 24


class Grouped(Protocol):
    """An entry of a list: it has a group, and words to be searched."""

    @property
    def group(self) -> str: ...

    @property
    def words(self) -> str: ...


G = TypeVar("G", bound=Grouped)


def chosen(key: str, entries: Mapping[str, G], one: str | None) -> Sequence[G]:
    """Draws both, and returns the entries to show.

    key: the list's, for its widgets. one: the name of the only entry that the address asks for.
    """
    if one is not None and one in entries:
        st.button("Show all", key=f"{key}_all", icon=":material/arrow_back:", on_click=st.query_params.clear)
        return [entries[one]]
    typed = st.text_input("Search", key=f"{key}_typed", icon=":material/search:", live=True, max_chars=100,
                          placeholder="Search: one word or several", label_visibility="collapsed",
                          persist_state="session", width=420)
    if typed and typed.strip():
        found = matching(entries.values(), typed)
        more = f", of which the first {MOST_FOUND} are shown" if len(found) > MOST_FOUND else ""
        st.caption(f"{len(found)} found{more}.")
        return found[:MOST_FOUND]
    groups = list(dict.fromkeys(entry.group for entry in entries.values()))
    group = st.pills("Group", groups, key=f"{key}_group", default=groups[0], required=True,
                     label_visibility="collapsed", persist_state="session")
    return [entry for entry in entries.values() if entry.group == group]
