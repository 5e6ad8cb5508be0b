"""What all charts have in common: fonts, margins, and theme colours by name instead of by value.

The string `@text` stands for a colour of the page's theme, and `@#4477AA/0.4` for that colour mixed with the
page's background. The browser fills them in, because only it knows the current theme.

All text is plain text, whatever it contains, and a line break starts a new line: the browser escapes it for
Plotly (`static/live_theme.js`). Only templates are written in Plotly's own language, so text from outside
never goes into one: it goes into `text`, `customdata`, `meta` or `name`, and the template refers to that.
"""

from collections.abc import Sequence
from typing import Any

from core.formatting import Figure

TEXT, MUTED, GRID, SURFACE, FONT = "@text", "@muted", "@grid", "@surface", "@font"
ERROR = "#D55E00"  # Okabe and Ito's vermilion: an error looks like this everywhere
CLEAR = "rgba(0,0,0,0)"
TICK = 18  # letters of a name beside an axis
# Part of a layout whose lines are named below the chart.
LEGEND: dict[str, Any] = {"showlegend": True, "legend": {
    "orientation": "h", "y": -0.2, "yanchor": "top", "x": 0, "bgcolor": CLEAR}}


def mixed(color: str, share: float) -> str:
    """`color` (hex, or a theme colour with its @) over the background; `share` is its opacity from 0 to 1."""
    return f"@{color.lstrip('@')}/{share:.3g}"


def short(text: str, most: int = 36) -> str:
    """`text`, cut if a chart has no room for all of it; the hover shows all."""
    return text if len(text) <= most else f"{text[:most - 1].rstrip()}…"


def axis(title: str, **more: Any) -> Figure:
    """An axis with a name and faint lines."""
    return {"title": {"text": title, "standoff": 8}, "gridcolor": GRID, "zeroline": False,
            "linecolor": GRID, "tickcolor": GRID, "ticks": "", **more}


def numbers_axis(title: str, **more: Any) -> Figure:
    """An axis of numbers of any size, without trailing zeros."""
    return axis(title, tickformat="~g", **more)


def shares_axis(title: str, **more: Any) -> Figure:
    """An axis with shares of 1 as percentages, with decimals only if ticks are that close: 97 %, 97.5 %."""
    return axis(title, tickformat="~%", **more)


def names_axis(title: str, names: Sequence[str], **more: Any) -> Figure:
    """An axis of names in this order; long names are shortened.

    What is drawn on it says its names, not their positions: Plotly takes 1 for the name "1" if there is one.
    """
    return axis(title, **{
        "type": "category", "categoryarray": list(names), "showgrid": False,
        "tickmode": "array", "tickvals": list(names),
        "ticktext": [short(name, TICK) for name in names], **more})


def layout(uirevision: str, x: Figure, y: Figure, **more: Any) -> Figure:
    """A layout. The learner's zoom and pan are kept as long as `uirevision` stays the same."""
    return {
        "uirevision": uirevision, "xaxis": x, "yaxis": y, "autosize": True, "showlegend": False,
        "margin": {"l": 60, "r": 14, "t": 12, "b": 46}, "paper_bgcolor": CLEAR, "plot_bgcolor": CLEAR,
        "font": {"color": MUTED, "family": FONT, "size": 12},
        "hoverlabel": {"bgcolor": SURFACE, "bordercolor": GRID, "namelength": -1,
                       "font": {"color": TEXT, "family": FONT, "size": 12}},
        "modebar": {"bgcolor": CLEAR, "color": MUTED, "activecolor": TEXT}, **more}


def empty_message(text: str) -> Figure:
    """An annotation in the middle of an empty chart."""
    return {"text": text, "showarrow": False, "xref": "paper", "yref": "paper", "x": 0.5, "y": 0.5,
            "font": {"color": MUTED, "size": 14}}


def awaiting(figure: Figure, text: str) -> Figure:
    """The layout of a chart that has no numbers yet, with a text that says what will appear.

    Shares are drawn from 0 to 100 %: of an empty chart, Plotly would write -100 % to 600 % beside its axis.
    """
    whole = {name: {"range": [0, 1]} | axis for name, axis in figure.items()
             if name in ("xaxis", "yaxis") and axis.get("tickformat") == "~%"}
    return figure | whole | {"annotations": [empty_message(text)]}
