"""Errors of normal and of anomalous test examples: two histograms, and a threshold between them."""

import numpy as np

from core.charts.errors import histogram_bars
from core.charts.palette import CLASS_COLORS
from core.charts.style import CLEAR, MUTED, TEXT, axis, layout, numbers_axis, shares_axis
from core.formatting import Figure, amount, number, rounded
from core.runs.downsampling import downsample

# Their names stand in the chart: the header of a card has no room for them.
INSIDE: Figure = {"showlegend": True, "legend": {"x": 0.99, "xanchor": "right", "y": 0.99, "bgcolor": CLEAR}}
BARS, POINTS = 30, 200
# The two kinds, in the order in which they are drawn.
KINDS = (("normal", CLASS_COLORS[0]), ("anomalous", CLASS_COLORS[1]))


def two_histograms(errors: np.ndarray, anomalous: np.ndarray, end: float) -> list[Figure]:
    """One trace for each kind. errors: float (n,), from 0; anomalous: bool (n,); end: of the axis."""
    edges = np.linspace(0, end or 1.0, BARS + 1)
    traces = []
    for (name, color), kind in zip(KINDS, (~anomalous, anomalous), strict=True):
        bars = histogram_bars(errors[kind], edges)
        traces.append(bars | {"name": name, "marker": {"color": color, "opacity": 0.75},
                              "hovertemplate": f"{name}, %{{customdata}}: %{{y}}<extra></extra>"})
    return traces


def separation(errors: np.ndarray, anomalous: np.ndarray, threshold: float, name: object,
               title: str = "Error of a test example") -> Figure:
    """Both histograms, with the threshold as a line. Returns traces, layout and a sentence about it."""
    end = float(errors.max()) if len(errors) else 1.0
    mark = {"type": "line", "x0": threshold, "x1": threshold, "yref": "paper", "y0": 0, "y1": 1,
            "line": {"color": TEXT, "width": 1.5, "dash": "dot"}}
    return {"traces": two_histograms(errors, anomalous, end),
            "about": f"Errors of {amount(int((~anomalous).sum()), 'normal test example')} and of "
                     f"{int(anomalous.sum())} anomalous ones; threshold {number(threshold)}.",
            "layout": layout(f"separation {name}", numbers_axis(title, range=[0, end or 1.0]),
                             axis("Test examples", rangemode="tozero"), barmode="overlay", bargap=0.0,
                             hovermode="closest", shapes=[mark], **INSIDE)}


def roc(false_positive: np.ndarray, true_positive: np.ndarray, at: tuple[float, float]) -> Figure:
    """The ROC curve of the errors, with the threshold `at` (false alarms, found) as a dot."""
    guess = {"type": "scatter", "mode": "lines", "name": "guessing", "x": [0, 1], "y": [0, 1],
             "hoverinfo": "skip", "line": {"color": MUTED, "width": 1.5, "dash": "dash"}}
    return _curve("anomaly roc", false_positive, true_positive, at, [guess],
                  ("False alarms: share of the normal examples", "Found: share of the anomalies"))


def precision_recall(recall: np.ndarray, precision: np.ndarray, at: tuple[float, float]) -> Figure:
    """Precision over recall of the errors, with the threshold `at` (recall, precision) as a dot."""
    return _curve("anomaly precision", recall, precision, at, [],
                  ("Recall: share of the anomalies found", "Precision: share of the alarms that are right"))


def _curve(name: str, x: np.ndarray, y: np.ndarray, at: tuple[float, float], more: list[Figure],
           titles: tuple[str, str]) -> Figure:
    kept = downsample(y, POINTS) if len(y) else np.zeros(0, int)
    line = {"type": "scatter", "mode": "lines", "name": "errors", "x": rounded(x[kept]),
            "y": rounded(y[kept]), "line": {"color": CLASS_COLORS[1], "width": 2},
            "hovertemplate": "%{x:.1%}, %{y:.1%}<extra></extra>"}
    dot = {"type": "scatter", "mode": "markers", "name": "threshold", "x": rounded(at[:1]),
           "y": rounded(at[1:]), "marker": {"color": TEXT, "size": 10},
           "hovertemplate": "threshold: %{x:.1%}, %{y:.1%}<extra></extra>"}
    across, up = (shares_axis(title, range=[-0.02, 1.02]) for title in titles)
    return {"traces": [*more, line, dot], "layout": layout(name, across, up, hovermode="closest"),
            "about": f"{titles[1]} over {titles[0][0].lower()}{titles[0][1:]}; at the threshold {at[1]:.3f} "
                     f"over {at[0]:.3f}."}
