"""The mistakes that the network is surest of, and the numbers that are furthest off."""

import streamlit as st

from core.evaluating.classes import confident_mistakes
from core.evaluating.evaluated import Evaluated
from core.evaluating.numbers import worst
from ui.evaluate import examples
from ui.messages import plain

MOST, WORST = 200, 100


def draw(found: Evaluated) -> None:
    """Wrong answers, the surest first."""
    chosen = confident_mistakes(found.y, found.outputs, MOST)
    if not len(chosen):
        st.success(f"Not one of {len(found.y):,} test examples is predicted wrongly.",
                   icon=":material/check:")
        return
    wrong = int((found.predicted != found.y).sum())
    st.markdown(f"**{wrong:,} of {len(found.y):,} test examples are predicted wrongly.** The surest come "
                "first: is the example odd, or its label wrong, or the network?")
    examples.draw(found, chosen, "mistakes", name_both=True)


def draw_worst(found: Evaluated) -> None:
    """The numbers that are furthest off."""
    unit = f" (in units of {plain(found.dataset.target)})" if found.dataset.target else ""
    st.markdown(f"The test examples that are furthest off come first{unit}.")
    examples.draw(found, worst(found.y, found.outputs, WORST), "worst")
