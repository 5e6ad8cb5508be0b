"""Ratings: the error by the number of training ratings, and how soon the liked items come in the lists."""

from collections.abc import Sequence

import numpy as np

from core.charts.palette import CLASS_COLORS
from core.charts.style import MUTED, axis, layout, names_axis, numbers_axis, shares_axis
from core.formatting import Figure, number, rounded, shares
from core.metrics.errors_by_count import CountGroup
from core.metrics.ranked_items import MOST, RankedItems

# How far the lists are drawn.
LONGEST = 50


def errors_by_ratings(groups: Sequence[CountGroup], whose: str, floor: float | None) -> Figure:
    """A bar for each group. whose: "user" or "title". floor: the lowest error there can be, as a line."""
    names = [group.name for group in groups]
    told = [f"{group.name} ratings: RMSE {number(group.rmse)}, {group.examples:,} test ratings"
            for group in groups]
    bars = {"type": "bar", "x": names, "y": rounded([group.rmse for group in groups]),
            "marker": {"color": CLASS_COLORS[0]}, "customdata": told,
            "hovertemplate": "%{customdata}<extra></extra>"}
    return {"traces": [bars], "about": f"The error by the ratings of a {whose}. {'; '.join(told)}.",
            "layout": layout(f"errors by {whose}", names_axis(f"Training ratings of the {whose}", names),
                             numbers_axis("RMSE", rangemode="tozero"), hovermode="closest",
                             **_line(floor, "lowest possible"))}


def _line(height: float | None, name: str) -> Figure:
    if height is None:
        return {}
    return {"shapes": [{"type": "line", "xref": "paper", "x0": 0, "x1": 1, "y0": height, "y1": height,
                        "line": {"color": MUTED, "width": 1.5, "dash": "dot"}}],
            "annotations": [{"text": f"{name}: {number(height)}", "xref": "paper", "x": 1, "y": height,
                             "xanchor": "right", "yanchor": "bottom", "showarrow": False}]}


def hits_by_length(found: RankedItems) -> Figure:
    """The share of users whose liked item is in their list, over the length of the list."""
    lengths = np.arange(1, LONGEST + 1)
    seen = found.places[found.places > 0]
    hits = np.array([(seen <= length).sum() for length in lengths]) / max(len(found.places), 1)
    luck = np.minimum(lengths / max(found.among, 1.0), 1.0)
    lines = [{"type": "scatter", "mode": "lines", "name": name, "x": lengths.tolist(), "y": shares(values),
              "line": {"color": color, "dash": dash}, "hovertemplate": "first %{x}: %{y:.1%}"}
             for name, values, color, dash in (("network", hits, CLASS_COLORS[0], "solid"),
                                               ("in any order", luck, MUTED, "dot"))]
    mark = {"type": "line", "x0": MOST, "x1": MOST, "yref": "paper", "y0": 0, "y1": 1,
            "line": {"color": MUTED, "width": 1, "dash": "dash"}}
    return {"traces": lines, "legend": [{"name": "network", "color": CLASS_COLORS[0], "line": "solid"},
                                        {"name": "in any order", "color": MUTED, "line": "dot"}],
            "about": f"Among the first {MOST}: {found.hit_rate:.1%}; in any order: {luck[MOST - 1]:.1%}.",
            "layout": layout("hits", axis("Length of the list"), shares_axis("Lists with the liked one",
                             rangemode="tozero"), shapes=[mark], hovermode="x unified")}
