"""Early stopping: ends a run when the validation loss no longer falls, and restores the best weights."""

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any


@dataclass
class EarlyStopping:
    """Same as `keras.callbacks.EarlyStopping(patience=..., restore_best_weights=True)` on `val_loss`.

    Attributes:
        patience: epochs without a lower validation loss after which the run ends; 0 for never.
        epoch: the epoch with the lowest loss so far; 0 before the first.
        weights: the weights at the end of that epoch.
    """

    patience: int
    loss: float = math.inf
    epoch: int = 0
    waited: int = 0
    weights: list[Any] = field(default_factory=list)

    def see(self, epoch: int, val_loss: float | None, weights: Callable[[], list[Any]]) -> None:
        """Take note of an epoch's end. weights: makes a copy of the network's weights."""
        if not self.patience or val_loss is None:
            return
        self.waited += 1
        if not self.weights or val_loss < self.loss:
            self.loss, self.epoch, self.waited, self.weights = val_loss, epoch, 0, weights()

    @property
    def over(self) -> bool:
        """Whether the run ends here."""
        return bool(self.patience) and self.waited >= self.patience

    @property
    def message(self) -> str:
        """The message for the learner once the run is over."""
        if not self.weights:
            return ""
        return (f"Stopped early: the validation loss was lowest ({self.loss:.4g}) after epoch {self.epoch} "
                f"and has not improved in the {self.waited} epochs since. The run goes back to the weights "
                f"of epoch {self.epoch}.")
