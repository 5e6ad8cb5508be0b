"""Bayesian search (optuna): new trials near the good results so far."""

from collections.abc import Sequence

import numpy as np

from core.studies import sampling
from core.studies.objective import distribution, heard, quiet_storage, told
from core.studies.search import Search
from core.studies.study import Member, Round, StudyResults

# Trials trained at a time: together they cost little more than one. The first ones are drawn at random.
BATCH = 8


def following(search: Search, members: Sequence[Member],
              results: StudyResults) -> tuple[tuple[Member, ...], Round | None]:
    """The next batch of trials; it depends only on the results of all trials before.

    Source: J. Bergstra, R. Bardenet, Y. Bengio and B. Kegl, "Algorithms for Hyper-Parameter Optimization",
    NeurIPS 2011: the tree-structured Parzen estimator. Within a batch, trials already proposed count as bad
    (optuna's constant liar), so that they spread out.
    """
    epochs, count = search.config.epochs, len(members)
    if count >= search.trials:
        return (), None
    batch = min(BATCH, search.trials - count)
    new = sampling.members(search, proposals(search, members, results, batch))
    # If none fits, continue at random: the next proposals would be the same.
    for attempt in range(1, 9):
        if new:
            break
        new = sampling.members(search, sampling.random(search, batch, count + attempt * 2**20))
    return new, Round(tuple(range(count, count + len(new))), epochs) if new else None


def proposals(search: Search, members: Sequence[Member], results: StudyResults,
              count: int) -> list[sampling.Values]:
    """Values for the next `count` trials. A trial without a result counts as worse than all others."""
    import optuna
    costs = search.goal.costs(results)
    finite = costs[np.isfinite(costs)]
    costs = np.where(np.isfinite(costs), costs, finite.max() + 1 if len(finite) else 0.0)
    distributions = {axis.field: distribution(axis) for axis in search.axes}
    sampler = optuna.samplers.TPESampler(seed=int(np.random.SeedSequence(
        [search.seed, len(members)]).generate_state(1)[0]), n_startup_trials=BATCH, constant_liar=True)
    study = optuna.create_study(storage=quiet_storage(), sampler=sampler)
    study.add_trials([optuna.trial.create_trial(
        params={axis.field: told(axis, value)
                for axis, value in zip(search.axes, member.values, strict=True)},
        distributions=distributions, value=float(cost))
        for member, cost in zip(members, costs, strict=True)])
    asked = [study.ask(distributions).params for _ in range(count)]
    return [tuple(heard(axis, params[axis.field]) for axis in search.axes) for params in asked]
