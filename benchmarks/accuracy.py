"""How well the networks learn: Iris over many seeds, and the tutorial network on MNIST.

`python -m benchmarks.accuracy`. The engine alone, in this process, without pages or workers.
"""

import time
from statistics import mean, median

from benchmarks.report import Cell, Report, ReportTable, arguments
from benchmarks.subjects import IRIS, MNIST_CNN, fresh_environment
from core.datasets.splits import split
from core.runs.config import RunConfig
from core.runs.controls import ControlsMailbox
from core.runs.evaluations import Evaluation
from core.runs.events import Finished
from core.settings import from_environment


def train(config: RunConfig) -> tuple[float, float]:
    """Accuracy on the whole test set after a run, and the seconds that it took, compiling included.

    Raises `RuntimeError` where the run does not finish.
    """
    from core.training.fit import fit
    data, began, found = split(config.data, config.preparation), time.monotonic(), None
    for event in fit(config, data, ControlsMailbox(), from_environment()):
        if isinstance(event, Evaluation):
            found = event
        if isinstance(event, Finished) and event.status != "finished":
            raise RuntimeError(f"The run ended as {event.status}. {event.message}")
    if found is None or not found.complete:
        raise RuntimeError("The run ended without an evaluation of the whole test set.")
    return found.metric, time.monotonic() - began


def row(name: str, wanted: str, configs: list[RunConfig]) -> tuple[Cell, ...]:
    """Mean and least accuracy in percent, and the median time, over some runs."""
    results = [train(config) for config in configs]
    accuracies = [100 * accuracy for accuracy, _ in results]
    return (name, len(configs), wanted, f"{mean(accuracies):.2f}", f"{min(accuracies):.2f}",
            median(seconds for _, seconds in results))


def main() -> None:
    """Train everything and print what the test sets say."""
    parser = arguments("Accuracy on the test sets.")
    parser.add_argument("--iris-seeds", type=int, default=10)
    parser.add_argument("--mnist-seeds", type=int, default=3, help="0 leaves MNIST out")
    chosen = parser.parse_args()
    report = Report("accuracy")
    columns = ("network", "seeds", "wanted (%)", "mean (%)", "least (%)", "time (s)")
    note = "Each Iris seed is another split, other first weights and another order. Time: median of a run."
    with fresh_environment():
        iris = [IRIS.replaced(seed=seed) for seed in range(chosen.iris_seeds)]
        made = [row(f"Iris MLP, {IRIS.epochs} epochs", "mean 94, least 86", iris)]
        for epochs, wanted in ((1, "98"), (5, "98.8")):
            mnist = [MNIST_CNN.replaced(seed=seed, epochs=epochs) for seed in range(chosen.mnist_seeds)]
            if mnist:
                made.append(row(f"MNIST CNN, {epochs} epoch{'s' * (epochs > 1)}", wanted, mnist))
    report.add(ReportTable("Accuracy on the test set", columns, tuple(made), note))
    report.keep(chosen.json)


if __name__ == "__main__":
    main()
