"""One click counts once, even if the browser reports it twice."""

import math
import time
from collections.abc import Callable
from typing import Any

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.scriptrunner_utils.script_run_context import ThreadState

ECHO_SECONDS = 0.6


def ignore_echo(name: str, press: Callable[..., object]) -> Callable[..., None]:
    """`press` as a callback that ignores the echo of a click.

    A tick of the page that falls between a click and its message carries the click along, and the
    message brings it once more: two steps for one press of Step. The first of the two is handled in
    the tick's fragment, which is not the button's own, so that the same press soon after is its echo.
    """
    def call(*args: Any) -> None:
        key, now, context = f"_pressed_{name}", time.monotonic(), get_script_run_ctx()
        if now - st.session_state.pop(key, -math.inf) < ECHO_SECONDS:
            return
        fragments = context.fragment_ids_this_run if context is not None else None
        # A callback's own fragment is that of its widget.
        if fragments and ThreadState.get().fragment_id not in fragments:
            st.session_state[key] = now
        press(*args)

    return call
