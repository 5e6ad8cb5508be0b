"""What each task is judged by beside its loss, and how that is written; one entry a task."""

from collections.abc import Callable
from dataclasses import dataclass

from core.charts.curves import ACCURACY, ERROR, Quantity
from core.formatting import number, percent


@dataclass(frozen=True)
class Measure:
    """One task's measure. name: at the beginning of a line. later: after a word such as "Test".

    quantity: of its curve. write: a value of it in a few letters.
    """

    name: str
    later: str
    quantity: Quantity
    write: Callable[[float], str]


_ERROR = Measure("MAE", "MAE", ERROR, number)

MEASURES: dict[str, Measure] = {
    "classification": Measure("Accuracy", "accuracy", ACCURACY, percent),
    "regression": _ERROR,
    "forecasting": _ERROR,
}
