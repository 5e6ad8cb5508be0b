"""A trained network as a .keras file that opens anywhere: it contains only Keras's own layers."""

import tempfile
from collections.abc import Sequence
from pathlib import Path

import keras
import numpy as np

from core.catalog.losses import LOSSES
from core.runs.config import RunConfig
from core.training.model import keras_model


def saved_model(config: RunConfig, weights: Sequence[np.ndarray]) -> bytes:
    """The network as the bytes of a .keras file, without its optimizer.

    For classes, an activation after the logits makes it return probabilities. weights: the trainable ones,
    then the others, as in `Finished.weights`.
    """
    model = keras_model(config, weights)
    if config.data.classes or LOSSES[config.loss].pixels:
        ends = keras.layers.Activation(LOSSES[config.loss].probabilities, name="probabilities")
        model = keras.Model(model.inputs, ends(model.outputs[0]), name="network")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.keras"
        model.save(path)
        return path.read_bytes()
