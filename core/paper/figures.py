"""Figures of `core.charts`, which on the stage a browser draws, as SVG on white paper."""

import math
from bisect import bisect
from collections.abc import Callable, Mapping
from html import escape
from typing import Any

from core.charts.pictures import text
from core.charts.style import GRID, MUTED, SURFACE, TEXT
from core.formatting import Figure
from core.paper.html import Html
from core.paper.scales import Scale, scale

# The colours behind the names of `core.charts.style`, on paper.
INK = {TEXT: "#111111", MUTED: "#555555", GRID: "#cccccc", SURFACE: "#ffffff"}
DASHES = {"dash": "5 3", "dot": "1.5 2.5"}
# Space around the plot, for the numbers and names of the axes, and above it for the legend.
LEFT, RIGHT, TOP, BOTTOM, SIZE = 54.0, 10.0, 20.0, 34.0, 10
# Most letters of a name beside a matrix.
LONGEST = 12


def picture(figure: Figure, width: float, height: float) -> Html:
    """The figure's traces, axes, lines and labels. width, height: of the whole picture, in its own units."""
    axes, traces = figure["layout"], figure["traces"]
    names = axes["yaxis"].get("categoryarray", ())
    left = max(LEFT - 20, 24 + 5.4 * min(LONGEST, max(map(len, names)))) if names else LEFT
    x = scale(axes["xaxis"], _all(traces, "x"), left, width - RIGHT)
    y = scale(axes["yaxis"], [*_all(traces, "y"), *(0.0 for trace in traces if trace["type"] == "bar")],
              height - BOTTOM, TOP, 0.04)
    parts = [*_frame(axes, x, y), *(_DRAWN[trace["type"]](trace, x, y) for trace in traces),
             *(_line_at(shape, x, y) for shape in axes.get("shapes", ())),
             *(_words_at(words, x, y) for words in axes.get("annotations", ())), *_legend(traces, left)]
    return Html(f'<svg viewBox="0 0 {width:g} {height:g}" role="img" aria-label="{escape(figure["about"])}">'
                f'{"".join(parts)}</svg>')


def ink(color: str) -> str:
    """A colour of `core.charts.style` on white paper."""
    base, _, share = color.partition("/")
    base = INK.get(base) or (base.lstrip("@") if base.startswith(("@#", "#")) else INK[TEXT])
    if not share:
        return base
    return "#" + "".join(f"{round(255 + (int(base[at:at + 2], 16) - 255) * float(share)):02x}"
                         for at in (1, 3, 5))


def _all(traces: list[Figure], name: str) -> list[Any]:
    return [value for trace in traces for value in trace[name] if not isinstance(value, str)]


def _frame(axes: Figure, x: Scale, y: Scale) -> list[str]:
    """The grid, the numbers or names beside both axes, and the titles of the axes."""
    rules = "".join(f"M{x.begin:g} {at:.1f}H{x.end:g}" for at, _ in y.ticks() if not y.names)
    rules += "".join(f"M{at:.1f} {y.begin:g}V{y.end:g}" for at, _ in x.ticks() if not x.names)
    size = SIZE if len(x.names) <= 6 else SIZE - 2
    most = max(2, int((x.end - x.begin) / max(1, len(x.names)) / size * 1.6)) if x.names else 20
    middle = (y.begin + y.end) / 2
    return [f'<path d="{rules}" stroke="{INK[GRID]}" stroke-width="0.6" fill="none"/>',
            f'<path d="M{x.begin:g} {y.end:g}V{y.begin:g}H{x.end:g}" stroke="#555" fill="none"/>',
            *(text(at, y.begin + 12, said, size, "middle", most) for at, said in x.ticks()),
            *(text(x.begin - 5, at + 3.5, said, size, "end", LONGEST) for at, said in y.ticks()),
            text((x.begin + x.end) / 2, y.begin + 27, axes["xaxis"]["title"]["text"], SIZE, "middle", 46),
            f'<g transform="translate(10 {middle:.1f}) rotate(-90)">'
            f'{text(0, 0, axes["yaxis"]["title"]["text"], SIZE, "middle", 34)}</g>']


def _scatter(trace: Figure, x: Scale, y: Scale) -> str:
    """A line, with gaps where a number is missing, or dots, or both."""
    points = [(x.at(a), y.at(b)) for a, b in zip(trace["x"], trace["y"], strict=True)]
    line, marker, drawn = trace.get("line", {}), trace.get("marker", {}), []
    opacity = trace.get("opacity", marker.get("opacity", 1))
    if "lines" in trace["mode"]:
        path, drawing = "", False
        for a, b in points:
            there = math.isfinite(a) and math.isfinite(b)
            path += f"{'L' if drawing else 'M'}{a:.1f} {b:.1f}" if there else ""
            drawing = there
        drawn.append(f'<path d="{path}" fill="none" stroke="{ink(line["color"])}" opacity="{opacity}" '
                     f'stroke-width="{0.7 * line["width"]:g}"{_dash(line)}/>')
    if "markers" in trace["mode"]:
        color = ink(marker.get("color") or line["color"])
        dots = "".join(f"M{a:.1f} {b:.1f}h0" for a, b in points if math.isfinite(a) and math.isfinite(b))
        drawn.append(f'<path d="{dots}" stroke="{color}" stroke-width="{0.7 * marker["size"]:g}" '
                     f'stroke-linecap="round" opacity="{opacity}"/>')
    return "".join(drawn)


