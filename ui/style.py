"""The pages' own CSS, on top of Streamlit's theme."""

import streamlit as st

from ui.assets import STATIC


def apply() -> None:
    """Put the style sheet into the page."""
    st.html(STATIC / "page.css")
