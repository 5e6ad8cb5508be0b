"""The learning-rate finder beside a grid of 20 rates, on twelve pairs of a dataset and a network.

`python -m benchmarks.finder`. What is compared is the validation loss at the end of the run that a learner
gets, of its own seed. Beside it stands the same for three other seeds, which the finder has never seen: with
other divisions of the data, other first weights. The finder's rule was chosen by the first six pairs; the
last six were kept for the test.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from benchmarks.report import Cell, Report, ReportTable, arguments
from benchmarks.subjects import fresh_environment
from core.runs.config import RunConfig
from core.runs.presets import good_start
from core.settings import from_environment

GRID = np.geomspace(1e-5, 10.0, 20)
SEEDS = (101, 102, 103)
WITHIN = 1.1
NOTE = ("Ratio: the validation loss with the suggested rate over the best of the grid. Wanted: at most 1.1, "
        "or the finder is not sure. Losses below 2 % of the untrained network's count as equal there: the "
        "task is solved; the exact ratio leaves them as they are. Other seeds: the exact ratio of the means "
        "of three seeds that the finder has not seen. Share: how much of a run each of its trainings was.")


@dataclass(frozen=True)
class Pair:
    """A dataset with a network. tuned: whether the finder's rule was chosen by it."""

    label: str
    config: RunConfig
    tuned: bool


def _pair(dataset: str, optimizer: str, tuned: bool, **values: object) -> Pair:
    config = good_start(dataset).replaced(**{
        "optimizer": optimizer, "l2": 0.0, "validation_share": 0.2, "epochs": 20, **values})
    return Pair(f"{dataset}, {config.architecture}, {optimizer}", config, tuned)


PAIRS = (
    _pair("iris", "adam", True),
    _pair("digits", "sgd", True, architecture="mlp", architecture_parameters={"hidden_units": (32,)},
          epochs=15),
    _pair("moons", "adam", True),
    _pair("diabetes", "sgd_momentum", True),
    _pair("sine", "adam", True, epochs=5),
    _pair("spirals", "adam", True, epochs=100),
    _pair("wine", "sgd", False),
    _pair("breast_cancer", "adam", False),
    _pair("blobs", "sgd_momentum", False),
    _pair("xor", "sgd", False),
    _pair("curve", "adam", False, epochs=40),
    _pair("mnist", "adam", False, training_size=2000, epochs=2,
          architecture_parameters={"filters": (8, 16), "dense_units": (32,)}),
)


def validated(config: RunConfig, rates: Sequence[float], seeds: Sequence[int]) -> np.ndarray:
    """The validation loss at the end of runs with each rate, mean of all seeds; infinite if one diverged."""
    from core.studies.events import GroupEpochs
    from core.studies.study import VAL_LOSS, Member
    from core.training.studies.training import train
    from core.training.studies.warm_states import Standings
    members = {number: Member(config.replaced(learning_rate=float(rate), seed=seed)) for number, (rate, seed)
               in enumerate((rate, seed) for rate in rates for seed in seeds)}
    losses = np.full(len(members), np.inf)
    for event in train("finder", members, config.epochs, from_environment(), lambda: False, Standings()):
        if isinstance(event, GroupEpochs) and event.rows.shape[1]:
            losses[event.numbers] = event.rows[:, -1, VAL_LOSS]
    losses[~np.isfinite(losses)] = np.inf
    return losses.reshape(len(rates), len(seeds)).mean(1)


def row(pair: Pair) -> tuple[Cell, ...]:
    """What the finder says of a pair, and what the grid says of that."""
    from core.training.lr_sweep import sweep
    began = time.monotonic()
    found = sweep(pair.config, from_environment())
    seconds = time.monotonic() - began
    rate = found.suggestion
    if rate is None:
        return pair.label, None, None, None, None, None, None, None, "nothing learned", found.share, seconds
    (own, *grid), (own_of_others, *grid_of_others) = (
        validated(pair.config, [rate, *GRID], seeds).tolist() for seeds in ([pair.config.seed], SEEDS))
    best = min(grid)
    return (pair.label, rate, GRID[grid.index(best)], own, best, own / best,
            max(own, found.solved) / max(best, found.solved), own_of_others / min(grid_of_others),
            found.doubt or "sure", found.share, seconds)


def counted(rows: Sequence[tuple[Cell, ...]]) -> tuple[Cell, ...]:
    """How many pairs are sure, how many of those are near enough, and how many of all."""
    sure = [pair[8] == "sure" for pair in rows]
    exact, near = ([isinstance(cell, float) and cell <= WITHIN for cell in cells]
                   for cells in zip(*((pair[5], pair[6]) for pair in rows), strict=True))
    return (len(rows), sum(sure), sum(map(bool.__and__, sure, near)), sum(map(bool.__and__, sure, exact)),
            sum(near), sum(exact))


def main() -> None:
    """Ask the finder for a rate for each pair, and train the grid."""
    parser = arguments("The learning-rate finder beside a grid of rates.")
    parser.add_argument("--only", choices=("tuned", "held out"))
    chosen = parser.parse_args()
    report = Report("finder")
    columns = ("pair", "suggested", "best of the grid", "its loss", "best loss", "exact ratio", "ratio",
               "other seeds", "sure", "share", "time (s)")
    counts: list[tuple[Cell, ...]] = []
    with fresh_environment():
        for tuned in (True, False):
            if chosen.only == ("held out" if tuned else "tuned"):
                continue
            name = "chosen by" if tuned else "held out"
            rows = [row(pair) for pair in PAIRS if pair.tuned == tuned]
            report.add(ReportTable(f"Pairs that the rule was {'chosen by' if tuned else 'not chosen by'}",
                                   columns,
                             tuple(rows), NOTE))
            counts.append((name, *counted(rows)))
    report.add(ReportTable("How often",
                           ("pairs", "of them", "sure", "of these within 10 %", "of these exactly",
                                   "all within 10 %", "all exactly"),
                     tuple(counts)))
    report.keep(chosen.json)


if __name__ == "__main__":
    main()
