"""Predicted numbers: error metrics, predicted against true, residuals."""

import streamlit as st

from core.charts import forecast, predicted_true
from core.charts.errors import residual_histogram
from core.charts.style import LEGEND
from core.formatting import number
from core.metrics.test_report import TestReport
from ui.chart import chart
from ui.messages import plain


def totals(found: TestReport) -> None:
    """The metrics over all test examples."""
    report, count = found.numbers, len(found.y)
    low, high = (number(bound) for bound in report.interval)
    r2 = f"{report.r2:.3f}" if report.r2 == report.r2 else "–"
    with st.container(horizontal=True, key="totals"):
        st.metric("MAE", number(report.mae), help="Mean absolute error: how far off the predictions are, on "
                  "average. The interval is a 95 % percentile-t bootstrap interval.")
        st.metric("RMSE", number(report.rmse), help="Root mean squared error: large errors count more.")
        st.metric("R²", r2, help="1: perfect. 0: as good as always predicting the mean. Below 0: worse.")
        st.metric("Median error", number(report.median), help="Half of the predictions are closer than this.")
        st.metric("Largest error", number(report.largest))
        st.metric("Bias", number(report.bias), help="The mean of true - predicted. Above 0, predictions are "
                  "too low on average.")
    unit = f" Errors are in units of {plain(found.dataset.target)}." if found.dataset.target else ""
    st.caption(f"{count:,} test examples, which the network never trained on. With this many examples, the "
               f"95 % interval of the mean absolute error is {low} to {high}.{unit}")


def draw(found: TestReport) -> None:
    """Predicted against true, the residuals, and for a series its last steps."""
    left, right = st.columns(2, gap="large")
    with left:
        figure = predicted_true(found.dataset, found.evaluation)
        st.subheader(figure["title"])
        st.caption(f"{figure['note']}. {figure['more']}")
        chart("evaluated_scatter", figure, 380)
    with right:
        st.subheader("Residuals")
        st.caption("Around 0 and even on both sides: no systematic error remains")
        chart("residual_histogram", residual_histogram(found.dataset, found.y, found.outputs), 380)
    if found.dataset.is_series:
        figure = forecast(found.dataset, found.test, found.evaluation)
        st.subheader(figure["title"])
        st.caption(figure["note"])
        # The live panel names the lines beside its title; here they are named below the chart.
        chart("evaluated_forecast", figure | {"layout": figure["layout"] | LEGEND}, 340)
