"""Print: one sheet, as it will be printed."""

import streamlit as st

from ui import style
from ui.paper import desk, viewer
from ui.session import runs

style.apply("paper_page.css")
runs.recognize()
sheet = desk.chosen()
if sheet is None:
    st.info("There is nothing to print at this address. The worksheets are in Learn, under *For teachers*.",
            icon=":material/print:")
    st.page_link("pages/learn.py", label="For teachers", icon=":material/school:",
                 query_params={"section": "teachers"})
else:
    st.set_page_config(page_title=sheet.title)
    viewer.show(sheet)
