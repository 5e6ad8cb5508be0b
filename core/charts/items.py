"""The items of ratings as a map: what the network describes alike lies close together."""

from collections import Counter

import numpy as np

from core.charts.palette import CLASS_COLORS
from core.charts.style import MUTED, SURFACE, axis, empty_message, layout
from core.datasets.dataset import Dataset
from core.datasets.pairs import Items
from core.formatting import Figure, rounded
from core.runs.evaluations import Evaluation

# Groups with a colour of their own; all others are grey.
COLORED = len(CLASS_COLORS)
# The map has this much room around it, as a share of the farthest item's distance.
ROOM = 1.08


def item_map(dataset: Dataset, evaluation: Evaluation | None = None) -> Figure:
    """The two principal components of the items' rows, a dot each, in the colour of its group.

    Returns title, traces, layout, legend, a note and a sentence that describes it.
    """
    what = dataset.features[1]
    title, places = f"Map of the {what}s", evaluation.places if evaluation else None
    known = np.zeros(0, int) if places is None else np.flatnonzero(np.isfinite(places).all(1))
    if places is None or not len(known):
        return _empty(dataset, title, f"A map of the {what}s appears here")
    called = dataset.items() if dataset.items else Items(())
    colors, groups = group_colors(called), dict.fromkeys(known.tolist(), "")
    groups |= {number: group for number, group in enumerate(called.groups, 1) if number in groups}
    names = sorted(set(groups.values()))
    traces = [_dots(name, colors.get(name, MUTED), places, [item for item, group in groups.items()
                                                            if group == name], called, what)
              for name in names]
    reach = ROOM * float(np.abs(places[known]).max()) or 1.0
    return {"kind": "chart", "title": title, "traces": traces,
            "legend": [{"name": name, "color": colors[name]} for name in names if name in colors],
            "note": f"{what}s that the network finds alike lie close together",
            "about": f"A map of {len(known)} {what}s by what the network has learned about each; those that "
                     "it finds alike lie close together.",
            "layout": _layout(dataset, [-reach, reach])}


def group_colors(called: Items) -> dict[str, str]:
    """A colour for each of the largest groups, in the order of their names."""
    largest = [name for name, _ in Counter(called.groups).most_common(COLORED)]
    return dict(zip(sorted(largest), CLASS_COLORS, strict=False))


def _dots(name: str, color: str, places: np.ndarray, numbers: list[int], called: Items, what: str) -> Figure:
    texts = [called.names[number - 1] if number <= len(called.names) else f"{what} {number}"
             for number in numbers]
    return {"type": "scatter", "mode": "markers", "name": name, "x": rounded(places[numbers, 0]),
            "y": rounded(places[numbers, 1]), "text": texts, "hovertemplate": "%{text}<extra></extra>",
            "marker": {"size": 8, "color": color, "line": {"color": SURFACE, "width": 0.75}}}


def _layout(dataset: Dataset, ends: list[float], **more: object) -> Figure:
    plain = {"range": rounded(ends), "showticklabels": False}
    return layout(f"map {dataset.key}", axis("First component", **plain), axis("Second component", **plain),
                  hovermode="closest", **more)


def _empty(dataset: Dataset, title: str, message: str) -> Figure:
    return {"kind": "chart", "title": title, "traces": [], "legend": [], "note": "",
            "about": f"{title}; empty yet.",
            "layout": _layout(dataset, [-1.0, 1.0], annotations=[empty_message(message)])}
