"""Loss, accuracy and error curves: turns a history into Plotly traces and a layout."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from core.catalog.losses import LOSSES
from core.charts.palette import RUN_COLORS
from core.charts.style import MUTED, axis, empty_message, layout, numbers_axis, shares_axis, short
from core.datasets.dataset import Dataset
from core.formatting import Figure, number, rounded
from core.metrics.measures import ACCURACY, ERROR, GUESSED, LOSS, RECONSTRUCTION, Quantity
from core.runs.config import RunConfig
from core.runs.downsampling import downsample
from core.runs.history import History
from core.runs.run import Run

POINTS, FAINT_POINTS, MARKS = 300, 150, 8


class CurvePoints(NamedTuple):
    """Points of one line. x: epochs. y: NaN for a gap."""

    x: np.ndarray
    y: np.ndarray


def loss_title(config: RunConfig) -> str:
    """The loss of a run with its formula's name."""
    return f"Loss ({LOSSES[config.loss].label.lower()})"


def loss_curve(run: Run | None) -> Figure:
    """The loss over epochs: traces, layout and a sentence that describes them."""
    y = numbers_axis(loss_title(run.config) if run else "Loss", nticks=6, type="linear", rangemode="tozero")
    return _curve(run, LOSS, y)


def accuracy_curve(run: Run | None) -> Figure:
    """The accuracy over epochs, from 0 to 100 %. Traces, layout and a sentence about them."""
    return _curve(run, ACCURACY, shares_axis("Accuracy", range=[0, 1.02]))


def error_curve(data: Dataset, run: Run | None) -> Figure:
    """The mean absolute error of a regression or forecast over epochs, in the target's unit, from 0.

    Title, traces, layout and a sentence about them.
    """
    y = numbers_axis(short(with_unit("Mean absolute error", data), 44), nticks=6, rangemode="tozero")
    return {"title": "Mean absolute error", **_curve(run, ERROR, y)}


def in_axes_of(figure: Figure, run: Run, quantity: Quantity) -> Figure:
    """`figure`, a curve of an earlier moment of `run`, in the axes of the whole run.

    They stand still while a learner goes back and forth.
    """
    history, axes = run.history, figure["layout"]
    x, y = axes["xaxis"], axes["yaxis"]
    # Before the first point, the axes are not found from points.
    empty, ends = "range" in x, [0, _horizon(run, history)]
    axes["xaxis"] = x | ({"range": ends} if empty else {"autorangeoptions": {"include": ends}})
    kept = np.concatenate([line.y[downsample(line.y, POINTS)] for line in _lines(history, quantity)])
    seen = kept[np.isfinite(kept) & (kept > 0)]
    if len(seen) and not quantity.is_share:
        ends = [seen.min(), seen.max(), *y.get("autorangeoptions", {}).get("include", ())]
        axes["yaxis"] = y | ({"range": rounded([0, seen.max()])} if empty
                             else {"autorangeoptions": {"include": rounded([min(ends), max(ends)])}})
    return figure


def reconstruction_curve(data: Dataset, run: Run | None) -> Figure:
    """The mean error of reconstructions over epochs, in the units that the network sees, from 0.

    Title, traces, layout and a sentence about them.
    """
    y = numbers_axis("Reconstruction error", nticks=6, rangemode="tozero")
    return {"title": "Reconstruction error", **_curve(run, RECONSTRUCTION, y)}


def guessed_curve(run: Run | None) -> Figure:
    """The share of hidden words that are guessed over epochs. Title, traces, layout and a sentence.

    The axis ends where the curve does: hardly any network guesses half of the words.
    """
    y = shares_axis("Hidden words guessed", rangemode="tozero")
    return {"title": "Words guessed", **_curve(run, GUESSED, y)}


