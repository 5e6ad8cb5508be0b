"""Search: many configurations at once, to find out which parameters matter and which values are good."""

import streamlit as st

from core.amounts import amount
from core.charts.numbers import percent
from core.parameters import FieldError
from ui import choices, runs, search, style
from ui.messages import plain, refuse

style.apply()
runs.recognize()
chosen = search.opened()
if chosen is not None:
    search.open_in_playground(chosen)

st.title("Search")
st.markdown("Try many values at the same time, and watch which of them learn best. What is not searched "
            "stays as you chose it in the Playground.")
try:
    config = choices.config()
except FieldError as error:
    refuse(error.message)
    st.page_link("pages/playground.py", label="Fix it in the Playground", icon=":material/arrow_back:")
    st.stop()
left, right = st.columns([4, 1], vertical_alignment="center")
left.markdown(f"**{plain(config.data.label)}**, {plain(config.name)}, batches of {config.batch_size}, "
              f"{amount(config.epochs, 'epoch')}, {percent(config.validation_share, 0)} for validation")
right.page_link("pages/playground.py", label="Change it", icon=":material/edit:")
search.draw(config)
