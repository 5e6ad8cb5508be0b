"""`VIEWS`: curves, scatter, parallel coordinates, and two runs side by side."""

from collections.abc import Callable, Sequence
from html import escape

import streamlit as st

from core.charts import MEASURES
from core.charts.compared import COLORS, MOST_CURVES, Curve, compared_curves, parallel, scatter
from core.comparison.columns import SHARES, ConfigColumn, columns, columns_in_words, labels
from core.comparison.lines import AXES, KINDS, MOST_SMOOTHING, QUANTITIES, CurveOptions
from core.datasets import DATASETS
from core.store import Details, StoredRun
from ui.chart import chart
from ui.compare import pair, run_list, table
from ui.messages import plain

VIEW, X, Y = "compare_view", "compare_x", "compare_y"
# Without ticked rows, this many of the newest runs are drawn.
NEWEST = 6
# Runs of a scatter or of parallel coordinates: the browser draws each.
MOST_POINTS = 1000
OVER = {"epoch": "Epochs", "step": "Steps", "seconds": "Time"}
# The result that runs are judged by: the first of these that exists.
RESULTS = ("Test accuracy", "Test MAE", "Test error", "Val. accuracy", "Val. MAE", "Val. error", "Val. loss",
           "Loss")
NO_AXES = ("Pinned", "Name", "Tags", "Ended", "Status")


def draw(shown: Sequence[StoredRun], chosen: Sequence[StoredRun]) -> None:
    """The chosen view; the others are not made."""
    name = st.segmented_control("View", list(VIEWS), key=VIEW, default="Curves", required=True,
                                persist_state="session", label_visibility="collapsed")
    VIEWS[name if name in VIEWS else "Curves"](shown, chosen)


def curves(shown: Sequence[StoredRun], chosen: Sequence[StoredRun]) -> None:
    """Curves of the ticked runs, or of the newest ones, in one chart."""
    drawn = list(chosen or opening(shown))[:MOST_CURVES]
    if not drawn:
        st.caption(f"All of these runs diverged. Tick up to {MOST_CURVES} to see their curves.")
        return
    if not chosen:
        st.caption(f"No row is ticked: {_said(drawn)}. Tick up to {MOST_CURVES}.")
    elif len(chosen) > MOST_CURVES:
        st.caption(f"The first {MOST_CURVES} of {len(chosen)} ticked runs are drawn.")
    overlay("curves", drawn, run_list.details([run.id for run in drawn]))


def opening(shown: Sequence[StoredRun]) -> list[StoredRun]:
    """The runs that are drawn while no row is ticked, the newest first: those whose losses mean the same as
    the newest one's, which share an axis. None that diverged: one alone would flatten all others.
    """
    sound = sorted((run for run in shown if run.status != "diverged"), key=lambda run: -run.ended)
    return [run for run in sound if run.meaning == sound[0].meaning][:NEWEST]


def _said(drawn: Sequence[StoredRun]) -> str:
    if len(drawn) == 1:
        return "the newest run is drawn"
    name = drawn[0].dataset
    label = plain(DATASETS[name].label if name in DATASETS else name)
    return f"the newest {len(drawn)} runs on {label} with the same loss are drawn"


def overlay(key: str, drawn: Sequence[StoredRun], held: dict[str, Details]) -> None:
    """The controls of curves, and the chart."""
    view = _view(key, drawn)
    told = [Curve(label, held[run.id].curves, MEASURES[run.task].name)
            for run, label in zip(drawn, labels(drawn), strict=True) if run.id in held]
    # Beside the chart, not in it, so that long names leave room for the curves, on a phone too.
    named = [(escape(curve.name), color) for curve, color in zip(told, COLORS, strict=False)]
    st.html("".join(f'<div class="compared-name" title="{name}"><span style="color:{color}">●</span> {name}'
                    "</div>" for name, color in named))
    chart(f"compared_{key}", compared_curves(told, view), 400)


