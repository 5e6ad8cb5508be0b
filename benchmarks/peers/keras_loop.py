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


def _factorization(config: Mapping[str, Any], x: Any) -> Any:
    """The product of a user's and an item's row, plus a bias for each."""
    pairs = ((x[:, 0], config["users"]), (x[:, 1], config["items"]))
    rows = [keras.layers.Embedding(count, config["width"])(numbers) for numbers, count in pairs]
    biases = [keras.layers.Embedding(count, 1)(numbers) for numbers, count in pairs]
    return keras.layers.Add()([keras.layers.Dot(1)(rows), *biases])


BLOCKS: dict[str, Callable[[Mapping[str, Any], Any], Any]] = {
    "PlacedEmbedding": _placed, "AttentionBlock": _attention, "MatrixFactorization": _factorization}
METRICS: dict[str, Callable[..., Any]] = {
    "classes": keras.metrics.SparseCategoricalAccuracy, "numbers": keras.metrics.MeanAbsoluteError,
    "input": keras.metrics.RootMeanSquaredError}


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
        loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True) if task.target == "classes" else \
            "mse"
        self.model.compile(keras.optimizers.Adam(task.learning_rate), loss,
                           metrics=[METRICS[task.target](name="metric")])
        self.parameters: int = self.model.count_params()

    def train(self, epochs: int, examples: int) -> tuple[float, float]:
        """See `task.Loop`. `fit` shuffles before every epoch by itself."""
        history = self.model.fit(self._x[:examples], self._y[:examples], batch_size=self._batch_size,
                                 epochs=epochs, verbose=0).history
        return float(history["loss"][-1]), float(history["metric"][-1])
