"""`OwnRuns`: what pages can ask of the runs of one kind, each owner only of their own."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic

from core.cluster.compile_ahead import CompileAhead
from core.cluster.dispatcher import Dispatcher
from core.cluster.job import AnyRun, Job
from core.cluster.placement import Placement
from core.cluster.queue import Queue, Refused


@dataclass(frozen=True)
class SharedCluster:
    """What the services of all kinds of runs share.

    Attributes:
        queue: all runs of this page server, guarded by the dispatcher's lock.
        seen: when each owner was last seen, by `time.monotonic`.
        name: makes an id that was never used.
        ahead: compiles what somebody may soon train, under the same lock.
    """

    queue: Queue
    dispatcher: Dispatcher
    placement: Placement
    seen: dict[str, float]
    name: Callable[[], str]
    ahead: CompileAhead


class OwnRuns(Generic[AnyRun]):
    """The runs of one kind: runs of networks, or runs of agents. Thread-safe.

    kind: the class of its runs. Those of another class do not exist as far as it is concerned.
    """

    def __init__(self, kind: type[AnyRun], shared: SharedCluster):
        self._kind, self.shared = kind, shared
        self._queue, self._dispatcher, self._lock = shared.queue, shared.dispatcher, shared.dispatcher.lock

    def runs(self, owner: str) -> list[AnyRun]:
        """The learner's kept runs, newest last."""
        with self._lock:
            return [job.run for job in self._queue.of(owner, self._kind)]

    def run(self, owner: str, run_id: str) -> AnyRun | None:
        """One run; None if it is gone or belongs to somebody else."""
        with self._lock:
            return next((run for run in self.runs(owner) if run.id == run_id), None)

    def control(self, owner: str, run_id: str, **changes: Any) -> AnyRun:
        """Change the controls of a run; has no effect once it has ended.

        Raises `FieldError` for a value that is refused, `Refused` for a run that does not exist.
        """
        with self._lock:
            self.touch(owner)
            job = self._job(owner, run_id)
            controls = job.run.steered(changes)
            if not job.run.active:
                return job.run
            job.run.controls = controls
            # A run that was resumed may keep others waiting as long as a new one.
            job.leaving = job.leaving and self.shared.placement.in_the_way(run_id)
            if job.parked:
                job.run.status, job.run.message = ("paused" if job.idle else "waiting"), ""
                self._dispatcher.wake()
            self._dispatcher.push(job)
            if controls.stopped:
                self._dispatcher.stop(job)
        return job.run

    def stop(self, owner: str, run_id: str) -> AnyRun:
        """End a run. Raises `Refused` for a run that does not exist."""
        return self.control(owner, run_id, stopped=True)

    def remove(self, owner: str, run_id: str) -> None:
        """Forget a run, ending it first. Raises `Refused` for a run that does not exist."""
        with self._lock:
            self.stop(owner, run_id)
            job = self._job(owner, run_id)
            job.reported = True
            self._queue.remove(job)

    def going(self) -> int:
        """How many runs of all learners train now, of every kind: all of them take the server's time."""
        with self._lock:
            return sum(job.admitted and job.run.active and not job.run.controls.paused
                       for job in self._queue)

    def on_awaited(self, tell: Callable[[str], None]) -> None:
        """From now on, call `tell` with the owner when something comes that a learner waits for.

        That is a run's first point, what a paused run shows, its end, and an answer, whatever kind of run it
        is. It must not wait.
        """
        self._dispatcher.tell = tell

    def touch(self, owner: str) -> None:
        """Note that the learner is still there; their runs end `abandoned_seconds` after the last call."""
        self.shared.seen[owner] = time.monotonic()

    def _compile_ahead(self, owner: str, config: Any) -> None:
        """Note that `owner` may soon train `config`: it is compiled while nobody trains."""
        with self._lock:
            self.shared.ahead.want(owner, config, self._dispatcher.errands[self._kind])

    def _accept(self, job: Job[AnyRun]) -> AnyRun:
        """Queue a new run. Raises `Refused` if it is too large or too many runs wait."""
        with self._lock:
            self.touch(job.run.owner)
            refusal = self._queue.refusal(job.run.owner, job.parameters, job.host)
            if refusal:
                raise Refused(refusal)
            self._queue.add(job)
            self._dispatcher.admit()
        self._dispatcher.wake()
        return job.run

    def _job(self, owner: str, run_id: str) -> Job[AnyRun]:
        for job in self._queue.of(owner, self._kind):
            if job.run.id == run_id:
                return job
        raise Refused("This run no longer exists. Choose another run, or press Train.")
