"""Charts of the Compare page: curves, scatter, parallel coordinates, two confusion matrices."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from core.charts.matrix import cell_hover
from core.charts.palette import RESULT_COLORS, RUN_COLORS
from core.charts.style import (
    GRID,
    MUTED,
    TEXT,
    axis,
    empty_message,
    layout,
    mixed,
    names_axis,
    numbers_axis,
    shares_axis,
    short,
)
from core.comparison.columns import SHARES, ConfigColumn
from core.comparison.lines import AXES, KINDS, CurveOptions, line
from core.formatting import Figure, amount, percent, rounded, shares
from core.runs.downsampling import downsample
from core.store.packing import Curves

# The eight colours of the Playground's runs, and four more that look different from them.
COLORS = (*RUN_COLORS, "#EE6677", "#997700", "#BBBBBB", "#56309E")
MOST_CURVES, POINTS = len(COLORS), 300
MOST_AXES, MOST_TICKS = 9, 12
# With at least this many runs, lines through a word are spread by this share of the distance between words.
FEW, JITTER = 12, 0.06
NOT_YET = "No run has a number here yet"
# Better is blue, worse is orange, as on every page.
LOSS, *_, GAIN = RESULT_COLORS
SCALE = [[place / (len(RESULT_COLORS) - 1), color] for place, color in enumerate(RESULT_COLORS)]


class Curve(NamedTuple):
    """A run to draw. name: tells it apart from the others. metric: the name of its metric."""

    name: str
    curves: Curves
    metric: str = "Accuracy"


def compared_curves(runs: Sequence[Curve], view: CurveOptions) -> Figure:
    """At most `MOST_CURVES` runs laid over each other; validation is dashed."""
    metrics = sorted({run.metric for run in runs})
    title = "Loss" if view.quantity == "loss" else " and ".join(metrics) or "Metric"
    percents = view.quantity == "metric" and metrics == ["Accuracy"]
    traces = []
    for place, run in enumerate(runs[:MOST_CURVES]):
        for kind in view.kinds:
            made = line(run.curves, view, kind)
            if not np.isfinite(made.y).any():
                continue
            kept = downsample(made.y, POINTS)
            traces.append({
                "type": "scatter", "mode": "lines+markers" if np.isfinite(made.y).sum() == 1 else "lines",
                "name": short(run.name) if kind == view.kinds[0] else f"{short(run.name)}, {kind}",
                "legendgroup": str(place), "showlegend": kind == view.kinds[0],
                "x": rounded(made.x[kept]), "y": (shares if percents else rounded)(made.y[kept]),
                "hovertemplate": "%{y:.1%}" if percents else "%{y:.4~g}", "marker": {"size": 6}, "line": {
                    "color": COLORS[place], "width": 2, "dash": "dash" if kind == KINDS[1] else "solid"}})
    y = (shares_axis if percents else numbers_axis)(title, type="log" if view.log else "linear", nticks=7)
    x = numbers_axis(AXES[view.axis], rangemode="tozero")
    figure = layout(f"compared {view.axis} {view.quantity}", x, y, hovermode="closest",
                    showlegend=False)
    if not traces:
        figure |= {"annotations": [empty_message(NOT_YET)]}
    return {"traces": traces, "layout": figure,
            "about": f"{title} of {amount(len(runs), 'run')} over {AXES[view.axis].lower()}."}


def scatter(x: ConfigColumn, y: ConfigColumn, names: Sequence[str]) -> Figure:
    """A point for each run that has both values. A column of words becomes an axis of words."""
    both = [place for place, pair in enumerate(zip(x.cells, y.cells, strict=True)) if None not in pair]
    trace = {"type": "scatter", "mode": "markers", "x": [x.cells[index] for index in both],
             "y": [y.cells[index] for index in both], "text": [names[index] for index in both],
             "customdata": [f"{x.label}: {_written(x, index)}\n{y.label}: {_written(y, index)}"
                            for index in both],
             "hovertemplate": "%{text}<br>%{customdata}<extra></extra>",
             "marker": {"size": 9, "color": mixed(COLORS[0], 0.75), "line": {"width": 1, "color": COLORS[0]}}}
    figure = layout(f"scatter {x.name} {y.name}", _axis(x), _axis(y), hovermode="closest",
                    margin={"l": 70, "r": 14, "t": 12, "b": 50})
    if not both:
        figure["annotations"] = [empty_message(NOT_YET)]
    return {"traces": [trace] if both else [], "layout": figure,
            "about": f"{y.label} over {x.label} of {amount(len(both), 'run')}."}


def parallel(columns: Sequence[ConfigColumn], color: ConfigColumn, falls: bool) -> Figure:
    """Parallel coordinates: a line per run, an axis per column; each axis can be brushed.

    color: a number per run; runs without one are left out. falls: whether smaller numbers are better.
    """
    rows = [place for place, cell in enumerate(color.cells) if isinstance(cell, int | float)]
    # A parameter that only one optimizer has shows the same as the optimizer's own axis.
    shown = [column for column in columns if column.name != color.name
             and len(set(column.cells) - {None}) > 1][:MOST_AXES - 1]
    figure = layout("parallel " + " ".join(column.name for column in shown), axis(""), axis(""),
                    margin={"l": 70, "r": 60, "t": 60, "b": 24})
    if len(rows) < 2:
        return {"traces": [],
                "layout": figure | {"annotations": [empty_message("Two runs with a result are needed")]},
                "about": "Parallel coordinates; empty yet."}
    trace = {"type": "parcoords", "dimensions": [_dimension(column, rows) for column in (*shown, color)],
             "line": {"color": [color.cells[row] for row in rows], "colorscale": SCALE, "reversescale": falls,
                      "showscale": False},
             "labelfont": {"color": TEXT, "size": 12}, "tickfont": {"color": TEXT, "size": 11},
             "rangefont": {"color": MUTED, "size": 10}, "labelangle": -12, "unselected": {
                 "line": {"color": GRID, "opacity": 0.4}}}
    return {"traces": [trace], "layout": figure,
            "about": f"{amount(len(rows), 'run')} over "
                     f"{', '.join(column.label for column in (*shown, color))}."}


def matrix_difference(first: np.ndarray, second: np.ndarray, classes: Sequence[str]) -> Figure:
    """The second confusion matrix minus the first, in examples; blue where the second is better.

    first, second: int (classes, classes), of the same test set.
    """
    change = np.asarray(second) - first
    better = np.where(np.eye(len(change), dtype=bool), change, -change)
    # A change of one example in ten gives a pale cell, however small the largest change is.
    most = max(1.0, float(np.abs(change).max(initial=0)), 0.3 * float(np.sum(first, axis=1).max(initial=0)))
    said = [[f"{number:+d}" if number else "" for number in row] for row in change.tolist()]
    trace = {"type": "heatmap", "x": list(classes), "y": list(classes), "z": (better / most).tolist(),
             "xgap": 2, "ygap": 2, "zmin": -1, "zmax": 1, "showscale": False, "texttemplate": "%{text}",
             "text": said, **cell_hover(classes, said),
             "colorscale": [[0, LOSS], [0.5, "@surface"], [1, GAIN]]}
    figure = layout(f"difference {'|'.join(classes)}",
                    names_axis("Predicted class", classes, automargin=True),
                    names_axis("True class", classes, autorange="reversed", automargin=True),
                    margin={"l": 60, "r": 14, "t": 12, "b": 50})
    gained = int(np.trace(change))
    return {"traces": [trace], "layout": figure, "about":
            f"Difference of two confusion matrices: {gained:+d} correct predictions in the second."}


def _axis(column: ConfigColumn) -> Figure:
    if not column.is_number:
        names = list(dict.fromkeys(str(cell) for cell in column.cells if cell is not None))
        return names_axis(column.label, names, automargin=True)
    values = [cell for cell in column.cells if isinstance(cell, int | float)]
    if column.name in SHARES:
        return shares_axis(column.label, nticks=7, automargin=True)
    return numbers_axis(column.label, type="log" if _wide(values) else "linear", nticks=7, automargin=True)


def _written(column: ConfigColumn, place: int) -> str:
    cell = column.cells[place]
    if column.name in SHARES and isinstance(cell, float):
        return percent(cell)
    return f"{cell:.4g}" if isinstance(cell, float) else str(cell)


def _wide(values: Sequence[float]) -> bool:
    """Whether the numbers span too many powers of ten for a linear axis."""
    return bool(values) and min(values) > 0 and max(values) / min(values) >= 50


def _dimension(column: ConfigColumn, rows: Sequence[int]) -> Figure:
    cells = [column.cells[row] for row in rows]
    known = [cell for cell in cells if isinstance(cell, int | float)]
    if len(known) == len(cells):
        if not _wide(known):
            form = {"tickformat": "~%"} if column.name in SHARES else {}
            return {"label": column.label, "values": [float(number) for number in known], **form}
        # Axes of this kind have no logarithmic scale of their own.
        values = np.log10(known)
        ticks = np.linspace(values.min(), values.max(), 5)
        return {"label": column.label, "values": rounded(values), "tickvals": ticks.tolist(),
                "ticktext": [f"{10**tick:.2g}" for tick in ticks]}
    said = sorted({str(cell) if cell is not None else "–" for cell in cells})
    places = {text: place for place, text in enumerate(said)}
    # Lines through one word would overlap, so they are spread a little, the same way each time.
    reach = JITTER if len(cells) > FEW else 0.0
    spread = np.random.default_rng(0).uniform(-reach, reach, len(cells))
    ticks_at = list(range(0, len(said), -(-len(said) // MOST_TICKS)))
    return {"label": column.label, "values": rounded(
        places[str(cell) if cell is not None else "–"] + by for cell, by in zip(cells, spread, strict=True)),
            "tickvals": ticks_at, "ticktext": [said[index][:18] for index in ticks_at]}
