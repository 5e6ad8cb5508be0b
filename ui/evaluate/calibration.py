"""The section on calibration: is the network as confident as it should be?."""

import streamlit as st

from core.charts.calibration import reliability_diagram
from core.formatting import amount, percent
from core.metrics.calibration import BINS
from core.metrics.test_report import TestReport
from ui.chart import chart


def draw(found: TestReport) -> None:
    """The reliability diagram with the expected calibration error."""
    told = found.reliability
    left, right = st.columns([3, 2], gap="large")
    with left:
        chart("reliability", reliability_diagram(told), 400)
    with right:
        with st.container(horizontal=True):
            st.metric("Calibration error", percent(told.error), help="Expected calibration error: the mean, "
                      f"over {BINS} bins weighted by their examples, of the distance between the share of "
                      "correct predictions and the mean confidence (Guo and others, ICML 2017).")
            st.metric("Mean confidence", percent(told.sure), help="The mean probability of the predicted "
                                                                  "classes.")
        st.markdown(_verdict(told.sure - told.accuracy, len(found.y)))
        st.caption(f"The predictions in {BINS} bins of equal width, by the probability that the network "
                   "gives them. Bar: the share of correct predictions. Line: how confident the network is; "
                   "where a bar ends below the line, it is overconfident. Faint bars have few examples, so "
                   "they say little.")


def _verdict(gap: float, examples: int) -> str:
    few = f" With {amount(examples, 'example')}, much of this may be luck." if examples < 500 else ""
    if abs(gap) < 0.01:
        return f"Overall, the network is about as confident as it is accurate.{few}"
    word = ("more confident than accurate (overconfident)" if gap > 0 else
            "less confident than accurate (underconfident)")
    return f"Overall, the network is {word}, by {percent(abs(gap))}.{few}"
