"""Page config and navigation: what runs for every learner, as a script or called by one."""

from pathlib import Path

import streamlit as st

from core.paper.sheet import PATH
from ui.agents import link
from ui.form import permalink, upload_limits
from ui.session import script_runs


def draw() -> None:
    """Draw the page that the learner is on, with the list of all of them."""
    st.set_page_config(page_title="Deep Learning Playground",
                       page_icon=Path(__file__).parent / "static" / "icon.png", layout="wide",
                       # On a telephone the sidebar is closed otherwise; a lesson begins there.
                       initial_sidebar_state="expanded" if "lesson" in st.query_params else "auto")
    upload_limits.guard()
    stage = st.Page("pages/playground.py", title="Playground", icon=":material/play_circle:", default=True)
    agents = st.Page("pages/agents.py", title="Agents", icon=":material/smart_toy:", url_path="agents")
    page = st.navigation([
        stage,
        st.Page("pages/learn.py", title="Learn", icon=":material/school:", url_path="learn"),
        agents,
        st.Page("pages/evaluate.py", title="Evaluate", icon=":material/fact_check:", url_path="evaluate"),
        st.Page("pages/compare.py", title="Compare", icon=":material/compare_arrows:", url_path="compare"),
        st.Page("pages/search.py", title="Search", icon=":material/travel_explore:", url_path="search"),
        st.Page("pages/home.py", title="Home", icon=":material/home:", url_path="home"),
        # Links open it: without an address of something to print, there is nothing to see.
        st.Page("pages/paper.py", title="Print", url_path=PATH, visibility="hidden"),
    ], position="top")
    for other, address in ((stage, permalink.ADDRESS), (agents, link.ADDRESS)):
        if page is not other:
            address.leave()
    with script_runs.of_session().counted():
        page.run()


if __name__ == "__main__":
    draw()
