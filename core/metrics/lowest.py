"""The lowest loss and error that any network can reach, where the noise in the data is known."""

from core.datasets.dataset import Dataset
from core.runs.events import Lowest


def lowest(dataset: Dataset, loss: str, deviation: float) -> Lowest | None:
    """For a run with this loss; None where nobody knows.

    deviation: by which the target was divided, so that the loss sees it.
    """
    floor = dataset.floor() if dataset.floor is not None and dataset.task == "regression" else None
    if floor is None or not floor.rmse > 0:  # without noise, it is the axis
        return None
    losses = {"mse": (floor.rmse / deviation)**2, "mae": floor.mae / deviation}
    return Lowest(losses.get(loss), floor.mae, floor.rmse)
