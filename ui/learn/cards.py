"""`CARDS`: what a card has besides its text, such as sliders; one function each."""

from collections.abc import Callable

import numpy as np
import streamlit as st

from core.charts.palette import CLASS_COLORS
from core.charts.pictures import scatter
from core.datasets import DATASETS
from core.formatting import number, percent
from core.lessons.links import LESSON
from core.lessons.reading import lessons
from core.paper.sheet import link

CLASSES = ("cat", "dog", "horse")
START = (2.0, 1.0, -1.0)


def softmax(logits: np.ndarray) -> np.ndarray:
    """Probabilities (n,) that add up to 1. logits: (n,), any numbers."""
    powers = np.exp(logits - logits.max())
    return powers / powers.sum()


@st.fragment
def softmax_card() -> None:
    """Three sliders for logits, and the probabilities."""
    columns = st.columns(3)
    logits = [column.slider(f"Logit of {name}", -5.0, 5.0, start, 0.1, key=f"logit_{name}")
              for column, name, start in zip(columns, CLASSES, START, strict=True)]
    total = float(np.exp(logits).sum())
    for column, logit, share in zip(columns, logits, softmax(np.asarray(logits)), strict=True):
        column.progress(float(share), f"**{percent(float(share))}**")
        column.caption(f"$e^{{{logit:g}}}$ = {number(float(np.exp(logit)))}, divided by {number(total)}")


@st.fragment
def squares_card() -> None:
    """Two rings, coloured by a threshold on the squared distance from the middle."""
    data = DATASETS["circles"].made_with({}).load()
    squared = (data.x.astype(float) ** 2).sum(1)
    inner = int(data.y[squared.argmin()])
    left, right = st.columns(2, vertical_alignment="center")
    threshold = left.slider("Threshold on x² + y²", 0.0, 2.0, 0.1, 0.05, key="squares_threshold")
    said = np.where(squared < threshold, inner, 1 - inner)
    left.markdown(f"**{percent(float((said == data.y).mean()))}** of the points are on the right side.")
    right.markdown(scatter(data.x[:, 0], data.x[:, 1], said, CLASS_COLORS, "x", "y"), unsafe_allow_html=True)


def worksheets_card() -> None:
    """For each lesson, its link and what can be printed. A single table, because it fits on a phone."""
    # Relative links work under any address: this page is one level below the app's root.
    rows = [f"| {lesson.number}. [{lesson.title}](./?{LESSON}={lesson.name}) "
            f"| [Worksheet]({link('worksheet', lesson.name)}) "
            f"| [Notes]({link('notes', lesson.name)}) |"
            for lesson in lessons().values()]
    st.markdown("\n".join(["| Link for a class | Learners | Teacher |", "|---|---|---|", *rows]))


CARDS: dict[str, Callable[[], None]] = {
    "softmax": softmax_card, "squares": squares_card, "worksheets": worksheets_card}
