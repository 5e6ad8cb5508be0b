"""ROC and precision-recall curves of each class against the rest."""

import pandas as pd
import streamlit as st

from core.charts.ranking import precision_recall, roc
from core.formatting import percent
from core.metrics.ranking import Ranking
from core.metrics.test_report import TestReport
from ui.chart import chart
from ui.messages import plain

HEIGHT = 440


def draw(found: TestReport) -> None:
    """Both curves, and a table that sums them up."""
    classes = found.dataset.classes
    left, right = st.columns(2, gap="large")
    with left:
        st.subheader("ROC")
        chart("roc", roc(found.rankings, classes), HEIGHT)
    with right:
        st.subheader("Precision and recall")
        chart("precision_recall", precision_recall(found.rankings, classes), HEIGHT)
    st.table(pd.DataFrame([_row(plain(name), ranking) for name, ranking in
                           zip(classes, found.rankings, strict=True)]), hide_index=True)
    st.caption("Each class against all others, at every threshold of its probability. Area under the ROC "
               "curve: the chance that an example of the class gets a higher probability than an example of "
               "another class; 0.5 is guessing. Average precision: for guessing it equals the share of the "
               "class. For a rare class, the second curve is more informative.")


def _row(name: str, ranking: Ranking) -> dict[str, str]:
    none = ranking.area != ranking.area
    return {"Class": name, "Area under ROC": "–" if none else f"{ranking.area:.4f}",
            "Average precision": "–" if none else f"{ranking.average_precision:.4f}",
            "Share": percent(ranking.share)}
