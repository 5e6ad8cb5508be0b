"""Searches: many trials as one program against `keras.fit` for each, and against our own runs in a row.

`python -m benchmarks.sweep`. The engine alone, in this process, without pages or workers.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from statistics import median
from typing import Any

import numpy as np

from benchmarks.networks import CONTESTANTS
from benchmarks.report import Report, ReportTable, arguments
from benchmarks.subjects import IRIS, fresh_environment
from core.datasets.splits import split
from core.runs.config import RunConfig
from core.runs.controls import ControlsMailbox
from core.settings import Settings, from_environment
from core.studies.events import GroupBegan
from core.studies.grouping import groups
from core.studies.study import Member

RATES = np.geomspace(1e-4, 1.0, 16)


def seconds(call: Callable[[], Any]) -> float:
    """How long `call` takes."""
    began = time.perf_counter()
    call()
    return time.perf_counter() - began


def iris_trials(trials: int, epochs: int) -> list[RunConfig]:
    """The MLP on Iris: learning rate x seed."""
    return [IRIS.replaced(epochs=epochs, learning_rate=float(RATES[number % 16]), seed=number // 16)
            for number in range(trials)]


def mnist_trials(trials: int) -> list[RunConfig]:
    """The MLP 128 on MNIST for an epoch, by its learning rate."""
    network = CONTESTANTS["mlp-mnist"].config
    return [network.replaced(epochs=1, learning_rate=float(rate))
            for rate in np.geomspace(1e-4, 1e-1, trials)]


def search(configs: list[RunConfig], settings: Settings) -> set[str]:
    """Train all trials; the ways that they were trained."""
    from core.training.studies.training import train
    from core.training.studies.warm_states import Standings
    members, ways = [Member(config) for config in configs], set()
    for numbers in groups(members, range(len(members))):
        group = {number: members[number] for number in numbers}
        for event in train("study", group, configs[0].epochs, settings, lambda: False, Standings()):
            if isinstance(event, GroupBegan):
                ways.add(event.way)
    return ways


def alone(config: RunConfig, settings: Settings) -> None:
    """One trial as a run of its own."""
    from core.training.fit import fit
    for _ in fit(config, split(config.data, config.preparation), ControlsMailbox(), settings):
        pass


def by_keras(config: RunConfig) -> None:
    """One trial as a notebook has it: a new model, compiled and fitted."""
    import keras
    data = split(config.data, config.preparation)
    model = keras.Sequential([keras.Input(config.data.shape)] + [
        keras.layers.Dense(units, activation=config.activation)
        for units in config.architecture_parameters["hidden_units"]] + [
        keras.layers.Dense(config.data.units, activation="softmax")])
    model.compile(keras.optimizers.Adam(config.learning_rate), "sparse_categorical_crossentropy",
                  metrics=["accuracy"])
    model.fit(data.x_train, data.y_train, config.batch_size, config.epochs, verbose=0,
              validation_data=(data.x_validation, data.y_validation))


@contextmanager
def without_disk_cache() -> Iterator[None]:
    """JAX as a notebook has it: what was compiled is not kept on disk."""
    import jax
    from jax.experimental.compilation_cache import compilation_cache
    jax.config.update("jax_enable_compilation_cache", False)
    compilation_cache.reset_cache()  # which asks only once whether it is wanted
    try:
        yield
    finally:
        jax.config.update("jax_enable_compilation_cache", True)
        compilation_cache.reset_cache()


def iris_table(trials: int, epochs: int, calls: int, settings: Settings) -> ReportTable:
    """All trials on Iris, cold and warm, against `keras.fit` for each."""
    configs = iris_trials(trials, epochs)
    cold = seconds(lambda: search(configs, settings))
    by_keras(configs[0])
    theirs: list[float] = []
    cached: list[float] = []
    warm: list[float] = []
    for number in range(calls):
        config = configs[number * 16 % trials]
        with without_disk_cache():
            theirs.append(seconds(lambda config=config: by_keras(config)))
        cached.append(seconds(lambda config=config: by_keras(config)))
        warm.append(seconds(lambda: search(configs, settings)))
    notebook, lent = (trials * median(took) for took in (theirs, cached))
    rows = [(name, ours, notebook, ours / notebook, wanted, lent, ours / lent)
            for name, ours, wanted in (("cold", cold, 1 / 50), ("warm", median(warm), 1 / 200))]
    return ReportTable(f"{trials} trials of the Iris MLP, {epochs} epochs",
                 ("", "ours (s)", "keras.fit (s)", "ratio", "wanted at most", "keras.fit, our disk cache (s)",
                  "ratio"), tuple(rows),
                 f"keras.fit: medians of {calls} calls, in turns with ours, times {trials}; a first call, "
                 "which compiles most, is left out. Each compiles its own model, as in a notebook; with the "
                 "disk cache that our workers have, it reads what an earlier one compiled. Cold: nothing "
                 "compiled, an empty disk cache.")


def mnist_table(trials: int, turns: int, settings: Settings) -> ReportTable:
    """Trials on MNIST, together or side by side, against runs one after another."""
    configs = mnist_trials(trials)
    ways = search(configs, settings)
    alone(configs[0], settings)
    ours, theirs = [], []
    for _ in range(turns):
        ours.append(seconds(lambda: search(configs, settings)))
        theirs.append(seconds(lambda: [alone(config, settings) for config in configs]))
    ratio = median(own / other for own, other in zip(ours, theirs, strict=True))
    return ReportTable(f"{trials} trials of the MLP 128 on MNIST, an epoch",
                 ("way", "ours (s)", "in a row (s)", "ratio", "wanted at most"),
                 ((", ".join(sorted(ways)), median(ours), median(theirs), ratio, 0.8),),
                 "Everything compiled before.")


def main() -> None:
    """Print the ratios."""
    parser = arguments("Searches against single runs.")
    parser.add_argument("--trials", type=int, default=256)
    parser.add_argument("--epochs", type=int, default=50)
    parser.add_argument("--calls", type=int, default=7)
    parser.add_argument("--mnist-trials", type=int, default=16, help="0 leaves MNIST out")
    parser.add_argument("--turns", type=int, default=2)
    chosen = parser.parse_args()
    report = Report("sweep")
    with fresh_environment():
        settings = from_environment()
        import core.training.studies.training  # noqa: F401
        report.add(iris_table(chosen.trials, chosen.epochs, chosen.calls, settings))
        if chosen.mnist_trials:
            report.add(mnist_table(chosen.mnist_trials, chosen.turns, settings))
    report.keep(chosen.json)


if __name__ == "__main__":
    main()
