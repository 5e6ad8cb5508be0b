"""The pages' own CSS, on top of Streamlit's theme."""

import streamlit as st

from ui.assets import STATIC


def apply(*more: str, sidebar: bool = False) -> None:
    """Put the style sheet into the page, and after it those of this page alone.

    sidebar: whether the page has one. On a change of page Streamlit sometimes keeps the one before, empty.

    None of them may use `:has`: the browser then looks for its subjects at every change of a text anywhere,
    which takes 9 ms each in a page of this size.
    """
    for name in ("page.css", *(() if sidebar else ("no_sidebar.css",)), *more):
        st.html(STATIC / name)
