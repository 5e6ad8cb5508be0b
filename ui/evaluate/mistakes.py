"""The most confident mistakes, and the predictions furthest off."""

import streamlit as st

from core.formatting import amount
from core.metrics.classes import confident_mistakes
from core.metrics.numbers import worst
from core.metrics.test_report import TestReport
from ui.evaluate import examples
from ui.messages import plain

MOST, WORST = 200, 100


def draw(found: TestReport) -> None:
    """Wrong answers, the most confident first."""
    chosen = confident_mistakes(found.y, found.outputs, MOST)
    if not len(chosen):
        st.success(f"None of the {amount(len(found.y), 'test example')} is predicted wrongly.",
                   icon=":material/check:")
        return
    wrong = int((found.predicted != found.y).sum())
    st.markdown(f"**{wrong:,} of {amount(len(found.y), 'test example')} {'is' if wrong == 1 else 'are'} "
                "predicted wrongly.** The mistakes with the highest probability come first. Is the example "
                "unusual, is its label wrong, or has the network missed something?")
    examples.draw(found, chosen, "mistakes", name_both=True)


def draw_worst(found: TestReport) -> None:
    """The predictions with the largest errors."""
    unit = f" (in units of {plain(found.dataset.target)})" if found.dataset.target else ""
    st.markdown(f"The test examples with the largest errors come first{unit}.")
    examples.draw(found, worst(found.y, found.outputs, WORST), "worst")
