"""Training speed beside `keras.fit` on the same JAX, in turns within one process.

`python -m benchmarks.training`. One epoch of the tutorial network on MNIST at batch 32; both are
compiled before anything is timed.
"""

import time
from dataclasses import replace
from typing import Any

import numpy as np

from benchmarks.report import Report, Table, arguments, spread
from benchmarks.subjects import MNIST_CNN, fresh_environment
from core.commands import ControlPanel
from core.datasets import Split
from core.datasets.splitting import split
from core.results import Finished, Progress
from core.settings import Settings, from_environment


def ours(data: Split, settings: Settings) -> tuple[float, float]:
    """Seconds of one epoch in `fit`: all of it, live and last evaluation included, and training alone."""
    from core.training.fit import fit
    began, training = time.monotonic(), 0.0
    for event in fit(MNIST_CNN, data, ControlPanel(), settings):
        if isinstance(event, Finished):
            training = event.seconds
    return time.monotonic() - began, training


def warm(data: Split, settings: Settings) -> None:
    """Compile our program: an epoch is left after its first steps."""
    from core.training.fit import fit
    events = fit(MNIST_CNN, data, ControlPanel(), settings)
    for event in events:
        if isinstance(event, Progress):
            break
    events.close()


def keras_model() -> Any:
    """The same network as a Keras user writes it."""
    import keras
    layers = keras.layers
    model = keras.Sequential([
        keras.Input((28, 28, 1)),
        layers.Conv2D(32, 3, activation="relu"), layers.MaxPooling2D(2),
        layers.Conv2D(64, 3, activation="relu"), layers.MaxPooling2D(2),
        layers.Flatten(), layers.Dense(64, activation="relu"), layers.Dense(10)])
    model.compile(keras.optimizers.Adam(0.001),
                  keras.losses.SparseCategoricalCrossentropy(from_logits=True), metrics=["accuracy"])
    return model


def theirs(model: Any, data: Split, x: np.ndarray) -> float:
    """Seconds of one epoch in `keras.fit`."""
    began = time.monotonic()
    model.fit(x, data.y_train, batch_size=MNIST_CNN.batch_size, epochs=1, verbose=0)
    return time.monotonic() - began


def main() -> None:
    """Let the two take turns and print their medians and the ratio."""
    parser = arguments("Training speed beside keras.fit on JAX.")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--examples", type=int, default=60000, help="of the epoch")
    chosen = parser.parse_args()
    report = Report("training")
    with fresh_environment():
        settings, whole = from_environment(), split("mnist", 0, 0.0)
        data = replace(whole, x_train=whole.x_train[:chosen.examples],
                       y_train=whole.y_train[:chosen.examples])
        x = data.x_train.astype(np.float32) * data.scale
        warm(data, settings)
        model = keras_model()
        model.fit(x[:320], data.y_train[:320], batch_size=MNIST_CNN.batch_size, epochs=1, verbose=0)
        own, keras_seconds = [], []
        for _ in range(chosen.rounds):
            own.append(ours(data, settings))
            keras_seconds.append(theirs(model, data, x))
    steps = -(-chosen.examples // MNIST_CNN.batch_size)
    measured = (("playground, with live evaluation", [seconds for seconds, _ in own]),
                ("playground, training alone", [seconds for _, seconds in own]),
                ("keras.fit on JAX", keras_seconds))
    slowest = spread(keras_seconds)[0]
    report.add(Table(
        "MNIST CNN 32-64, batch 32, one epoch", ("loop", "median (s)", "least (s)", "most (s)", "ms a step",
                                                 "keras.fit takes times"),
        tuple((name, *spread(seconds), 1000 * spread(seconds)[0] / steps, slowest / spread(seconds)[0])
              for name, seconds in measured),
        f"{chosen.rounds} rounds in turns, {steps} steps each, no validation; "
        "live evaluation includes the whole test set at the end."))
    report.keep(chosen.json)


if __name__ == "__main__":
    main()
