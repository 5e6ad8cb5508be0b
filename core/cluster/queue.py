"""Decides which run may start next and in which worker: fair shares, limits, colours, and what is kept.

Pure bookkeeping without Dask; `core.cluster.run_service` calls it while holding its lock.
"""

import math
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence

from core.cluster.job import ALONE, HOST, NO_WORKER, OWN, PARAMETERS, THREADS, AnyRun, Job
from core.cluster.placement import Placement
from core.errors import UserError
from core.runs.run import BaseRun, Run
from core.settings import Settings

SLOTS = 8


class Refused(UserError):
    """A run that was not accepted.

    Attributes:
        message: which limit it exceeds, and what to do.
    """


# For each reason why a run waits: whether it helps if a paused run gives up its place.
CURED: dict[str, Callable[[Job, Job], bool]] = {
    OWN: lambda waiting, paused: waiting.run.owner == paused.run.owner,
    HOST: lambda waiting, paused: waiting.host == paused.host,
    THREADS: lambda waiting, paused: True, PARAMETERS: lambda waiting, paused: True}


def reserve(threads: int) -> int:
    """How many of a worker's threads training leaves free for short questions, such as layer tables."""
    return max(1, min(4, threads // 4))


class Queue:
    """All runs of this page server, and who may start next (`give_places`). Not thread-safe.

    Runs of networks and runs of agents wait in one queue, for the same places and within the same limits.
    Each kind has colours of its own, and `kept_runs` counts each for itself.

    placement: which workers each run may use.
    """

    def __init__(self, settings: Settings, placement: Placement):
        self._settings, self._placement = settings, placement
        self._jobs: dict[str, Job] = {}
        self._served: dict[str, int] = {}
        self._places_given = 0
        self._looked = time.monotonic()

    def __iter__(self) -> Iterator[Job]:
        return iter(list(self._jobs.values()))

    def get(self, run_id: str) -> Job | None:
        return self._jobs.get(run_id)

    def of(self, owner: str, kind: type[AnyRun]) -> list[Job[AnyRun]]:
        """The learner's runs of this kind, oldest first."""
        return [job for job in self._jobs.values()
                if job.run.owner == owner and type(job.run) is kind and not job.removed]

    def refusal(self, owner: str, parameters: int = 0, host: str = "") -> str | None:
        """Why one more run of `owner`, with this many parameters, cannot be accepted; None if it can.

        host: the client's address, see `Job`.
        """
        most, most_in_all = self._settings.max_waiting_per_learner, self._settings.max_waiting
        budget = self._settings.max_parameters_running
        if parameters > budget:
            return (f"This network has {parameters:,} parameters; all networks that train at the same time "
                    f"can have {budget:,} together. Lower the units or filters, or use fewer layers.")
        outside = [job for job in self._jobs.values() if job.run.active and not job.admitted]
        own = sum(job.run.owner == owner for job in outside)
        if own >= most:
            return (f"{own} of your runs are already waiting; the limit is {most}. Stop one of them, or "
                    "wait until one has ended.")
        # Runs that had a place before, and those that wait only for their own learner, keep no newcomer out.
        new = [job for job in outside if job.waiting and job.run.attempt == 1 and job.hindrance != OWN]
        if len(new) >= most_in_all:
            return (f"{len(new)} runs of all learners are waiting; the limit is {most_in_all}. Try again "
                    "when some have ended.")
        here = sum(job.host == host for job in new)
        if self._settings.max_places_per_address and host and here >= most_in_all // 2:
            return f"{here} runs from your address are already waiting. Try again when some have ended."
        return None

    def add(self, job: Job) -> None:
        """Accept `job`: it gets a colour, and the oldest ended runs make room for it."""
        owner, kind = job.run.owner, type(job.run)
        self.keep_last(owner, kind, self._settings.kept_runs - 1)
        if isinstance(job.run, Run):
            self._keep_tables(owner, job.run)
        job.run.slot = self.free_slot(owner, kind)
        self._jobs[job.run.id] = job

    def keep_last(self, owner: str, kind: type[BaseRun], most: int) -> None:
        """Drop the oldest ended runs of `owner` until at most `most` are left of a kind, or active ones."""
        jobs = self.of(owner, kind)
        for job in [job for job in jobs if not job.run.active][:max(0, len(jobs) - most)]:
            self.remove(job)

    def _keep_tables(self, owner: str, new: Run) -> None:
        """Drop the oldest ended runs of `owner` whose tables need too much memory beside a new run's."""
        for job in [job for job in self.of(owner, Run) if not job.run.active and job.run.table]:
            tables = {run.table for run in [new, *(other.run for other in self.of(owner, Run))] if run.table}
            if sum(table.nbytes for table in tables) <= self._settings.max_upload_bytes_per_session:
                return
            self.remove(job)

    def free_slot(self, owner: str, kind: type[BaseRun]) -> int:
        """The lowest colour that no kept run of this kind has; if all are taken, the rarest one."""
        taken = Counter(job.run.slot for job in self.of(owner, kind))
        return min(range(SLOTS), key=lambda slot: (taken[slot], slot))

    def remove(self, job: Job) -> None:
        """Hide `job`; it is forgotten once its thread is free."""
        job.removed = True
        if not job.admitted:
            self._jobs.pop(job.run.id, None)

    def adopt(self, old: str, new: str) -> None:
        """Give the runs of `old` to `new`. If both have a colour, it is changed."""
        kinds = {type(job.run) for job in self._jobs.values()}
        for kind in kinds:
            for job in self.of(old, kind):
                if job.run.slot in {other.run.slot for other in self.of(new, kind)}:
                    job.run.slot = self.free_slot(new, kind)
                job.run.owner = new
        ordered = sorted(self._jobs.values(), key=lambda job: job.run.created)
        self._jobs = {job.run.id: job for job in ordered}
        for kind in kinds:
            self.keep_last(new, kind, self._settings.kept_runs)

    def seat(self, job: Job, address: str) -> None:
        """Give `job` a place in the worker with this address."""
        self._places_given += 1
        job.address, job.hindrance, job.run.place = address, "", None
        job.place_number, job.passed_over = self._places_given, None
        self._served[job.run.owner] = self._places_given
        self._placement.enter(job.run.id, address, job.host)

    def free(self, job: Job) -> None:
        """Take the place of `job` back."""
        job.address, job.worker = "", None
        job.stop_by, job.blocking, job.leaving = None, 0.0, False
        (self._placement.leave if job.run.active else self._placement.forget)(job.run.id)

    def give_places(self) -> None:
        """Give places to the runs that fit, and number those that still wait."""
        for job in [job for job in self._jobs.values() if job.removed and not job.admitted]:
            del self._jobs[job.run.id]
        running = Counter(job.run.owner for job in self._jobs.values() if job.admitted)
        first: Job | None = None
        for job in self._order(running):
            job.hindrance, address = self._look_for_place(job, running, first)
            if address is not None:
                self.seat(job, address)
                running[job.run.owner] += 1
            elif job.hindrance == PARAMETERS and first is None:
                first = job
                job.passed_over = self._places_given if job.passed_over is None else job.passed_over
        for place, job in enumerate(self._order(running), 1):
            job.run.place = place

    def _look_for_place(self, job: Job, running: Counter[str], first: Job | None) -> tuple[str, str | None]:
        """What keeps `job` from a place, or "" and the address of the worker where it gets one."""
        most = self._settings.max_places_per_address
        # A run that has to pass a step alone keeps all others waiting, so it goes first.
        if job.alone_until_step is None and running[job.run.owner] >= self._settings.max_running_per_learner:
            return OWN, None
        if job.alone_until_step is None and most and job.host and self._placement.held(job.host) >= most:
            return HOST, None
        workers = self._placement.open(job.run.id)
        if not workers:
            return (ALONE if self._placement.trying else NO_WORKER), None
        there = {address: [other for other in self._jobs.values() if other.address == address]
                 for address in workers}
        free = [address for address, threads in workers.items()
                if len(there[address]) < threads - reserve(threads)]
        if not free:
            return THREADS, None
        fitting = [address for address in free if self._affords(there[address], job, first)]
        if not fitting:
            return PARAMETERS, None
        return "", min(fitting, key=lambda address: (len(there[address]) / workers[address], address))

    def _affords(self, there: Sequence[Job], job: Job, first: Job | None) -> bool:
        """Whether a worker has room for the parameters of `job` beside the runs that are there.

        first: the first run in the queue that finds no room. Others may overtake it as long as those that
        started since leave enough room for it: when the runs that were there before end, it gets its place.
        """
        most = self._settings.max_parameters_running
        if sum(other.parameters for other in there) + job.parameters > most:
            return False
        if first is None or first.passed_over is None or job.alone_until_step is not None:
            return True
        since = sum(other.parameters for other in there if other.place_number > first.passed_over)
        return since + job.parameters + first.parameters <= most

    def overdue(self) -> list[Job]:
        """The paused runs that have to give up their places: at most as many as there are runs waiting.

        A paused run may keep its place while others wait for `paused_seconds` in all.
        """
        now = time.monotonic()
        passed, self._looked = now - self._looked, now
        waiting = [job for job in self._jobs.values() if job.waiting and job.hindrance in CURED]
        for job in self._jobs.values():
            if not job.admitted:
                job.blocking = 0.0
            elif job.run.status == "paused" and any(CURED[other.hindrance](other, job) for other in waiting):
                job.blocking += passed
        paused = sorted((job for job in self._jobs.values() if job.run.status == "paused"
                         and job.blocking >= self._settings.paused_seconds),
                        key=lambda job: -job.blocking)
        return paused[:len(waiting)]

    def _order(self, running: Counter[str]) -> list[Job]:
        """The waiting jobs, in the order in which they will start.

        Learners take turns: first those with the fewest runs, then those whose last turn was longest ago. A
        learner's own runs go by age.
        """
        queues: dict[str, list[Job]] = {}
        for job in sorted(self._jobs.values(), key=lambda job: job.run.created):
            if job.waiting:
                queues.setdefault(job.run.owner, []).append(job)
        ahead, served, given, ordered = Counter(running), dict(self._served), self._places_given, []
        while queues:
            owner = min(queues, key=lambda name: (ahead[name], served.get(name, 0),
                                                  queues[name][0].run.created))
            ordered.append(queues[owner].pop(0))
            given += 1
            ahead[owner], served[owner] = ahead[owner] + 1, given
            if not queues[owner]:
                del queues[owner]
        return ordered

    def thin_moments(self) -> None:
        """Thin the moments of the oldest runs until all of them together have few enough bytes."""
        over = sum(job.run.history.moments.nbytes for job in self) - self._settings.max_moment_bytes
        for job in sorted(self, key=lambda job: job.run.created) if over > 0 else ():
            history = job.run.history
            before = history.moments.nbytes
            history.moments = history.moments.within(max(0, before - over))
            over -= before - history.moments.nbytes
            if over <= 0:
                return

    def drop_old(self, seen: dict[str, float]) -> None:
        """Forget ended runs of learners that were last seen long ago. seen: by `time.monotonic`."""
        oldest = time.monotonic() - self._settings.kept_seconds
        recent = time.time() - self._settings.kept_seconds
        for job in list(self._jobs.values()):
            ended = job.run.ended
            if ended is not None and ended < recent and seen.get(job.run.owner, -math.inf) < oldest:
                self.remove(job)
        owners = {job.run.owner for job in self._jobs.values()}
        self._served = {owner: number for owner, number in self._served.items() if owner in owners}
        for owner in [owner for owner, at in list(seen.items()) if at < oldest and owner not in owners]:
            seen.pop(owner, None)
