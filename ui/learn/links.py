"""Links from an entry of Learn to the stage or another page: no reload, and an address to copy."""

import streamlit as st

from core.lessons.links import LEARN, STAGE, LabelledLink

FILES = {STAGE: "pages/playground.py", LEARN: "pages/learn.py",
         **{page: f"pages/{page}.py" for page in ("evaluate", "compare", "search")}}
ICONS = {STAGE: ":material/play_circle:", LEARN: ":material/school:", "evaluate": ":material/fact_check:",
         "compare": ":material/compare_arrows:", "search": ":material/travel_explore:"}


def draw(link: LabelledLink) -> None:
    """One link, with the icon of the page that it opens."""
    st.page_link(FILES[link.page], label=link.label, icon=ICONS[link.page], query_params=link.params or None)


def row(links: tuple[LabelledLink, ...]) -> None:
    """Links side by side."""
    with st.container(horizontal=True, gap="small"):
        for link in links:
            draw(link)


def leave_for_stage() -> None:
    """Open the stage if the address is one of its own.

    Streamlit writes the address of a link to the first page as `?...`, which is right for a click alone:
    copied from this page, it leads here.
    """
    own = {"section", "idea", "term", "question"}
    if st.query_params and not own & {*st.query_params}:
        st.switch_page(FILES[STAGE], query_params=st.query_params.to_dict())
