"""The drawing of a network's layers, with the shape and the parameter count of each.

HTML on one line, as in `core/charts/pictures.py`: one small `<svg>` per layer, in rows that wrap on a narrow
page, so that the text keeps its size. Lines and text take the page's text colour.
"""

from collections.abc import Sequence
from html import escape
from math import log2, prod

from core.charts.palette import RUN_COLORS
from core.charts.pictures import LETTER

Shape = tuple[int, ...]
# Pixels. A layer's picture stands above its text, and the arrow to the next layer at its right.
TALL, SIDE, GAP, NAME, SMALL = 66.0, 40.0, 22.0, 11.5, 10.5
DEEP, SLIM, THIN = 22.0, 10.0, 4.0  # of a cuboid's depth, of a row of units, the least side of anything


def stack_picture(layers: Sequence[tuple[str, Shape, int | None]], color: str = RUN_COLORS[0]) -> str:
    """The layers in order, the input first, each with name, output shape and number of parameters.

    A layer of shape (height, width, channels) is a block, deeper with more channels; (steps, features) is a
    sheet, as wide as it has steps; (units,) is a row, taller with more of them. Sizes are logarithmic,
    relative to the largest in the stack. parameters: None if there can be none, as in the input. color: for
    layers with parameters.
    """
    sizes = [[shape[place] for _, shape, _ in layers if len(shape) == rank]
             for rank in (1, 2, 3) for place in range(rank)]
    most = [max(extents, default=1) for extents in sizes]
    tiles = [_tile(*layer, most, color, last=place == len(layers) - 1) for place, layer in enumerate(layers)]
    told = "; ".join(f"{name} {size(shape)}" + (f", {_learned(count)}" if count else "")
                     for name, shape, count in layers)
    return (f'<div role="img" aria-label="{escape(f"The layers: {told}")}" '
            f'style="display:flex;flex-wrap:wrap;row-gap:10px;margin-bottom:10px">{"".join(tiles)}</div>')


def size(shape: Shape) -> str:
    """A shape in words: `28 x 28 x 1`."""
    return " x ".join(str(extent) for extent in shape)


def _tile(name: str, shape: Shape, count: int | None, most: Sequence[int], color: str, last: bool) -> str:
    """One layer: its picture, its text, and an arrow to the next one."""
    words = [(name, NAME), (size(shape), SMALL), ("" if count is None else _learned(count), SMALL)]
    wide = max(62.0, *(letters * LETTER * len(text) + 4 for text, letters in words))
    fill, opacity = (escape(color), 0.4) if count else ("currentColor", 0.1)
    style = f'fill="{fill}" fill-opacity="{opacity}"'
    parts = [_body(shape, most, wide / 2, style)]
    parts += [f'<text x="{wide / 2:.1f}" y="{TALL + 14 + 14 * place:.1f}" font-size="{letters}" '
              f'text-anchor="middle" fill="currentColor"{_WEIGHTS[place]}>{escape(text)}</text>'
              for place, (text, letters) in enumerate(words) if text]
    if not last:
        parts.append(f'<path d="M{wide + 3:.1f} {TALL / 2:g}h{GAP - 8:g}m-4 -4l4 4l-4 4" fill="none" '
                     f'stroke="currentColor" opacity="0.6"/>')
    whole, high = wide + (0 if last else GAP), TALL + 48
    return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {whole:.1f} {high:g}" aria-hidden="true" '
            f'width="{whole:.1f}" height="{high:g}" style="display:block;flex:none;max-width:100%">'
            f'{"".join(parts)}</svg>')


_WEIGHTS = (' font-weight="600"', "", ' opacity="0.75"')


def _body(shape: Shape, most: Sequence[int], middle: float, style: str) -> str:
    """The picture of a layer's output, centred on `middle`, within `TALL`. most: see `stack_picture`."""
    style += ' stroke="currentColor" stroke-width="1.1" stroke-linejoin="round"'
    if len(shape) == 3:
        height, width, channels = shape
        # One scale for both sides, so that a square stays a square.
        side = max(most[3], most[4])
        return _block(_part(width, side) * SIDE, _part(height, side) * SIDE,
                      _part(channels, most[5]) * DEEP, middle, style)
    if len(shape) == 2:
        return _sheet(_part(shape[0], most[1]) * SIDE * 1.3, _part(shape[1], most[2]) * SIDE, shape[0],
                      middle, style)
    # A row of units. Other shapes hardly occur in Keras; they are drawn as a row of all their numbers.
    tall = _part(prod(shape), max(most[0], 1)) * (TALL - 4)
    return (f'<rect x="{middle - SLIM / 2:.1f}" y="{(TALL - tall) / 2:.1f}" width="{SLIM:g}" '
            f'height="{tall:.1f}" rx="3" {style}/>')


def _block(width: float, height: float, depth: float, middle: float, style: str) -> str:
    """A cuboid seen from the front, its depth to the upper right."""
    away = depth * 0.6
    x, y = middle - (width + away) / 2, (TALL - height + away) / 2
    return (f'<path d="M{x:.1f} {y:.1f}l{away:.1f} {-away:.1f}h{width:.1f}v{height:.1f}l{-away:.1f} '
            f'{away:.1f}h{-width:.1f}z" {style}/>'
            f'<path d="M{x:.1f} {y:.1f}h{width:.1f}v{height:.1f}m0 {-height:.1f}l{away:.1f} {-away:.1f}" '
            f'fill="none" stroke="currentColor" stroke-width="1.1" stroke-linejoin="round"/>')


def _sheet(width: float, height: float, steps: int, middle: float, style: str) -> str:
    """A rectangle with lines between its steps, as many as can be told apart."""
    x, y, columns = middle - width / 2, (TALL - height) / 2, min(steps, int(width // 5))
    lines = "".join(f"M{x + width * column / columns:.1f} {y:.1f}v{height:.1f}"
                    for column in range(1, columns))
    return (f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" {style}/>'
            f'<path d="{lines}" stroke="currentColor" stroke-width="0.8" opacity="0.5" fill="none"/>')


def _part(count: int, most: int) -> float:
    """The drawn size of `count` relative to `most`, from a small share to 1."""
    least = THIN / SIDE
    return least + (1 - least) * log2(1 + max(count, 0)) / log2(1 + max(most, count, 1))


def _learned(count: int) -> str:
    return f"{count:,} parameter{'s' * (count > 1)}" if count else "no parameters"
