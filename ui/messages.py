"""Messages to the learner, as plain text: a link or a file may have put anything into them."""

import re

import streamlit as st

_SIGNS = re.compile(r"([\\`*_{}\[\]()<>#$:!|~])")


def plain(text: str) -> str:
    """`text` as Markdown that shows just that text."""
    return _SIGNS.sub(r"\\\1", text)


def refuse(text: str) -> None:
    """Say that something was not done, and why."""
    st.error(plain(text), icon=":material/error:")


def warn(text: str) -> None:
    """Say that something is not as asked for."""
    st.warning(plain(text), icon=":material/warning:")
