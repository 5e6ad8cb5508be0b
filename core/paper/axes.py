"""Empty axes, to draw curves on with a pencil."""

from core.charts.pictures import text
from core.paper.html import Html

WIDTH, HEIGHT, LEFT, BOTTOM = 520, 150, 44, 26
STEPS = 4


def empty_axes(across: str, up: str, top: float) -> Html:
    """Axes without a curve: a grid, and numbers on the left from 0 to `top`. across, up: the axes' names."""
    right, low = LEFT + WIDTH, 14 + HEIGHT
    rules, numbers = [], []
    for step in range(STEPS + 1):
        y, x = low - HEIGHT * step / STEPS, LEFT + WIDTH * step / STEPS
        rules.append(f"M{LEFT} {y:g}H{right}M{x:g} 14V{low}")
        numbers.append(text(LEFT - 6, y + 4, f"{top * step / STEPS:g}", 11, "end"))
    return Html(
        f'<svg class="axes" viewBox="0 0 {right + 8} {low + BOTTOM}" role="img" '
        f'aria-label="Axes to draw on"><path d="{"".join(rules)}" stroke="#c8ccd4" fill="none"/>'
        f'<path d="M{LEFT} 14V{low}H{right}" stroke="#333" stroke-width="1.5" fill="none"/>'
        f'{"".join(numbers)}{text(LEFT, 10, up, 11)}{text(right, low + 18, across, 11, "end")}'
        f'{text(LEFT, low + 18, "0", 11, "middle")}</svg>')
