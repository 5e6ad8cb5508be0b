"""The search field and the groups above a list: one group at a time, or what was searched for in all."""

from collections.abc import Mapping, Sequence

import streamlit as st

from core.lessons.articles import Article
from core.lessons.finding import matching

# Articles of a search: the browser draws each, and a learner who sees so many types another word.
MOST_FOUND = 24


def chosen(kind: str, articles: Mapping[str, Article]) -> Sequence[Article]:
    """Draws both, and returns the articles to show: the only one that the address asks for, if it does.

    kind: the word for them in the address.
    """
    name = st.query_params.get(kind)
    if name is not None and name in articles:
        st.button("Show all", key=f"{kind}_all", icon=":material/arrow_back:", on_click=st.query_params.clear)
        return [articles[name]]
    typed = st.text_input("Search", key=f"{kind}_typed", icon=":material/search:", live=True, max_chars=100,
                          placeholder="Search: one word or several", label_visibility="collapsed",
                          persist_state="session", width=420)
    if typed and typed.strip():
        found = matching(articles.values(), typed)
        more = f"; the first {MOST_FOUND} are shown" if len(found) > MOST_FOUND else ""
        st.caption(f"{len(found)} found{more}.")
        return found[:MOST_FOUND]
    groups = list(dict.fromkeys(article.group for article in articles.values()))
    group = st.pills("Group", groups, key=f"{kind}_group", default=groups[0], required=True,
                     label_visibility="collapsed", persist_state="session")
    return [article for article in articles.values() if article.group == group]
