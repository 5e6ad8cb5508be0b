"""A learning curve: the test metric over the number of training examples, with a dot for each seed."""

from collections.abc import Callable, Sequence

import numpy as np

from core.charts.palette import RUN_COLORS
from core.charts.style import LEGEND, awaiting, axis, layout, mixed, numbers_axis, shares_axis
from core.formatting import Figure, amount
from core.metrics.measures import MEASURES
from core.runs.config import RunConfig
from core.studies.learning import CurveWay, scores
from core.studies.study import Member, StudyResults


def learning_curve(config: RunConfig, ways: Sequence[CurveWay], members: Sequence[Member],
                   results: StudyResults, study: str) -> Figure:
    """The mean over all seeds for each size, one line for each way, and each seed as a dot."""
    measure = MEASURES[config.data.task]
    title = f"Test {measure.quantity.name}"
    sizes = sorted({int(str(member.values[0])) for member in members})
    x = axis("Training examples", type="log", tickmode="array", tickvals=sizes,
             ticktext=list(map(str, sizes)))
    y = shares_axis(title) if measure.quantity.is_share else numbers_axis(title, rangemode="tozero")
    figure = layout(f"learning curve {study}", x, y, hovermode="closest", **LEGEND)
    found = {way: scores(members, results, way.key) for way in ways}
    if not any(len(values) for by_size in found.values() for values in by_size.values()):
        figure = awaiting(figure, "A dot for each seed appears at its end")
        return {"title": title, "traces": [], "layout": figure, "note": "", "about": f"{title}; none yet."}
    traces, told = list[Figure](), list[str]()
    for place, (way, by_size) in enumerate(found.items()):
        there = {size: values for size, values in by_size.items() if len(values)}
        color, write = RUN_COLORS[place], measure.write
        traces += [
            {"type": "scatter", "mode": "markers", "name": f"{way.label}, one seed", "showlegend": False,
             "x": [size for size, values in there.items() for _ in values],
             "y": [value for values in there.values() for value in measure.quantity.written(values)],
             "marker": {"size": 6, "color": mixed(color, 0.45)},
             "hovertemplate": f"{way.label}, %{{x}} examples: {measure.quantity.hover}<extra></extra>"},
            {"type": "scatter", "mode": "lines+markers", "name": way.label, "x": list(there),
             "y": measure.quantity.written(np.array([values.mean() for values in there.values()])),
             "line": {"width": 2.5, "color": color}, "marker": {"size": 8, "color": color},
             "hovertemplate": f"{way.label}, mean, %{{x}} examples: {measure.quantity.hover}<extra></extra>"}]
        told.append(f"{way.label}: " + ", ".join(
            f"{write(float(values.mean()))} with {size}" for size, values in there.items()))
    seeds = len({member.values[1] for member in members})
    return {"title": title, "traces": traces, "layout": figure,
            "note": f"Line: the mean of {amount(seeds, 'seed')}. Dots: each seed",
            "about": f"{title} over the number of training examples. {'; '.join(told)}."}


def learning_table(config: RunConfig, ways: Sequence[CurveWay], members: Sequence[Member],
                   results: StudyResults) -> Figure:
    """Mean and standard deviation over the seeds for each size."""
    measure = MEASURES[config.data.task]
    found = [scores(members, results, way.key) for way in ways]
    sizes = sorted({size for by_size in found for size in by_size})
    rows = [[str(size), *(_written(by_size.get(size, np.zeros(0)), measure.write) for by_size in found)]
            for size in sizes]
    return {"columns": ["Training examples", *(way.label for way in ways)], "rows": rows,
            "note": "Mean ± standard deviation over the seeds, on the whole test set"}


def _written(values: np.ndarray, write: Callable[[float], str]) -> str:
    if not len(values):
        return "–"
    apart = f" ± {write(float(values.std(ddof=1)))}" if len(values) > 1 else ""
    return f"{write(float(values.mean()))}{apart}"
