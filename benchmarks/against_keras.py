"""Random configurations beside Keras's own `train_on_batch`: the weights after a few steps.

`python -m benchmarks.against_keras --configurations 40 --seed 1`. Draws data, architecture, activation,
initializer, optimizer, loss, penalties, clipping, schedule, class weights and batch size, and trains three
steps from the same first weights. Layers that draw random numbers are left out: Keras draws others.
"""

import time
from typing import Any

import numpy as np

from benchmarks.report import Cell, Report, ReportTable, arguments
from benchmarks.subjects import fresh_environment
from core.catalog.activations import ACTIVATIONS
from core.catalog.architectures import ARCHITECTURES
from core.catalog.initializers import INITIALIZERS
from core.catalog.losses import LOSSES
from core.catalog.optimizers import OPTIMIZERS
from core.catalog.schedules import SCHEDULES
from core.datasets.splits import split
from core.parameters import FieldError
from core.runs.config import RunConfig

STEPS = 3
DATASETS = ("iris", "wine", "breast_cancer", "digits", "moons", "diabetes", "sine", "sines")
SMALL: dict[str, dict[str, Any]] = {
    "mlp": {"hidden_units": (12, 7)}, "cnn": {"filters": (5, 6), "dense_units": (9,)}, "rnn": {"units": 6},
    "vgg": {"filters": (4, 6), "dense_units": (8,)}, "resnet": {"filters": (4, 6)},
    "cnn1d": {"filters": (5,), "dense_units": (6,)}, "transformer": {"units": 6}}
RANDOM = {"Dropout", "SpatialDropout2D", "GaussianNoise"}
# Relative to the largest change of a weight. Rounding alone makes less of a difference.
WRONG = 1e-3
BOUNDS = (1e-5, 1e-4, WRONG)
NOTE = (f"After {STEPS} steps, relative to the largest change of any weight. Above {WRONG:g} something is "
        "wrong.")


def drawn(random: np.random.Generator) -> RunConfig:
    """A configuration that fits."""
    def pick(values: Any) -> Any:
        values = list(values)
        return values[random.integers(len(values))]

    while True:
        dataset, architecture, optimizer = pick(DATASETS), pick(ARCHITECTURES), pick(OPTIMIZERS)
        try:
            task = RunConfig(dataset=dataset).data.task
            config = RunConfig(
                dataset=dataset, architecture=architecture, activation=pick(ACTIVATIONS), optimizer=optimizer,
                architecture_parameters=SMALL.get(architecture, {}), initializer=pick(INITIALIZERS),
                learning_rate=OPTIMIZERS[optimizer].learning_rate, schedule=pick(SCHEDULES), epochs=3,
                loss=pick(name for name, loss in LOSSES.items() if task in loss.tasks),
                l1=pick((0.0, 0.001)), l2=pick((0.0, 0.01)), clip_norm=pick((0.0, 0.5)),
                batch_size=pick((7, 32, 128)),
                batch_normalization=pick((False, True)) and optimizer != "lion",
                class_weights=pick(("none", "balanced")) if task == "classification" else "none",
                training_size=200, seed=int(random.integers(1000)))
            if not RANDOM & {layer["class_name"] for layer in config.layers()}:
                return _steady(config)
        except FieldError:
            continue  # not every architecture reads every kind of data


def _steady(config: RunConfig) -> RunConfig:
    """With an epsilon that drowns rounding: Adam makes a whole step of a gradient that is zero but for it."""
    if any(parameter.name == "epsilon" for parameter in OPTIMIZERS[config.optimizer].parameters):
        return config.replaced(optimizer_parameters={"epsilon": 1e-3})
    return config


def words(config: RunConfig) -> str:
    """What was drawn."""
    return ", ".join(str(word) for word in (
        config.dataset, config.architecture, config.activation, config.initializer, config.optimizer,
        config.schedule, config.loss, f"l1 {config.l1:g}", f"l2 {config.l2:g}", f"clip {config.clip_norm:g}",
        f"batch {config.batch_size}", f"weights {config.class_weights}",
        "normalized" if config.batch_normalization else "plain", f"seed {config.seed}"))


def main() -> None:
    """Draw, train and compare."""
    parser = arguments("Random configurations beside Keras's own training.")
    parser.add_argument("--configurations", type=int, default=40)
    parser.add_argument("--seed", type=int, default=0)
    chosen = parser.parse_args()
    report, random = Report("against_keras"), np.random.default_rng(chosen.seed)
    found: list[tuple[float, str, str]] = []
    began = time.monotonic()
    with fresh_environment():
        # Keras's side is that of the tests.
        from tests.core.training.whole_step import WholeSteps
        for _ in range(chosen.configurations):
            config = drawn(random)
            steps = WholeSteps(config, split(config.data, config.preparation))
            count = min(STEPS, steps.plan.steps)
            apart = steps.difference(0, count)
            path = max(apart, key=lambda path: np.nan_to_num(apart[path], nan=np.inf))
            found.append((apart[path], path, words(config)))
            print(f"{found[-1][0]:.1e} {path}: {found[-1][2]}", flush=True)
    rows: list[tuple[Cell, ...]] = [(f"up to {bound:g}", sum(difference <= bound for difference, *_ in found))
                                    for bound in BOUNDS]
    report.add(ReportTable(f"{len(found)} random configurations, {time.monotonic() - began:.0f} s",
                     ("difference", "configurations"), tuple(rows), NOTE))
    wrong = tuple(row for row in found if not row[0] <= WRONG)
    if wrong:
        report.add(ReportTable("Wrong", ("difference", "where it is largest", "configuration"), wrong))
    report.keep(chosen.json)


if __name__ == "__main__":
    main()
