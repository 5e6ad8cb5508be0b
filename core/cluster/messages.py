"""The messages that workers send, and the batching of a run's events into few of them."""

import math
import pickle
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from core.agents.events import AgentProgress, AgentSnapshot, NumbersChanged
from core.cluster.coalescing import AnyEvent, coalesce_agents, coalesce_progress
from core.runs.evaluations import TriedAnswer
from core.runs.events import (
    Checkpoint,
    Compiled,
    Finished,
    LearningRate,
    Parked,
    Paused,
    Progress,
    Resumed,
)
from core.studies.events import GroupEvent

# These are sent at once. A checkpoint ends its message, so that no merged Progress reaches across it.
URGENT = (Paused, LearningRate, NumbersChanged, Checkpoint, Finished, Parked)
# Of these, the first of a run is sent at once.
FIRSTS = (Progress, AgentProgress, AgentSnapshot)


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
    events: tuple[AnyEvent, ...]


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
        self._events: list[AnyEvent] = []
        self._lock = threading.Lock()
        self._sent = -math.inf
        self._waiting = False
        self._firsts, self._seen, self._tried = set(FIRSTS), 0, -1
        self._told, self._paused = 0, False
        self.step = 0
        self.finished = self.parked = False

    def post(self, event: AnyEvent) -> None:
        """Send `event`: at once if a learner waits for it, else together with its neighbours."""
        with self._lock:
            first = type(event) in self._firsts
            self._firsts.discard(type(event))
            self.step = max(self.step, getattr(event, "step", 0))
            if isinstance(event, Resumed):
                self._seen, self._told = event.examples, event.step
                self._firsts = set() if event.step else self._firsts
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
        events = self._merged()
        self._events, self._sent = [], time.monotonic()
        self._send(pickle.dumps(RunEvents(self._run_id, self._attempt, tuple(events))))

    def _merged(self) -> list[AnyEvent]:
        """The events collected so far, as few as a message needs."""
        events = coalesce_agents(coalesce_progress(self._events, self._seen), self._told, self._paused)
        for event in events:
            if isinstance(event, Progress):
                self._seen = event.examples
            elif isinstance(event, AgentProgress):
                self._told = event.step
            elif isinstance(event, Paused):
                self._paused = event.paused
        return events
