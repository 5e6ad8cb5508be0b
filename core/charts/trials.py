"""The trials of a search: all their curves at once, and the best result so far."""

import numpy as np

from core.charts.palette import RESULT_COLORS
from core.charts.style import MUTED, TEXT, awaiting, axis, layout, mixed, numbers_axis, shares_axis
from core.formatting import Figure, amount, percent, rounded, shares, typed
from core.runs.downsampling import downsample
from core.studies.objective import Objective, best, ranked
from core.studies.study import DROPPED, StudyResults

# Points of all curves together, so that a message stays small; and the least and the most of one curve.
POINTS, FEWEST, MOST, BEST_POINTS = 8000, 6, 60, 200
# Curves that went astray must not flatten all others.
SEEN = 0.98
# An axis of losses ends at whole steps (in decades): if it moved at each update, it would be hard to read.
AXIS_STEP = 0.25


def trial_curves(objective: Objective, results: StudyResults, epochs: int, study: str) -> Figure:
    """One line over epochs per trial, from orange for the worst to blue for the best, which is drawn thicker.

    epochs: those of a whole trial. study: tells one study's chart apart from another's. One trace per colour.
    """
    y = _axis(objective, results)
    figure = layout(f"trials {study}", axis("Epoch", range=[0, epochs * 1.01 + 0.5], nticks=8), y,
                    hovermode="closest")
    order = ranked(objective, results)
    if not len(order):
        figure = awaiting(figure, "A line for each trial appears here")
        return {"traces": [], "layout": figure, "note": "", "about": "The curves of the trials; none yet."}
    # The worst first, because later ones are drawn on top.
    groups = np.array_split(order[::-1], min(len(RESULT_COLORS), len(order)))
    colors = RESULT_COLORS[-len(groups):] if len(groups) > 1 else RESULT_COLORS[-1:]
    most = min(max(POINTS // len(order), FEWEST), MOST)
    traces = [_group(objective, results, group, color, most) for group, color
              in zip(groups, colors, strict=True)]
    first = int(order[0])
    traces.append(_strong(objective, results, first))
    value = shown(objective, float(objective.values(results)[first]))
    return {"traces": traces, "layout": figure,
            "note": "Blue: best, orange: worst. Thick line: the best trial",
            "about": f"{objective.label.capitalize()} of {amount(len(order), 'trial')} over epochs; the "
                     f"best, trial {first + 1}, has {value}."}


def shown(objective: Objective, value: float) -> str:
    """A result as a short text."""
    if not np.isfinite(value):
        return "–"
    return percent(value) if objective.percent else f"{value:.4g}"


def _written(objective: Objective, values: np.ndarray) -> list[float | None]:
    return shares(values) if objective.percent else rounded(values)


def _axis(objective: Objective, results: StudyResults) -> Figure:
    title = objective.label.capitalize()
    if objective.percent:
        return shares_axis(title, range=[0, 1.02])
    values = results.curves[:, :, objective.column]
    values = values[np.isfinite(values) & (values > 0)]
    if not len(values):
        return numbers_axis(title, range=[0, 1])
    low, high = np.log10(values.min()), np.log10(np.quantile(values, SEEN))
    room = 0.05 * max(high - low, 0.1)
    ends = AXIS_STEP * np.floor((low - room) / AXIS_STEP), AXIS_STEP * np.ceil((high + room) / AXIS_STEP)
    return numbers_axis(title, type="log", dtick="D2" if high - low < 3 else 1, range=rounded(ends))


def _group(objective: Objective, results: StudyResults, group: np.ndarray, color: str, most: int) -> Figure:
    """Several trials as one trace, a gap after each."""
    done = results.done[group]
    at = np.unique(np.linspace(0, max(done.max() - 1, 0), most).astype(int))
    # A shorter curve repeats its end, which does not make its line longer.
    places = np.minimum(at[None], done[:, None] - 1)
    gap = np.full((len(group), 1), np.nan, np.float32)
    y = np.concatenate([results.curves[group[:, None], places, objective.column], gap], axis=1)
    x = np.concatenate([places + 1, places[:, -1:] + 1], axis=1)
    numbers = np.repeat(group + 1, x.shape[1])
    value = "%{y:.1%}" if objective.percent else "%{y:.4~g}"
    return {"type": "scatter", "mode": "lines", "name": color, "x": typed(x.ravel().astype(np.int16)),
            "y": typed(y.ravel()), "customdata": typed(numbers.astype(np.int16)),
            "line": {"color": mixed(color, 0.8), "width": 1.25},
            "hovertemplate": f"trial %{{customdata}}, epoch %{{x}}: {value}<extra></extra>"}


def _strong(objective: Objective, results: StudyResults, member: int) -> Figure:
    y = results.curves[member, :results.done[member], objective.column]
    kept = downsample(y, BEST_POINTS)
    value = "%{y:.1%}" if objective.percent else "%{y:.4~g}"
    return {"type": "scatter", "mode": "lines" if len(y) > 1 else "markers", "name": "best",
            "x": rounded(kept + 1.0), "y": _written(objective, y[kept]),
            "line": {"color": TEXT, "width": 2.75}, "marker": {"color": TEXT, "size": 7},
            "hovertemplate": f"best, trial {member + 1}, epoch %{{x}}: {value}<extra></extra>"}


def best_so_far(objective: Objective, results: StudyResults, study: str) -> Figure:
    """Each trial's result as a dot, in order, and the best so far as steps."""
    values = objective.values(results)
    there = np.flatnonzero(np.isfinite(values))
    y = _axis(objective, results) | {"title": {"text": objective.label.capitalize(), "standoff": 8}}
    figure = layout(f"best {study}", axis("Trial", rangemode="tozero", nticks=8), y, hovermode="closest")
    first = best(objective, results)
    if first is None:
        figure = awaiting(figure, "The best result so far appears here")
        return {"traces": [], "layout": figure, "note": "", "about": "The best result so far; none yet."}
    # Trials that were dropped early have no result that can be compared with the others'.
    whole = there[results.states[there] != DROPPED]
    lead = np.minimum.accumulate(values[whole]) if objective.falls else np.maximum.accumulate(values[whole])
    value = "%{y:.1%}" if objective.percent else "%{y:.4~g}"
    hover = f"trial %{{x}}: {value}<extra></extra>"
    traces = [{"type": "scatter", "mode": "markers", "name": "trials",
               "x": typed((there + 1).astype(np.int16)), "y": typed(values[there].astype(np.float32)),
               "hovertemplate": hover,
               "marker": {"size": 5, "color": mixed(MUTED, 0.55)}},
              {"type": "scatter", "mode": "lines", "name": "best so far", "x": rounded(whole + 1.0),
               "y": _written(objective, lead),
               "line": {"color": RESULT_COLORS[-1], "width": 2.5, "shape": "hv"},
               "hovertemplate": f"best up to trial %{{x}}: {value}<extra></extra>"}]
    found = shown(objective, float(values[first]))
    return {"traces": traces, "layout": figure, "note": f"Trial {first + 1}: {found}",
            "about": f"The best {objective.label} so far is {found}, of trial {first + 1}."}
