"""Home: what this is, and three ways in."""

import streamlit as st

from core.runs.examples import EXAMPLES
from ui import about, style
from ui.form import permalink
from ui.session import runs

CARDS = (
    ("first", "A first network", ":material/local_florist:",
     "In a few seconds, two small layers learn to tell three kinds of iris apart."),
    ("handwriting", "Handwriting", ":material/draw:",
     "A convolutional network learns to read 70,000 handwritten digits."),
    ("rows", "Reading row by row", ":material/view_headline:",
     "An LSTM reads small images of digits one row after another and remembers what it has read."),
)

style.apply()
runs.recognize()
st.title("Watch a neural network learn")
st.markdown("Choose data, a network and how it learns. Press **Train**, and watch its loss, its mistakes "
            "and its decisions change live. This is real training with Keras and JAX that you can pause, "
            "step through and steer.")
for column, (key, title, icon, text) in zip(st.columns(3), CARDS, strict=True):
    config = EXAMPLES[key]
    with column.container(border=True, height="stretch", key=f"card_{key}"):
        st.subheader(f"{icon} {title}")
        about.dataset_picture(config.data)
        st.markdown(text)
        st.caption(config.name)
        if st.button("Open", key=f"open_{key}", type="primary" if key == "first" else "secondary",
                     width="stretch"):
            st.switch_page("pages/playground.py", query_params=permalink.to_params(config))
st.markdown("**What to try:** another activation, a learning rate ten times as high, one hidden unit, a "
            "batch of one. Every change takes one click, and the new curve is drawn over the last one.")
