"""The Streamlit code that pages share.

May import: core, but core.training; folders of ui in the order evaluate, compare, search, live, form,
session.

about.py     What the learner chose, at a glance: the dataset's examples and classes, the network's layers
assets.py    The files that the browser loads from the app's `static` folder
chart.py     One chart on a page: a figure of `core.charts`, drawn in place in the page's colours, light…
messages.py  Messages to the learner, as plain text: a link or a file may have put anything into them
style.py     The pages' own style, on top of Streamlit's theme
"""
