"""Links from an article to the stage or another page: no reload, and an address to copy."""

import streamlit as st

from core.lessons.articles import ARTICLES
from core.lessons.links import AGENTS, LEARN, LESSON, STAGE, LabelledLink
from core.lessons.reading import lessons
from ui.messages import plain

FILES = {STAGE: "pages/playground.py", LEARN: "pages/learn.py",
         **{page: f"pages/{page}.py" for page in ("evaluate", "compare", "search", AGENTS)}}
ICONS = {STAGE: ":material/play_circle:", LEARN: ":material/lightbulb:", "evaluate": ":material/fact_check:",
         "compare": ":material/compare_arrows:", "search": ":material/travel_explore:",
         AGENTS: ":material/smart_toy:"}


def row(links: tuple[LabelledLink, ...]) -> None:
    """Links side by side, each with the icon of what it opens; those to lessons that are there."""
    known = [link for link in links if link.params.get(LESSON) in (None, *lessons())]
    if not known:
        return
    with st.container(horizontal=True, gap="xsmall"):
        for link in known:
            icon = ":material/school:" if LESSON in link.params else ICONS[link.page]
            st.page_link(FILES[link.page], label=plain(label(link)), icon=icon,
                         query_params=link.params or None)


def label(link: LabelledLink) -> str:
    """What a link says; where it has no label, the title of what it opens."""
    if link.label:
        return link.label
    if LESSON in link.params:
        return f"Lesson: {lessons()[link.params[LESSON]].title}"
    kind, name = next(iter(link.params.items()))
    return ARTICLES[kind][name].title


def leave_for_stage() -> None:
    """Open the stage if the address is one of its own.

    Streamlit writes the address of a link to the first page as `?...`, which is right for a click alone:
    copied from this page, it leads here.
    """
    if st.query_params and not {"section", *ARTICLES} & {*st.query_params}:
        st.switch_page(FILES[STAGE], query_params=st.query_params.to_dict())
