"""Two classes: what changes when the threshold moves at which the network's "yes" counts."""

import numpy as np
import pandas as pd
import streamlit as st

from core.charts.numbers import number, percent
from core.charts.threshold import costs_curve, threshold_curves
from core.evaluating.evaluated import Evaluated
from core.evaluating.threshold import Costs, Decisions, cheapest, decide, over_thresholds
from ui.chart import chart
from ui.messages import plain

POSITIVE, THRESHOLD, ALARM, MISSED = "positive_class", "threshold", "cost_false_alarm", "cost_missed"
DEFAULTS = {POSITIVE: 1, THRESHOLD: 0.5, ALARM: 1.0, MISSED: 1.0}
MOST_COST = 1e6


@st.fragment
def draw(found: Evaluated) -> None:
    """The slider, and all that follows from it: only this part of the page runs when it moves."""
    for key, value in DEFAULTS.items():
        st.session_state[key] = st.session_state.get(key, value)
    classes = found.dataset.classes
    with st.container(horizontal=True, vertical_alignment="bottom", key="deciding"):
        st.selectbox("Positive class", (0, 1), key=POSITIVE, format_func=lambda one: classes[one], width=220,
                     help="Which class the network says yes to.", persist_state="session")
        for key, label in ((ALARM, "Cost of a false alarm"), (MISSED, "Cost of a missed case")):
            st.number_input(label, 0.0, MOST_COST, step=1.0, format="%g", key=key, width=180,
                            persist_state="session")
    label = st.session_state[POSITIVE]
    st.slider(f"Threshold: say {plain(classes[label])} from this probability on", 0.0, 1.0, step=0.01,
              key=THRESHOLD, persist_state="session")
    costs = Costs(st.session_state[ALARM], st.session_state[MISSED])
    positive, scores = found.y == label, found.outputs[:, label]
    now, all_ = decide(positive, scores, st.session_state[THRESHOLD], costs), over_thresholds(
        positive, scores, costs)
    _numbers(now, decide(positive, scores, DEFAULTS[THRESHOLD], costs))
    _pictures(found, label, now, all_)
    best = cheapest(all_)
    st.caption(f"The cost is lowest from {best.threshold:.2f} on: {number(best.cost)} an example. Choose a "
               "threshold on examples of the validation set in earnest: one that was chosen on the test set "
               "looks better there than it is.")


def _numbers(now: Decisions, usual: Decisions) -> None:
    """The numbers at the threshold, and how they differ from those at a half."""
    with st.container(horizontal=True, key="decided"):
        for name, word in (("precision", "Precision"), ("recall", "Recall"), ("f1", "F1"),
                           ("accuracy", "Accuracy")):
            value, change = getattr(now, name), getattr(now, name) - getattr(usual, name)
            st.metric(word, percent(value), f"{100 * change:+.1f} points" if abs(change) > 5e-4 else None)
        change = now.cost - usual.cost
        st.metric("Cost of an example", number(now.cost),
                  f"{change:+.3g}" if abs(change) > 5e-7 else None, delta_color="inverse")


def _pictures(found: Evaluated, label: int, now: Decisions, all_: tuple[Decisions, ...]) -> None:
    left, right = st.columns(2, gap="large")
    with left:
        chart("threshold_curves", threshold_curves(all_, now.threshold), 340)
    with right:
        st.table(_matrix(found, label, now), hide_index=True)
        chart("threshold_costs", costs_curve(all_, now.threshold), 220)


def _matrix(found: Evaluated, label: int, now: Decisions) -> pd.DataFrame:
    yes, no = (plain(found.dataset.classes[one]) for one in (label, 1 - label))
    counts = np.array([[now.true_positive, now.false_negative], [now.false_positive, now.true_negative]])
    return pd.DataFrame([[f"True {name}", *(f"{one:,}" for one in row)]
                         for name, row in zip((yes, no), counts, strict=True)],
                        columns=["", f"said {yes}", f"said {no}"])
