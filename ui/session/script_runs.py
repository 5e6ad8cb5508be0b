"""Knows whether a session's script is running, so that what arrives beside it can wait for its end."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

KEY = "_script_runs"


class ScriptRuns:
    """The runs of one session's script and fragments that are under way. Any thread may ask."""

    def __init__(self) -> None:
        self._count, self._lock = 0, threading.Lock()

    def under_way(self) -> bool:
        """Whether at least one is."""
        return self._count > 0

    @contextmanager
    def counted(self) -> Iterator[None]:
        """Count this block as a run."""
        self._add(1)
        try:
            yield
        finally:
            self._add(-1)

    def _add(self, change: int) -> None:
        with self._lock:
            self._count += change


def of_session() -> ScriptRuns:
    """The runs of this session's script."""
    return st.session_state.setdefault(KEY, ScriptRuns())
