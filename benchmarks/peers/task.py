"""What a peer is asked to train, as it travels to its process."""

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np


@dataclass(frozen=True)
class Task:
    """A network and how to train it, with Adam.

    layers: the hidden layers in Keras's own names, and blocks of `core.catalog.layers.graph`; a Dense layer
    of `units` follows. data: an npz file with x of any type, `scale` to be multiplied with, and y. target:
    "classes", y int32 (n,); "numbers", y float32 (n, units); or "input", x itself. The loss is the
    cross-entropy of classes, else the mean squared error.
    """

    layers: list[dict[str, Any]]
    units: int
    batch_size: int
    learning_rate: float
    data: str
    target: str = "classes"

    def stack(self) -> list[dict[str, Any]]:
        """All layers, the last one too."""
        return [*self.layers, {"class_name": "Dense", "config": {"units": self.units}}]

    def arrays(self) -> tuple[np.ndarray, np.ndarray]:
        """x: float32 (n, ...), scaled, or int32 (n, length), numbers of rows in tables; and the targets."""
        with np.load(self.data) as found:
            x = found["x"]
            if x.dtype != np.int32:
                x = x.astype(np.float32) * np.float32(found["scale"])
            return x, x if self.target == "input" else found["y"]


class Loop(Protocol):
    """One framework's usual way to train a task, made from it.

    parameters: trained numbers, counted as Keras counts them. examples: how many there are.
    """

    parameters: int
    examples: int

    def train(self, epochs: int, examples: int) -> tuple[float, float]:
        """Go on for some epochs over the first examples; mean loss and metric of the last epoch.

        The metric is accuracy, mean absolute error, or the root mean squared error of inputs.
        """
        ...
