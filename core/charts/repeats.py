"""Repeated training of one config (seeds, folds): a band over epochs, results as dots, means, and tables."""

from collections.abc import Callable, Sequence

import numpy as np

from core.charts.matrix import confusion_matrix
from core.charts.palette import CLASS_COLORS, RUN_COLORS
from core.charts.style import TEXT, awaiting, axis, layout, mixed, numbers_axis, shares_axis
from core.formatting import Figure, amount, number, rounded
from core.metrics.measures import MEASURES
from core.runs.config import RunConfig
from core.runs.downsampling import downsample
from core.runs.evaluations import Evaluation
from core.studies.study import LOSS, METRIC, STATES, VAL_LOSS, VAL_METRIC, Member, StudyResults

# Most points of a band, of one fold, and of all folds together.
POINTS, FOLD_POINTS, ALL_POINTS = 150, 60, 4000
BAND = RUN_COLORS[0]
# Quantiles of a band: the range, the quartiles and the median.
QUANTILES = (0.0, 0.25, 0.5, 0.75, 1.0)
KEPT = "Early stopping keeps the weights of the best epoch; results are from that epoch"
# A column of the curves, whether it shows the loss, and whether it is from the validation set.
COLUMNS = {"loss": (VAL_LOSS, LOSS), "metric": (VAL_METRIC, METRIC)}


def column_of(kind: str, config: RunConfig) -> int:
    """The column that a chart of the "loss" or the "metric" shows: validation if there is any."""
    return COLUMNS[kind][0 if config.validation_share else 1]


def spread(results: StudyResults, column: int) -> np.ndarray:
    """Quantiles over all members by epoch, float (epochs, 5), up to where at least two members are."""
    values = results.curves[:, :int(results.done.max(initial=0)), column].astype(float)
    enough = np.isfinite(values).sum(axis=0) >= 2
    end = int(np.flatnonzero(enough)[-1]) + 1 if enough.any() else 0
    return np.nanquantile(values[:, :end], QUANTILES, axis=0).T if end else np.zeros((0, 5))


def seed_band(kind: str, config: RunConfig, results: StudyResults, study: str) -> Figure:
    """Median, quartiles and range over all seeds by epoch. kind: "loss" or "metric"."""
    title, y, value = _axis(kind, config)
    figure = layout(f"band {study} {kind}", axis("Epoch", range=[0, config.epochs + 0.5], nticks=8), y,
                    hovermode="x unified")
    band = spread(results, column_of(kind, config))
    if not len(band):
        figure = awaiting(figure, "The band over all seeds appears here")
        return {"title": title, "traces": [], "layout": figure, "note": "", "about": f"{title}; none yet."}
    kept = downsample(band[:, 2], POINTS)
    x = rounded(kept + 1.0)
    lows = [_written(kind, config)(band[kept, index]) for index in range(5)]
    def line(index: int, name: str, **more: object) -> Figure:
        return {"type": "scatter", "mode": "lines", "name": name, "x": x, "y": lows[index],
                "line": {"width": 0, "color": BAND}, "hovertemplate": value, **more}
    traces = [line(0, "lowest"), line(4, "highest", fill="tonexty", fillcolor=mixed(BAND, 0.14)),
              line(1, "lower quartile"),
              line(3, "upper quartile", fill="tonexty", fillcolor=mixed(BAND, 0.36)),
              line(2, "median", line={"width": 2.5, "color": BAND})]
    last, when = band[-1], f"after epoch {len(band)}"
    if config.patience:  # some have ended earlier
        last = np.nanquantile(results.judged(column_of(kind, config), True), QUANTILES)
        when = "at the epochs whose weights are kept"
    low, _, middle, _, high = (number(quantile) for quantile in last)
    return {"title": title, "traces": traces, "layout": figure,
            "note": "Line: the median. Dark: the middle half. Light: all seeds",
            "about": f"{title} over epochs of {len(results)} seeds: median {middle}, from {low} to {high} "
                     f"{when}."}


