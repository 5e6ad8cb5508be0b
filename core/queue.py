"""Which runs train and which wait: fair shares, places, colours, and what is kept.

Pure bookkeeping without Dask; `core.jobs` calls it under its lock.
"""

import math
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from core.run import Run
from core.settings import Settings

SLOTS = 8


class Refused(RuntimeError):
    """A run that was not taken on. message: which limit, and what to do."""

    def __init__(self, message: str):
        super().__init__(message)
        self.message = message


@dataclass
class Job:
    """A run and what only `core.jobs` knows of it.

    admitted: holds one of the workers' threads, or is about to. future: its task, None before.
    address: the worker that it was given to. worker: where it runs, once it said so.
    sent: version of the controls that the worker has. begun: when its task was submitted.
    losses: how often its worker was lost while it trained. suspect: it may be why, so that it trains
    apart from the others. strikes: how often its worker was lost when it was the only run there.
    stop_by: when a run that does not obey is given up (`time.monotonic`).
    question, answer: the newest decision regions asked for once it has ended, and their task.
    target: the step at which it was paused when its worker was lost.
    told: whether its end was told to whoever keeps runs.
    """

    run: Run
    replay: tuple[tuple[int, float], ...] = ()
    admitted: bool = False
    future: Any = None
    address: str = ""
    worker: str | None = None
    sent: int = 0
    pushed: float = 0.0
    begun: float = 0.0
    losses: int = 0
    suspect: bool = False
    strikes: int = 0
    stop_by: float | None = None
    removed: bool = False
    question: str = ""
    answer: Any = None
    target: int = 0
    told: bool = False

    @property
    def waiting(self) -> bool:
        return self.run.active and not self.admitted


def reserve(threads: int) -> int:
    """How many of the workers' threads training leaves alone, for layer tables and predictions."""
    return max(1, min(4, threads // 4))


class Queue:
    """All runs of this page server. Not thread-safe."""

    def __init__(self, settings: Settings):
        self._settings = settings
        self._jobs: dict[str, Job] = {}
        self._served: dict[str, int] = {}
        self._turns = 0

    def __iter__(self) -> Iterator[Job]:
        return iter(list(self._jobs.values()))

    def get(self, run_id: str) -> Job | None:
        return self._jobs.get(run_id)

    def of(self, owner: str) -> list[Job]:
        """The learner's runs, oldest first."""
        return [job for job in self._jobs.values() if job.run.owner == owner and not job.removed]

    def refusal(self, owner: str) -> str | None:
        """Why one more run of `owner` cannot be taken on; None if it can."""
        most, most_in_all = self._settings.max_waiting_per_learner, self._settings.max_waiting
        waiting = Counter(job.run.owner for job in self._jobs.values() if job.waiting)
        if waiting[owner] >= most:
            return (f"{waiting[owner]} of your runs are waiting already, and {most} may. Stop one of "
                    f"them, or wait until one has ended.")
        if sum(waiting.values()) >= most_in_all:
            return (f"{sum(waiting.values())} runs of all learners are waiting, and {most_in_all} may. "
                    f"Try again when some have ended.")
        return None

    def add(self, job: Job) -> None:
        """Take on `job`: it gets a colour, and the oldest ended runs make room for it."""
        owner = job.run.owner
        self.keep_last(owner, self._settings.kept_runs - 1)
        self._keep_tables(owner, job.run)
        job.run.slot = self.free_slot(owner)
        self._jobs[job.run.id] = job

    def keep_last(self, owner: str, most: int) -> None:
        """Drop the oldest ended runs of `owner` until `most` runs are left, or only active ones."""
        jobs = self.of(owner)
        for job in [job for job in jobs if not job.run.active][:max(0, len(jobs) - most)]:
            self.remove(job)

    def _keep_tables(self, owner: str, new: Run) -> None:
        """Drop the oldest ended runs of `owner` whose own tables take too much memory beside a new run's."""
        for job in [job for job in self.of(owner) if not job.run.active and job.run.table]:
            tables = {run.table for run in [new, *(other.run for other in self.of(owner))] if run.table}
            if sum(table.nbytes for table in tables) <= self._settings.max_upload_bytes_per_session:
                return
            self.remove(job)

    def free_slot(self, owner: str) -> int:
        """The lowest colour that no kept run of `owner` has; the rarest one if there is none."""
        taken = Counter(job.run.slot for job in self.of(owner))
        return min(range(SLOTS), key=lambda slot: (taken[slot], slot))

    def remove(self, job: Job) -> None:
        """Hide `job`; it is forgotten once its thread is free."""
        job.removed = True
        if not job.admitted:
            self._jobs.pop(job.run.id, None)

    def adopt(self, old: str, new: str) -> None:
        """Give the runs of `old` to `new`. A colour that both have is changed."""
        for job in self.of(old):
            if job.run.slot in {other.run.slot for other in self.of(new)}:
                job.run.slot = self.free_slot(new)
            job.run.owner = new
        ordered = sorted(self._jobs.values(), key=lambda job: job.run.created)
        self._jobs = {job.run.id: job for job in ordered}
        self.keep_last(new, self._settings.kept_runs)

    def turn(self, threads: int) -> None:
        """Admit the runs that fit on `threads`, and number those that still wait."""
        for job in [job for job in self._jobs.values() if job.removed and not job.admitted]:
            del self._jobs[job.run.id]
        running = Counter(job.run.owner for job in self._jobs.values() if job.admitted)
        # Suspects train, or wait, where they take no thread from the others.
        taken = sum(job.admitted and not job.suspect for job in self._jobs.values())
        room = threads - reserve(threads) - taken
        for job in self._order(running):
            owner = job.run.owner
            if (room > 0 or job.suspect) and running[owner] < self._settings.max_running_per_learner:
                job.admitted, job.run.place = True, None
                room -= not job.suspect
                running[owner] += 1
                self._turns += 1
                self._served[owner] = self._turns
        for place, job in enumerate(self._order(running), 1):
            job.run.place = place

    def _order(self, running: Counter[str]) -> list[Job]:
        """The waiting jobs, in the order in which they will be admitted.

        Learners take turns: first whoever has fewest runs, then whose turn was longest ago; a
        learner's own runs go by age.
        """
        queues: dict[str, list[Job]] = {}
        for job in sorted(self._jobs.values(), key=lambda job: job.run.created):
            if job.waiting:
                queues.setdefault(job.run.owner, []).append(job)
        ahead, served, turns, ordered = Counter(running), dict(self._served), self._turns, []
        while queues:
            owner = min(queues, key=lambda one: (ahead[one], served.get(one, 0), queues[one][0].run.created))
            ordered.append(queues[owner].pop(0))
            turns += 1
            ahead[owner], served[owner] = ahead[owner] + 1, turns
            if not queues[owner]:
                del queues[owner]
        return ordered

    def drop_old(self, seen: dict[str, float]) -> None:
        """Forget ended runs of learners that were last seen long ago. seen: by `time.monotonic`."""
        oldest = time.monotonic() - self._settings.kept_seconds
        recent = time.time() - self._settings.kept_seconds
        for job in list(self._jobs.values()):
            ended = job.run.ended
            if ended is not None and ended < recent and seen.get(job.run.owner, -math.inf) < oldest:
                self.remove(job)
        owners = {job.run.owner for job in self._jobs.values()}
        self._served = {owner: turn for owner, turn in self._served.items() if owner in owners}
        for owner in [owner for owner, at in list(seen.items()) if at < oldest and owner not in owners]:
            seen.pop(owner, None)
