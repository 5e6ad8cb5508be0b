"""Messages to the learner, as plain text: a link or a file may have put anything into them."""

import re

import streamlit as st

# Signs that turn the direction of what follows, so that it reads as something else (Unicode Annex 9, 2).
_TURNS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_SIGNS = re.compile(r"([\\`*_{}\[\]()<>#$:!|~&])")
_BEGINNINGS = re.compile(r"^(\s*\d*)([-+=.])")
# Streamlit makes links of addresses and arrows of "->", whether they are escaped or not: something that
# nobody sees has to stand in between.
_JOINED = re.compile(r"(?i)(?<=http)(?=:)|(?<=https)(?=:)|(?<=www)(?=\.)|(?<=\S)(?=@)"
                     r"|(?<=[-<>=~!])(?=[-<>=])")
JOINER = "\u2060"


def plain(text: str) -> str:
    """`text` as Markdown that shows just that text, without a link or any other markup.

    Signs that would turn its direction are replaced.
    """
    return _BEGINNINGS.sub(r"\1\\\2", _SIGNS.sub(r"\\\1", _JOINED.sub(JOINER, _TURNS.sub("\ufffd", text))))


def refuse(text: str) -> None:
    """Say that something was not done, and why."""
    st.error(plain(text), icon=":material/error:")


def warn(text: str) -> None:
    """Say that something is not as asked for."""
    st.warning(plain(text), icon=":material/warning:")
