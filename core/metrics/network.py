"""An ended run's answers to its whole test set, or why there are none."""

from dataclasses import dataclass

import numpy as np

from core.errors import UserError
from core.metrics.ranked_items import RankedItems
from core.runs.run import Run

# The most that a worker sends back for one test set. The largest on offer, 10,000 examples of 20 classes, is
# 0.8 MiB.
MOST_BYTES = 2**20
# Weights of larger networks stay on their worker: see `WEIGHT_BYTES` of `core.training.live_weights`.
KEPT_PARAMETERS = 2**20
# Reconstructions that are sent whole.
MOST_WORST = 24


class Unanswered(UserError):
    """There are no answers of the network; the message says why and what to do."""


@dataclass(frozen=True, eq=False)
class Reconstructed:
    """Some test examples and what the network gives back of them, as it sees them: float32 (k, values) each.

    indices: int (k,), which examples, those with the largest errors first.
    """

    indices: np.ndarray
    given: np.ndarray
    made: np.ndarray


@dataclass(frozen=True, eq=False)
class NetworkAnswers:
    """A network's answers to all examples of a test set, in its order.

    outputs: float32 (n, classes), probabilities; or (n, outputs), numbers in the target's units; or (n, 1),
    the error of each reconstruction, as in `core.runs.evaluations.Reconstructions`. losses:
    float32 (n,), the loss of each, as the run counts it: the penalty of its weights added. recursive:
    float32 (n, steps), a series forecast step by step, in the target's units; None of all else. ranked:
    where the liked items of ratings stand; None of all else. worst: of reconstructions; else None.
    """

    outputs: np.ndarray
    losses: np.ndarray
    recursive: np.ndarray | None = None
    ranked: RankedItems | None = None
    worst: Reconstructed | None = None

    @property
    def predicted(self) -> np.ndarray:
        """The class that has the highest probability, int (n,)."""
        return self.outputs.argmax(1)


def refusal(run: Run) -> str:
    """Why the network of `run` cannot be evaluated, and what to do; empty if it can."""
    history = run.history
    if run.active:
        return "This run is still training. Its test set is evaluated when it ends: wait for it, or stop it."
    if history.finished is not None and history.finished.weights is not None:
        return ""
    if run.status == "diverged":
        return ("The loss of this run is no longer a number, so its network cannot make predictions. Lower "
                "the learning rate and train again.")
    if history.compiled is not None and history.compiled.parameters > KEPT_PARAMETERS:
        return (f"This network has {history.compiled.parameters:,} parameters; weights are saved only for "
                f"networks with up to {KEPT_PARAMETERS:,}. Lower the units or filters and train again. You "
                "can still see this run's test results in the Playground.")
    # Of a run that took a step, the weights are there unless it is from the database, or lost its worker.
    if run.status == "finished" or (run.status == "stopped" and history.progress is not None):
        return ("Only the curves and results of this run were kept, not its weights. Train it again: with "
                "the same seed, you get the same network.")
    return ("This run ended before its weights were saved: it was stopped early, or its worker was lost. "
            "Train it again, and let it take at least one step.")


def too_large(examples: int, units: int) -> bool:
    """Whether the answers to this many examples are too large to send."""
    return 4 * examples * (units + 1) > MOST_BYTES
