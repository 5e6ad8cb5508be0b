"""Learn: what to try and what it shows."""

import streamlit as st

from ui import style
from ui.learn import links, overview
from ui.session import runs

style.apply("learn.css")
runs.recognize()
links.leave_for_stage()
st.header("Learn")
overview.draw()
