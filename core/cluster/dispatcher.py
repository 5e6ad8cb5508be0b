"""Sends runs to workers and receives their events. Together with `core.cluster.workers`, all calls to Dask.

`core.cluster.connection` explains which thread does what, and under which lock.
"""

import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from core.cluster import question_tasks, run_tasks
from core.cluster.connection import WorkerConnection
from core.cluster.job import Job
from core.cluster.messages import Answer, Message, Started, Underway
from core.cluster.payload import Errand
from core.cluster.placement import Placement
from core.cluster.queue import Queue
from core.cluster.retries import awaited, begin, call_off, describe, end_run, passed, record, retry_or_give_up
from core.cluster.workers import Workers
from core.runs.controls import BaseControls
from core.runs.events import Finished, Parked
from core.runs.run import BaseRun
from core.settings import Settings

OBEY_SECONDS, PUSH_AGAIN_SECONDS = 5.0, 2.0
ANSWER_PRIORITY = 10


class Dispatcher:
    """Carries out what the queue decides: sends runs to workers and records their events.

    Args:
        server: the name of this page server, with which its runs' names begin.
        answer: receives answers and progress of `ask`; called under `lock`.
        seen: when each owner was last seen, by `time.monotonic`.
        ended: receives each run that has ended, once, under `lock`; it must not wait for anything.
        between: what else there is to do now and then; called under `lock`.
    """

    def __init__(self, server: str, workers: Workers, settings: Settings, queue: Queue, placement: Placement,
                 answer: Callable[[Answer | Underway], None], seen: dict[str, float],
                 ended: Callable[[Any], None], between: Callable[[], None]):
        self._connection = WorkerConnection(
            "runs", server, self._on_message, self._on_tick, self._on_disconnect)
        self.lock = self._connection.lock
        self._workers, self._settings = workers, settings
        self._queue, self._answer, self._seen, self._ended = queue, answer, seen, ended
        self._placement, self._between = placement, between
        self.errands: dict[type[BaseRun], Errand] = {}  # the service of each kind adds its own
        self.tell: Callable[[str], None] = lambda owner: None  # see `OwnRuns.on_awaited`
        self._dropped: list[Any] = []
        self._connection.begin()

    def wake(self) -> None:
        """Look at the queue now instead of soon."""
        self._connection.wake()

    def close(self) -> None:
        """Stop following runs."""
        self._connection.close()
        self._tell_ended()

    def admit(self) -> None:
        """Start the runs that fit, and update what the others say about their wait. Call under `lock`."""
        self._placement.look(self._workers.places)
        self._queue.give_places()
        state = "" if self._workers.ready else self._workers.state
        for job in self._queue:
            describe(job, state, self._placement.trying)

    def ask(self, task: Callable[..., None], request_id: str, *arguments: Any,
            worker: str | None = None) -> Any:
        """Give a worker a task that answers `request_id`. Returns its future; None without a worker.

        worker: which one; None for any.
        """
        client, places = self._connection.client, self._workers.places
        if client is None or client.status != "running" or not places:
            return None
        # Preferably not in a worker that a run may take down.
        able = [worker] if worker is not None else list(self._placement.open("") or places)
        return client.submit(
            task, request_id, *arguments, workers=able, pure=False,
            key=run_tasks.task_key(request_id, question_tasks.ANSWER_ATTEMPT), priority=ANSWER_PRIORITY)

    def end(self, request_id: str, future: Any) -> None:
        """Make a worker abandon a task of `ask` that nobody waits for any more. Call under `lock`."""
        self._in_background(None, request_id, question_tasks.ANSWER_ATTEMPT, None)
        self._dropped.append(future)
        self.wake()

    def push(self, job: Job) -> None:
        """Send the controls to the run's worker, without waiting for it."""
        if job.worker is not None:
            job.pushed = time.monotonic()
            self._in_background(job.worker, job.run.id, job.run.attempt, job.controls, job)

    def stop(self, job: Job) -> None:
        """Make sure that a run which was told to stop does end. Call under `lock`."""
        if job.worker is None or job.run.status == "compiling":
            call_off(job)
        if job.worker is None:
            self._forget(job)
            self._free(job)
        elif job.stop_by is None:
            job.stop_by = time.monotonic() + OBEY_SECONDS
        self.wake()

    # Messages from the workers.

    def _on_message(self, message: Message) -> None:
        if isinstance(message, Answer | Underway):
            self._answer(message)
            return
        job = self._queue.get(message.run_id)
        if job is None or not job.run.active or message.attempt != job.run.attempt:
            if isinstance(message, Started):
                self._call_off(message)
        elif isinstance(message, Started):
            self._began(job, message)
        else:
            before = awaited(job.run)
            for event in message.events:
                record(job, event)
                if isinstance(event, Finished | Parked):
                    self.wake()
                if isinstance(event, Parked):
                    self._free(job)
                    if not job.run.active:
                        self._forget(job)
            if awaited(job.run) != before:
                self.tell(job.run.owner)

    def _began(self, job: Job, message: Started) -> None:
        if job.worker is not None:
            # The scheduler restarted the task by itself, because the worker was lost meanwhile.
            self._call_off(message)
            self._worker_lost(job.address)
            return
        job.worker, job.run.status = message.worker, "compiling"
        if job.run.controls.version > job.sent:
            self.push(job)

    def _call_off(self, message: Started) -> None:
        """Nobody waits for this attempt any more: tell it to stop."""
        self._in_background(message.worker, message.run_id, message.attempt, None)

    def _in_background(self, worker: str | None, run_id: str, attempt: int, controls: BaseControls | None,
                       job: Job | None = None) -> None:
        """Send controls without waiting. worker: its address; None to ask all. controls: None to end it."""
        client = self._connection.client
        if client is None:
            return
        version = 0 if controls is None else controls.version

        async def send() -> None:
            with suppress(Exception):
                taken = await client.run(run_tasks.set_controls, run_id, attempt, controls,
                                         workers=None if worker is None else [worker])
                if job is not None and job.run.attempt == attempt and taken.get(worker):
                    job.sent = max(job.sent, version)

        client.loop.add_callback(send)

    def _forget(self, job: Job) -> None:
        """Have the files deleted from which a run without a worker would have continued."""
        client, run = self._connection.client, job.run
        if client is not None and run.history.checkpoint is not None:
            async def send() -> None:
                with suppress(Exception):
                    await client.run(run_tasks.forget, run.id, run.attempt, on_error="ignore")

            client.loop.add_callback(send)

    def _free(self, job: Job) -> None:
        """The run no longer has a place, as far as the queue is concerned."""
        self._queue.free(job)
        if job.future is not None:
            self._dropped.append(job.future)
            job.future = None

    def _worker_lost(self, address: str) -> None:
        """A worker is gone: its runs lose their places, and those that trained continue one at a time."""
        self._placement.worker_gone(address)
        for job in [job for job in self._queue if job.address == address]:
            # Not to blame: a paused run, and a task that was sent too late to begin.
            trained = job.run.status != "paused" and job.future is not None and (
                job.worker is not None or job.future.status == "error")
            self._again(job, trained)
            alone = job.run.active and job.alone_until_step is not None
            (self._placement.isolate if alone else self._placement.passed)(job.run.id)

    def _again(self, job: Job, trained: bool = False) -> None:
        if job.run.active and job.future is not None:
            retry_or_give_up(job, trained)
        self._free(job)
        self.wake()

    def _make_room(self) -> None:
        """Tell runs to leave that keep others waiting; they continue later from where they were."""
        overdue = {job.run.id for job in self._queue.overdue()}
        for job in self._queue:
            if job.worker is None or not job.run.active:
                continue
            before = job.alone_until_step, job.leaving
            if job.alone_until_step is not None and passed(job):
                job.alone_until_step = None
                self._placement.passed(job.run.id)
            job.leaving = job.run.id in overdue or self._placement.in_the_way(job.run.id)
            if before != (job.alone_until_step, job.leaving):
                job.run.controls = job.run.controls.changed()
                self.push(job)

    # The thread that talks to Dask.

    def _tell_ended(self) -> None:
        with self.lock:
            for job in self._queue:
                if not (job.reported or job.run.active):
                    job.reported = True
                    self._ended(job.run)

    def _on_tick(self) -> None:
        self._tell_ended()
        client, places = self._workers.client, self._workers.places
        self._connection.follow(client)
        for job, future in self._done():
            self._settle(job, future)
        with self.lock:
            self._expire()
            for address in {job.address for job in self._queue if job.admitted}:
                # The scheduler may keep their tasks for another worker, and then reports nothing.
                if places is not None and address not in places:
                    self._worker_lost(address)
            self.admit()
            self._make_room()
            for job in self._queue:
                if client is not None and job.admitted and job.run.active and job.future is None:
                    self._begin(job)
            self._between()
            dropped, self._dropped = self._dropped, []
        if client is not None and (current := [one for one in dropped if one.client is client]):
            with suppress(Exception):
                client.cancel(current)

    def _on_disconnect(self) -> None:
        """The scheduler was replaced: runs that were under the old one begin another attempt."""
        for job in self._queue:
            if job.future is not None:
                self._again(job)

    def _begin(self, job: Job) -> None:
        run, errand = job.run, self.errands[type(job.run)]
        begin(job)
        job.future = self._connection.client.submit(
            errand.task, run.id, run.attempt, errand.encode(run.config), job.controls, job.replay,
            self._settings, run.history.checkpoint, workers=[job.address],
            key=run_tasks.task_key(run.id, run.attempt), pure=False)
        job.future.add_done_callback(lambda _: self.wake())

    def _done(self) -> list[tuple[Job, Any]]:
        with self.lock:
            return [(job, job.future) for job in self._queue
                    if job.admitted and job.future is not None and job.future.status != "pending"]

    def _settle(self, job: Job, future: Any) -> None:
        """A task is over: free its thread, and find out why if the run did not end by itself."""
        from distributed import KilledWorker
        status = future.status
        error = future.exception(timeout=OBEY_SECONDS) if status == "error" else None
        with self.lock:
            if job.future is not future:
                return
            if job.run.active and isinstance(error, KilledWorker):
                self._worker_lost(job.address)
                return
            if job.run.active and status in ("cancelled", "lost"):
                self._again(job)
                return
            end_run(job, "failed", run_tasks.advice(error) if isinstance(error, Exception) else
                    "The run ended without a result. Press Train to try again.")
            self._free(job)

    def _expire(self) -> None:
        """End runs that nobody watches and tasks that do not stop; resend controls that did not arrive."""
        now, limit = time.monotonic(), self._settings.abandoned_seconds
        for job in self._queue:
            if job.run.active and self._seen.get(job.run.owner, now) < now - limit:
                job.run.controls = job.run.controls.changed(stopped=True)
                self.push(job)
                self.stop(job)
                end_run(job, "stopped", f"Stopped, because its page did not respond for {limit:g} s.")
            if job.stop_by is not None and job.stop_by < now:
                end_run(job, "stopped", "Stopped. The worker took long to respond.")
                self._free(job)
            if job.run.active and job.sent < job.run.controls.version \
                    and job.pushed < now - PUSH_AGAIN_SECONDS:
                self.push(job)
        self._queue.drop_old(self._seen)
        self._queue.thin_moments()
