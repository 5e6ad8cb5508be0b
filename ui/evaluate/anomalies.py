"""Anomalies by their reconstruction error: a threshold, and what it finds."""

import numpy as np
import pandas as pd
import streamlit as st

from core.charts.anomalies import precision_recall, roc, separation
from core.formatting import number, percent
from core.metrics.ranking import Ranking, ranking
from core.metrics.test_report import TestReport
from core.metrics.threshold import Decisions, decide
from ui.chart import chart
from ui.messages import plain

THRESHOLD, OF = "anomaly_threshold", "_anomaly_threshold_of"
# Where the threshold stands first: so few of the normal examples raise a false alarm.
ALARMS = 0.05
STEPS, DIGITS = 200, 4


@st.fragment
def draw(found: TestReport) -> None:
    """The slider and its results: only this part of the page runs when the slider moves."""
    errors, odd = found.outputs[:, 0].astype(float), found.anomalous
    if not odd.any() or odd.all():
        st.info("The test set has only one kind of example, so there is nothing to tell apart. Choose other "
                "normal classes, or use more examples.", icon=":material/info:")
        return
    most = float(f"{errors.max() * 1.001:.{DIGITS}g}")
    _fill(found, errors[~odd], most)
    st.slider("Threshold: an example with at least this error is an anomaly", 0.0, most, step=most / STEPS,
              format="%.3g", key=THRESHOLD, persist_state="session")
    threshold = min(most, max(0.0, float(st.session_state[THRESHOLD])))
    now, ranked = decide(odd, errors, threshold), ranking(odd, errors)
    _numbers(now)
    _pictures(found, errors, now, ranked)
    st.caption(f"The threshold first stands where {percent(ALARMS, 0)} of the normal test examples raise a "
               "false alarm. In real work, choose it on normal examples that the network did not learn from, "
               "such as the validation set: anomalies are not needed for that.")


def _fill(found: TestReport, normal: np.ndarray, most: float) -> None:
    """For another network, the threshold stands where few normal examples raise a false alarm."""
    of = found.dataset.key, most
    if st.session_state.get(OF) != of or THRESHOLD not in st.session_state:
        start = float(np.quantile(normal, 1 - ALARMS))
        st.session_state[THRESHOLD], st.session_state[OF] = min(most, start), of


def _numbers(now: Decisions) -> None:
    alarms = now.false_positive / max(1, now.false_positive + now.true_negative)
    with st.container(horizontal=True, key="anomalies"):
        st.metric("Precision", percent(now.precision), help="How many alarms are anomalies.")
        st.metric("Recall", percent(now.recall), help="How many anomalies raise an alarm.")
        st.metric("False alarms", percent(alarms), help="How many normal examples raise one.")
        st.metric("F1", percent(now.f1))


def _pictures(found: TestReport, errors: np.ndarray, now: Decisions, ranked: Ranking) -> None:
    left, right = st.columns([3, 2], gap="large")
    with left:
        chart("separation", separation(errors, found.anomalous, now.threshold, found.dataset.key), 320)
    with right:
        st.table(_matrix(now), hide_index=True)
    normal = max(1, now.false_positive + now.true_negative)
    left, right = st.columns(2, gap="large")
    with left:
        st.subheader("ROC")
        chart("anomaly_roc", roc(ranked.false_positive, ranked.true_positive,
                                 (now.false_positive / normal, now.recall)), 340)
    with right:
        st.subheader("Precision and recall")
        chart("anomaly_precision", precision_recall(ranked.recall, ranked.precision,
                                                    (now.recall, now.precision)), 340)


def _matrix(now: Decisions) -> pd.DataFrame:
    return pd.DataFrame([["Anomalous", f"{now.true_positive:,}", f"{now.false_negative:,}"],
                         ["Normal", f"{now.false_positive:,}", f"{now.true_negative:,}"]],
                        columns=["It is", "Alarm", "No alarm"])


def totals(found: TestReport) -> None:
    """The errors of both kinds, and how well they are told apart."""
    errors, odd = found.outputs[:, 0], found.anomalous
    with st.container(horizontal=True, key="totals"):
        for name, kind in (("normal", ~odd), ("anomalous", odd)):
            st.metric(f"Error, {name}", number(float(errors[kind].mean())) if kind.any() else "–",
                      help=f"The mean reconstruction error of {int(kind.sum()):,} {name} test examples.")
        ranked = ranking(odd, errors)
        st.metric("Area under ROC", f"{ranked.area:.4f}", help="The chance that an anomaly has a larger "
                  "error than a normal example, whatever the threshold. 0.5 is guessing.")
        st.metric("Average precision", f"{ranked.average_precision:.4f}", help="For guessing, it equals the "
                  f"share of anomalies, here {percent(ranked.share)}.")
    names = ", ".join(found.dataset.labelled.classes[place] for place in found.dataset.normal)
    st.caption(f"{len(errors):,} test examples, which the network never trained on. Normal: {plain(names)}.")
