"""Run: one training of one config, as the pages see it. Only `core.cluster` changes one."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from core.datasets.table import Table
from core.runs.config import RunConfig
from core.runs.controls import Controls
from core.runs.history import History

ACTIVE = ("waiting", "compiling", "training", "paused")
ENDED = ("stopped", "finished", "diverged", "failed")


def meaning(value: Callable[[str], Any], task: str) -> tuple[Any, ...]:
    """What a run's loss is of: equal for runs of the same data, by the same formula, in the same units.

    value: reads a field of its config. Targets that are numbers have the units that `scaling` gives them.
    """
    units = value("scaling") if task != "classification" else None
    return value("dataset"), value("dataset_parameters"), value("loss"), value("loss_parameters"), units


@dataclass
class Run:
    """One run. slot: 0..7, the colour it keeps. place: in the queue, from 1, None once it is running.

    status: one of `ACTIVE` or `ENDED`. message: what to know about it, in words.
    attempt: from 1; a new one begins when its worker is lost, with a new history or from a
    checkpoint's.
    begins_paused: Reset and Step make a run that waits at step 0.
    table: the learner's own, held here for as long as the run may be asked of it.
    """

    id: str
    owner: str
    config: RunConfig
    slot: int
    controls: Controls
    status: str = "waiting"
    message: str = ""
    place: int | None = None
    attempt: int = 1
    begins_paused: bool = False
    created: float = field(default_factory=time.time)
    ended: float | None = None
    history: History = field(default_factory=History)
    table: Table | None = None

    @property
    def name(self) -> str:
        return self.config.name

    @property
    def active(self) -> bool:
        return self.status in ACTIVE

    def comparable(self, other: "Run") -> bool:
        """Whether the losses of both mean the same."""
        return self._meaning == other._meaning

    @property
    def _meaning(self) -> tuple[Any, ...]:
        return meaning(lambda name: getattr(self.config, name), self.config.data.task)
