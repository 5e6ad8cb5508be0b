"""The confusion matrix; a click on a cell, or two select boxes, show the examples in it."""

from functools import partial

import numpy as np
import pandas as pd
import streamlit as st

from core.charts.matrix import KINDS, cell_matrix
from core.formatting import amount, number, percent
from core.metrics.classes import cell
from core.metrics.scores import ClassMetrics
from core.metrics.test_report import TestReport
from ui.chart import chart
from ui.evaluate import examples
from ui.messages import plain

KIND, TRUE, PREDICTED, CELL_OF = "matrix_kind", "cell_true", "cell_predicted", "_cell_of"


def totals(found: TestReport) -> None:
    """The metrics over all classes."""
    report, count = found.classes, len(found.y)
    low, high = report.interval
    with st.container(horizontal=True, key="totals"):
        st.metric("Accuracy", percent(report.accuracy), help="The share of test examples that are predicted "
                  "correctly. The interval is Wilson's 95 % interval.")
        st.metric("Balanced accuracy", percent(report.balanced_accuracy), help="The mean of the recall of "
                  "all classes: each class counts equally, however few examples it has.")
        st.metric("F1, macro", percent(report.macro.f1), help="The mean of the F1 of all classes.")
        st.metric("Log loss", number(report.log_loss), help="The mean of minus the logarithm of the true "
                  "class's probability. A confident wrong prediction costs most. 0 is best.")
        st.metric("Test loss", number(found.loss), help="The loss that the run was trained with, including "
                  "the penalties on the weights.")
    st.caption(f"{count:,} test examples, which the network never trained on. With this many examples, the "
               f"95 % interval of the accuracy is {percent(low)} to {percent(high)}.")


def draw(found: TestReport) -> None:
    """The matrix with the examples of the chosen cell beside it, and precision and recall of each class."""
    classes = found.dataset.classes
    _fill(found)
    left, right = st.columns(2, gap="medium")
    with left:
        st.session_state.setdefault(KIND, KINDS[0])
        kind = st.segmented_control("Cells", KINDS, key=KIND, required=True, persist_state="session",
                                    format_func=str.capitalize, label_visibility="collapsed")
        chosen = st.session_state[TRUE], st.session_state[PREDICTED]
        chart("evaluated_matrix", cell_matrix(found.classes.matrix, classes, kind or KINDS[0], chosen),
              height=430, on_click=partial(_choose, len(classes)))
    with right:
        _examples(found, *_boxes(found))
    st.table(_classes(found), hide_index=True)


def _fill(found: TestReport) -> None:
    """For a new dataset, choose the cell of the most common mistake."""
    if st.session_state.get(CELL_OF) != found.dataset.key:
        wrong = found.classes.matrix * ~np.eye(len(found.classes.matrix), dtype=bool)
        row, column = np.unravel_index(int(wrong.argmax()), wrong.shape)
        st.session_state[TRUE], st.session_state[PREDICTED] = int(row), int(column)
        st.session_state[CELL_OF] = found.dataset.key


def _choose(count: int, place: tuple[int, ...]) -> None:
    if len(place) == 2 and max(place) < count:
        st.session_state[TRUE], st.session_state[PREDICTED] = place


def _boxes(found: TestReport) -> tuple[int, int]:
    """The chosen cell, by index: true class, predicted class."""
    classes = found.dataset.classes
    with st.container(horizontal=True, key="cell"):
        for key, label in ((TRUE, "True class"), (PREDICTED, "Predicted class")):
            st.selectbox(label, range(len(classes)), key=key, format_func=lambda index: classes[index],
                         persist_state="session")
    return st.session_state[TRUE], st.session_state[PREDICTED]


def _examples(found: TestReport, true: int, predicted: int) -> None:
    names = [plain(found.dataset.classes[label]) for label in (true, predicted)]
    chosen = cell(found.y, found.outputs, true, predicted)
    if not len(chosen):
        st.caption(f"No test example of {names[0]} was mistaken for {names[1]}.")
        return
    said = "classified correctly" if true == predicted else f"mistaken for {names[1]}"
    st.markdown(f"**{amount(len(chosen), 'example')} of {names[0]} {said}**, most confident first.")
    examples.draw(found, chosen, f"cell_{true}_{predicted}")


def _classes(found: TestReport) -> pd.DataFrame:
    """Precision, recall and F1 of each class, and both means."""
    report = found.classes
    rows = [*zip(found.dataset.classes, report.classes, strict=True), ("Mean (macro)", report.macro),
            ("Mean (weighted)", report.weighted)]
    return pd.DataFrame([_row(plain(name), metrics) for name, metrics in rows])


def _row(name: str, metrics: ClassMetrics) -> dict[str, str]:
    return {"Class": name, "Precision": percent(metrics.precision), "Recall": percent(metrics.recall),
            "F1": percent(metrics.f1), "Examples": f"{metrics.support:,}"}
