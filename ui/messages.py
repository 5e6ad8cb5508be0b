"""Messages to the learner, as plain text: a link or a file may have put anything into them."""

import re

import streamlit as st

# Characters that change the writing direction, so that a text reads as something else (Unicode Annex 9, 2).
_TURNS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_SIGNS = re.compile(r"([\\`*_{}\[\]()<>#$:!|~&])")
_BEGINNINGS = re.compile(r"^(\s*\d*)([-+=.])")
# Streamlit turns addresses into links and "->" into an arrow, even if they are escaped, so an invisible
# character is put in between.
_JOINED = re.compile(r"(?i)(?<=http)(?=:)|(?<=https)(?=:)|(?<=www)(?=\.)|(?<=\S)(?=@)"
                     r"|(?<=[-<>=~!])(?=[-<>=])")
JOINER = "\u2060"


def unbroken(text: str) -> str:
    """`text` with each number and its sign of percent on one line."""
    return text.replace(" %", "\u00a0%")


def plain(text: str) -> str:
    """`text` as Markdown that shows just that text, without a link or any other markup.

    Characters that would change its direction are replaced.
    """
    return _BEGINNINGS.sub(r"\1\\\2", _SIGNS.sub(r"\\\1", _JOINED.sub(JOINER, _TURNS.sub("\ufffd", text))))


def refuse(text: str) -> None:
    """Show that something was not done, and why."""
    st.error(plain(text), icon=":material/error:")


def warn(text: str) -> None:
    """Show that something is different from what was asked for."""
    st.warning(plain(text), icon=":material/warning:")
