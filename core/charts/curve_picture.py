"""A curve as a small SVG: a learning-rate schedule, or the loss against the rate."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import numpy as np

from core.charts.palette import CLASS_COLORS, RUN_COLORS
from core.charts.pictures import svg, text

LINE, HERE = RUN_COLORS[0], CLASS_COLORS[1]
# Pixels: the curve's area, with room for numbers at the left and for the name of the vertical axis above.
WIDTH, HEIGHT, LEFT, TOP, SIZE = 222.0, 92.0, 44.0, 17.0, 9
# With more dots, they would be closer together than a pixel.
MOST_POINTS = 220


@dataclass(frozen=True)
class PictureAxis:
    """One axis of a picture.

    Attributes:
        label: its name.
        log: whether it is logarithmic.
        low, high: its ends; None for those of the values.
    """

    label: str
    log: bool = False
    low: float | None = None
    high: float | None = None


def curve_picture(x: Sequence[float] | np.ndarray, y: Sequence[float] | np.ndarray, across: PictureAxis,
                  up: PictureAxis, mark: tuple[float, float] | None = None) -> str:
    """One line, with numbers at the ends of both axes and a dot at `mark`.

    x: float (n,), ascending. y: float (n,); the line has gaps where y is NaN or outside the axis. HTML on one
    line, as in `core/charts/pictures.py`.
    """
    x, y = np.asarray(x, float), np.asarray(y, float)
    chosen = np.unique(np.linspace(0, max(len(x) - 1, 0), MOST_POINTS).round().astype(int)) if len(x) else []
    # The scale covers all values, so that a peak between two dots still counts.
    left, right = _ends(x, across)
    low, high = _ends(y, up)
    bottom = TOP + HEIGHT
    frame = (f'<path d="M{LEFT:g} {TOP:g}V{bottom:g}H{LEFT + WIDTH:g}" stroke="currentColor" opacity="0.4" '
             f'fill="none"/>')
    words = [text(LEFT - 4, bottom, _said(low), SIZE, "end"),
             text(LEFT - 4, TOP + 7, _said(high), SIZE, "end"),
             text(LEFT, bottom + 12, _said(left), SIZE),
             text(LEFT + WIDTH, bottom + 12, _said(right), SIZE, "end"),
             text(LEFT + WIDTH / 2, bottom + 12, across.label, SIZE, "middle"),
             text(LEFT, TOP - 7, up.label, SIZE)]
    line = _path(_place(x[chosen], left, right, across) * WIDTH + LEFT,
                 bottom - _place(y[chosen], low, high, up) * HEIGHT)
    parts = [frame, *words, f'<path d="{line}" fill="none" stroke="{escape(LINE)}" stroke-width="2" '
             f'stroke-linejoin="round"/>']
    told = f"{up.label} over {across.label.lower()}: " + (
        f"from {_said(y[0])} to {_said(y[-1])}" if len(y) else "empty")
    if mark is not None:
        a = float(_place(np.array(mark[0]), left, right, across)) * WIDTH + LEFT
        b = bottom - float(_place(np.array(mark[1]), low, high, up)) * HEIGHT
        parts.append(f'<circle cx="{a:.1f}" cy="{b:.1f}" r="5" fill="{escape(HERE)}" stroke="currentColor"/>')
        told += f"; marked at {_said(mark[0])}: {_said(mark[1])}"
    return svg(LEFT + WIDTH + 6, bottom + 17, told, *parts)


def _said(value: float) -> str:
    """A number with 3 digits, without trailing zeros; `–` for NaN."""
    return f"{value:.3g}" if np.isfinite(value) else "–"


def _ends(values: np.ndarray, axis: PictureAxis) -> tuple[float, float]:
    """The numbers at both ends of an axis; different, and positive if it is logarithmic."""
    usable = values[np.isfinite(values) & ((values > 0) | (not axis.log))]
    low = axis.low if axis.low is not None else float(usable.min(initial=np.inf))
    high = axis.high if axis.high is not None else float(usable.max(initial=-np.inf))
    if not np.isfinite([low, high]).all():
        low, high = (1e-3, 1.0) if axis.log else (0.0, 1.0)
    if high <= low:
        low, high = (low / 2, low * 2) if axis.log else (min(low, 0.0), low + (abs(low) or 1.0))
    return low, high


def _place(values: np.ndarray, low: float, high: float, axis: PictureAxis) -> np.ndarray:
    """Positions of values between the ends, 0 to 1; NaN outside and for NaN."""
    with np.errstate(all="ignore"):
        if axis.log:
            values, low, high = np.log(values), float(np.log(low)), float(np.log(high))
        share = (values - low) / (high - low)
    return np.where((share >= -1e-6) & (share <= 1 + 1e-6), share, np.nan)


def _path(across: np.ndarray, down: np.ndarray) -> str:
    """A line through the points, with gaps at NaN."""
    parts, drawing = [], False
    for a, b in zip(across, down, strict=True):
        there = bool(np.isfinite(a) and np.isfinite(b))
        if there:
            parts.append(f"{'L' if drawing else 'M'}{a:.1f} {b:.1f}")
        drawing = there
    return "".join(parts)
