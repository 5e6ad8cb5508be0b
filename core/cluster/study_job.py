"""A study in progress: the groups that wait for a worker, and those that train."""

import time
from collections import deque
from dataclasses import dataclass, field
from typing import Any

from core.cluster.payload import StudyPayload
from core.studies.study import Round, Study

SILENT_SECONDS = 10.0
# As for runs, see `core.cluster.retries`.
ALONE_SECONDS = 60.0


@dataclass
class GroupJob:
    """Members that train together. name: by which its worker and `core.cluster.placement` know it.

    future: its task, None before. address: of the worker that has it.
    prove: epochs that it has to pass alone, since its worker was lost there; None for nothing to prove.
    losses: how often its worker was lost; strikes: how often of that while it was alone. begun: when its task
    was submitted.
    """

    key: str
    name: str
    numbers: tuple[int, ...]
    epochs: int
    attempt: int = 1
    future: Any = None
    address: str = ""
    over: float | None = None
    prove: int | None = None
    losses: int = 0
    strikes: int = 0
    begun: float = 0.0

    def silent(self) -> bool:
        """Whether its task has been over for a while, and its last message has not come."""
        if self.future.status == "finished" and self.over is None:
            self.over = time.monotonic()
        return self.over is not None and time.monotonic() - self.over > SILENT_SECONDS

    def passed(self, study: Study) -> bool:
        """Whether it need not be alone any longer: it got past where its worker was lost, or takes long."""
        return self.prove is None or self.done(study) > self.prove or (
            time.monotonic() - self.begun > ALONE_SECONDS * self.losses)

    def done(self, study: Study) -> int:
        """Epochs that the foremost of its members has trained."""
        return int(study.results.done[list(self.numbers)].max(initial=0))

    def begin_again(self) -> None:
        """Make it ready for another attempt."""
        self.attempt, self.future, self.address, self.over = self.attempt + 1, None, "", None


@dataclass
class StudyJob:
    """A study and what only `core.cluster.study_service` knows of it.

    host: the client's address that it counts for. admitted: it is its turn. given: at which turn a group
    of it was begun last. waiting, going: groups of the round under way. since: when it got its turn, by
    `time.monotonic`.
    """

    study: Study
    host: str = ""
    admitted: bool = False
    since: float = 0.0
    given: int = 0
    round: Round | None = None
    waiting: deque[GroupJob] = field(default_factory=deque)
    going: dict[str, GroupJob] = field(default_factory=dict)
    payload: StudyPayload | None = None

    def clear(self) -> None:
        """It has ended, and trains nothing more. Its payload would keep the learner's table in memory."""
        self.waiting.clear()
        self.going.clear()
        self.payload = None
