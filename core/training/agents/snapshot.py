"""Saves a run of agents in progress and restores it: it then continues with exactly the same numbers."""

import logging
from dataclasses import asdict, dataclass
from typing import Any

import jax
import numpy as np

from core.agents.config import AgentConfig
from core.runs.checkpoints import Snapshot
from core.training.agents.program import AgentState

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class AgentPlace:
    """How far a run of agents is, apart from what was learned.

    Attributes:
        step: steps done.
        numbers: those of the last step; a change that is due at the next one is not in it.
        seconds: training time.
        waited: seconds of waiting for the pace.
        shown: seconds spent on snapshots.
    """

    step: int
    numbers: dict[str, float]
    seconds: float = 0.0
    waited: float = 0.0
    shown: float = 0.0


def saved(config: AgentConfig, place: AgentPlace, state: AgentState) -> Snapshot:
    """A run as it is written to a file, with the config that it belongs to."""
    return Snapshot({"config": config.key, "place": asdict(place)},
                    {"state": [np.asarray(leaf) for leaf in jax.tree.leaves(state)]})


def restored(found: Snapshot, config: AgentConfig, first: AgentState) -> tuple[AgentPlace, AgentState] | None:
    """What is in `found`; None if its config is another, or its shapes are not those of `first`."""
    try:
        place, leaves = AgentPlace(**found.about["place"]), list(found.arrays["state"])
        fits = (found.about["config"] == config.key and 0 < place.step < config.steps
                and place.numbers.keys() == config.numbers.keys()
                and _shapes(leaves) == _shapes(jax.tree.leaves(first)))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        log.warning("A checkpoint cannot be used: %r", error)
        return None
    return (place, jax.tree.unflatten(jax.tree.structure(first), leaves)) if fits else None


def _shapes(leaves: list[Any]) -> list[tuple[Any, Any]]:
    return [(np.shape(leaf), np.asarray(leaf).dtype) for leaf in leaves]
