"""Ideas and questions as cards, words as a list; each with links that show what it says."""

from collections.abc import Mapping

import streamlit as st

from core.lessons.articles import IDEAS, QUESTIONS, TEACHERS, TERMS, Article
from ui.learn import cards, links, searching


def ideas() -> None:
    """The search, and the cards of a group in two columns."""
    _cards("idea", IDEAS)


def questions() -> None:
    """The same for questions, problems and exercises."""
    _cards("question", QUESTIONS)


def words() -> None:
    """The glossary: a line for each word."""
    for term in searching.chosen("term", TERMS):
        with st.container(key=f"term_{term.name}", gap="xsmall"):
            st.markdown(f"**{term.title}**: {term.text}")
            links.row(term.links)


def teachers() -> None:
    """What teachers need, one part below the other."""
    for article in TEACHERS.values():
        with st.container(border=True, key=f"teachers_{article.name}"):
            _card(article)


def _cards(kind: str, articles: Mapping[str, Article]) -> None:
    shown = searching.chosen(kind, articles)
    for first in range(0, len(shown), 2):
        for column, article in zip(st.columns(2), shown[first:first + 2], strict=False):
            with column.container(border=True, height="stretch", key=f"{kind}_{article.name}"):
                _card(article)


def _card(article: Article) -> None:
    st.markdown(f"##### {article.title}")
    st.markdown(article.text)
    if article.card:
        cards.CARDS[article.card]()
    links.row(article.links)
