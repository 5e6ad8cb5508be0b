"""`keras.fit`, on the backend that KERAS_BACKEND names."""

from collections.abc import Callable, Mapping
from typing import Any

import keras

from benchmarks.peers.task import Task


def _placed(config: Mapping[str, Any], words: Any) -> Any:
    """A row for each word, plus one for its place in the sentence, counted from 1; 0 is padding."""
    places = keras.ops.cumsum(keras.ops.ones_like(words), axis=1)
    places = places * keras.ops.cast(keras.ops.not_equal(words, 0), words.dtype)
    own = {"output_dim": config["output_dim"], "mask_zero": config["mask_zero"]}
    return keras.layers.Add()([keras.layers.Embedding(config["input_dim"], **own)(words),
                               keras.layers.Embedding(config["length"] + 1, **own)(places)])


def _attention(config: Mapping[str, Any], x: Any) -> Any:
    """A layer of a transformer's encoder."""
    read = keras.layers.Rescaling(1.0)(x)  # attention takes the mask off what it reads
    y = keras.layers.MultiHeadAttention(config["num_heads"], config["key_dim"])(read, read)
    x = keras.layers.LayerNormalization()(keras.layers.Add()([y, x]))
    y = keras.layers.Dense(config["units"], activation=config["activation"])(x)
    y = keras.layers.Dense(config["channels"])(y)
    return keras.layers.LayerNormalization()(keras.layers.Add()([y, x]))


BLOCKS: dict[str, Callable[[Mapping[str, Any], Any], Any]] = {
    "PlacedEmbedding": _placed, "AttentionBlock": _attention}


class KerasLoop:
    """The network as a Keras user writes it, of Keras's own layers, trained by `fit`."""

    def __init__(self, task: Task):
        self._x, self._y = task.arrays()
        self._batch_size, self.examples = task.batch_size, len(self._y)
        outputs = inputs = keras.Input(self._x.shape[1:], dtype=self._x.dtype.name)
        for layer in task.stack():
            name, config = layer["class_name"], layer["config"]
            made = BLOCKS.get(name)
            outputs = made(config, outputs) if made else getattr(keras.layers, name)(**config)(outputs)
        self.model = keras.Model(inputs, outputs)
        loss = "mse" if task.reconstructs else keras.losses.SparseCategoricalCrossentropy(from_logits=True)
        metric = keras.metrics.RootMeanSquaredError(name="metric") if task.reconstructs else \
            keras.metrics.SparseCategoricalAccuracy(name="metric")
        self.model.compile(keras.optimizers.Adam(task.learning_rate), loss, metrics=[metric])
        self.parameters: int = self.model.count_params()

    def train(self, epochs: int, examples: int) -> tuple[float, float]:
        """See `task.Loop`. `fit` shuffles before every epoch by itself."""
        history = self.model.fit(self._x[:examples], self._y[:examples], batch_size=self._batch_size,
                                 epochs=epochs, verbose=0).history
        return float(history["loss"][-1]), float(history["metric"][-1])
