"""The reliability diagram: share of correct answers against the network's confidence."""

import math

from core.charts.palette import CLASS_COLORS
from core.charts.style import ERROR, MUTED, layout, mixed, shares_axis
from core.formatting import Figure, amount, percent, rounded
from core.metrics.calibration import Reliability

BAR = CLASS_COLORS[0]


def reliability_diagram(found: Reliability) -> Figure:
    """One bar per bin: how often its answers are correct, with a line where the bar should end.

    Faint bars have few examples. Returns traces, layout and a sentence that describes it.
    """
    bins = [bucket for bucket in found.bins if bucket.count]
    most = max((bucket.count for bucket in bins), default=1)
    middle = [(bucket.low + bucket.high) / 2 for bucket in bins]
    width = [0.94 * (bucket.high - bucket.low) for bucket in bins]
    said = [f"{amount(bucket.count, 'answer')} with a confidence of {percent(bucket.low)} to "
            f"{percent(bucket.high)} (mean {percent(bucket.confidence)})\n{percent(bucket.accuracy)} of them "
            "correct" for bucket in bins]
    bars = {"type": "bar", "name": "right", "x": rounded(middle),
            "y": rounded(bucket.accuracy for bucket in bins),
            "width": rounded(width), "customdata": said, "hovertemplate": "%{customdata}<extra></extra>",
            "marker": {"color": [mixed(BAR, 0.3 + 0.7 * math.sqrt(bucket.count / most)) for bucket in bins]}}
    wanted = {"type": "scatter", "mode": "markers", "name": "mean confidence", "hoverinfo": "skip",
              "x": rounded(middle), "y": rounded(bucket.confidence for bucket in bins),
              "marker": {"symbol": "line-ew", "size": 22, "line": {"color": ERROR, "width": 3}}}
    ideal = {"type": "scatter", "mode": "lines", "name": "perfectly calibrated", "x": [0, 1], "y": [0, 1],
             "hoverinfo": "skip", "line": {"color": MUTED, "width": 1.5, "dash": "dash"}}
    return {"traces": [bars, ideal, wanted],
            "about": f"Reliability diagram; expected calibration error {percent(found.error)}.",
            "layout": layout(
                "reliability", shares_axis("Confidence: probability of the answer", range=[0, 1]),
                shares_axis("Correct answers", range=[0, 1.04]), hovermode="closest", bargap=0.0)}
