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
    bins = [one for one in found.bins if one.count]
    most = max((one.count for one in bins), default=1)
    middle, width = [(one.low + one.high) / 2 for one in bins], [0.94 * (one.high - one.low) for one in bins]
    said = [f"{amount(one.count, 'answer')} with a confidence of {percent(one.low)} to {percent(one.high)} "
            f"(mean {percent(one.confidence)})\n{percent(one.accuracy)} of them correct" for one in bins]
    bars = {"type": "bar", "name": "right", "x": rounded(middle), "y": rounded(one.accuracy for one in bins),
            "width": rounded(width), "customdata": said, "hovertemplate": "%{customdata}<extra></extra>",
            "marker": {"color": [mixed(BAR, 0.3 + 0.7 * math.sqrt(one.count / most)) for one in bins]}}
    wanted = {"type": "scatter", "mode": "markers", "name": "mean confidence", "hoverinfo": "skip",
              "x": rounded(middle), "y": rounded(one.confidence for one in bins),
              "marker": {"symbol": "line-ew", "size": 22, "line": {"color": ERROR, "width": 3}}}
    ideal = {"type": "scatter", "mode": "lines", "name": "perfectly calibrated", "x": [0, 1], "y": [0, 1],
             "hoverinfo": "skip", "line": {"color": MUTED, "width": 1.5, "dash": "dash"}}
    return {"traces": [bars, ideal, wanted],
            "about": f"Reliability diagram; expected calibration error {percent(found.error)}.",
            "layout": layout(
                "reliability", shares_axis("Confidence: probability of the answer", range=[0, 1]),
                shares_axis("Correct answers", range=[0, 1.04]), hovermode="closest", bargap=0.0)}