def with_unit(name: str, data: Dataset) -> str:
    """`name` with the unit of the dataset's target, if it has one: `Error (USD)`."""
    begin = data.target.rfind("(")
    return f"{name} {data.target[begin:]}" if begin >= 0 and data.target.endswith(")") else name


def overlaid_traces(runs: Sequence[Run], quantity: Quantity) -> list[Figure]:
    """Two faint traces per run, training and validation, named after the run."""
    traces = []
    for run in runs:
        for kind, line in (("training", epoch_line(run.history, quantity.epoch_column)),
                           ("validation", epoch_line(run.history, quantity.validation_column))):
            trace = _trace(run, quantity, kind, line, 1.5, FAINT_POINTS)
            traces.append(trace | {"name": f"{short(run.name)}, {kind}", "opacity": 0.7})
    return traces


def epoch_line(history: History, column: int) -> CurvePoints:
    """One column of the rows written at the ends of epochs."""
    rows = history.table("epochs")
    return CurvePoints(rows[:, 0], rows[:, column])


def step_line(history: History, column: int) -> CurvePoints:
    """One column of the rows recorded within epochs; empty if there are too few.

    If a run's epochs are shorter than its reports, these show no more than the epochs do.
    """
    rows = history.table("steps")
    if history.epochs and len(rows) < 2 * rows[-1:, 1].sum():
        rows = rows[:0]
    return CurvePoints(rows[:, 1], rows[:, column])


def rate_changes(history: History) -> list[tuple[float, float]]:
    """(epoch, learning rate) of the changes made during a run; of changes close together, only the last."""
    if history.compiled is None or not history.steps:
        return []
    last = history.steps[-1][1] or 1.0
    kept: list[tuple[float, float]] = []
    for step, rate in history.learning_rates:
        epoch = step / history.compiled.steps_per_epoch
        if kept and epoch - kept[-1][0] < 0.04 * last:
            kept.pop()
        kept.append((epoch, rate))
    return kept[-MARKS:]


def _curve(run: Run | None, quantity: Quantity, y: Figure) -> Figure:
    if run is None:
        return {"traces": [], "about": f"The {quantity.name} of a run; there is none yet.",
                "layout": layout("", axis("Epoch", range=[0, 10]), _empty(y, quantity),
                                 annotations=[empty_message("Press Train: the curve appears here")])}
    history = run.history
    steps, training, validation = _lines(history, quantity)
    batches = _trace(run, quantity, "batches", steps, 1.25, FAINT_POINTS)
    # Drawn behind the epochs' line once there is one, alone until then.
    traces = [batches | {"opacity": 0.5 if len(history.epochs) > 1 else 0.9},
              _trace(run, quantity, "training", training, 2.25, POINTS),
              _trace(run, quantity, "validation", validation, 2.25, POINTS)]
    empty = not history.steps and not history.epochs
    x = axis("Epoch", rangemode="tozero", autorangeoptions={"include": [0, _horizon(run, history)]}, nticks=8,
             unifiedhovertitle={"text": "Epoch %{x:.4~g}"})
    figure = layout(f"{run.id}.{run.attempt}", x, _empty(y, quantity) if empty else y, hovermode="x unified")
    if empty:
        figure["annotations"] = [
            empty_message("No steps yet" if not run.active else "Waiting for the first steps")]
        figure["xaxis"] = x | {"range": [0, _horizon(run, history)]}
    else:
        figure["shapes"], figure["annotations"] = _marks(history, quantity)
        height = _lowest(history, quantity)
        if height is not None:
            figure["shapes"].append(_line_at(height, _lowest_words(history, quantity)))
            # On a logarithmic axis, there is room for the words as well.
            figure["yaxis"] = y | {"autorangeoptions": {"include": rounded([0.8 * height, height])}}
    return {"traces": traces, "layout": figure, "about": _about(run, quantity, training, validation),
            "epochs": run.config.epochs}


