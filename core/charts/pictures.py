"""Small SVG pictures: the shape of an activation, a dataset's thumbnail, its class balance.

Each function returns HTML on one line, a `<div>` around an `<svg>` that fills its width, for
`st.markdown(..., unsafe_allow_html=True)`; `st.html` would drop the SVG. Lines and text take the page's text
colour (currentColor), so one picture serves the light and the dark theme.
"""

import base64
import io
from collections.abc import Sequence
from html import escape

import numpy as np

from core.catalog.activations import Activation, slope
from core.charts.style import ERROR, short

# Most dots of a scatter plot: more would only hide each other.
MOST_POINTS = 300
# Width of a letter, in font sizes; wide enough for everything but capitals.
LETTER = 0.58
# Most letters of names that a learner may have chosen.
MOST_LETTERS = 34
# The frame of a scatter plot and of a line.
_LEFT, _TOP, _WIDTH, _HEIGHT = 18.0, 4.0, 190.0, 120.0


def activation_plot(activation: Activation, color: str = "currentColor") -> str:
    """The activation over -4..4, solid, and its slope, dashed; on one scale for all activations.

    color: the function's line; the slope has the text's colour.
    """
    unit, left, top, high = 20.0, 16.0, 4.0, 4.3
    x = np.linspace(-4, 4, 161)

    def line(y: np.ndarray, style: str) -> str:
        inside = (y >= -2.05) & (y <= high)
        points = " ".join(f"{left + (a + 4) * unit:.1f},{top + (high - b) * unit:.1f}"
                          for a, b in zip(x[inside], y[inside], strict=True))
        return f'<polyline points="{points}" fill="none" {style}/>'

    zero_x, zero_y, bottom = left + 4 * unit, top + high * unit, top + (high + 2.05) * unit
    axes = (f'<path d="M{left:g} {zero_y:g}H{left + 8 * unit:g}M{zero_x:g} {top:g}V{bottom:g}" '
            f'stroke="currentColor" opacity="0.4" fill="none"/>')
    # At the bottom, where no curve runs through them.
    labels = [text(left + (value + 4) * unit, bottom + 9, f"{value}", 8, "middle")
              for value in (-4, -2, 0, 2, 4)]
    labels += [text(zero_x - 4, top + (high - value) * unit + 3, f"{value}", 8, "end")
               for value in (-2, 2, 4)]
    key_y = bottom + 23
    key = (f'<path d="M{left:g} {key_y - 3:g}h18" stroke="{escape(color)}" stroke-width="2.2"/>'
           f'<path d="M{left + 90:g} {key_y - 3:g}h18" stroke="currentColor" stroke-width="1.3" '
           f'stroke-dasharray="4 3"/>'
           + text(left + 22, key_y, activation.name, 9) + text(left + 112, key_y, "its slope", 9))
    return svg(left + 8 * unit + 12, key_y + 5,
                f"{activation.name}, solid, and its slope, dashed, from -4 to 4",
                axes, *labels, key,
                line(slope(activation.function, x), 'stroke="currentColor" stroke-width="1.3" '
                                                    'stroke-dasharray="4 3"'),
                line(activation.function(x), f'stroke="{escape(color)}" stroke-width="2.2"'))


def class_balance(names: Sequence[str], counts: Sequence[int], colors: Sequence[str]) -> str:
    """One horizontal bar per class, with its count; the longest bar fills the width."""
    size, row, width = 11, 17, 300.0
    begin = 8 + size * LETTER * max((len(short(name, MOST_LETTERS)) for name in names), default=0)
    end = width - size * LETTER * max((len(f"{count:,}") for count in counts), default=0) - 8
    most = max(max(counts, default=0), 1)
    parts = []
    for place, (name, count) in enumerate(zip(names, counts, strict=True)):
        y, length = place * row, (end - begin) * count / most
        color = escape(colors[place % len(colors)])
        parts += [text(begin - 6, y + 12, name, size, "end", MOST_LETTERS),
                  f'<rect x="{begin:.1f}" y="{y + 3}" width="{length:.1f}" height="11" rx="2" '
                  f'fill="{color}"/>',
                  text(begin + length + 5, y + 12, f"{count:,}", size)]
    told = ", ".join(f"{name} {count}" for name, count in zip(names, counts, strict=True))
    return svg(width, max(row * len(counts), 1), f"Examples of each class: {told}", *parts)


def scatter(x: np.ndarray, y: np.ndarray, classes: np.ndarray, colors: Sequence[str], x_label: str,
            y_label: str) -> str:
    """A table's examples over two of its features, coloured by class; at most `MOST_POINTS`.

    x, y: float (n,), in the features' own units, or the target of a regression. classes: int (n,), index of
    each example's class; all the same if there are none.
    """
    told = f"{y_label} over {x_label}" + (", coloured by class" if len(np.unique(classes)) > 1 else "")
    if not len(x):
        return _framed(told, x_label, y_label,
                       text(_LEFT + _WIDTH / 2, _TOP + _HEIGHT / 2, "No examples", 11, "middle"))
    chosen = _thinned(len(x))
    across, down = _placed(x[chosen], y[chosen])
    dots = []
    for label in map(int, np.unique(classes[chosen])):
        # A line of length zero with round ends is a dot: one path per class instead of many circles.
        mine, color = classes[chosen] == label, escape(colors[label % len(colors)])
        path = "".join(f"M{a:.1f} {b:.1f}h0" for a, b in zip(across[mine], down[mine], strict=True))
        dots.append(f'<path d="{path}" stroke="{color}" stroke-width="4.5" '
                    f'stroke-linecap="round" opacity="0.9" fill="none"/>')
    return _framed(told, x_label, y_label, *dots)


