"""Saves ended runs and progress from a thread of its own, and tries again until they are stored."""

import logging
import threading
from collections import deque
from dataclasses import dataclass

from core.runs.run import Run
from core.store.database import Unavailable, is_refusal
from core.store.progress import LessonProgress, merged
from core.store.record import Record, record_of
from core.store.store import Store

log = logging.getLogger(__name__)

# Growing pauses between attempts; and how many runs wait in memory meanwhile, about 20 kB each.
PAUSES = (0.5, 1.0, 2.0, 5.0, 15.0, 60.0)
MOST = 1000


@dataclass(frozen=True)
class _Adoption:
    old: str
    new: str


@dataclass(frozen=True)
class _Noted:
    owner: str
    progress: LessonProgress


class BackgroundWriter:
    """Writes runs to `store` in the order it gets them. Nobody waits for it, and it never raises."""

    def __init__(self, store: Store):
        self.store = store
        self._new = deque[Run | _Adoption | _Noted]()
        self._waiting = deque[Record | _Adoption | _Noted]()
        self._changed, self._closed, self._idle = threading.Condition(), False, True
        self._why, self._lost, self._failures = "", 0, 0
        self._thread = threading.Thread(target=self._work, name="store", daemon=True)
        self._thread.start()

    def enqueue(self, run: Run) -> None:
        """Store an ended run as soon as possible; a run that never took a step is skipped."""
        if run.history.progress or run.status in ("failed", "diverged"):
            self._take(run)

    def note(self, owner: str, progress: LessonProgress) -> None:
        """Store what a browser did in a lesson as soon as possible."""
        self._take(_Noted(owner, progress))

    def adopt(self, old_owner: str, new_owner: str) -> None:
        """Give all runs and progress of one browser to another, including those that still wait."""
        self._take(_Adoption(old_owner, new_owner))

    def waiting(self) -> int:
        """How many runs are not written yet."""
        with self._changed:
            return sum(isinstance(item, Run | Record) for item in [*self._new, *self._waiting])

    @property
    def state(self) -> str:
        """What is wrong, in words; empty if nothing is."""
        with self._changed:
            said = []
            if self._why:
                count = self.waiting()
                held = f" {count} ended run{'s' * (count != 1)} wait{'s' * (count == 1)} for it in memory." \
                    if count else ""
                said.append(f"Runs cannot be saved at the moment. {self._why}{held}")
            if self._lost:
                said.append(f"{self._lost} run{'s' * (self._lost != 1)} could not be saved.")
            return " ".join(said)

    def flush(self, seconds: float = 10.0) -> bool:
        """Wait until everything given so far is stored; False if it is not after `seconds`."""
        with self._changed:
            return self._changed.wait_for(lambda: self._idle and not self._new and not self._waiting, seconds)

    def close(self, seconds: float = 3.0) -> None:
        """Write as much as possible within `seconds`, then end."""
        if not self._why:
            self.flush(seconds)
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        self._thread.join(seconds)
        self.store.close()

    def _take(self, item: Run | _Adoption | _Noted) -> None:
        with self._changed:
            self._new.append(item)
            self._changed.notify_all()

    def _work(self) -> None:
        with_care(self.store.forget)
        while True:
            with self._changed:
                self._idle = True
                self._changed.notify_all()
                pause = PAUSES[min(self._failures, len(PAUSES)) - 1] if self._failures else None
                self._changed.wait_for(lambda: self._closed or self._new or (self._waiting and not
                                                                             self._failures), pause)
                if self._closed:
                    return
                self._idle = False
            self._receive()
            self._write()

    def _receive(self) -> None:
        """Turn runs into records now: records are small, while a run holds on to its weights."""
        while self._new:
            item, made = self._new[0], None
            try:
                made = record_of(item) if isinstance(item, Run) else item
            except Exception:
                log.exception("A run cannot be kept")
                self._lost += 1
            # Under one lock, so that a count of the waiting runs misses none.
            with self._changed:
                self._new.popleft()
                if made is not None and not self._renewed(made):
                    self._waiting.append(made)
                while len(self._waiting) > MOST:
                    self._waiting.popleft()
                    self._lost += 1

    def _renewed(self, made: Record | _Adoption | _Noted) -> bool:
        """Put progress in the place of older progress that waits: a browser can note some at each click.

        A deletion keeps its place: what was noted before it must not come back.
        """
        if not isinstance(made, _Noted):
            return False
        for place, other in reversed(list(enumerate(self._waiting))):
            if isinstance(other, _Noted) and other.owner == made.owner and (
                    other.progress.lesson == made.progress.lesson):
                if other.progress.deleted is not None:
                    return False
                self._waiting[place] = _Noted(made.owner, merged(other.progress, made.progress))
                return True
        return False

    def _write(self) -> None:
        while self._waiting and not self._closed:
            item = self._waiting[0]
            try:
                if isinstance(item, _Adoption):
                    self.store.adopt(item.old, item.new)
                elif isinstance(item, _Noted):
                    self.store.progress.note(item.owner, item.progress)
                else:
                    self.store.keep(item)
            except Exception as error:
                if isinstance(error, Unavailable) and not is_refusal(error):
                    self._why, self._failures = str(error), self._failures + 1
                    return
                # It would be refused again, and the runs after it must not wait for it.
                log.exception("A run was refused by the store")
                self._lost += 1
            with self._changed:
                self._waiting.popleft()
                self._why, self._failures = "", 0


def with_care(call: object) -> None:
    """Call; an error is reported when the next run is stored."""
    try:
        call()  # type: ignore[operator]
    except Unavailable:
        pass
    except Exception:
        log.exception("The store could not be tidied")
