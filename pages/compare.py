"""Compare: all runs that this browser keeps, in a table and laid over each other."""

import streamlit as st

from ui import runs, style
from ui.compare import actions, filters, keeping, table, views
from ui.messages import warn

style.apply()
runs.recognize()
st.header("Compare")
keeping.follow()
found = keeping.found()
if found.problem:
    warn(found.problem)
if found.runs:
    shown = filters.draw(found.runs)
    if shown:
        chosen = table.draw(shown)
        actions.draw(shown, chosen)
        views.draw(shown, chosen)
    else:
        st.info("No run fits these filters. Empty one of them.", icon=":material/filter_alt_off:")
else:
    actions.draw_empty()