def _lines(history: History, quantity: Quantity) -> tuple[CurvePoints, CurvePoints, CurvePoints]:
    """What is drawn: points within epochs, and those of training and validation at their ends."""
    return (step_line(history, quantity.step_column), epoch_line(history, quantity.epoch_column),
            epoch_line(history, quantity.validation_column))


def _horizon(run: Run, history: History) -> float:
    """The last epoch on the axis: doubled when the run reaches it, so that it rarely moves; at most all."""
    done, bound = (history.steps[-1][1] if history.steps else 0.0), 5.0
    while bound < done:
        bound *= 2
    return min(bound, run.config.epochs)


def _empty(y: Figure, quantity: Quantity) -> Figure:
    return y if "range" in y else y | {"type": "linear", "range": [0, 1 if quantity.is_share else 2]}


def _trace(run: Run, quantity: Quantity, kind: str, line: CurvePoints, width: float, limit: int) -> Figure:
    kept = downsample(line.y, limit)
    single = np.isfinite(line.y).sum() == 1  # a line through a single point is invisible
    return {"type": "scatter", "mode": "lines+markers" if single else "lines", "name": kind,
            "uid": f"{run.id}-{quantity.name}-{kind}", "x": rounded(line.x[kept]),
            "y": quantity.written(line.y[kept]), "marker": {"size": 6},
            "line": {"color": RUN_COLORS[run.slot % len(RUN_COLORS)], "width": width,
                     "dash": "dash" if kind == "validation" else "solid"},
            "hovertemplate": quantity.hover}


def _marks(history: History, quantity: Quantity) -> tuple[list[Figure], list[Figure]]:
    """A dotted line for each change of the learning rate, with a small label away from the curve."""
    changes = rate_changes(history)
    shapes = [{"type": "line", "x0": x, "x1": x, "y0": 0, "y1": 1, "yref": "paper",
               "line": {"color": MUTED, "width": 1, "dash": "dot"}}
              for x in rounded(epoch for epoch, _ in changes)]
    y, anchor, away = (1, "top", -13) if quantity.falls else (0, "bottom", 13)
    labels = [{"x": float(f"{epoch:.4g}"), "y": y, "yref": "paper", "yanchor": anchor, "xanchor": "left",
               "xshift": 2, "yshift": away * (number % 3), "showarrow": False, "text": f"rate {rate:.3g}",
               "font": {"size": 11, "color": MUTED}}
              for number, (epoch, rate) in enumerate(changes)]
    return shapes, labels


def _lowest(history: History, quantity: Quantity) -> float | None:
    """What no network can stay below, where that is known."""
    found = history.compiled.lowest if history.compiled else None
    if found is None:
        return None
    return {LOSS.name: found.loss, ERROR.name: found.metric}.get(quantity.name)


def _lowest_words(history: History, quantity: Quantity) -> str:
    found = history.compiled.lowest if history.compiled else None
    assert found is not None
    return f"lowest reachable, RMSE {number(found.rmse)}" if quantity is LOSS else \
        f"lowest reachable {number(found.metric)}"


def _line_at(height: float, words: str) -> Figure:
    """A line behind the curves, with words below it, where no curve of new examples goes."""
    [y] = rounded([height])
    return {"type": "line", "xref": "paper", "x0": 0.01, "x1": 1, "yref": "y", "y0": y, "y1": y,
            "layer": "below", "line": {"color": MUTED, "width": 1.5, "dash": "dot"},
            "label": {"text": words, "textposition": "start", "yanchor": "top", "font": {"size": 11}}}


def _about(run: Run, quantity: Quantity, training: CurvePoints, validation: CurvePoints) -> str:
    said = [f"{kind} {float(line.y[-1]):.4g}" for kind, line in
            (("training", training), ("validation", validation))
            if len(line.y) and np.isfinite(line.y[-1])]
    after = f" after epoch {int(training.x[-1])}: {', '.join(said)}" if said else ""
    return f"The {quantity.name} of {run.name} over epochs{after}."
