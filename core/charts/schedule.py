"""The learning rate of a schedule over a whole run, drawn before it starts."""

from collections.abc import Hashable
from dataclasses import dataclass

import numpy as np

from core.charts.palette import CLASS_COLORS, RUN_COLORS
from core.charts.style import SURFACE, axis, empty_message, layout, numbers_axis
from core.formatting import Figure, rounded
from core.runs.downsampling import downsample

POINTS = 300
# Some schedules end at zero: the axis does not follow them further down than this.
MOST_DECADES = 4.0
LINE, HERE = RUN_COLORS[0], CLASS_COLORS[1]


@dataclass(frozen=True, eq=False)
class ScheduleCurve:
    """The learning rates of a whole run.

    Attributes:
        rates: float (steps,), one per step or, for a long run, evenly picked.
        steps_per_epoch: how many of these rates belong to one epoch.
        name: tells one schedule apart from another.
    """

    rates: np.ndarray
    steps_per_epoch: float
    name: Hashable


def spans_decades(rates: np.ndarray) -> bool:
    """Whether a quarter of the nonzero rates are more than a decade below the highest."""
    used = rates[np.isfinite(rates) & (rates > 0)]
    return len(used) > 0 and bool(used.max() > 10 * np.quantile(used, 0.25))


def schedule_curve(rates: np.ndarray, position: float | None = None, steps_per_epoch: float = 1.0) -> Figure:
    """The learning rate over epochs, with a dot where the run is.

    rates: float (steps,), one per step of the whole run. The axis is logarithmic if a quarter of them are
    more than a decade below the highest; so a cosine, which only reaches zero in its last steps, keeps its
    shape. position: completed epochs; None without a run. Returns title, traces, layout, a note and a
    sentence that describes it.
    """
    rates = np.asarray(rates, float)
    x = axis("Epoch", rangemode="tozero", nticks=8)
    y = numbers_axis("Learning rate", rangemode="tozero", nticks=6, automargin=True)
    if not len(rates):
        return {"title": "Learning rate", "traces": [], "note": "", "about": "No learning rate yet.",
                "layout": layout("schedule", x, y,
                                 annotations=[empty_message("The learning rate appears here")])}
    if spans_decades(rates):
        y |= _logarithmic(rates[np.isfinite(rates) & (rates > 0)])
    kept = downsample(rates, POINTS)
    epochs = np.arange(len(rates)) / steps_per_epoch
    traces = [{"type": "scatter", "mode": "lines", "name": "schedule", "x": rounded(epochs[kept]),
               "y": rounded(rates[kept]), "line": {"color": LINE, "width": 2.25},
               "hovertemplate": "epoch %{x:.3~g}: %{y:.3~g}<extra></extra>"}]
    about = f"The learning rate over epochs: from {rates[0]:.3g} to {rates[-1]:.3g}."
    note = ""
    if position is not None:
        # The step to take next; for a run that is over, the last one.
        now = rates[min(int(position * steps_per_epoch + 1e-6), len(rates) - 1)]
        note = f"Now {now:.3g}"
        about += f" {note}."
        traces.append({"type": "scatter", "mode": "markers", "name": "now", "x": rounded([position]),
                       "y": rounded([now]), "hovertemplate": "now: %{y:.3~g}<extra></extra>",
                       "marker": {"size": 11, "color": HERE, "line": {"color": SURFACE, "width": 1.5}}})
    return {"title": "Learning rate", "traces": traces, "note": note, "about": about,
            "layout": layout(f"schedule {len(rates)}", x, y, hovermode="closest")}


def _logarithmic(used: np.ndarray) -> Figure:
    """Layout of a logarithmic axis for positive rates; shows the smallest unless it is far below the rest."""
    high = float(np.log10(used.max()))
    low = max(float(np.log10(used.min())), high - MOST_DECADES)
    return {"type": "log", "dtick": 1, "tickformat": ".0e", "range": rounded((low - 0.15, high + 0.15))}