def _view(key: str, drawn: Sequence[StoredRun]) -> CurveOptions:
    names = {"loss": "Loss", "metric": " / ".join(sorted({MEASURES[run.task].name for run in drawn}))}
    with st.container(horizontal=True, vertical_alignment="bottom", key=f"compare_view_{key}"):
        quantity = st.segmented_control("Show", QUANTITIES, key=f"{key}_quantity", default=QUANTITIES[0],
                                        required=True, format_func=names.__getitem__)
        kinds = st.segmented_control("Of", KINDS, key=f"{key}_kinds", default=list(KINDS),
                                     selection_mode="multi", format_func=str.capitalize)
        along = st.segmented_control("Over", list(AXES), key=f"{key}_axis", default="epoch", required=True,
                                     format_func=OVER.__getitem__)
        log = st.toggle("Logarithmic", key=f"{key}_log")
        smoothing = st.slider("Smoothing", 0.0, MOST_SMOOTHING, 0.0, 0.01, key=f"{key}_smoothing", width=220,
                              help="Draws an exponential moving average. This is the weight of the earlier "
                                   "points: the higher, the smoother.")
    return CurveOptions(along if along in AXES else "epoch",
                        quantity if quantity in QUANTITIES else QUANTITIES[0],
                tuple(kind for kind in KINDS if kind in (kinds or KINDS)), smoothing, log)


def two_columns(shown: Sequence[StoredRun], chosen: Sequence[StoredRun]) -> None:
    """A scatter of any two columns."""
    drawn = list(chosen if len(chosen) > 1 else shown)[:MOST_POINTS]
    offered = _axes(drawn)
    if len(offered) < 2:
        st.info("This chart needs two columns. Train a second run with another configuration.")
        return
    names = list(offered)
    y_first = next((result for result in RESULTS if result in offered), names[0])
    x_first = next((name for name in ("learning_rate", *(column.name for column in columns(drawn)), *names)
                    if name in offered and name != y_first), names[-1])
    for key, first in ((X, x_first), (Y, y_first)):
        if st.session_state.get(key) not in offered:
            st.session_state[key] = first
    with st.container(horizontal=True, key="compare_axes"):
        x, y = (st.selectbox(label, names, key=key, width=260, persist_state="session",
                             format_func=lambda name: offered[name].label)
                for label, key in (("Across", X), ("Up", Y)))
    chart("compared_scatter", scatter(offered[x], offered[y], labels(drawn)), 440)


def all_columns(shown: Sequence[StoredRun], chosen: Sequence[StoredRun]) -> None:
    """Parallel coordinates."""
    drawn = list(chosen if len(chosen) > 1 else shown)[:MOST_POINTS]
    made = {column.name: column for column in table.results(drawn) if column.is_number}
    result = next((made[name] for name in RESULTS if name in made), None)
    if len(drawn) < 2 or result is None:
        st.info("Parallel coordinates need two runs with a result. Train another one.")
        return
    extra = [made[name] for name in ("Seconds",) if name in made]
    chart("compared_parallel", parallel(
        [*columns_in_words(drawn), *extra], result, result.name not in SHARES), 440)
    st.caption(f"Each line is a run; its colour shows its {plain(result.name.lower())}: blue is better, "
               "orange is worse. Drag along an axis to show only the runs in that range; click the axis to "
               "show all runs again; drag the name of an axis to move it.")


def two_runs(shown: Sequence[StoredRun], chosen: Sequence[StoredRun]) -> None:
    """Two runs side by side."""
    if len(chosen) != 2:
        st.info(f"Tick two runs in the table above; {len(chosen)} are ticked." if len(chosen) != 1 else
                "Tick a second run in the table above.", icon=":material/compare_arrows:")
        return
    held = run_list.details([run.id for run in chosen])
    pair.draw(chosen[0], chosen[1], held)
    overlay("pair", chosen, held)


def _axes(drawn: Sequence[StoredRun]) -> dict[str, ConfigColumn]:
    results = [result for result in table.results(drawn) if result.name not in NO_AXES]
    # The dataset's label is also among the columns of results.
    return {column.name: column for column in (*results, *columns_in_words(drawn))
            if column.spreads and column.name != "dataset"}


VIEWS: dict[str, Callable[[Sequence[StoredRun], Sequence[StoredRun]], None]] = {
    "Curves": curves, "Two columns": two_columns, "All columns": all_columns, "Two runs": two_runs}