def _axis(kind: str, config: RunConfig) -> tuple[str, Figure, str]:
    """Title, axis and how a value is written in a hover."""
    where = "Validation" if config.validation_share else "Training"
    if kind == "loss":
        return f"{where} loss", numbers_axis(f"{where} loss", rangemode="tozero", nticks=6), "%{y:.4~g}"
    quantity = MEASURES[config.data.task].quantity
    title = f"{where} {quantity.name}"
    if quantity.is_share:
        return title, shares_axis(title, range=[0, 1.02]), quantity.hover
    return title, numbers_axis(title, rangemode="tozero", nticks=6), quantity.hover


def _written(kind: str, config: RunConfig) -> Callable[[np.ndarray], list[float | None]]:
    """Converts values of the "loss" or the "metric" to those in a chart."""
    return rounded if kind == "loss" else MEASURES[config.data.task].quantity.written


def tests_spread(config: RunConfig, members: Sequence[Member], results: StudyResults, study: str) -> Figure:
    """The metric on the whole test set: one dot per seed, and a box with median and quartiles."""
    measure = MEASURES[config.data.task]
    title = f"Test {measure.quantity.name}"
    x = shares_axis(title) if measure.quantity.is_share else numbers_axis(title)
    figure = layout(f"tests {study}", x, axis("", showticklabels=False, showgrid=False), hovermode="closest",
                    margin={"l": 20, "r": 20, "t": 12, "b": 46})
    there = np.flatnonzero(np.isfinite(results.test_metric)).tolist()
    if not len(there):
        figure = awaiting(figure, "A dot for each seed appears at its end")
        return {"title": title, "traces": [], "layout": figure, "note": "", "about": f"{title}; none yet."}
    values = results.test_metric[there].astype(float)
    box = {"type": "box", "x": rounded(values), "name": "", "orientation": "h", "boxpoints": "all",
           "pointpos": 0, "jitter": 0.7, "fillcolor": mixed(BAND, 0.18),
           "line": {"color": BAND, "width": 1.5},
           "marker": {"size": 7, "opacity": 0.75, "color": BAND},
           "text": [f"seed {members[index].values[0]}: {measure.write(values[place])}"
                    for place, index in enumerate(there)],
           "hovertemplate": "%{text}<extra></extra>", "hoveron": "points"}
    return {"title": title, "traces": [box], "layout": figure, "note": amount(len(there), "seed"),
            "about": f"{title} of {amount(len(there), 'seed')}. {summary(values, measure.write)}"}


def summary(values: np.ndarray, write: Callable[[float], str]) -> str:
    """Mean, standard deviation and range of some results, in words."""
    values = np.asarray(values, float)
    values = values[np.isfinite(values)]
    if not len(values):
        return ""
    apart = f" ± {write(float(values.std(ddof=1)))}" if len(values) > 1 else ""
    return (f"Mean {write(float(values.mean()))}{apart}, from {write(float(values.min()))} to "
            f"{write(float(values.max()))}.")


