"""Run: one training of one config, as the pages see it. Only `core.cluster` changes one.

`BaseRun` is what it has in common with `core.agents.run.AgentRun`.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Generic, TypeVar

from core.datasets.table import Table
from core.parameters import FieldError, short_repr
from core.runs.config import RunConfig
from core.runs.controls import AnyControls, Controls
from core.runs.history import History
from core.runs.tried import check

ACTIVE = ("waiting", "compiling", "training", "paused")
ENDED = ("stopped", "finished", "diverged", "failed")
Config = TypeVar("Config")
Recorded = TypeVar("Recorded")


def meaning(value: Callable[[str], Any], task: str) -> tuple[Any, ...]:
    """What a run's loss measures: equal for runs on the same data, with the same formula, in the same units.

    Args:
        value: reads a field of the run's config.
        task: the dataset's task; numbers to predict are measured in the units that `scaling` gives them.
    """
    units = value("scaling") if task != "classification" else None
    return value("dataset"), value("dataset_parameters"), value("loss"), value("loss_parameters"), units


@dataclass
class BaseRun(Generic[Config, AnyControls, Recorded]):
    """What every run has, whatever it trains.

    Attributes:
        id: unique, `PAGE_SERVER-NUMBER`.
        owner: the key of the browser that started it.
        config: the config that is trained.
        slot: 0 to 7, the colour it keeps.
        controls: what the learner asks of it now.
        status: one of `ACTIVE` or `ENDED`.
        message: what the page shows beside the status.
        place: its place in the queue, from 1; None once it runs.
        attempt: number of the attempt, from 1. A new one begins when the worker is lost or the run gave up
            its place, from a checkpoint if there is one.
        begins_paused: whether it waits at step 0, as after Reset or Step.
        created, ended: `time.time`; `ended` is None while it is active.
        history: what it has recorded so far.
        rewound: whether this is the run `at` an earlier moment.
        silent: why it answers no questions although it is active; empty if it does. Agents are asked none.
    """

    id: str
    owner: str
    config: Config
    slot: int
    controls: AnyControls
    status: str = "waiting"
    message: str = ""
    place: int | None = None
    attempt: int = 1
    begins_paused: bool = False
    created: float = field(default_factory=time.time)
    ended: float | None = None
    history: Recorded = field(kw_only=True)
    rewound: bool = False
    silent: str = ""

    @property
    def active(self) -> bool:
        return self.status in ACTIVE

    def steered(self, changes: Mapping[str, Any]) -> AnyControls:
        """Its controls with `changes`. Raises `FieldError` for a value that is refused."""
        return self.controls.changed(**changes)


@dataclass
class Run(BaseRun[RunConfig, Controls, History]):
    """One run: one training of one config.

    Attributes:
        table: the learner's own table, kept for as long as the run may be evaluated.
    """

    history: History = field(default_factory=History, kw_only=True)
    table: Table | None = None

    @property
    def name(self) -> str:
        return self.config.name

    def steered(self, changes: Mapping[str, Any]) -> Controls:
        controls, data = super().steered(changes), self.config.data
        columns = data.shape[0]
        if "features" in changes and not data.is_image and max(controls.features) >= columns:
            raise FieldError("features", f"features must be two columns of 0 to {columns - 1}, got "
                             f"{short_repr(controls.features)}.")
        if changes.get("tried") is not None and controls.tried is not None:
            check(controls.tried, data)
        return controls

    def at(self, step: int) -> "Run | None":
        """This run as it was shown at the moment nearest to `step`, while it trained; None before the first.

        `history.weights` are those of that moment, None if they were not kept (see `moments.NO_WEIGHTS`).
        """
        history = self.history
        moment = history.moments.nearest(step)
        if moment is None:
            return None
        regions = moment.evaluation.regions
        controls = replace(self.controls, features=regions.features) if regions else self.controls
        return replace(self, status="training", message="", silent="", place=None, ended=None, rewound=True,
                       history=history.at(moment), controls=controls)

    def comparable(self, other: "Run") -> bool:
        """Whether the losses of both runs measure the same thing."""
        return self._meaning == other._meaning

    @property
    def _meaning(self) -> tuple[Any, ...]:
        return meaning(lambda name: getattr(self.config, name), self.config.data.task)
