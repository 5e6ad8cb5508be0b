"""Two classes: what changes with the decision threshold."""

import numpy as np
import pandas as pd
import streamlit as st

from core.charts.threshold import costs_curve, threshold_curves
from core.formatting import number, percent
from core.metrics.test_report import TestReport
from core.metrics.threshold import Costs, Decisions, cheapest, decide, over_thresholds
from core.parameters import FieldError, FloatRange, IntRange
from ui.chart import chart
from ui.form import widgets
from ui.messages import plain, refuse

POSITIVE, POSITIVE_OF = "positive_class", "_positive_of"
THRESHOLD = FloatRange("threshold", "Threshold", "", 0.0, 1.0, 0.5)
COSTS = (IntRange("cost_false_alarm", "Cost of a false alarm", "The cost of saying yes to an example of the "
                  "other class, in any unit you like.", 0, 1_000_000, 1),
         IntRange("cost_missed", "Cost of a missed case", "The cost of saying no to an example of the "
                                                          "positive class.", 0,
                  1_000_000, 1))


@st.fragment
def draw(found: TestReport) -> None:
    """The slider and its results: only this part of the page runs when the slider moves."""
    _fill(found)
    classes = found.dataset.classes
    with st.container(horizontal=True, vertical_alignment="bottom", key="deciding"):
        st.selectbox("Positive class", (0, 1), key=POSITIVE, format_func=lambda index: classes[index],
                     width=220, help="The class that the network says yes to.", persist_state="session")
        for cost in COSTS:
            widgets.draw(cost, cost.name)
    label = st.session_state[POSITIVE]
    st.slider(f"Threshold: predict {plain(classes[label])} from this probability on", 0.0, 1.0, step=0.01,
              key=THRESHOLD.name, persist_state="session")
    try:
        threshold, *costs = (parameter.check(widgets.value(parameter, parameter.name))
                             for parameter in (THRESHOLD, *COSTS))
    except FieldError as error:
        refuse(error.message)
        return
    _decided(found, label, float(threshold), Costs(*costs))


def _decided(found: TestReport, label: int, threshold: float, costs: Costs) -> None:
    """The results at the threshold, and at all thresholds."""
    positive, scores = found.y == label, found.outputs[:, label]
    now, everywhere = decide(positive, scores, threshold, costs), over_thresholds(positive, scores, costs)
    _numbers(now, decide(positive, scores, THRESHOLD.default, costs))
    _pictures(found, label, now, everywhere)
    best = cheapest(everywhere)
    st.caption(f"The cost is lowest from {best.threshold:.2f} on: {number(best.cost)} per example. In real "
               "work, choose the threshold on the validation set: a threshold chosen on the test set looks "
               "better there than it is.")


def _fill(found: TestReport) -> None:
    """For a new dataset, choose the rarer class as the positive one."""
    widgets.fill(THRESHOLD, THRESHOLD.name, widgets.value(THRESHOLD, THRESHOLD.name))
    if st.session_state.get(POSITIVE_OF) != found.dataset.key:
        st.session_state[POSITIVE] = int((found.y == 1).mean() <= 0.5)
        st.session_state[POSITIVE_OF] = found.dataset.key


def _numbers(now: Decisions, usual: Decisions) -> None:
    """The numbers at the threshold, and their differences from those at 0.5."""
    with st.container(horizontal=True, key="decided"):
        for name, word in (("precision", "Precision"), ("recall", "Recall"), ("f1", "F1"),
                           ("accuracy", "Accuracy")):
            value, change = getattr(now, name), getattr(now, name) - getattr(usual, name)
            _metric(word, percent(value), f"{100 * change:+.1f} points", change)
        change = now.cost - usual.cost
        _metric("Cost of an example", number(now.cost), f"{change:+.3g}", -change)


def _metric(word: str, value: str, change: str, better: float) -> None:
    """A number and its difference from a threshold of 0.5, always shown so that nothing jumps.

    better: positive if it is better than at 0.5.
    """
    same = abs(better) < 5e-7
    color = "off" if same else "normal" if (better > 0) == change.startswith("+") else "inverse"
    st.metric(word, value, change.replace("+0.0 ", "±0.0 ") if same else change, delta_color=color,
              delta_arrow="off" if same else "auto")


def _pictures(found: TestReport, label: int, now: Decisions, all_: tuple[Decisions, ...]) -> None:
    left, right = st.columns(2, gap="large")
    with left:
        chart("threshold_curves", threshold_curves(all_, now.threshold), 340)
    with right:
        st.table(_matrix(found, label, now), hide_index=True)
        chart("threshold_costs", costs_curve(all_, now.threshold), 220)


def _matrix(found: TestReport, label: int, now: Decisions) -> pd.DataFrame:
    yes, no = (plain(found.dataset.classes[index]) for index in (label, 1 - label))
    counts = np.array([[now.true_positive, now.false_negative], [now.false_positive, now.true_negative]])
    return pd.DataFrame([[f"True {name}", *(f"{count:,}" for count in row)]
                         for name, row in zip((yes, no), counts, strict=True)],
                        columns=["", f"Predicted {yes}", f"Predicted {no}"])
