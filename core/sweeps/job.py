"""A study under way: its groups that wait for a worker, and those that train."""

import time
from collections import deque
from dataclasses import dataclass, field
from typing import Any

from core.parcel import Crate
from core.sweeps.study import Round, Study

SILENT_SECONDS = 10.0


@dataclass
class GroupJob:
    """Members that train together. future: its task, None before. address: of the worker that has it."""

    key: str
    numbers: tuple[int, ...]
    epochs: int
    attempt: int = 1
    future: Any = None
    address: str = ""
    over: float | None = None

    def silent(self) -> bool:
        """Whether its task has been over for a while, and its last message has not come."""
        if self.future.status == "finished" and self.over is None:
            self.over = time.monotonic()
        return self.over is not None and time.monotonic() - self.over > SILENT_SECONDS


@dataclass
class StudyJob:
    """A study and what only `core.studies` knows of it. waiting, going: groups of the round under way."""

    study: Study
    round: Round | None = None
    waiting: deque[GroupJob] = field(default_factory=deque)
    going: dict[str, GroupJob] = field(default_factory=dict)
    crate: Crate | None = None