def _bars(trace: Figure, x: Scale, y: Scale) -> str:
    widths = trace.get("width") or [0.8] * len(trace["x"])
    drawn = []
    for place, height, width in zip(trace["x"], trace["y"], widths, strict=True):
        a, half = x.at(place), abs(x.end - x.begin) / abs(x.high - x.low) * width / 2
        if height:
            drawn.append(f'<rect x="{a - half:.1f}" y="{y.at(height):.1f}" width="{2 * half:.1f}" '
                         f'height="{y.at(0.0) - y.at(height):.1f}"/>')
    marker = trace["marker"]
    return f'<g fill="{ink(marker["color"])}" opacity="{marker.get("opacity", 1)}">{"".join(drawn)}</g>'


def _cells(trace: Figure, x: Scale, y: Scale) -> str:
    """A confusion matrix: coloured cells with their text."""
    wide, high = (abs(one.end - one.begin) / len(one.names) for one in (x, y))
    size, drawn = min(SIZE, 0.42 * high, 0.36 * wide), []
    for row, (values, words) in enumerate(zip(trace["z"], trace["text"], strict=True)):
        for column, (value, said) in enumerate(zip(values, words, strict=True)):
            a, b = x.at(column), y.at(row)
            drawn.append(f'<rect x="{a - wide / 2 + 0.7:.1f}" y="{b - high / 2 + 0.7:.1f}" '
                         f'width="{wide - 1.4:.1f}" height="{high - 1.4:.1f}" '
                         f'fill="{_shade(trace["colorscale"], (value + 1) / 2)}"/>')
            lines = said.split("\n")
            drawn += [text(a, b + size * (0.35 + 1.1 * (place - (len(lines) - 1) / 2)), line, round(size),
                           "middle") for place, line in enumerate(lines) if line]
    return "".join(drawn)


def _shade(stops: list[Any], place: float) -> str:
    """The colour at `place`, from 0 to 1, on a colour scale."""
    after = min(max(1, bisect([stop for stop, _ in stops], place)), len(stops) - 1)
    (low, first), (high, second) = stops[after - 1], stops[after]
    share = 0.0 if high == low else min(1.0, max(0.0, (place - low) / (high - low)))
    both = [[int(ink(color)[at:at + 2], 16) for at in (1, 3, 5)] for color in (first, second)]
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in zip(*both, strict=True))


def _dash(line: Mapping[str, Any]) -> str:
    dash = DASHES.get(line.get("dash", "solid"))
    return f' stroke-dasharray="{dash}"' if dash else ""


def _place(value: float, on: Scale, paper: bool) -> float:
    """Where a value is. paper: whether it is a share of the axis, as Plotly's `paper` means."""
    return on.begin + value * (on.end - on.begin) if paper else on.at(value)


def _line_at(shape: Figure, x: Scale, y: Scale) -> str:
    ends = [_place(shape[name], on, shape.get(f"{name[0]}ref") == "paper")
            for name, on in (("x0", x), ("y0", y), ("x1", x), ("y1", y))]
    words = shape.get("label", {}).get("text", "")
    said = text(ends[0] + 3, ends[1] + 10, words, SIZE - 1) if words else ""
    return (f'<path d="M{ends[0]:.1f} {ends[1]:.1f}L{ends[2]:.1f} {ends[3]:.1f}" '
            f'stroke="{ink(shape["line"]["color"])}"{_dash(shape["line"])}/>{said}')


def _words_at(words: Figure, x: Scale, y: Scale) -> str:
    a = _place(words["x"], x, words.get("xref") == "paper")
    b = _place(words["y"], y, words.get("yref") == "paper") - words.get("yshift", 0)
    middle = words.get("xanchor") != "left"
    return text(a + (0 if middle else 2), b + (0 if middle else 8), words["text"], SIZE - (not middle),
                "middle" if middle else "start")


def _legend(traces: list[Figure], left: float) -> list[str]:
    """The names of the lines and bars that have values, above the plot."""
    drawn, a = [], left
    for trace in traces:
        if not trace.get("name") or all(value is None for value in trace["y"]) or trace["type"] == "heatmap":
            continue
        line = trace.get("line") or {"color": trace["marker"]["color"], "width": 6}
        drawn += [f'<path d="M{a:g} 8h20" stroke="{ink(line["color"])}" opacity="{trace.get("opacity", 1)}" '
                  f'stroke-width="{0.7 * line["width"]:g}"{_dash(line)}/>',
                  text(a + 25, 11.5, trace["name"], SIZE)]
        a += 40 + 5.4 * len(trace["name"])
    return drawn


_DRAWN: Mapping[str, Callable[[Figure, Scale, Scale], str]] = {
    "scatter": _scatter, "bar": _bars, "heatmap": _cells}
