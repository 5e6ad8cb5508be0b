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
    """Members that train together.

    Attributes:
        key: identifies the group within its study.
        name: under which its worker and `core.cluster.placement` know it.
        numbers: its members' numbers.
        epochs: the epoch up to which they train.
        attempt: number of the attempt, from 1.
        future: its Dask task; None before.
        address: its worker's address.
        over: when its task ended, by `time.monotonic`; None before.
        alone_until_epoch: the epoch that it has to pass alone, because its worker was lost there; None if it
            need not.
        losses: how often its worker was lost.
        strikes: how many of those times it was alone.
        begun: when its task was submitted, by `time.monotonic`.
    """

    key: str
    name: str
    numbers: tuple[int, ...]
    epochs: int
    attempt: int = 1
    future: Any = None
    address: str = ""
    over: float | None = None
    alone_until_epoch: int | None = None
    losses: int = 0
    strikes: int = 0
    begun: float = 0.0

    def silent(self) -> bool:
        """Whether its task ended a while ago and its last message has not arrived."""
        if self.future.status == "finished" and self.over is None:
            self.over = time.monotonic()
        return self.over is not None and time.monotonic() - self.over > SILENT_SECONDS

    def passed(self, study: Study) -> bool:
        """Whether it no longer has to be alone: it is past where its worker was lost, or takes too long."""
        return self.alone_until_epoch is None or self.done(study) > self.alone_until_epoch or (
            time.monotonic() - self.begun > ALONE_SECONDS * self.losses)

    def done(self, study: Study) -> int:
        """Epochs that its furthest member has trained."""
        return int(study.results.done[list(self.numbers)].max(initial=0))

    def begin_again(self) -> None:
        """Prepare it for another attempt."""
        self.attempt, self.future, self.address, self.over = self.attempt + 1, None, "", None


@dataclass
class StudyJob:
    """A study, plus what only `core.cluster` needs to know about it.

    Attributes:
        study: what pages see.
        host: the client's address it counts for; empty if unknown.
        admitted: whether it has its turn.
        since: when it got its turn, by `time.monotonic`.
        given: the number of its last group, counting all groups started.
        round: the round in progress.
        waiting, going: groups of that round.
        payload: the members as they are sent to workers.
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
        """It has ended and trains nothing more. Its payload would keep the learner's table in memory."""
        self.waiting.clear()
        self.going.clear()
        self.payload = None
