"""Questions that take a worker many seconds: learners take turns, see progress and can cancel."""

import time
from collections.abc import Callable, Hashable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from core.cluster.queries import QueryCache

# A fit, or the search for a learning rate, takes ten seconds or more. This many run at once, of all learners,
# and after this long the worker counts as lost.
AT_ONCE, SECONDS = 2, 300.0
# A learner whose page has not looked for this long loses their place. Pages look every half a second.
LOOKED_SECONDS = 5.0


@dataclass
class _Line:
    """A question without an answer yet.

    Attributes:
        seen: when each learner last looked, by `time.monotonic`.
        question, future: of the worker's task, once it has its turn.
        progress: the worker's last report.
    """

    seen: dict[str, float] = field(default_factory=dict)
    request_id: str = ""
    future: Any = None
    progress: Any = None

    @property
    def going(self) -> bool:
        return self.future is not None and self.future.status == "pending"

    @property
    def looked_at(self) -> bool:
        return max(self.seen.values(), default=0.0) > time.monotonic() - LOOKED_SECONDS


class LongQueries:
    """Answers by what was asked: first come, first served, one question per learner at a time. Thread-safe.

    Learners who ask the same thing share a question.

    Args:
        ask, name: as for `QueryCache`.
        end: ends a task, given its question and its future.
        lock: held while either is called.
    """

    def __init__(self, ask: Callable[..., Any], end: Callable[[str, Any], None], name: Callable[[], str],
                 lock: AbstractContextManager[Any]):
        self._ask, self._end, self._lock = ask, end, lock
        self._answers = QueryCache(lambda begin, request_id, *arguments: begin(request_id, *arguments), name,
                                   timeout=SECONDS)
        # In the order in which they came.
        self._lines: dict[Hashable, _Line] = {}

    def get(self, owner: str, key: Hashable, task: Callable[..., None], *arguments: Any) -> Any:
        """The answer of `task(question, *arguments)`; None while `owner` waits for it."""
        with self._lock:
            self._lines = {other: line for other, line in self._lines.items() if line.going or line.looked_at}
            self._lines.setdefault(key, _Line()).seen[owner] = time.monotonic()
            found = self._answers.get(key, partial(self._begin, key, task), *arguments)
            if found is not None:
                del self._lines[key]
            return found

    def place(self, key: Hashable) -> int:
        """The place of a question in the queue, from 1; 0 once it has had its turn."""
        with self._lock:
            line = self._lines.get(key)
            return 1 + len(self._ahead(key)) if line is not None and not line.going else 0

    def progress(self, key: Hashable) -> Any:
        """The worker's last report on a question; None before the first."""
        with self._lock:
            line = self._lines.get(key)
            return line.progress if line is not None and line.going else None

    def cancel(self, owner: str, key: Hashable) -> bool:
        """`owner` no longer waits: the worker stops, unless somebody else still waits.

        Returns whether `owner` was still waiting.
        """
        with self._lock:
            line = self._lines.get(key)
            if line is None or line.seen.pop(owner, None) is None:
                return False
            if not line.seen:
                del self._lines[key]
                self._answers.forget(key)
                if line.future is not None:
                    self._end(line.request_id, line.future)
            return True

    def tell(self, request_id: str, progress: Any) -> None:
        """Store a worker's report on its progress."""
        with self._lock:
            for line in self._lines.values():
                if line.request_id == request_id:
                    line.progress = progress

    def take(self, request_id: str, value: Any) -> bool:
        """Store an answer; False if nobody asked."""
        with self._lock:
            self._lines = {key: line for key, line in self._lines.items() if line.request_id != request_id}
            return self._answers.take(request_id, value)

    def _begin(self, key: Hashable, task: Callable[..., None], request_id: str, *arguments: Any) -> Any:
        """The future of a question whose turn it is; None if it has to wait."""
        line = self._lines[key]
        if line.future is not None:  # its worker was lost, or took too long
            self._end(line.request_id, line.future)
            line.future = line.progress = None
        free = AT_ONCE - sum(other.going for other in self._lines.values())
        if self._own_goes(line) or len(self._ahead(key)) >= free:
            return None
        line.request_id, line.future = request_id, self._ask(task, request_id, *arguments)
        return line.future

    def _ahead(self, key: Hashable) -> list[_Line]:
        """The questions that came before `key` and get their turn before it."""
        before = list(self._lines)[:list(self._lines).index(key)]
        return [line for line in map(self._lines.__getitem__, before)
                if not line.going and line.looked_at and not self._own_goes(line)]

    def _own_goes(self, line: _Line) -> bool:
        """Whether every learner who waits for it has another question in progress."""
        busy = {owner for other in self._lines.values() if other.going for owner in other.seen}
        return busy.issuperset(line.seen)
