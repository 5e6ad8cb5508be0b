"""`keras.fit`, on the backend that KERAS_BACKEND names."""

import keras

from benchmarks.peers.task import Task


class KerasLoop:
    """The network as a Keras user writes it, of Keras's own layers, trained by `fit`."""

    def __init__(self, task: Task):
        self._x, self._y = task.arrays()
        self._batch_size, self.examples = task.batch_size, len(self._y)
        self.model = keras.Sequential([
            keras.Input(self._x.shape[1:]),
            *(getattr(keras.layers, layer["class_name"])(**layer["config"]) for layer in task.stack())])
        self.model.compile(keras.optimizers.Adam(task.learning_rate),
                           keras.losses.SparseCategoricalCrossentropy(from_logits=True), metrics=["accuracy"])
        self.parameters: int = self.model.count_params()

    def train(self, epochs: int, examples: int) -> tuple[float, float]:
        """See `task.Loop`. `fit` shuffles before every epoch by itself."""
        history = self.model.fit(self._x[:examples], self._y[:examples], batch_size=self._batch_size,
                                 epochs=epochs, verbose=0).history
        return float(history["loss"][-1]), float(history["accuracy"][-1])
