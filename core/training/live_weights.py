"""The weights that leave a worker: of a small network with each evaluation, of a larger one at its end."""

from collections.abc import Callable

import numpy as np

from core.runs.config import RunConfig
from core.runs.dense_steps import weights_travel
from core.training.program import Program, State

# Weights of networks up to this size are sent home, for saving and for regions over other features.
WEIGHT_BYTES = 4 * 2**20


def live_weights(config: RunConfig) -> Callable[[State], tuple[np.ndarray, ...] | None]:
    """A function that copies the weights out of a state, or returns None if they do not travel.

    They are float32, in the order of `core.runs.dense_steps.weight_names`. Dropout's random seeds, which
    Keras counts among the weights, are left out. Copies, because the next call reuses the state's memory.
    """
    if not weights_travel(config):
        return lambda state: None
    return lambda state: tuple(np.array(value, np.float32) for value in
                               (*state.trainable, *state.non_trainable)
                               if np.issubdtype(value.dtype, np.floating))


def last_weights(program: Program, state: State) -> tuple[np.ndarray, ...] | None:
    """All weights for `Finished.weights`; None if there are too many to send."""
    if program.parameters * 4 > WEIGHT_BYTES:
        return None
    return tuple(np.asarray(one) for one in (*state.trainable, *state.non_trainable))
