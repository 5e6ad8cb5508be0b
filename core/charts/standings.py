"""Scores as dots with confidence intervals: a network beside classical methods."""

from collections.abc import Sequence

from core.charts.style import GRID, MUTED, axis, layout, numbers_axis, shares_axis
from core.formatting import Figure, rounded
from core.metrics.leaderboard import NETWORK, LeaderboardRow, score_words


def standings_chart(rows: Sequence[LeaderboardRow], title: str, color: str, classes: bool) -> Figure:
    """One dot per row with its interval, the first row on top, and a line through the network's score.

    title: the axis's title. color: the network's. classes: whether scores are shares. Returns traces,
    layout and a sentence about it.
    """
    traces = [_dots([row for row in rows if row.name != NETWORK], MUTED, 8, classes),
              _dots([row for row in rows if row.name == NETWORK], color, 11, classes)]
    names = [row.label for row in rows]
    x = shares_axis(title) if classes else numbers_axis(title)
    y = axis("", type="category", categoryorder="array", categoryarray=names[::-1], automargin=True,
             range=[-0.6, len(names) - 0.4], showgrid=False)
    marks = [{"type": "line", "x0": row.score, "x1": row.score, "yref": "paper", "y0": 0, "y1": 1,
              "layer": "below", "line": {"color": GRID, "width": 2}} for row in rows if row.name == NETWORK]
    told = "; ".join(f"{row.label} {score_words(row, classes)[0]}" for row in rows)
    return {"traces": traces, "about": f"{title}, with 95 % intervals: {told}.",
            "layout": layout("standings", x, y, hovermode="closest", shapes=marks,
                             margin={"l": 20, "r": 14, "t": 8, "b": 46})}


def _dots(rows: Sequence[LeaderboardRow], color: str, size: int, classes: bool) -> Figure:
    words = [score_words(row, classes) for row in rows]
    return {"type": "scatter", "mode": "markers", "y": [row.label for row in rows],
            "x": rounded(row.score for row in rows), "marker": {"size": size, "color": color},
            "customdata": [f"{score} ({ends})" for score, ends in words],
            "hovertemplate": "%{y}: %{customdata}<extra></extra>",
            "error_x": {"type": "data", "symmetric": False, "color": color, "thickness": 2, "width": 5,
                        "array": rounded(row.interval.high - row.score for row in rows),
                        "arrayminus": rounded(row.score - row.interval.low for row in rows)}}
