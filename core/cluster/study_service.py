"""StudyService: starts, follows and stops studies; sends their groups to workers and collects the results.

`core.cluster.connection` explains which thread does what, and under which lock.
"""

import itertools
import logging
import time
import uuid
from collections.abc import Collection, Mapping, MutableMapping
from contextlib import suppress
from typing import Any

from core.cluster import run_tasks, study_tasks
from core.cluster.connection import WorkerConnection
from core.cluster.messages import GroupEvents
from core.cluster.payload import encode_study
from core.cluster.placement import Placement
from core.cluster.queue import Refused
from core.cluster.study_job import GroupJob, StudyJob
from core.cluster.study_queue import StudyQueue, old
from core.cluster.workers import Workers
from core.settings import Settings
from core.studies import cost
from core.studies.events import GroupEnded
from core.studies.grouping import groups
from core.studies.reducer import begin_again, begin_round, fail, going_on, record, stop
from core.studies.study import Method, Study

log = logging.getLogger(__name__)

# How often a group may lose its worker while nothing else trains there.
MOST_STRIKES = 2
# Most groups that train at the same time: of one study, and of all studies.
MOST_GROUPS, MOST_ALL = 2, 4
LOST = (f"The worker crashed {MOST_STRIKES} times while it trained only these networks. It probably ran out "
        "of memory. Lower the units, the batch size or the number of trials.")


