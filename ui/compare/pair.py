"""Two runs side by side: how they differ, whether it could be chance, and their confusion matrices."""

from collections.abc import Mapping, Sequence

import pandas as pd
import streamlit as st

from core.charts import MEASURES, confusion_matrix
from core.charts.compared import matrix_difference
from core.comparison.columns import columns, labels, worded
from core.comparison.further_noise import further
from core.comparison.noise import verdict
from core.formatting import number
from core.metrics.measures import FURTHER
from core.parameters import FieldError
from core.runs.config import RunConfig
from core.runs.evaluations import Evaluation
from core.store import Details, StoredRun
from core.store.packing import Scores
from core.views.status import duration
from ui.chart import chart
from ui.messages import plain

MATRIX_HEIGHT = 340
CHANCE = {True: "Chance does not explain this.", False: "This may be chance.", None: ""}


def draw(first: StoredRun, second: StoredRun, held: Mapping[str, Details]) -> None:
    """Everything except the curves."""
    names = labels([first, second])
    scores = [held[run.id].scores if run.id in held else None for run in (first, second)]
    found = verdict((first, scores[0]), (second, scores[1]))
    st.caption(f"First: {plain(names[0])}. Second: {plain(names[1])}.")
    st.markdown(f"**{plain(found.plain)}** {plain(found.said)}")
    if found.how:
        st.caption(plain(found.how))
    _further(first, second, scores)
    left, right = st.columns(2, gap="large")
    with left:
        st.markdown("**What differs**")
        rows = [{"Field": column.label, **{title: "–" if cell is None else str(worded(column.name, cell))
                                        for title,
                                        cell in zip(("First", "Second"), column.cells, strict=True)}}
                for column in columns([first, second])]
        if rows:
            st.dataframe(pd.DataFrame(rows), hide_index=True)
        else:
            st.caption("Nothing. It is the same configuration, trained twice.")
    with right:
        st.markdown("**Results**")
        st.dataframe(_results(first, second), hide_index=True)
    if scores[0] is not None and scores[1] is not None and scores[0].matrix.size and scores[1].matrix.size:
        _matrices(first, second, scores[0], scores[1])


def _further(first: StoredRun, second: StoredRun, scores: Sequence[Scores | None]) -> None:
    """What else both were measured by, with how certain each difference is."""
    for found in further((first, scores[0]), (second, scores[1])):
        st.markdown(f"**{plain(found.label)}:** {plain(found.said)} {plain(CHANCE[found.exceeds])}")
        if found.how:
            st.caption(plain(found.how))


def _results(first: StoredRun, second: StoredRun) -> pd.DataFrame:
    rows = []
    for name, key in (("Test", "test_metric"), ("Val.", "val_metric"), ("Training", "metric")):
        measure = MEASURES[first.task]
        title = f"{name} {measure.later}" if first.task == second.task else name
        rows.append((title, *(_write(run, getattr(run.results, key)) for run in (first, second))))
    for key, further_measure in FURTHER.items():
        values = [run.results.further.get(key) for run in (first, second)]
        if any(value is not None for value in values):
            rows.append((further_measure.label, *("–" if value is None else further_measure.write(value)
                                                  for value in values)))
    for name, key in (("Val. loss", "val_loss"), ("Loss", "loss")):
        rows.append((name, *(_number(getattr(run.results, key)) for run in (first, second))))
    rows.append(("Training time", *(duration(run.results.seconds) if run.results.seconds is not None else "–"
                                    for run in (first, second))))
    rows.append(("Parameters", *(f"{run.results.parameters:,}" if run.results.parameters is not None else "–"
                                 for run in (first, second))))
    return pd.DataFrame(rows, columns=["", "First", "Second"])


def _write(run: StoredRun, value: float | None) -> str:
    return "–" if value is None else MEASURES[run.task].write(value)


def _number(value: float | None) -> str:
    return "–" if value is None else number(value)


def _matrices(first: StoredRun, second: StoredRun, scores: Scores, others: Scores) -> None:
    """Both confusion matrices and, if the test set is the same, their difference."""
    alike = bool(first.test_set) and (first.test_set, scores.matrix.shape) == (
        second.test_set, others.matrix.shape)
    places = st.columns(3 if alike else 2)
    for place, (title, run, tested) in enumerate((("First", first, scores), ("Second", second, others))):
        with places[place]:
            st.markdown(f"**{title}**")
            chart(f"pair_matrix_{place}", confusion_matrix(
                _evaluation(tested), classes_of(run, len(tested.matrix))), MATRIX_HEIGHT)
    if alike:
        with places[2]:
            st.markdown("**Second minus first**",
                        help="Number of examples. Blue: better in the second run. Orange: worse.")
            chart("pair_difference", matrix_difference(
                scores.matrix, others.matrix, classes_of(first, len(scores.matrix))), MATRIX_HEIGHT)


def classes_of(run: StoredRun, count: int) -> list[str]:
    """The names of a run's classes; numbers if they were in a learner's table that is gone."""
    try:
        names = list(RunConfig.from_dict(dict(run.config)).data.classes)
    except FieldError:
        names = []
    return names if len(names) == count else [str(index) for index in range(count)]


def _evaluation(scores: Scores) -> Evaluation:
    return Evaluation(0, scores.matrix, scores.examples, scores.loss, scores.metric, scores.complete)
