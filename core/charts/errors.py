"""A histogram of the residuals: how far predicted numbers are off."""

from itertools import pairwise

import numpy as np

from core.charts.curves import with_unit
from core.charts.palette import CLASS_COLORS
from core.charts.style import MUTED, axis, layout, numbers_axis, short
from core.datasets.dataset import Dataset
from core.formatting import Figure, rounded

MOST_BARS = 40


def residual_histogram(dataset: Dataset, expected: np.ndarray, predicted: np.ndarray) -> Figure:
    """A histogram of the residuals, true - predicted; float (n, outputs), in the target's units.

    The width of a bar is NumPy's "auto" (the smaller of Freedman-Diaconis and Sturges). Returns
    traces, layout and a sentence that describes it.
    """
    off = (expected.astype(np.float64) - predicted).ravel()
    edges = np.histogram_bin_edges(off, "auto")
    if len(edges) > MOST_BARS + 1:
        edges = np.linspace(edges[0], edges[-1], MOST_BARS + 1)
    counts, _ = np.histogram(off, edges)
    bars = {"type": "bar", "x": rounded((edges[:-1] + edges[1:]) / 2), "y": counts.tolist(),
            "width": rounded(0.96 * np.diff(edges)), "marker": {"color": CLASS_COLORS[0]},
            "customdata": [f"{low:.3g} to {high:.3g}" for low, high in pairwise(edges)],
            "hovertemplate": "%{customdata}: %{y}<extra></extra>"}
    zero = {"type": "line", "x0": 0, "x1": 0, "yref": "paper", "y0": 0, "y1": 1,
            "line": {"color": MUTED, "width": 1.5, "dash": "dash"}}
    return {"traces": [bars], "about": f"Histogram of {len(off)} residuals, mean {off.mean():.3g}.",
            "layout": layout(f"histogram {dataset.key}", numbers_axis(
                short(with_unit("Residual: true - predicted", dataset), 44)),
                axis("Test examples", rangemode="tozero"),
                hovermode="closest", shapes=[zero], bargap=0.0)}
