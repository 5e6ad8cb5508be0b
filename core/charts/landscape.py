"""Results of a search: a map over two parameters, all parameters, and their importance."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from core.charts.palette import RESULT_COLORS
from core.charts.style import (
    CLEAR,
    FONT,
    MUTED,
    SURFACE,
    TEXT,
    awaiting,
    axis,
    empty_message,
    layout,
    numbers_axis,
    shares_axis,
)
from core.charts.trials import shown
from core.formatting import Figure, amount, percent, rounded, typed
from core.studies.objective import Objective, ranked
from core.studies.search import Search
from core.studies.space import Axis, written
from core.studies.study import Member, StudyResults

# Colours show how good results are; without a limit, outliers would make all others look the same.
SCALE = [[index / (len(RESULT_COLORS) - 1), color] for index, color in enumerate(RESULT_COLORS)]
FAR_OFF = 0.15
COMBINED = ("best", "mean")


def landscape(search: Search, members: Sequence[Member], results: StudyResults, across: str, upward: str,
              combined: str, study: str) -> Figure:
    """Results over two axes, named by their fields: for a grid one cell per pair of values, otherwise dots.

    The same axis twice shows the results by its value. combined: whether a cell shows the "best" or the
    "mean" of the trials that differ only in the other axes.
    """
    named = {searched.field: index for index, searched in enumerate(search.axes)}
    x, y = search.axes[named[across]], search.axes[named[upward]]
    goal = search.goal
    cells = across != upward and (search.method == "grid" or bool(x.values and y.values))
    figure = layout(f"landscape {study} {across} {upward}", _axis(search, x, cells), _axis(search, y, cells),
                    margin={"l": 70, "r": 14, "t": 12, "b": 50}, hovermode="closest")
    figure["yaxis"]["automargin"] = True
    if across == upward:
        result = shares_axis if goal.percent else numbers_axis
        figure["yaxis"] = result(goal.label.capitalize(), automargin=True, nticks=7)
    values = goal.values(results)
    there = np.flatnonzero(np.isfinite(values)).tolist()
    about = f"{goal.label.capitalize()} over {search.label(x).lower()} and {search.label(y).lower()}"
    if not len(there):
        figure = awaiting(figure, "Results appear here")
        return {"traces": [], "layout": figure, "note": "", "about": f"{about}; none yet."}
    xs: list[Any] = [written(across, members[trial].values[named[across]]) if cells or x.values
          else members[trial].values[named[across]] for trial in there]
    ys: list[Any] = [written(upward, members[trial].values[named[upward]]) if cells or y.values
          else members[trial].values[named[upward]] for trial in there]
    if across == upward:
        ys = rounded(values[there])
    if cells:
        trace = _cells(search, x, y, xs, ys, values[there], combined) | _bar(goal, values[there], "z")
    else:
        trace = {"type": "scatter", "mode": "markers", "x": xs, "y": ys,
                 "customdata": [[trial + 1, shown(goal, values[trial])] for trial in there],
                 "hovertemplate": "trial %{customdata[0]}: %{customdata[1]}<br>%{x}, %{y}<extra></extra>",
                 "marker": {"size": 9 if len(there) < 300 else 6, "color": rounded(values[there]),
                            "line": {"color": SURFACE, "width": 0.5}, **_bar(goal, values[there], "c")}}
    note = f"Each cell: the {combined} over the other parameters" if cells and len(search.axes) > 2 else (
        "Blue: better, orange: worse")
    return {"traces": [trace], "layout": figure, "note": note,
            "about": f"{about}, {amount(len(there), 'trial')}."}


def _axis(search: Search, searched: Axis, cells: bool) -> Figure:
    if cells or searched.values:
        names = [written(searched.field, value) for value in searched.grid()]
        return axis(search.label(searched), type="category", categoryorder="array", categoryarray=names,
                    showgrid=False, range=[-0.5, len(names) - 0.5])
    if searched.log:
        ends = np.log10([searched.low, searched.high])
        room = 0.04 * (ends[1] - ends[0])
        return numbers_axis(search.label(searched), type="log",
                            range=rounded((ends[0] - room, ends[1] + room)),
                            dtick=1 if ends[1] - ends[0] > 1.5 else "D2")
    room = 0.04 * (searched.high - searched.low)
    return numbers_axis(search.label(searched), nticks=8,
                        range=rounded((searched.low - room, searched.high + room)))


def _cells(search: Search, x: Axis, y: Axis, xs: list[str], ys: list[str], values: np.ndarray,
           combined: str) -> Figure:
    across = [written(x.field, value) for value in x.grid()]
    upward = [written(y.field, value) for value in y.grid()]
    found: dict[tuple[str, str], list[float]] = {}
    for column, row, value in zip(xs, ys, values, strict=True):
        found.setdefault((column, row), []).append(float(value))
    pick = np.mean if combined == "mean" else (min if search.goal.falls else max)
    table = [[float(pick(found[column, row])) if (column, row) in found else float("nan")
              for column in across] for row in upward]
    few = len(across) * len(upward) <= 60
    return {"type": "heatmap", "x": across, "y": upward, "z": [rounded(row) for row in table], "xgap": 2,
            "ygap": 2, "text": [[shown(search.goal, value) if np.isfinite(value) else "" for value in row]
                                for row in table],
            **({"texttemplate": "%{text}", "textfont": {"size": 11}} if few else {}),
            "hovertemplate": "%{x}, %{y}: %{text}<extra></extra>"}


def _coloured(goal: Objective, values: np.ndarray) -> tuple[float, float]:
    """The results at both ends of the colour scale; the best is at one end."""
    if goal.falls:
        return float(values.min()), float(max(np.quantile(values, 1 - FAR_OFF), values.min() + 1e-9))
    return float(min(np.quantile(values, FAR_OFF), values.max() - 1e-9)), float(values.max())


def _bar(goal: Objective, values: np.ndarray, letter: str) -> Figure:
    """The colour scale of results, for a heatmap ("z") or dots ("c"), with its bar."""
    ends = _coloured(goal, values)
    scale = [[1 - at, color] for at, color in SCALE[::-1]] if goal.falls else SCALE
    return {"colorscale": scale, f"{letter}min": ends[0], f"{letter}max": ends[1], "showscale": True,
            "colorbar": {"thickness": 10, "outlinewidth": 0, "tickfont": {"color": MUTED, "size": 11},
                         "nticks": 5, "tickformat": "~%" if goal.percent else "~g", "len": 1}}


def importance(search: Search, found: Mapping[str, float] | str) -> Figure:
    """A bar for each axis: how much it decides whether a trial is among the best quarter."""
    names = {searched.field: search.label(searched) for searched in search.axes}
    figure = layout(f"importance {len(names)}", shares_axis("Importance", range=[0, 1.05]),
                    axis("", automargin=True, autorange="reversed"),
                    margin={"l": 110, "r": 14, "t": 12, "b": 46})
    if isinstance(found, str):
        figure["annotations"] = [empty_message(found.replace("; ", ";\n"))]
        figure["yaxis"] |= {"showticklabels": False}
        return {"traces": [], "layout": figure, "note": "", "about": f"Importance of parameters. {found}"}
    bars = {"type": "bar", "orientation": "h", "x": rounded(found.values()),
            "y": [names[field] for field in found], "marker": {"color": RESULT_COLORS[-1]},
            "text": [percent(share, 0) for share in found.values()], "textposition": "outside",
            "textfont": {"color": TEXT}, "cliponaxis": False, "hovertemplate": "%{y}: %{text}<extra></extra>"}
    most = next(iter(found))
    return {"traces": [bars], "layout": figure, "note": "What distinguishes the best quarter of the trials",
            "about": f"Importance of parameters: {names[most].lower()} matters most, "
                     f"{percent(found[most], 0)}."}


def parallel(search: Search, members: Sequence[Member], results: StudyResults, study: str) -> Figure:
    """A line for each trial through its values and its result; ranges of each axis can be selected."""
    goal, font = search.goal, {"color": MUTED, "family": FONT, "size": 11}
    order = ranked(goal, results)[::-1]
    if len(order):
        rows = [members[number].values for number in order.tolist()]
        line, result = _coloured_lines(goal, goal.values(results)[order])
        note = "Drag along an axis to keep a range of trials" + _beyond(goal, goal.values(results)[order])
    else:
        # An invisible line, so that the browser's first drawing, which takes long, happens before the search.
        rows, line = [tuple(searched.at(0.5) for searched in search.axes)], {"color": SURFACE}
        result = {"values": [0.5], "range": [0, 1], "tickvals": [0, 1], "ticktext": ["", ""]}
        # Said in the note, because an axis may be in the middle of the picture.
        note = "A line for each trial appears here"
    dimensions = [_dimension(search, searched, [row[place] for row in rows])
                  for place, searched in enumerate(search.axes)]
    trace = {"type": "parcoords", "line": line, "uid": f"parallel-{study}",
             "unselected": {"line": {"opacity": 0.06}},
             "dimensions": [*dimensions, {"label": goal.label.capitalize(), **result}],
             "labelfont": font | {"color": TEXT, "size": 12}, "tickfont": font,
             "rangefont": font | {"size": 1, "color": CLEAR}}
    figure = layout(f"parallel {study}", {}, {}, margin={"l": 60, "r": 60, "t": 46, "b": 24})
    del figure["xaxis"], figure["yaxis"]
    about = (f"Parallel coordinates of {amount(len(order), 'trial')} through "
             f"{amount(len(search.axes), 'parameter')} and their {goal.label}."
             if len(order) else "Parallel coordinates; no trial yet.")
    return {"traces": [trace], "layout": figure, "note": note, "about": about}


def _beyond(goal: Objective, values: np.ndarray) -> str:
    """A note on how many results are beyond the end of the axis, where their lines stop; empty if none."""
    best, worst = _coloured(goal, values)[::1 if goal.falls else -1]
    count = int(np.count_nonzero(values > worst if goal.falls else values < worst))
    are = f"{amount(count, 'result')} {'is' if count == 1 else 'are'}"
    return f". The axis ends at {shown(goal, worst)}: {are} worse" if count and best != worst else ""


def _coloured_lines(goal: Objective, values: np.ndarray) -> tuple[Figure, Figure]:
    """The colours of lines, from the worst to the best result, and the axis of the results."""
    ends = _coloured(goal, values)
    line = {"color": typed(np.linspace(0, 1, len(values)).astype(np.float32)), "colorscale": SCALE,
            "cmin": 0, "cmax": 1}
    return line, {"values": typed(np.clip(values, *ends).astype(np.float32)), "range": [ends[0], ends[1]],
                  "tickformat": "~%" if goal.percent else "~g"}


def _dimension(search: Search, searched: Axis, values: list[Any]) -> Figure:
    label = search.label(searched)
    if searched.values:
        places = np.array([searched.values.index(value) for value in values], np.float32)
        return {"label": label, "values": typed(places), "range": [0, max(len(searched.values) - 1, 1)],
                "tickvals": list(range(len(searched.values))),
                "ticktext": [written(searched.field, value) for value in searched.values]}
    numbers = np.array(values, float)
    if not searched.log:
        return {"label": label, "values": typed(numbers.astype(np.float32)),
                "range": [searched.low, searched.high], "tickformat": "~g"}
    ends = np.log10([searched.low, searched.high])
    ticks = np.arange(np.ceil(ends[0] - 1e-9), np.floor(ends[1] + 1e-9) + 1)
    if len(ticks) < 2:
        ticks = ends
    return {"label": label, "values": typed(np.log10(numbers).astype(np.float32)), "range": rounded(ends),
            "tickvals": rounded(ticks), "ticktext": [f"{10**tick:.3g}" for tick in ticks]}
