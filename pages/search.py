"""Search: many configurations at once, to find out which parameters matter and which values are good."""

import streamlit as st

from core.formatting import amount, percent
from core.parameters import FieldError
from ui import style
from ui.form import form_state
from ui.messages import plain, refuse
from ui.search import page
from ui.session import runs

style.apply()
runs.recognize()
chosen = page.opened()
if chosen is not None:
    page.open_in_playground(chosen)

st.title("Search")
st.markdown("Try many values at the same time and watch which ones learn best. Everything else stays as you "
            "set it in the Playground.")
try:
    config = form_state.config()
except FieldError as error:
    refuse(error.message)
    st.page_link("pages/playground.py", label="Fix it in the Playground", icon=":material/arrow_back:")
    st.stop()
left, right = st.columns([4, 1], vertical_alignment="center")
left.markdown(f"**{plain(config.data.label)}**, {plain(config.name)}, batches of {config.batch_size}, "
              f"{amount(config.epochs, 'epoch')}, {percent(config.validation_share, 0)} for validation")
right.page_link("pages/playground.py", label="Change it", icon=":material/edit:")
page.draw(config)
