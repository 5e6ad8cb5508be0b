"""`ProgressBook`: what each browser predicted, passed and wrote, kept as runs are."""

import threading
import time
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import replace

from core.lessons.graded import Verdict
from core.lessons.submitting import lesson_of
from core.lessons.tour import TOUR
from core.store import BackgroundWriter, Unavailable
from core.store.progress import LessonProgress, bounded, merged

__all__ = ["LessonProgress", "ProgressBook", "with_verdict"]

# How many browsers' changes are remembered in memory: all that can matter until they are written.
MOST_BROWSERS = 2000


class ProgressBook:
    """What all browsers did in lessons; each sees only its own. Thread-safe.

    Nobody waits for the database to write: what was noted is seen at once, from memory. While the database
    cannot be reached, memory is all there is.
    """

    def __init__(self, writer: BackgroundWriter):
        self._writer, self._lock = writer, threading.Lock()
        self._noted: OrderedDict[str, dict[str, LessonProgress]] = OrderedDict()

    def of(self, owner: str) -> Mapping[str, LessonProgress]:
        """A browser's progress by lesson."""
        return {name: own for name, own in self._all(owner).items() if own.deleted is None}

    def note(self, owner: str, progress: LessonProgress) -> None:
        """Remember what a browser did in a lesson or the tour, over what was known; `when` becomes now.

        Raises `FieldError` for a lesson that does not exist. Texts that are too long are cut.
        """
        if progress.lesson != TOUR:
            lesson_of(progress.lesson)
        self._keep(owner, bounded(replace(progress, when=time.time(), deleted=None)))

    def delete(self, owner: str, lessons: Sequence[str]) -> None:
        """Hide progress; `restore` can undo this for a day."""
        self._mark(owner, lessons, time.time())

    def restore(self, owner: str, lessons: Sequence[str]) -> None:
        """Undo a deletion."""
        self._mark(owner, lessons, None)

    def adopt(self, old_owner: str, new_owner: str) -> bool:
        """Give one browser's progress to another key; the writer does the same with what is stored.

        Returns whether there was any.
        """
        with self._lock:
            moved = self._noted.pop(old_owner, {})
            if not moved:
                return False
            self._noted[new_owner] = _newest(self._noted.get(new_owner, {}), moved)
            return True

    def _all(self, owner: str) -> dict[str, LessonProgress]:
        try:
            stored = self._writer.store.progress.of(owner)
        except Unavailable:
            stored = {}
        with self._lock:
            return _newest(stored, self._noted.get(owner, {}))

    def _mark(self, owner: str, lessons: Sequence[str], deleted: float | None) -> None:
        for name, own in self._all(owner).items():
            if name in lessons:
                self._keep(owner, replace(own, deleted=deleted, when=time.time()))

    def _keep(self, owner: str, progress: LessonProgress) -> None:
        with self._lock:
            self._noted.setdefault(owner, {})[progress.lesson] = progress
            self._noted.move_to_end(owner)
            while len(self._noted) > MOST_BROWSERS:
                self._noted.popitem(last=False)
        self._writer.note(owner, progress)


def with_verdict(progress: LessonProgress, verdict: Verdict) -> LessonProgress:
    """Progress after a challenge was graded: once passed, a lesson stays passed."""
    passed = progress.passed if progress.passed is not None else time.time() if verdict.passed else None
    return replace(progress, passed=passed, reached=verdict.reached or progress.reached)


def _newest(first: Mapping[str, LessonProgress], second: Mapping[str, LessonProgress],
            ) -> dict[str, LessonProgress]:
    """Both together; of a lesson that both have, the one that changed last, see `merged`."""
    found = dict(first)
    for name, own in second.items():
        older, newer = sorted((found.get(name, own), own), key=lambda one: one.when)
        found[name] = merged(older, newer)
    return found
