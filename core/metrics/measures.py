"""The metric that each task is judged by besides its loss, further results, and how all are written."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from core.formatting import number, percent, rounded, shares


@dataclass(frozen=True)
class Quantity:
    """What a curve shows. The columns are those of `History.steps` and `History.epochs`.

    Attributes:
        hover: Plotly's format for a value.
        falls: whether it gets smaller while a network learns.
        is_share: whether its values are shares of 1.
    """

    name: str
    step_column: int
    epoch_column: int
    validation_column: int
    hover: str
    falls: bool
    is_share: bool = False

    def written(self, values: np.ndarray) -> list[float | None]:
        """Values for a chart; None, which is a gap in a line, for values that are not finite."""
        return shares(values) if self.is_share else rounded(values)


LOSS = Quantity("loss", 2, 1, 3, "%{y:.4~g}", True)
ACCURACY = Quantity("accuracy", 3, 2, 4, "%{y:.1%}", False, True)
ERROR = Quantity("mean absolute error", 3, 2, 4, "%{y:.4~g}", True)

GUESSED = Quantity("words guessed", 3, 2, 4, "%{y:.1%}", False, True)
RECONSTRUCTION = Quantity("reconstruction error", 3, 2, 4, "%{y:.4~g}", True)


@dataclass(frozen=True)
class Measure:
    """The metric of one task.

    Attributes:
        name: at the beginning of a line.
        later: after a word such as "Test".
        quantity: its curve.
        write: formats a value.
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
    "reconstruction": Measure("Error", "error", RECONSTRUCTION, number),
    "guessing": Measure("Guessed", "guessed", GUESSED, percent),
}


@dataclass(frozen=True)
class Further:
    """What the whole test set says besides loss and metric.

    Attributes:
        label: its name on a page.
        write: formats a value.
        help: what it is, for a learner.
        is_share: whether its values are shares of 1, written in percent.
    """

    label: str
    write: Callable[[float], str]
    help: str
    is_share: bool = False


FURTHER: dict[str, Further] = {
    "rmse": Further("RMSE", number, "The root of the mean squared error of the test ratings, in stars: a "
                    "large error counts more than several small ones."),
    "hit_rate": Further("Hit rate at 10", percent, "The share of users whose liked title, kept out of "
                        "training, is among the first 10 recommendations.", True),
    "ndcg": Further("NDCG at 10", number, "Like the hit rate, but a title further down counts less. 1: "
                    "always first."),
    "area": Further("Area under ROC", number, "The chance that an anomaly has a larger error than a normal "
                    "example. 0.5 is guessing."),
}
