"""The board where a learner places points by clicking."""

from core.charts.palette import CLASS_COLORS
from core.datasets.custom_points import PointList
from ui.form.drawing import DrawnField

POINTS = DrawnField("points", "points-place", 21, "points")


def draw(parameter: PointList, key: str, disabled: bool = False) -> None:
    """The points under `key`, and buttons that choose the class of the next one."""
    POINTS.draw(parameter, key, disabled, {
        "classes": parameter.classes, "colors": list(CLASS_COLORS), "limit": parameter.limit,
        "most": parameter.most})
