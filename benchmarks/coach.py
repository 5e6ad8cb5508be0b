"""What the coach sees in runs whose condition is known, and whether its first advice helps.

`python -m benchmarks.coach`. The engine alone, in this process, without pages or workers. Which runs were
looked at while the rules were tuned, and which were held out: see `benchmarks.conditions`.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from statistics import mean

import numpy as np

from benchmarks.conditions import Condition, conditions, without_validation
from benchmarks.report import Cell, Report, ReportTable, arguments
from benchmarks.subjects import fresh_environment
from core.coach import Advice, advise
from core.datasets.splits import split
from core.runs.config import RunConfig
from core.runs.controls import ControlsMailbox
from core.runs.history import History
from core.settings import from_environment

# Where these change, losses cannot be compared: the metric decides.
OTHER_LOSS = {"l1", "l2", "loss", "class_weights"}
WANTED = "90 % of hits, at most 1 false alarm in 30 healthy runs, 90 % of the first advice helps"


@dataclass(frozen=True)
class Judged:
    """One run and what the coach says of it. helped: None where there was nothing to try."""

    condition: Condition
    advice: tuple[Advice, ...]
    helped: bool | None = None
    before: float = math.nan
    after: float = math.nan

    @property
    def hit(self) -> bool:
        """Whether the first advice names the problem; for a healthy run, whether there is no advice."""
        if not self.condition.expected:
            return not self.advice
        return bool(self.advice) and self.advice[0].name in self.condition.expected


def trained(config: RunConfig) -> History:
    """The history of a run in the engine alone."""
    from core.training.fit import fit
    history = History()
    for event in fit(config, split(config.data, config.preparation), ControlsMailbox(), from_environment()):
        history.append(event)
    return history


@cache
def _score(config: RunConfig, metric: bool) -> float:
    return score(config, trained(config), metric)


def score(config: RunConfig, history: History, metric: bool) -> float:
    """How bad the weights are that a run kept: its validation loss, without validation the test loss.

    metric: instead what validation's metric lacks: 1 - the mean recall of the classes, or 1 - R².
    """
    probe, rows = history.probe, history.table("epochs")
    if history.finished is None or history.finished.status != "finished" or probe is None:
        return math.inf
    if metric and not config.data.classes:
        return 1 - probe.r2
    if metric:
        return 1 - float((np.diag(probe.matrix) / np.maximum(probe.matrix.sum(axis=1), 1)).mean())
    if not config.validation_share:
        return history.evaluation.loss if history.evaluation else math.inf
    return float(rows[:, 3].min() if config.patience else rows[-1, 3])


def judged(condition: Condition, seeds: Sequence[int]) -> Judged:
    """What the coach says of a run, and whether its first change makes the mean over `seeds` better."""
    history = trained(condition.config)
    assert history.finished is not None
    said = advise(condition.config, history, history.finished.status)
    if not condition.expected or not said or not seeds:
        return Judged(condition, said)
    metric = bool(OTHER_LOSS & set(said[0].change))
    before, after = (mean(_score(config.replaced(seed=seed), metric) for seed in seeds)
                     for config in (condition.config, condition.config.replaced(**said[0].change)))
    return Judged(condition, said, after < before, before, after)


def counted(name: str, runs: Sequence[Judged]) -> tuple[Cell, ...]:
    """A row of counts."""
    ill, healthy = ([run for run in runs if bool(run.condition.expected) == wrong] for wrong in (True, False))
    tried = [run for run in ill if run.helped is not None]
    datasets = len({run.condition.config.dataset for run in runs})
    return (name, datasets, f"{sum(run.hit for run in ill)} of {len(ill)}",
            f"{sum(not run.advice for run in ill)}",
            f"{sum(not run.hit for run in healthy)} of {len(healthy)}",
            f"{sum(bool(run.helped) for run in tried)} of {len(tried)}")


def details(runs: Sequence[Judged]) -> ReportTable:
    """What was missed, said of a healthy run, or did not help."""
    rows = [(run.condition.name, ", ".join(sorted(run.condition.expected)) or "nothing",
             ", ".join(advice.name for advice in run.advice) or "nothing",
             None if run.helped is None else f"{run.before:.3g} -> {run.after:.3g}")
            for run in runs if not run.hit or run.helped is False]
    return ReportTable("Misses, false alarms, and advice that did not help",
                 ("run", "expected", "said", "before and after"), tuple(rows))


def main() -> None:
    """Train everything, ask the coach, take its first advice, and print what came of it."""
    parser = arguments("What the coach sees, and whether its advice helps.")
    parser.add_argument("--seeds", type=int, default=3, help="0: the advice is not tried")
    chosen = parser.parse_args()
    report, seeds = Report("coach"), range(chosen.seeds)
    with fresh_environment():
        runs = [judged(condition, seeds) for condition in conditions()]
        others = [judged(condition, seeds) for condition in without_validation()]
    tuned = [run for run in runs if not run.condition.held_out]
    held = [run for run in runs if run.condition.held_out]
    columns = ("runs", "datasets", "hits", "nothing said", "false alarms", "first advice helped")
    report.add(ReportTable("The coach", columns, (counted("tuned with", tuned), counted("held out", held),
                                            counted("both", runs),
                                            counted("without validation", others)),
                     f"Wanted: {WANTED}. A hit: the first advice names what is wrong. Helped: with the "
                     f"advice's own change the validation loss is lower, mean of {chosen.seeds} seeds; the "
                     "test loss without validation; R² or the mean recall of the classes where the change "
                     "alters the loss itself."))
    report.add(details([*runs, *others]))
    report.keep(chosen.json)


if __name__ == "__main__":
    main()
