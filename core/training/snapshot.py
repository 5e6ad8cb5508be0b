"""Saves a run in progress and restores it: it then continues with exactly the same numbers."""

import logging
from dataclasses import asdict, dataclass
from typing import Any, NamedTuple

import numpy as np

from core.runs.checkpoints import Snapshot
from core.runs.config import RunConfig
from core.training.plan import Plan
from core.training.program import State
from core.training.stopping import EarlyStopping

log = logging.getLogger(__name__)

# The values about early stopping in a file, besides the best weights.
STOPPING = ("loss", "epoch", "waited")


@dataclass(frozen=True)
class Position:
    """How far a run is, apart from its weights.

    Attributes:
        position: items done (see `Plan`).
        learning_rate: of the last step; a change that is due at the next one is not in it.
        seconds: training time.
        waited: seconds of waiting for the pace.
        evaluated: seconds spent on evaluation.
        examples: trained on so far.
        origin: epochs that the run's start had done, where the run goes on with its order of examples; such a
            run's position counts from the start's beginning. Else 0.
        before: items of the run's first epoch that the start had done.
        preparing: seconds spent on training the start.
    """

    position: int
    learning_rate: float
    seconds: float = 0.0
    waited: float = 0.0
    evaluated: float = 0.0
    examples: int = 0
    origin: int = 0
    before: int = 0
    preparing: float = 0.0


class RunState(NamedTuple):
    """Everything that a run needs to continue.

    Attributes:
        place: how far it is.
        state: weights and optimizer state.
        sums: (6,), of the epoch in progress (see `Steps._run`).
        stopping: the state of early stopping, with the best weights so far.
    """

    place: Position
    state: State
    sums: np.ndarray
    stopping: EarlyStopping


def snapshot(config: RunConfig, plan: Plan, standing: RunState) -> Snapshot:
    """`standing` as it is written to a file, with the config and plan that it belongs to."""
    lists = {name: [np.asarray(value) for value in some] for name, some in standing.state._asdict().items()}
    stopping = {name: getattr(standing.stopping, name) for name in STOPPING}
    return Snapshot({**_owner(config, plan), "place": asdict(standing.place), "stopping": stopping},
                    {**lists, "sums": [np.asarray(standing.sums)], "best": standing.stopping.weights})


def standing(found: Snapshot, config: RunConfig, plan: Plan, first: RunState) -> RunState | None:
    """The state in `found`; None if its config or plan is another, or its shapes are not those of `first`."""
    try:
        owner = {name: found.about[name] for name in ("config", "plan")}
        place = Position(**found.about["place"])
        arrays = {name: list(found.arrays.get(name, ())) for name in State._fields}
        sums, = found.arrays["sums"]
        stopping = EarlyStopping(config.patience, weights=list(found.arrays.get("best", ())),
                                 **{name: found.about["stopping"][name] for name in STOPPING})
        there = RunState(place, State(**arrays), sums, stopping)
        begin = place.origin * plan.items
        fits = (owner == _owner(config, plan)
                and begin + place.before < place.position < begin + config.epochs * plan.items
                and _shapes(there) == _shapes(first) and len(stopping.weights) in (
                    0, len(first.state.trainable) + len(first.state.non_trainable)))
    except (KeyError, TypeError, ValueError) as error:
        log.warning("A checkpoint cannot be used: %r", error)
        return None
    return there if fits else None


def _owner(config: RunConfig, plan: Plan) -> dict[str, str]:
    return {"config": config.key, "plan": str(plan)}


def _shapes(of: RunState) -> list[list[tuple[Any, Any]]]:
    return [[(np.shape(array), np.asarray(array).dtype) for array in arrays] for arrays in (*of.state,
                                                                                            [of.sums])]
