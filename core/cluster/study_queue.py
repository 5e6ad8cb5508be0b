"""Decides which study goes next: learners take turns, and no client address gets more than its share.

Pure bookkeeping; `core.cluster.study_service` calls it while holding its lock.
"""

import math
import time
from collections.abc import Collection, Mapping

from core.cluster.placement import Placement
from core.cluster.study_job import StudyJob
from core.settings import Settings
from core.studies.reducer import put_in_line

# A study that got its turn longer ago than this keeps no newcomer waiting: the workers take groups of all
# studies in turn, first those of studies with the fewest in progress.
FRESH_SECONDS = 60.0
# How many may have their turns in all, as a multiple of `max_studies`: each takes memory.
MOST_IN_ALL = 4


def old(jobs: Collection[StudyJob], seen: Mapping[str, float], kept_seconds: float) -> list[StudyJob]:
    """Studies that ended long ago and whose learners were last seen long ago. seen: by `time.monotonic`."""
    oldest, recent = time.monotonic() - kept_seconds, time.time() - kept_seconds
    return [job for job in jobs if job.study.ended is not None and job.study.ended < recent
            and seen.get(job.study.owner, -math.inf) < oldest]


class StudyQueue:
    """Which studies have a turn, and which wait. placement: counts the places of each client address."""

    def __init__(self, settings: Settings, placement: Placement):
        self._settings, self._placement = settings, placement
        self._turns_given, self._served = 0, dict[str, int]()

    def refusal(self, owner: str, jobs: Collection[StudyJob], host: str = "") -> str | None:
        """Why one more study of `owner`, whose address is `host`, cannot be accepted; None if it can."""
        active = [job for job in jobs if job.study.active]
        if any(job.study.owner == owner for job in active):
            return ("Something else of yours is still training, such as a search or a challenge. Stop it, or "
                    "wait until it has finished.")
        waiting, most = [job for job in active if not job.admitted], self._settings.max_waiting
        if len(waiting) >= most:
            return (f"{len(waiting)} searches of other learners are waiting; the limit is {most}. Try again "
                    "when some have ended.")
        here = sum(job.host == host for job in waiting)
        if self._settings.max_places_per_address and host and here >= most // 2:
            return f"{here} searches from your address are already waiting. Try again when some have ended."
        return None

    def give_turns(self, jobs: Collection[StudyJob]) -> None:
        """Give turns to the studies that there is room for, and number those that still wait."""
        for job in jobs:
            if job.admitted and not job.study.active:
                job.admitted = False
                self._placement.forget(job.study.id)
        owners = {job.study.owner for job in jobs}
        self._served = {owner: number for owner, number in self._served.items() if owner in owners}
        waiting = sorted((job for job in jobs if job.study.active and not job.admitted),
                         key=lambda job: (self._served.get(job.study.owner, 0), job.study.created))
        place = 0
        for job in waiting:
            if self._fits(job, jobs):
                self._turns_given, job.admitted, job.since = self._turns_given + 1, True, time.monotonic()
                self._served[job.study.owner] = self._turns_given
                self._placement.enter(job.study.id, "", job.host)
            place += not job.admitted
            put_in_line(job.study, None if job.admitted else place)

    def _fits(self, job: StudyJob, jobs: Collection[StudyJob]) -> bool:
        most = self._settings.max_places_per_address
        turns, now = [other.since for other in jobs if other.admitted], time.monotonic()
        return (sum(now - since < FRESH_SECONDS for since in turns) < self._settings.max_studies
                and len(turns) < MOST_IN_ALL * self._settings.max_studies
                and not (most and job.host and self._placement.held(job.host) >= most))
