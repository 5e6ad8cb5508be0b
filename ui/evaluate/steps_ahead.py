"""How the error of a forecast grows with the distance."""

import streamlit as st

from core.charts.steps_ahead import steps_ahead_chart
from core.charts.style import LEGEND
from core.metrics.steps_ahead import AT_ONCE, STEP_BY_STEP
from core.metrics.test_report import TestReport
from ui.chart import chart
from ui.messages import plain


def draw(found: TestReport) -> None:
    """One line per method, and what the two ways of a network to forecast several steps are."""
    ahead = found.steps_ahead
    st.subheader("Error by step ahead")
    if ahead is None:
        st.info("This network was not asked to forecast step by step. Train it again to see this chart.")
        return
    figure = steps_ahead_chart(found.dataset, ahead)
    st.caption(plain(figure["note"]))
    chart("evaluated_steps_ahead", figure | {"layout": figure["layout"] | LEGEND}, 380)
    said = ("*All steps at once*: the network has one output for each step of the horizon. "
            if AT_ONCE in ahead.errors else
            "This network forecasts one step. Raise the horizon in the sidebar to let a network forecast "
            "several at once, and compare. ")
    season = (f"*Seasonal naive* repeats the value {ahead.season} steps before. " if ahead.season else
              "No season was found in this series, so there is no seasonal naive forecast. ")
    st.caption(f"{said}*{STEP_BY_STEP.rpartition(', ')[2].capitalize()}*: the network's first step becomes "
               f"the newest value of the next window, and so on: its errors add up. {season}*Linear "
               "autoregression* is least squares on the same training windows.")
