"""Shows a sheet as it will be printed, with a button that prints it."""

import streamlit as st
from streamlit.components.v2 import component

from core.paper.sheet import Sheet
from ui.assets import STATIC

# Set only once, so that typed text stays when the page's script runs again.
_JS = """export default ({data, parentElement}) => {
  const place = parentElement.querySelector(".desk")
  if (place.shown === data.html) return
  place.shown = data.html
  place.innerHTML = data.html
  parentElement.querySelector(".print").onclick = () => window.print()
}"""
_HTML = '<button type="button" class="print">Print</button><div class="desk"></div>'

# Its styles are isolated: neither the theme nor another style sheet changes what is printed.
_component = component("playground.paper", html=_HTML, js=_JS, css=(STATIC / "paper.css").read_text("utf-8"),
                       isolate_styles=True)


def show(sheet: Sheet) -> None:
    """Draw the sheet, below a button that prints the page."""
    if sheet.wide:
        st.html(STATIC / "paper_wide.css")
    _component(key="paper", data={"html": sheet.body})