class StudyService:
    """All studies of this page server; each owner sees only their own. Thread-safe.

    Args:
        seen: when each owner was last seen, by `time.monotonic`; starting a study updates it.
        placement: shared with the runs that use the same workers.
    """

    def __init__(self, workers: Workers, settings: Settings, seen: MutableMapping[str, float],
                 placement: Placement | None = None):
        self._workers, self._settings, self._seen = workers, settings, seen
        self._placement = Placement() if placement is None else placement
        self._queue, self._begun = StudyQueue(settings, self._placement), 0
        self._server, self._numbers = uuid.uuid4().hex, itertools.count(1)
        self._jobs: dict[str, StudyJob] = {}
        self._connection = WorkerConnection(
            "studies", self._server, self._on_message, self._on_tick, self._on_disconnect)
        self._lock = self._connection.lock
        self._connection.begin()

    def submit(self, owner: str, method: Method, host: str = "") -> Study:
        """Start a new study.

        Raises `Refused` while the learner's last one goes on or too many wait, and `FieldError` if it is too
        large (see `core.studies.cost`). host: the client's address; empty if unknown.
        """
        cost.check(method, self._settings)
        with self._lock:
            refusal = self._queue.refusal(owner, self._jobs.values(), host)
            if refusal:
                raise Refused(refusal)
            study = Study(f"{self._server}-{next(self._numbers)}", owner, method)
            self._jobs[study.id] = StudyJob(study, host)
            # A page without active runs hardly ever calls `touch`: its learner reads, then presses Start.
            self._seen[owner] = time.monotonic()
            self._drop_old(owner)
            self._queue.give_turns(self._jobs.values())
        self._connection.wake()
        return study

    def studies(self, owner: str) -> list[Study]:
        """The learner's kept studies, newest last."""
        with self._lock:
            return [job.study for job in self._jobs.values() if job.study.owner == owner]

    def study(self, owner: str, study_id: str) -> Study | None:
        """One study; None if it is gone or belongs to somebody else."""
        with self._lock:
            job = self._jobs.get(study_id)
            return job.study if job and job.study.owner == owner else None

    def stop(self, owner: str, study_id: str) -> None:
        """End a study and keep its results so far. Has no effect if it does not exist or is over."""
        with self._lock:
            study = self.study(owner, study_id)
            if study is not None and study.active:
                self._stop(self._jobs[study.id], "Stopped.")

    def remove(self, owner: str, study_id: str) -> None:
        """Forget a study, ending it first."""
        with self._lock:
            self.stop(owner, study_id)
            if self.study(owner, study_id) is not None:
                del self._jobs[study_id]

    def adopt(self, old_owner: str, new_owner: str) -> None:
        """Give all studies of one owner to another: the same browser under a new key."""
        with self._lock:
            for study in self.studies(old_owner):
                study.owner = new_owner

    def close(self) -> None:
        """Stop following studies."""
        self._connection.close()

    def _drop_old(self, owner: str) -> None:
        ended = [study for study in self.studies(owner) if not study.active]
        for study in ended[:-self._settings.kept_studies]:
            del self._jobs[study.id]

    def _stop(self, job: StudyJob, message: str) -> None:
        stop(job.study, message)
        for group in job.going.values():
            self._call_off(job.study.id, group)
            self._placement.forget(group.name)
        for group in job.waiting:
            self._placement.forget(group.name)
        self._placement.forget(job.study.id)
        job.clear()

    def _call_off(self, study: str, group: GroupJob) -> None:
        client, address, future = self._connection.client, group.address, group.future
        if client is None or not address:
            return

        async def send() -> None:
            with suppress(Exception):
                await client.run(study_tasks.stop_group, study, group.key, workers=[address])
                await future.cancel()

        client.loop.add_callback(send)

    # Messages from the workers.

    def _on_message(self, message: GroupEvents) -> None:
        job = self._jobs.get(message.study)
        group = job.going.get(message.group) if job is not None else None
        if job is None or group is None or group.attempt != message.attempt:
            return
        for event in message.events:
            if isinstance(event, GroupEnded):
                self._ended(job, group, event)
            else:
                record(job.study, event)

    def _ended(self, job: StudyJob, group: GroupJob, ended: GroupEnded) -> None:
        del job.going[group.key]
        self._placement.forget(group.name)
        if ended.failed:
            fail(job.study, group.numbers, ended.message)
        self._connection.wake()

    # The thread that talks to Dask.

    def _on_tick(self) -> None:
        client, places = self._workers.client, self._workers.places
        self._connection.follow(client)
        killed = self._killed()
        with self._lock:
            self._placement.look(places)
            jobs = [job for job in self._jobs.values() if job.study.active]
            for job in jobs:
                self._expire(job)
                for group in list(job.going.values()):
                    self._look_after(job, group, places, killed)
            self._queue.give_turns(self._jobs.values())
            for job in old(self._jobs.values(), self._seen, self._settings.kept_seconds):
                del self._jobs[job.study.id]
        for job in [job for job in jobs if job.admitted]:
            self._advance(job)
        with self._lock:
            if client is not None and places:
                self._give_out(client, len(places))

    def _killed(self) -> set[int]:
        """The groups whose tasks have failed because their worker was lost, by `id`."""
        from distributed import KilledWorker
        with self._lock:
            failed = [group for job in self._jobs.values() for group in job.going.values()
                      if group.future.status == "error"]
        return {id(group) for group in failed if isinstance(group.future.exception(timeout=5), KilledWorker)}

    def _look_after(self, job: StudyJob, group: GroupJob, places: Mapping[str, int] | None,
                    killed: Collection[int]) -> None:
        """Restart a group whose worker is gone; if it may be the cause, it is alone for a while."""
        gone = id(group) in killed or (places is not None and group.address not in places)
        if gone:
            self._placement.worker_gone(group.address)
        if gone or group.future.status in ("error", "cancelled", "lost") or group.silent():
            self._retry_or_give_up(job, group)
            return
        if group.alone_until_epoch is not None and group.passed(job.study):
            group.alone_until_epoch = None
            self._placement.passed(group.name)
        if self._placement.in_the_way(group.name):
            self._call_off(job.study.id, group)
            self._again(job, group)

    def _on_disconnect(self) -> None:
        """The scheduler was replaced: groups that ran under the old one start again."""
        for job in self._jobs.values():
            for group in list(job.going.values()):
                self._again(job, group)

    def _retry_or_give_up(self, job: StudyJob, group: GroupJob) -> None:
        """A group's worker is gone: it starts again, alone until it has got as far as before."""
        job.study.lost += 1
        group.losses, group.strikes = group.losses + 1, group.strikes + (group.alone_until_epoch is not None)
        if group.strikes >= MOST_STRIKES:
            del job.going[group.key]
            self._placement.forget(group.name)
            fail(job.study, group.numbers, LOST)
            return
        group.alone_until_epoch = max(group.done(job.study), group.alone_until_epoch or 0)
        self._again(job, group)
        self._placement.isolate(group.name)

    def _again(self, job: StudyJob, group: GroupJob) -> None:
        """The group has lost its worker and starts again; the results will be the same."""
        del job.going[group.key]
        self._placement.leave(group.name)
        begin_again(job.study, group.numbers)
        group.begin_again()
        job.waiting.appendleft(group)

    def _advance(self, job: StudyJob) -> None:
        """Begin the next round once the last is over; the method is asked without holding the lock."""
        study = job.study
        with self._lock:
            if not study.active or job.going or job.waiting:
                return
            members, results = study.members, study.results
        try:
            more, following = study.method.following(members, results)
        except Exception as error:
            log.exception("A study could not go on")
            with self._lock:
                self._stop(job, run_tasks.advice(error))
                study.status = "failed"
            return
        with self._lock:
            if not study.active:
                return
            # If a method asks for the same round again, none of its members can continue.
            following = None if following == job.round and not more else following
            begin_round(study, more, job.round, following)
            job.round = following
            if following is None:
                job.clear()
                return
            if more or job.payload is None:
                job.payload = encode_study(study.members)
            for numbers in groups(study.members, going_on(study, following)):
                key = str(next(self._numbers))
                name = study_tasks.group_name(study.id, key)
                job.waiting.append(GroupJob(key, name, numbers, following.epochs))
            if not job.waiting:
                self._connection.wake()

    def _give_out(self, client: Any, workers: int) -> None:
        """Send groups to the workers, studies in turn, each group to the worker with the fewest."""
        going = [group for job in self._jobs.values() for group in job.going.values()]
        jobs = [job for job in self._jobs.values() if job.study.active]
        while (jobs := [job for job in jobs if job.waiting]) and len(going) < MOST_ALL * workers:
            job = min(jobs, key=lambda job: (len(job.going), job.given))
            group = job.waiting[0]
            usual = self._placement.open(group.name)
            if not usual or len(job.going) >= MOST_GROUPS * workers:
                jobs.remove(job)
                continue
            job.waiting.popleft()
            address = min(usual, key=lambda address: sum(other.address == address for other in going))
            self._placement.enter(group.name, address)
            self._begin(client, job, group, address)
            going.append(group)

    def _begin(self, client: Any, job: StudyJob, group: GroupJob, address: str) -> None:
        assert job.payload is not None
        group.address, group.begun = address, time.monotonic()
        group.future = client.submit(
            study_tasks.train_group, job.study.id, group.key, group.attempt, job.payload.of(group.numbers),
            group.epochs, self._settings, workers=[address], pure=False,
            key=run_tasks.task_key(group.name, group.attempt))
        group.future.add_done_callback(lambda _: self._connection.wake())
        self._begun += 1
        job.going[group.key], job.given = group, self._begun

    def _expire(self, job: StudyJob) -> None:
        now, limit = time.monotonic(), self._settings.abandoned_seconds
        if self._seen.get(job.study.owner, now) < now - limit:
            self._stop(job, f"Stopped, because its page did not respond for {limit:g} s.")