def series_line(values: np.ndarray, color: str, x_label: str, y_label: str) -> str:
    """A series' values in order, at most `MOST_POINTS` of them.

    values: float (steps,), in their own units.
    """
    chosen = _thinned(len(values))
    across, down = _placed(chosen.astype(float), values[chosen])
    points = " ".join(f"{a:.1f},{b:.1f}" for a, b in zip(across, down, strict=True))
    return _framed(f"{y_label} over {x_label}", x_label, y_label,
                   f'<polyline points="{points}" fill="none" stroke="{escape(color)}" stroke-width="1.5"/>')


def image_strip(images: np.ndarray, labels: Sequence[str], told: str = "One example of each",
                row: int = 10) -> str:
    """Thumbnails with labels below, at most `row` in a row, with sharp square pixels.

    images: uint8 (n, height, width) or (n, height, width, 3), with one label each. told: what they are, for
    screen readers, which read it before the labels.
    """
    gap, size = 4, 10
    # Long names need wide images.
    row = min(row, 10 if max(map(len, labels), default=0) * LETTER * size <= 30 + gap else 5)
    side, columns = 30 if row > 5 else 64, max(min(len(images), row), 1)
    parts = []
    for place, (image, label) in enumerate(zip(images, labels, strict=True)):
        left, top = place % columns * (side + gap), place // columns * (side + gap + size + 4)
        parts += [f'<image x="{left}" y="{top}" width="{side}" height="{side}" '
                  f'style="image-rendering:pixelated" href="{png(image)}"/>',
                  text(left + side / 2, top + side + size + 1, label, size, "middle")]
    rows = max(-(-len(images) // columns), 1)
    return svg(columns * (side + gap) - gap, rows * (side + gap + size + 4),
                f"{told}: {', '.join(labels)}", *parts)


def png(image: np.ndarray) -> str:
    """An image, uint8 (height, width) greys or (height, width, 3), as the data URI of a PNG."""
    from PIL import Image

    buffer = io.BytesIO()
    Image.fromarray(image).save(buffer, "PNG")
    return "data:image/png;base64," + base64.b64encode(buffer.getvalue()).decode("ascii")


def two_lines(first: np.ndarray, second: np.ndarray) -> str:
    """Two series on one scale, float (n,) each, the second dashed in the colour of errors: the data URI of an
    SVG.

    An image has no colours of the page, so the first is of a grey that is seen on light and on dark.
    """
    both = np.concatenate([first, second])
    low, span = float(both.min()), float(np.ptp(both)) or 1.0
    lines = "".join(
        '<polyline fill="none" stroke="{}" stroke-width="2" stroke-dasharray="{}" points="{}"/>'.format(
            color, dash, " ".join(f"{3 + 154 * at / max(1, len(values) - 1):.1f},"
                                  f"{57 - 54 * (value - low) / span:.1f}" for at, value in enumerate(values)))
        for values, color, dash in ((first, "#808080", "none"), (second, ERROR, "4 3")))
    drawn = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 160 60">{lines}</svg>'
    return "data:image/svg+xml;base64," + base64.b64encode(drawn.encode()).decode("ascii")


def _thinned(count: int) -> np.ndarray:
    """Indices of at most `MOST_POINTS` points, evenly spaced, with the first and the last."""
    return np.unique(np.linspace(0, max(count - 1, 0), min(MOST_POINTS, count)).round().astype(int))


def _placed(x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Positions of these values in a frame, the highest at the top."""
    return _LEFT + 6 + _unit(x) * (_WIDTH - 12), _TOP + _HEIGHT - 6 - _unit(y) * (_HEIGHT - 12)


def _framed(told: str, x_label: str, y_label: str, *parts: str) -> str:
    """The parts inside a frame of two axes with their names."""
    bottom = _TOP + _HEIGHT
    return svg(_LEFT + _WIDTH + 6, bottom + 18, told,
                f'<path d="M{_LEFT:g} {_TOP:g}V{bottom:g}H{_LEFT + _WIDTH:g}" stroke="currentColor" '
                f'opacity="0.4" fill="none"/>',
                text(_LEFT + _WIDTH / 2, bottom + 12, x_label, 9, "middle", MOST_LETTERS),
                f'<g transform="translate({_LEFT - 7:g} {_TOP + _HEIGHT / 2:g}) rotate(-90)">'
                f'{text(0, 0, y_label, 9, "middle", MOST_LETTERS)}</g>', *parts)


def _unit(values: np.ndarray) -> np.ndarray:
    """`values` shifted and scaled to 0..1; all 0.5 if they are equal."""
    if not len(values):
        return values
    low, spread = values.min(), np.ptp(values)
    return (values - low) / spread if spread else np.full(len(values), 0.5)


def text(x: float, y: float, words: str, size: int, anchor: str = "start", most: int = 200) -> str:
    """Text at a position, in the page's text colour. anchor: which part is at x: start, middle or end.

    most: letters; longer text is cut, and hovering shows all of it.
    """
    drawn = short(words, most)
    whole = "" if drawn == words else f"<title>{escape(words)}</title>"
    return (f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" text-anchor="{anchor}" '
            f'fill="currentColor">{escape(drawn)}{whole}</text>')


def svg(width: float, height: float, label: str, *parts: str) -> str:
    """The whole picture. It shrinks with the page, and grows to at most one and a half times its size."""
    return (f'<div><svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" role="img" '
            f'aria-label="{escape(label)}" style="display:block;width:100%;max-width:{1.5 * width:.0f}px;'
            f'height:auto">{"".join(parts)}</svg></div>')
