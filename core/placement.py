"""Which worker a run goes to, and when: a run that may take workers down gets one apart from the others.

Pure bookkeeping without Dask; `core.dispatch` calls it under its lock.
"""

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from core.queue import Job

PATIENCE_SECONDS = 15.0


@dataclass(frozen=True)
class Places:
    """The workers there are. usual: from address to threads. apart: the one for suspects, if it is up.

    starts: whether one is started when suspects need it. On a cluster of somebody else's it is not, and
    one of the usual ones is kept free for them.
    """

    usual: Mapping[str, int]
    apart: str | None = None
    starts: bool = True

    def __contains__(self, address: str) -> bool:
        return address in self.usual or address == self.apart


class Placement:
    """Chooses workers for the runs of one page server."""

    def __init__(self) -> None:
        self._places: Places | None = None
        self._jobs: list[Job] = []
        self._kept: str | None = None
        self._gone: set[str] = set()

    def look(self, places: Places | None, jobs: Iterable[Job]) -> None:
        """Take in how things stand; do it before choosing. places: None while there is no scheduler."""
        self._places, self._jobs = places, [job for job in jobs if job.run.active]
        self._gone = {address for address in self._gone if places is not None and address in places}
        suspects = any(job.suspect for job in self._jobs)
        usual = [] if places is None or places.starts else self._usual()
        if not suspects or len(usual) < 2:
            self._kept = None
        elif self._kept not in usual:
            self._kept = min(usual, key=lambda one: (len(self._at(one)), one))

    @property
    def apart(self) -> bool:
        """Whether suspects get a worker of their own."""
        return self._kept is not None or (self._places is not None and self._places.starts)

    def lost(self, address: str) -> None:
        """That worker is gone, whatever `look` is told for a moment still."""
        self._gone.add(address)

    def choose(self, job: Job) -> str | None:
        """The address of the worker for `job` now; None while it has to wait for one."""
        places = self._places
        if places is None:
            return None
        if job.suspect and self.apart:
            address = places.apart if places.starts else self._kept
            if address is None or address in self._gone:
                return None
            return address if all(_lets_in(other) for other in self._at(address)) else None
        usual = [address for address in self._usual() if address != self._kept]
        return min(usual, key=lambda one: (len(self._at(one)) / places.usual[one], one), default=None)

    def _usual(self) -> list[str]:
        return [] if self._places is None else [one for one in self._places.usual if one not in self._gone]

    def _at(self, address: str) -> list[Job]:
        return [job for job in self._jobs if job.future is not None and job.address == address]


def _lets_in(job: Job) -> bool:
    """Whether a suspect may begin beside `job`: not for a while, so that it is clear who is to blame.

    A paused run does no harm. One that has gone well for long lets others in, since it may go on for
    hours; if their worker is lost then, nobody is to blame, and it keeps the next one out twice as long.
    """
    patience = PATIENCE_SECONDS * 2 ** min(job.losses, 10)
    return job.run.status == "paused" or time.monotonic() - job.begun > patience
