"""What makes a trial better than another, the best so far, and each axis's importance."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from core.metrics.measures import MEASURES
from core.runs.config import RunConfig
from core.studies.space import Axis
from core.studies.study import DIVERGED, DROPPED, FAILED, VAL_LOSS, VAL_METRIC, Member, StudyResults

# Fewer results than this say nothing: PED-ANOVA looks at the best quarter of them.
FEWEST, QUARTER = 16, 0.25
# If there are more trials, this many, evenly spaced, give the same answer in less time.
MOST = 400
# The fields that define a loss: trials that differ in one cannot be compared by their losses.
OF_THE_LOSS = ("loss", "loss_parameters", "l1", "l2")


@dataclass(frozen=True)
class Objective:
    """What trials are judged by: a column of their curves.

    Attributes:
        falls: whether lower is better.
        label: as it reads within a sentence.
        percent: whether its values are shares of 1.
        early_stopping: whether trials keep the weights of their best epoch, which is then the one that
            counts.
    """

    column: int
    label: str
    falls: bool
    percent: bool
    early_stopping: bool = False

    @classmethod
    def of(cls, name: str, config: RunConfig) -> "Objective":
        """The objective by its name: `val_loss`, or `val_metric`, which the task decides."""
        if name == "val_loss":
            return cls(VAL_LOSS, "validation loss", True, False, config.patience > 0)
        quantity = MEASURES[config.data.task].quantity
        return cls(VAL_METRIC, f"validation {quantity.name}", quantity.falls, quantity.is_share,
                   config.patience > 0)

    def costs(self, results: StudyResults, epochs: int | None = None) -> np.ndarray:
        """The cost of each member's result, float (members,): less is better; infinite without a result.

        epochs: at the end of that epoch, or of the member's last one before it; None for now.
        """
        values = self.values(results, epochs)
        return np.where(np.isfinite(values), values if self.falls else -values, np.inf)

    def values(self, results: StudyResults, epochs: int | None = None) -> np.ndarray:
        """The results themselves, float (members,); NaN without a result."""
        lost = np.isin(results.states, (DIVERGED, FAILED))
        return np.where(lost, np.nan, results.judged(self.column, self.early_stopping, epochs))


def ranked(objective: Objective, results: StudyResults) -> np.ndarray:
    """The members that have a result, best first; equal ones by number.

    Those that a search has dropped come last: their results are from an early epoch.
    """
    costs = objective.costs(results)
    order = np.lexsort((costs, results.states == DROPPED))
    return order[np.isfinite(costs[order])]


def best(objective: Objective, results: StudyResults) -> int | None:
    """The best member so far; None without any result."""
    order = ranked(objective, results)
    return int(order[0]) if len(order) else None


def importances(axes: Sequence[Axis], members: Sequence[Member], objective: Objective,
                results: StudyResults) -> dict[str, float] | str:
    """How much each axis decides whether a trial is among the best quarter: shares of 1, largest first.

    If there are none, says why. It uses ranks, so one bad outlier does not outweigh all others. Source: S.
    Watanabe, A. Bansal and F. Hutter, "PED-ANOVA: Efficiently Quantifying Hyperparameter Importance in
    Arbitrary Subspaces", IJCAI 2023, as implemented by optuna.
    """
    costs = objective.costs(results)
    usable = np.flatnonzero(np.isfinite(costs)).tolist()
    if len(usable) < FEWEST:
        return f"{FEWEST} results are needed to see what matters; so far there are {len(usable)}."
    usable = usable[::-(-len(usable) // MOST)]
    if np.ptp(costs[usable]) == 0:
        return "All trials have the same result."
    import optuna
    distributions = {axis.field: distribution(axis) for axis in axes}
    study = optuna.create_study(storage=quiet_storage())
    study.add_trials([optuna.trial.create_trial(
        params={axis.field: told(axis, value)
                for axis, value in zip(axes, members[trial].values, strict=True)},
        distributions=distributions, value=float(costs[trial])) for trial in usable])
    evaluator = optuna.importance.PedAnovaImportanceEvaluator(target_quantile=QUARTER)
    found = optuna.importance.get_param_importances(study, evaluator=evaluator)
    return {axis.field: float(found.get(axis.field, 0.0))
            for axis in sorted(axes, key=lambda axis: -found.get(axis.field, 0.0))}


def warm_up() -> None:
    """Import optuna, in a thread of its own: the first time it takes seconds."""
    threading.Thread(target=quiet_storage, name="optuna", daemon=True).start()


def quiet_storage() -> Any:
    """An in-memory storage of optuna's, with its log messages turned off."""
    import optuna
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    return optuna.storages.InMemoryStorage()


def distribution(axis: Axis) -> Any:
    """An axis as an optuna distribution. Listed values are given by index, since not all are plain."""
    from optuna.distributions import CategoricalDistribution, FloatDistribution, IntDistribution
    if axis.values:
        return CategoricalDistribution(tuple(range(len(axis.values))))
    if axis.whole:
        return IntDistribution(int(axis.low), int(axis.high), log=axis.log)
    return FloatDistribution(axis.low, axis.high, log=axis.log)


def told(axis: Axis, value: Any) -> Any:
    """A value as optuna's `distribution` expects it."""
    return axis.values.index(value) if axis.values else value


def heard(axis: Axis, value: Any) -> Any:
    """A value of optuna's `distribution` as the axis expects it, with few digits."""
    return axis.values[value] if axis.values else axis.near(value)
