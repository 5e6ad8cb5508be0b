"""ROC and precision-recall curves, each class against the rest."""

import math
from collections.abc import Sequence

import numpy as np

from core.charts.palette import CLASS_COLORS
from core.charts.style import LEGEND, MUTED, layout, shares_axis, short
from core.formatting import Figure, rounded
from core.metrics.ranking import Ranking
from core.runs.downsampling import downsample

POINTS = 200
RANGE = [-0.02, 1.02]


def roc(rankings: Sequence[Ranking], classes: Sequence[str]) -> Figure:
    """True positives over false positives, one line per class; guessing is the diagonal.

    Returns traces, layout and a sentence about it.
    """
    guess = {"type": "scatter", "mode": "lines", "name": "guessing", "x": [0, 1], "y": [0, 1],
             "hoverinfo": "skip", "line": {"color": MUTED, "width": 1.5, "dash": "dash"}}
    lines = [_line(label, classes[label], ranking.false_positive, ranking.true_positive,
                   "%{x:.1%} false positives, %{y:.1%} true positives")
             for label, ranking in enumerate(rankings) if len(ranking.false_positive)]
    return {"traces": [guess, *lines], "about": _about("ROC curves", "area", classes, [
        ranking.area for ranking in rankings]), "layout": _layout(
        "roc", shares_axis("False positive rate: others predicted as this class", range=RANGE),
        shares_axis("True positive rate (recall): how many it finds", range=RANGE))}


def precision_recall(rankings: Sequence[Ranking], classes: Sequence[str]) -> Figure:
    """Precision over recall, one line per class. Returns traces, layout and a sentence about it."""
    lines = [_line(label, classes[label], ranking.recall, ranking.precision,
                   "recall %{x:.1%}, precision %{y:.1%}") for label, ranking in enumerate(rankings)
             if len(ranking.recall)]
    return {"traces": lines, "about": _about("Precision-recall curves", "average precision", classes, [
        ranking.average_precision for ranking in rankings]), "layout": _layout(
        "precision recall", shares_axis("Recall: how many of the class it finds", range=RANGE),
        shares_axis("Precision: how many of its finds are right", range=RANGE))}


def _line(label: int, name: str, x: np.ndarray, y: np.ndarray, hover: str) -> Figure:
    kept = downsample(y, POINTS)
    # Both curves are staircases; a straight line between two of the points that are kept is close enough.
    return {"type": "scatter", "mode": "lines", "name": short(name), "meta": name,
            "x": rounded(x[kept]), "y": rounded(y[kept]),
            "line": {"color": CLASS_COLORS[label % len(CLASS_COLORS)], "width": 2,
                     "dash": "solid" if label < len(CLASS_COLORS) else "dot"},
            "hovertemplate": hover + "<extra>%{meta}</extra>"}


def _layout(name: str, x: Figure, y: Figure) -> Figure:
    return layout(name, x, y, hovermode="closest", **LEGEND)


def _about(what: str, of: str, classes: Sequence[str], values: Sequence[float]) -> str:
    said = ", ".join(f"{name} {value:.3f}" for name, value in zip(classes, values, strict=True)
                     if math.isfinite(value))
    return f"{what} of each class against the rest; {of}: {said or 'none'}."
