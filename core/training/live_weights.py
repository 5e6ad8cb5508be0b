"""The weights that leave a worker: of a small network with each evaluation, of a larger one seldom."""

import time
from collections.abc import Callable, Iterator

import numpy as np

from core.runs.config import RunConfig
from core.runs.dense_steps import weights_travel
from core.runs.events import MomentWeights
from core.runs.moments import MOST_WEIGHTS
from core.training.program import Program, State

# Weights of networks up to this size are sent home, for saving and for regions over other features.
WEIGHT_BYTES = 4 * 2**20
# The share of a run's moments that weights may take, and least seconds between two that pauses cause.
MOMENT_SHARE, PAUSE_SECONDS = 0.75, 1.0


def live_weights(config: RunConfig) -> Callable[[State], tuple[np.ndarray, ...] | None]:
    """A function that copies the weights out of a state, or returns None if they do not travel.

    They are float32, in the order of `core.runs.dense_steps.weight_names`. Dropout's random seeds, which
    Keras counts among the weights, are left out. Copies, because the next call reuses the state's memory.
    """
    if not weights_travel(config):
        return lambda state: None
    return _floating


def _floating(state: State) -> tuple[np.ndarray, ...]:
    return tuple(np.array(value, np.float32) for value in (*state.trainable, *state.non_trainable)
                 if np.issubdtype(value.dtype, np.floating))


class WeightSender:
    """Sends the weights of a network that is too large to send them with each evaluation, now and then.

    After as many as the page keeps, it sends half as often: the page drops every other one (see
    `core.runs.moments`). So a run sends few, however long it is, and they are evenly spread.

    Args:
        most_bytes: of the moments of a run.
    """

    def __init__(self, config: RunConfig, program: Program, most_bytes: int):
        room = int(MOMENT_SHARE * most_bytes) // max(1, 4 * program.parameters)
        self.room = 0 if weights_travel(config) else min(MOST_WEIGHTS, room)
        self._evaluations, self._sent, self._every, self._last = 0, 0, 1, -PAUSE_SECONDS

    def evaluated(self, state: State, step: int) -> Iterator[MomentWeights]:
        """What to send after an evaluation."""
        due = self.room and self._evaluations % self._every == 0
        self._evaluations += 1
        if due:
            yield MomentWeights(step, _floating(state))
            self._sent += 1
            if self._sent == self.room:
                self._sent, self._every = self.room // 2, 2 * self._every

    def paused(self, state: State, step: int) -> Iterator[MomentWeights]:
        """What to send when the learner pauses, who may want to go on from there."""
        if self.room and time.monotonic() - self._last >= PAUSE_SECONDS:
            self._last = time.monotonic()
            yield MomentWeights(step, _floating(state))


def last_weights(program: Program, state: State) -> tuple[np.ndarray, ...] | None:
    """All weights for `Finished.weights`; None if there are too many to send."""
    if program.parameters * 4 > WEIGHT_BYTES:
        return None
    return tuple(np.asarray(values) for values in (*state.trainable, *state.non_trainable))
