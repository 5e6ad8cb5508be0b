"""Whose study's turn it is: learners in turn, and no address more than its share.

Pure bookkeeping; `core.studies` calls it under its lock.
"""

from collections.abc import Collection

from core.placement import Placement
from core.settings import Settings
from core.sweeps.job import StudyJob
from core.sweeps.recording import put_in_line


class StudyQueue:
    """Who waits for a turn, and who has one. placement: counts the places of each address."""

    def __init__(self, settings: Settings, placement: Placement):
        self._settings, self._placement = settings, placement
        self._turns, self._served = 0, dict[str, int]()

    def refusal(self, owner: str, jobs: Collection[StudyJob], host: str = "") -> str | None:
        """Why one more study of `owner`, whose address is `host`, cannot be taken on; None if it can."""
        active = [job for job in jobs if job.study.active]
        if any(job.study.owner == owner for job in active):
            return "Another search of yours is still going. Stop it, or wait until it is done."
        waiting, most = [job for job in active if not job.admitted], self._settings.max_waiting
        if len(waiting) >= most:
            return (f"{len(waiting)} searches of other learners are waiting, and {most} may. Try again when "
                    "some have ended.")
        here = sum(job.host == host for job in waiting)
        if self._settings.max_places_per_address and host and here >= most // 2:
            return f"{here} searches from your address are waiting already. Try again when some have ended."
        return None

    def turn(self, jobs: Collection[StudyJob]) -> None:
        """Give studies their turns that there is room for, and number those that still wait."""
        for job in jobs:
            if job.admitted and not job.study.active:
                job.admitted = False
                self._placement.forget(job.study.id)
        owners = {job.study.owner for job in jobs}
        self._served = {owner: turn for owner, turn in self._served.items() if owner in owners}
        waiting = sorted((job for job in jobs if job.study.active and not job.admitted),
                         key=lambda job: (self._served.get(job.study.owner, 0), job.study.created))
        place = 0
        for job in waiting:
            if self._fits(job, jobs):
                self._turns, job.admitted = self._turns + 1, True
                self._served[job.study.owner] = self._turns
                self._placement.enter(job.study.id, "", job.host)
            place += not job.admitted
            put_in_line(job.study, None if job.admitted else place)

    def _fits(self, job: StudyJob, jobs: Collection[StudyJob]) -> bool:
        most = self._settings.max_places_per_address
        return (sum(other.admitted for other in jobs) < self._settings.max_studies
                and not (most and job.host and self._placement.held(job.host) >= most))
