"""Compare: all runs that this browser keeps, in a table and laid over each other."""

import streamlit as st

from ui import style
from ui.compare import actions, filters, run_list, table, views
from ui.messages import warn
from ui.session import runs

style.apply()
runs.recognize()
st.header("Compare")
run_list.follow()
found = run_list.found()
if found.problem:
    warn(found.problem)
if found.runs:
    shown = filters.draw(found.runs)
    if shown:
        chosen = table.draw(shown)
        actions.draw(shown, chosen)
        views.draw(shown, chosen)
    else:
        st.info("No run matches these filters. Clear one of them.", icon=":material/filter_alt_off:")
else:
    actions.draw_empty()
