"""The ideas as cards: what to try, what to look for, and links that open it."""

import streamlit as st

from core.lessons.ideas import IDEAS, Idea
from ui.learn import links, searching


def draw() -> None:
    """The search, and the cards of a group in two columns."""
    shown = searching.chosen("ideas", IDEAS, st.query_params.get("idea"))
    for first in range(0, len(shown), 2):
        for column, idea in zip(st.columns(2), shown[first:first + 2], strict=False):
            with column.container(border=True, height="stretch", key=f"idea_{idea.name}"):
                _card(idea)


def _card(idea: Idea) -> None:
    st.markdown(f"##### {idea.title}")
    st.markdown(idea.text)
    if idea.links:
        links.row(idea.links)
