"""The learning-rate finder: the loss while the learning rate rises, and where it falls fastest."""

from collections.abc import Hashable
from dataclasses import dataclass

import numpy as np

from core.charts.numbers import Figure, rounded
from core.charts.style import MUTED, SURFACE, axis, layout, numbers_axis, word
from core.palette import CLASS_COLORS, RUN_COLORS

POINTS = 180
LINE, HERE = RUN_COLORS[0], CLASS_COLORS[1]


@dataclass(frozen=True, eq=False)
class Search:
    """What a learning-rate finder has seen so far, float (steps,) each.

    suggestion: a rate; None until it is `finished`, or where there is none. name: tells one search from
    another.
    """

    rates: np.ndarray
    losses: np.ndarray
    smoothed: np.ndarray
    suggestion: float | None
    finished: bool
    name: Hashable


def finder_curve(rates: np.ndarray, losses: np.ndarray, smoothed: np.ndarray,
                 suggestion: float | None = None, finished: bool = True) -> Figure:
    """The loss of each step over its learning rate, faint, and smoothed, with the suggestion marked.

    rates, losses, smoothed: float (steps,), rates rising and positive. The loss explodes in the end:
    the axis ends where the smoothed one is half as high again as it began.
    Returns title, traces, layout, a note and a sentence about it.
    """
    rates, losses, smoothed = (np.asarray(one, float) for one in (rates, losses, smoothed))
    title = "Loss by learning rate"
    x = axis("Learning rate", type="log", tickformat=".0e", dtick=1)
    y = numbers_axis("Loss", nticks=6, automargin=True)
    finite = smoothed[np.isfinite(smoothed)]
    if not len(finite):
        return {"title": title, "traces": [], "note": "", "about": f"{title}; empty yet.",
                "layout": layout("finder", x | {"range": [-5, 0]}, y | {"range": [0, 1]},
                                 annotations=[word("The loss at each learning rate appears here")])}
    chosen = np.unique(np.linspace(0, len(rates) - 1, POINTS).round().astype(int))
    traces = [_line("steps", rates[chosen], losses[chosen], 1.0, 0.45),
              _line("smoothed", rates[chosen], smoothed[chosen], 2.5, 1.0)]
    low, high = float(finite.min()), min(float(finite.max()), 1.5 * float(finite[0]))
    room = 0.08 * ((high - low) or 1.0)
    figure = layout("finder", x, y | {"range": rounded((low - room, high + room))}, hovermode="closest")
    note = "No suggestion: the loss did not fall" if finished else "The learning rate still rises"
    if suggestion is not None:
        note = f"Suggestion: {suggestion:.3g}, where the loss falls fastest"
        figure["shapes"] = [{"type": "line", "yref": "paper", "y0": 0, "y1": 1,
                             "x0": suggestion, "x1": suggestion,
                             "line": {"color": MUTED, "width": 1.5, "dash": "dot"}}]
        at = float(np.interp(np.log(suggestion), np.log(rates), smoothed))
        traces.append({"type": "scatter", "mode": "markers", "name": "suggestion", "x": rounded([suggestion]),
                       "y": rounded([at]), "hovertemplate": "suggestion: %{x:.3~g}<extra></extra>",
                       "marker": {"size": 12, "color": HERE, "line": {"color": SURFACE, "width": 1.5}}})
    return {"title": title, "traces": traces, "note": note, "layout": figure,
            "about": f"The loss while the learning rate rises from {rates[0]:.3g} to "
                     f"{rates[-1]:.3g}. {note}."}


def _line(name: str, x: np.ndarray, y: np.ndarray, width: float, opacity: float) -> Figure:
    return {"type": "scatter", "mode": "lines", "name": name, "x": rounded(x), "y": rounded(y),
            "line": {"color": LINE, "width": width}, "opacity": opacity,
            "hovertemplate": "rate %{x:.3~g}: loss %{y:.4~g}<extra></extra>"}
