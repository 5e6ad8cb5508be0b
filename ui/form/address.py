"""The address of a page that holds its choices: noticed when somebody opens it, written when they change."""

from collections.abc import Mapping
from dataclasses import dataclass

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from core.parameters import FieldError, field_name


@dataclass(frozen=True)
class Address:
    """The address of one page. name: where the session keeps what was last written to it."""

    name: str

    @property
    def away(self) -> str:
        """Where the session keeps whether the learner may have opened another since."""
        return f"{self.name}_left"

    def leave(self) -> None:
        """Note that the learner is elsewhere: the page's next address will be one that somebody opened."""
        st.session_state[self.away] = True

    def opened(self) -> dict[str, str] | None:
        """The address, if somebody opened it: in a new session, from another page, or by Back or Forward.

        Any other run may have been on its way since before the address was last written here. What it
        carries is then an earlier address, and following that would undo what the learner has just chosen.
        Raises `FieldError` for a name that has several values.
        """
        params, written = st.query_params.to_dict(), st.session_state.get(self.name)
        context = get_script_run_ctx()
        if context is not None and context.is_history_navigation:
            self.leave()
        if written is not None and (params in ({}, written) or not st.session_state.get(self.away)):
            return None
        twice = _repeated()
        if twice is not None:
            raise FieldError(field_name(twice), f"{field_name(twice)} appears in this link more than once. "
                             "Give it one value.")
        return params

    def write(self, params: Mapping[str, str]) -> None:
        """Write these parameters to the address."""
        st.session_state[self.name], st.session_state[self.away] = params, False
        if st.query_params.to_dict() != params or _repeated() is not None:
            st.query_params.from_dict(params)


def _repeated() -> str | None:
    """A name that the address contains more than once, so that its value is ambiguous."""
    return next((name for name in st.query_params if len(st.query_params.get_all(name)) > 1), None)
