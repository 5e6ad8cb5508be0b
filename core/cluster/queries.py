"""Short questions to a worker, and their answers: layer tables, augmented images, saved models."""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Any

MOST_REMEMBERED = 256
AGAIN_SECONDS = 5.0
TIMEOUT_SECONDS = 60.0


@dataclass(frozen=True)
class Refusal:
    """An answer in words: why there is no result."""

    message: str


@dataclass
class _Asked:
    """A question, and its answer once there is one. asked: when, by `time.monotonic`."""

    request_id: str
    future: Any
    timeout: float
    value: Any = None
    asked: float = field(default_factory=time.monotonic)

    def wants_asking_again(self) -> bool:
        """Whether the worker failed a while ago, or was lost without an answer."""
        if self.value is not None:
            return False
        age = time.monotonic() - self.asked
        failed = self.future is None or self.future.status in ("error", "cancelled", "lost")
        return age > self.timeout or (failed and age > AGAIN_SECONDS)


class QueryCache:
    """Answers by what was asked; keeps the `most` recently used ones. Thread-safe.

    Args:
        ask: gives a worker a task and returns its future; None while there is no worker.
        name: makes a new question id.
        most: fewer if answers are large.
        timeout: seconds until an answer counts as lost.
    """

    def __init__(self, ask: Callable[..., Any], name: Callable[[], str], most: int = MOST_REMEMBERED,
                 timeout: float = TIMEOUT_SECONDS):
        self._ask, self._name = ask, name
        self._most, self._timeout = most, timeout
        self._lock = threading.Lock()
        self._asked: OrderedDict[Hashable, _Asked] = OrderedDict()

    def get(self, key: Hashable, task: Callable[..., None], *arguments: Any) -> Any:
        """The answer of `task(question, *arguments)`; None while a worker computes it.

        key: identifies what was asked.
        """
        with self._lock:
            asked = self._asked.get(key)
            if asked is None or asked.wants_asking_again():
                request_id = self._name()
                future = self._ask(task, request_id, *arguments)
                if future is None:
                    return None
                asked = self._asked[key] = _Asked(request_id, future, self._timeout)
            self._asked.move_to_end(key)
            while len(self._asked) > self._most:
                self._asked.popitem(last=False)
            return asked.value

    def forget(self, key: Hashable) -> None:
        """Forget a question, answered or not."""
        with self._lock:
            self._asked.pop(key, None)

    def take(self, request_id: str, value: Any) -> bool:
        """Remember an answer; False if nobody asked."""
        with self._lock:
            for asked in self._asked.values():
                if asked.request_id == request_id:
                    asked.value, asked.future = value, None
                    return True
        return False