def fold_curves(kind: str, config: RunConfig, members: Sequence[Member], results: StudyResults,
                study: str) -> Figure:
    """Each fold's curve on the examples it left out, with mean and standard deviation over all folds."""
    column = COLUMNS[kind][0]
    # A fold has validation examples whatever the validation share is.
    title, y, value = _axis(kind, config.replaced(validation_share=0.2))
    figure = layout(f"folds {study} {kind}", axis("Epoch", range=[0, config.epochs + 0.5], nticks=8), y,
                    hovermode="closest")
    there = [index for index in range(len(results)) if results.done[index]]
    if not there:
        figure = awaiting(figure, "A curve for each fold appears here")
        return {"title": title, "traces": [], "layout": figure, "note": "", "about": f"{title}; none yet."}
    traces, written = list[Figure](), _written(kind, config)
    for index in there:
        line = results.curves[index, :results.done[index], column]
        kept, fold = downsample(line, min(FOLD_POINTS, ALL_POINTS // len(there))), members[index].fold
        name = fold_name(fold.index, fold.repeat, _repeats(members)) if fold else f"{index + 1}"
        color = CLASS_COLORS[(fold.index if fold else index) % len(CLASS_COLORS)]
        traces.append({"type": "scatter", "mode": "lines", "name": name, "x": rounded(kept + 1.0),
                       "y": written(line[kept]), "line": {"color": mixed(color, 0.75), "width": 1.25},
                       "hovertemplate": f"{name}, epoch %{{x}}: {value}<extra></extra>"})
    values = results.curves[there, :int(results.done.max()), column].astype(float)
    traces += _mean(values, value, written)
    scores = results.judged(column, config.patience > 0)[there]
    return {"title": title, "traces": traces, "layout": figure,
            "note": "Thick line: the mean of all folds, with its standard deviation",
            "about": f"{title} of {amount(len(there), 'fold')} over epochs. {summary(scores, number)}"}


def _mean(values: np.ndarray, hover: str,
          written: Callable[[np.ndarray], list[float | None]]) -> list[Figure]:
    """Mean and deviation by epoch, up to where half of the folds are. values: (folds, epochs)."""
    end = int((np.isfinite(values).sum(axis=0) * 2 >= len(values)).sum())
    if not end or len(values) < 2:
        return []
    mean, apart = np.nanmean(values[:, :end], axis=0), np.nanstd(values[:, :end], axis=0)
    kept = downsample(mean, POINTS)
    x = rounded(kept + 1.0)
    def line(y: np.ndarray, name: str, **more: object) -> Figure:
        return {"type": "scatter", "mode": "lines", "name": name, "x": x, "y": written(y[kept]),
                "line": {"width": 0, "color": TEXT}, "hoverinfo": "skip", **more}
    return [line(mean - apart, "mean - deviation"),
            line(mean + apart, "mean + deviation", fill="tonexty", fillcolor="rgba(128,128,128,0.2)"),
            {**line(mean, "mean", line={"width": 2.75, "color": TEXT}), "hoverinfo": "all",
             "hovertemplate": f"mean, epoch %{{x}}: {hover}<extra></extra>"}]


def _repeats(members: Sequence[Member]) -> int:
    return 1 + max((member.fold.repeat for member in members if member.fold), default=0)


def fold_name(index: int, repeat: int, repeats: int) -> str:
    """The name of a fold; with its division only if there are several."""
    return f"Fold {index + 1}" if repeats == 1 else f"Fold {index + 1} of division {repeat + 1}"


def folds_matrix(config: RunConfig, results: StudyResults) -> Figure:
    """The confusion matrix of all folds together: every example counts once per division."""
    classes = config.data.classes
    matrix = None if results.matrices is None else results.matrices.sum(axis=0)
    if matrix is None or not matrix.sum():
        return confusion_matrix(None, classes)
    count = int(matrix.sum())
    whole = confusion_matrix(Evaluation(0, matrix, count, 0.0, 0.0, True), classes)
    wrong = count - int(np.trace(matrix))
    return whole | {"note": f"{count} predictions of examples that were left out. Errors in colour",
                    "about": f"Confusion matrix of all folds: {wrong} of {count} predictions of examples "
                             "that were left out are wrong."}


def folds_table(config: RunConfig, members: Sequence[Member], results: StudyResults) -> Figure:
    """A row per fold with its state and the results of its weights; below, mean and standard deviation."""
    measure = MEASURES[config.data.task]
    columns = ["Fold", "State", "Epochs", "Validation loss", f"Validation {measure.later}"]
    early, kept = config.patience > 0, results.kept(config.patience > 0)
    losses, metrics = results.judged(VAL_LOSS, early), results.judged(VAL_METRIC, early)
    rows = [[fold_name(member.fold.index, member.fold.repeat, _repeats(members)) if member.fold
             else str(place + 1),
             STATES[int(results.states[place])],
             epochs_told(int(kept[place]), int(results.done[place])),
             number(float(losses[place])), measure.write(float(metrics[place]))]
            for place, member in enumerate(members)]
    if len(rows) > 1 and np.isfinite(losses).any():
        rows += [[name, "", "", number(float(of(losses))), measure.write(float(of(metrics)))]
                 for name, of in (("Mean", np.nanmean), ("Standard deviation", _deviation))]
    note = "On the examples that each fold left out"
    return {"columns": columns, "rows": rows, "note": f"{note}. {KEPT}" if early else note}


def epochs_told(kept: int, done: int) -> str:
    """How many epochs a member trained and, if it is not the last, which one its weights are from."""
    return str(done) if kept == done else f"{done}, best {kept}"


def _deviation(values: np.ndarray) -> float:
    there = values[np.isfinite(values)]
    return float(there.std(ddof=1)) if len(there) > 1 else float("nan")
