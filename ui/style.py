"""The pages' own CSS, on top of Streamlit's theme."""

import streamlit as st

from ui.assets import STATIC


def apply(*more: str) -> None:
    """Put the style sheet into the page, and after it those of this page alone.

    None of them may use `:has`: the browser then looks for its subjects at every change of a text anywhere,
    which takes 9 ms each in a page of this size.
    """
    for name in ("page.css", *more):
        st.html(STATIC / name)
