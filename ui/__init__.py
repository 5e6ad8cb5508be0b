"""The Streamlit code that pages share.

May import: core except core.training. Folders of ui import one way only: agents, evaluate,
compare, search, learn and paper may import live, form and session; live may import form and session; form may
import session. Each may import the files below.

about.py     The chosen dataset and network at a glance: examples, classes, layers
assets.py    Serves the files in `static/` to the browser
chart.py     One chart on a page: a figure of `core.charts` in the page's theme
messages.py  Messages to the learner, shown as plain text
style.py     The pages' own CSS, on top of Streamlit's theme
"""
