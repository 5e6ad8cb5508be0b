"""Evaluate: what the test set says of a run that has ended, and whether something simpler does as well."""

import streamlit as st

from ui import style
from ui.evaluate import run_picker, sections
from ui.session import runs

style.apply()
runs.recognize()
st.header("Evaluate")
run = run_picker.draw()
if run is not None:
    sections.draw(run)
