"""Page config and navigation: the script that Streamlit runs for every learner."""

from pathlib import Path

import streamlit as st

from ui import uploading

st.set_page_config(page_title="Deep Learning Playground",
                   page_icon=Path(__file__).parent / "static" / "icon.png", layout="wide")
uploading.guard()
st.navigation([
    st.Page("pages/playground.py", title="Playground", icon=":material/play_circle:", default=True),
    st.Page("pages/evaluate.py", title="Evaluate", icon=":material/fact_check:", url_path="evaluate"),
    st.Page("pages/compare.py", title="Compare", icon=":material/compare_arrows:", url_path="compare"),
    st.Page("pages/search.py", title="Search", icon=":material/travel_explore:", url_path="search"),
    st.Page("pages/home.py", title="Home", icon=":material/home:", url_path="home"),
], position="top").run()
