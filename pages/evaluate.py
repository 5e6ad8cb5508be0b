"""Evaluate: what the test set says of a run that has ended, and whether something simpler does as well."""

import streamlit as st

from ui import runs, style
from ui.evaluate import choosing, sections

style.apply()
runs.recognize()
st.header("Evaluate")
run = choosing.draw()
if run is not None:
    sections.draw(run)
