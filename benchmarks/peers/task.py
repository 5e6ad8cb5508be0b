"""What a peer is asked to train, as it travels to its process."""

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np


@dataclass(frozen=True)
class Task:
    """A network and how to train it, with Adam.

    layers: the hidden layers in Keras's own names; a Dense layer of `classes` logits follows.
    data: an npz file with x of any type, `scale` to be multiplied with, and y int32 (n,).
    """

    layers: list[dict[str, Any]]
    classes: int
    batch_size: int
    learning_rate: float
    data: str

    def stack(self) -> list[dict[str, Any]]:
        """All layers, the last one too."""
        return [*self.layers, {"class_name": "Dense", "config": {"units": self.classes}}]

    def arrays(self) -> tuple[np.ndarray, np.ndarray]:
        """x: float32 (n, ...), scaled; y: int32 (n,)."""
        with np.load(self.data) as found:
            return found["x"].astype(np.float32) * np.float32(found["scale"]), found["y"]


class Loop(Protocol):
    """One framework's usual way to train a task, made from it.

    parameters: trained numbers, counted as Keras counts them. examples: how many there are.
    """

    parameters: int
    examples: int

    def train(self, epochs: int, examples: int) -> tuple[float, float]:
        """Go on for some epochs over the first examples; mean loss and accuracy of the last epoch."""
        ...
