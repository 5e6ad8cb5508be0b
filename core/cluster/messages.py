"""The messages that workers send, and the batching of a run's events into few of them."""

import math
import pickle
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from core.runs.evaluations import TriedAnswer
from core.runs.events import (
    Checkpoint,
    Compiled,
    Event,
    Finished,
    LearningRate,
    Parked,
    Paused,
    Progress,
    Resumed,
)
from core.studies.events import GroupEvent

# These are sent at once. A checkpoint ends its message, so that no merged Progress reaches across it.
URGENT = (Paused, LearningRate, Checkpoint, Finished, Parked)
MOST_PROGRESS = 20


@dataclass(frozen=True)
class Started:
    """An attempt began on the worker with the address `worker`."""

    run_id: str
    attempt: int
    worker: str


@dataclass(frozen=True)
class RunEvents:
    """Events of one attempt, in order."""

    run_id: str
    attempt: int
    events: tuple[Event, ...]


@dataclass(frozen=True)
class Answer:
    """A worker's answer to a question, such as a layer table or decision regions."""

    request_id: str
    value: Any


@dataclass(frozen=True)
class Underway:
    """How far a worker is with a long question."""

    request_id: str
    progress: Any


@dataclass(frozen=True)
class GroupEvents:
    """Events of one attempt at training a group of a study's members, in order."""

    study: str
    group: str
    attempt: int
    events: tuple[GroupEvent, ...]


Message = Started | RunEvents | Answer | Underway


def topic(name: str) -> str:
    """The Dask topic for messages about the run or question `name`.

    A name is `PAGE_SERVER-NUMBER`, and each page server has a topic of its own, so that several of them can
    share a cluster without receiving each other's messages.
    """
    return "playground-" + name.partition("-")[0]


def coalesce_progress(events: Sequence[Event], seen: int, most: int = MOST_PROGRESS) -> list[Event]:
    """`events` with at most `most` Progress events: neighbours are merged, in the place of the last.

    seen: examples trained on before the first of them.
    """
    progress = [event for event in events if isinstance(event, Progress)]
    if len(progress) <= most:
        return list(events)
    size = math.ceil(len(progress) / most)
    kept: dict[int, Event] = {}
    for start in range(0, len(progress), size):
        group = progress[start:start + size]
        kept[id(group[-1])] = _mean(group, seen)
        seen = group[-1].examples
    return [kept.get(id(event), event) for event in events
            if not isinstance(event, Progress) or id(event) in kept]


def _mean(group: Sequence[Progress], seen: int) -> Progress:
    """One Progress for several: means weighted by the number of examples behind each."""
    counts = [last.examples - first for last, first in
              zip(group, [seen, *(event.examples for event in group)], strict=False)]
    total = sum(counts) or 1
    loss, metric = (sum(count * getattr(event, name) for count, event in zip(counts, group, strict=True))
                      / total for name in ("loss", "metric"))
    return replace(group[-1], loss=loss, metric=metric)


class EventBatcher:
    """Sends one attempt's events, many of them per message.

    Args:
        run_id, attempt: whose events they are.
        send: sends a pickled message; messages keep their order.
        later: calls a function after some seconds, from any thread, so that no event is held back while the
            run pauses.
        interval: returns the seconds between two messages, see `message_interval`.
    """

    def __init__(self, run_id: str, attempt: int, send: Callable[[bytes], None],
                 later: Callable[[float, Callable[[], None]], None], interval: Callable[[], float]):
        self._run_id, self._attempt = run_id, attempt
        self._send, self._later, self._interval = send, later, interval
        self._events: list[Event] = []
        self._lock = threading.Lock()
        self._sent = -math.inf
        self._waiting = False
        self._seen, self._tried = 0, -1
        self.step = 0
        self.finished = self.parked = False

    def post(self, event: Event) -> None:
        """Send `event`: at once if a learner waits for it, else together with its neighbours."""
        with self._lock:
            first = isinstance(event, Progress) and self.step == 0
            self.step = max(self.step, getattr(event, "step", 0))
            if isinstance(event, Resumed):
                self._seen = event.examples
            self.finished = self.finished or isinstance(event, Finished)
            self.parked = self.parked or isinstance(event, Parked)
            self._events.append(event)
            # Told by itself, it would have the browser draw once more before the first point.
            left = self._interval() if isinstance(event, Compiled) else \
                self._sent + self._interval() - time.monotonic()
            # A learner waits for the first answer to an input; later ones follow the training.
            asked = isinstance(event, TriedAnswer) and event.number != self._tried
            self._tried = event.number if isinstance(event, TriedAnswer) else self._tried
            if first or asked or isinstance(event, URGENT) or left <= 0:
                self._flush()
            elif not self._waiting:
                self._waiting = True
                self._later(left, self.flush)

    def flush(self) -> None:
        """Send the events collected so far."""
        with self._lock:
            self._waiting = False
            self._flush()

    def _flush(self) -> None:
        if not self._events:
            return
        events = coalesce_progress(self._events, self._seen)
        self._seen = max([self._seen, *(event.examples for event in events if isinstance(event, Progress))])
        self._events, self._sent = [], time.monotonic()
        self._send(pickle.dumps(RunEvents(self._run_id, self._attempt, tuple(events))))
