"""Precision, recall, F1 and cost against the decision threshold between two classes."""

from collections.abc import Sequence

from core.charts.palette import CLASS_COLORS
from core.charts.style import LEGEND, MUTED, TEXT, axis, layout, shares_axis
from core.formatting import Figure, rounded, shares
from core.metrics.threshold import Decisions

LINES = (("precision", CLASS_COLORS[0], "solid"), ("recall", CLASS_COLORS[1], "solid"),
         ("f1", CLASS_COLORS[2], "dash"))


def threshold_curves(decisions: Sequence[Decisions], threshold: float) -> Figure:
    """Precision, recall and F1 over the threshold, with a line at the chosen one.

    Precision has a gap where no example is predicted positive. Returns traces, layout and a sentence that
    describes it.
    """
    x = rounded(decision.threshold for decision in decisions)
    traces = [{"type": "scatter", "mode": "lines", "name": name.replace("f1", "F1"), "x": x,
               "y": shares(_value(decision, name) for decision in decisions), "hovertemplate": "%{y:.1%}",
               "line": {"color": color, "width": 2.25, "dash": dash}} for name, color, dash in LINES]
    mark = {"type": "line", "x0": threshold, "x1": threshold, "y0": 0, "y1": 1, "yref": "paper",
            "line": {"color": TEXT, "width": 1.5, "dash": "dot"}}
    x_axis = shares_axis("Threshold", range=[0, 1], unifiedhovertitle={"text": "from %{x:.0%} on"})
    figure = layout("threshold", x_axis, shares_axis("Share", range=[-0.02, 1.02]),
                    hovermode="x unified", shapes=[mark], **LEGEND)
    return {"traces": traces, "layout": figure,
            "about": f"Precision, recall and F1 over the threshold; chosen: {threshold:.2f}."}


def costs_curve(decisions: Sequence[Decisions], threshold: float) -> Figure:
    """The mean cost per example over the threshold. Returns traces, layout and a sentence about it."""
    line = {"type": "scatter", "mode": "lines", "name": "cost",
            "x": rounded(decision.threshold for decision in decisions),
            "y": rounded(decision.cost for decision in decisions), "line": {"color": MUTED, "width": 2.25},
            "hovertemplate": "from %{x:.0%} on: %{y:.3~g}<extra></extra>"}
    mark = {"type": "line", "x0": threshold, "x1": threshold, "y0": 0, "y1": 1, "yref": "paper",
            "line": {"color": TEXT, "width": 1.5, "dash": "dot"}}
    return {"traces": [line], "about": "The mean cost of a test example over the threshold.",
            "layout": layout("costs", shares_axis("Threshold", range=[0, 1]),
                             axis("Cost of an example", rangemode="tozero", tickformat="~g", automargin=True),
                             hovermode="closest", shapes=[mark])}


def _value(decision: Decisions, name: str) -> float:
    if name == "precision" and not decision.true_positive + decision.false_positive:
        return float("nan")
    return getattr(decision, name)
