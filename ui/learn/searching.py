"""The search field and the groups above a list: it shows one group, or what a search finds in all of them."""

from collections.abc import Mapping, Sequence

import streamlit as st

from core.lessons.articles import Article
from core.lessons.finding import matching

# Most articles that a search shows. The browser has to draw each; a learner who sees so many searches again.
MOST_FOUND = 24


def chosen(kind: str, articles: Mapping[str, Article]) -> Sequence[Article]:
    """Draw both, and return the articles to show: only one, if the address asks for it.

    kind: the word for such an article in the address.
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
