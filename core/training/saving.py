"""A trained network as a file that Keras opens anywhere: of Keras's own layers only."""

import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from core.config import RunConfig
from core.training.model import plain_model


def saved_model(config: RunConfig, weights: Sequence[np.ndarray]) -> bytes:
    """The network as the bytes of a .keras file, without its optimizer.

    weights: the trainable ones, then the others, as `Finished.weights` has them.
    """
    model = plain_model(config)
    trainable = len(model.trainable_variables)
    for variable, value in zip(model.trainable_variables, weights[:trainable], strict=True):
        variable.assign(value)
    for variable, value in zip(model.non_trainable_variables, weights[trainable:], strict=True):
        variable.assign(value)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.keras"
        model.save(path)
        return path.read_bytes()
