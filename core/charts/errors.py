"""A histogram of the residuals: how far predicted numbers are off."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from core.charts.curves import with_unit
from core.charts.palette import CLASS_COLORS
from core.charts.style import MUTED, axis, layout, names_axis, numbers_axis, short
from core.datasets.dataset import Dataset
from core.formatting import Figure, rounded

MOST_BARS = 40


def histogram(errors: np.ndarray, title: str, name: object) -> Figure:
    """How many of the examples have which error, float (n,). title: of the axis. Traces and layout."""
    edges = _edges(errors)
    return {"traces": [histogram_bars(errors, edges)], "about": f"Histogram of {len(errors)} errors, mean "
            f"{errors.mean():.3g}.", "layout": layout(f"errors {name}", numbers_axis(title), axis(
                "Test examples", rangemode="tozero"), hovermode="closest", bargap=0.0)}


def errors_by_class(errors: np.ndarray, labels: np.ndarray, classes: Sequence[str]) -> Figure:
    """The mean error of each class's examples. errors: float (n,); labels: int (n,). Traces and layout."""
    means = [float(errors[labels == place].mean()) if (labels == place).any() else float("nan")
             for place in range(len(classes))]
    bars = {"type": "bar", "x": list(classes), "y": rounded(means),
            "marker": {"color": [CLASS_COLORS[place % len(CLASS_COLORS)] for place in range(len(classes))]},
            "customdata": list(classes), "hovertemplate": "%{customdata}: %{y:.4~g}<extra></extra>"}
    return {"traces": [bars], "about": "The mean error of each class.",
            "layout": layout("errors by class", names_axis("Class", classes),
                             numbers_axis("Mean error", rangemode="tozero"), hovermode="closest")}


def residual_histogram(dataset: Dataset, expected: np.ndarray, predicted: np.ndarray) -> Figure:
    """A histogram of the residuals, true - predicted; float (n, outputs), in the target's units.

    The width of a bar is NumPy's "auto" (the smaller of Freedman-Diaconis and Sturges). Returns
    traces, layout and a sentence that describes it.
    """
    off = (expected.astype(np.float64) - predicted).ravel()
    bars = histogram_bars(off, _edges(off))
    zero = {"type": "line", "x0": 0, "x1": 0, "yref": "paper", "y0": 0, "y1": 1,
            "line": {"color": MUTED, "width": 1.5, "dash": "dash"}}
    return {"traces": [bars], "about": f"Histogram of {len(off)} residuals, mean {off.mean():.3g}.",
            "layout": layout(f"histogram {dataset.key}", numbers_axis(
                short(with_unit("Residual: true - predicted", dataset), 44)),
                axis("Test examples", rangemode="tozero"),
                hovermode="closest", shapes=[zero], bargap=0.0)}


def _edges(values: np.ndarray) -> np.ndarray:
    edges = np.histogram_bin_edges(values, "auto")
    return np.linspace(edges[0], edges[-1], MOST_BARS + 1) if len(edges) > MOST_BARS + 1 else edges


def histogram_bars(values: np.ndarray, edges: np.ndarray) -> Figure:
    """A bar for the values between every two edges, (k + 1,), as one trace."""
    counts, _ = np.histogram(values, edges)
    return {"type": "bar", "x": rounded((edges[:-1] + edges[1:]) / 2), "y": counts.tolist(),
            "width": rounded(0.96 * np.diff(edges)), "marker": {"color": CLASS_COLORS[0]},
            "customdata": [f"{low:.3g} to {high:.3g}" for low, high in pairwise(edges)],
            "hovertemplate": "%{customdata}: %{y}<extra></extra>"}
