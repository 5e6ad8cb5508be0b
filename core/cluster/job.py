"""Job: a run, plus what only the page server needs to know about it."""

from dataclasses import dataclass, field, replace
from typing import Any, Generic, NamedTuple, TypeVar

from core.runs.controls import BaseControls
from core.runs.events import Finished
from core.runs.run import BaseRun

# Why a run has no place.
OWN, HOST, ALONE, NO_WORKER = "own", "host", "alone", "no worker"
THREADS, PARAMETERS = "threads", "parameters"


class AskedAgain(NamedTuple):
    """A question about an ended run: its id, its Dask task, and what was wanted, such as two features."""

    request_id: str
    future: Any
    wanted: Any


AnyRun = TypeVar("AnyRun", bound=BaseRun[Any, Any, Any])


@dataclass
class Job(Generic[AnyRun]):
    """A run, of a network or of agents, plus what only `core.cluster` needs to know about it.

    Attributes:
        run: what pages see.
        replay: changes to make again at the same steps, as (step, change): a change is what
            `History.changes` of the run has.
        parameters: its network's number of parameters, or those of all its agents together.
        host: the client's address it counts for; empty if unknown.
        address: address of the worker where it has a place; empty without one.
        future: its Dask task; None before it is submitted.
        worker: address of the worker where it runs, once that has reported; None before.
        sent: version of the controls that the worker has.
        pushed: when controls were last sent, by `time.monotonic`.
        begun: when its task was submitted, by `time.monotonic`.
        place_number: the number of its place, counting all places given out.
        passed_over: the value of that count when its parameters first found no room; None if there was room.
        hindrance: why it has no place: one of the constants above.
        blocking: seconds that others have waited while it was paused.
        leaving: it was told to give up its place.
        parked: it gave its place up while it was paused.
        ending: how it ends if it is stopped while parked.
        alone_until_step: the step that it has to pass alone, because its worker was lost there; None if it
            need not.
        losses: how often its worker was lost while it trained.
        strikes: how often in a row that happened while it was alone, without a new checkpoint.
        retry_note: what to say about that while it trains.
        stop_by: when to give up on a run that does not stop, by `time.monotonic`.
        removed: it is hidden, and forgotten once its thread is free.
        asked: what a worker is asked about it after it ended, by the kind of question (see `ended_queries`).
        reported: whether the store has been told about its end.
    """

    run: AnyRun
    replay: tuple[tuple[int, Any], ...] = ()
    parameters: int = 0
    host: str = ""
    address: str = ""
    future: Any = None
    worker: str | None = None
    sent: int = 0
    pushed: float = 0.0
    begun: float = 0.0
    place_number: int = 0
    passed_over: int | None = None
    hindrance: str = ""
    blocking: float = 0.0
    leaving: bool = False
    parked: bool = False
    ending: Finished | None = None
    alone_until_step: int | None = None
    losses: int = 0
    strikes: int = 0
    retry_note: str = ""
    stop_by: float | None = None
    removed: bool = False
    asked: dict[str, AskedAgain] = field(default_factory=dict)
    reported: bool = False

    @property
    def admitted(self) -> bool:
        """Whether it has a place."""
        return bool(self.address)

    @property
    def idle(self) -> bool:
        """Whether it is parked and the learner has asked for nothing since: it needs no place."""
        controls = self.run.controls
        return self.parked and controls.paused and not controls.asked

    @property
    def waiting(self) -> bool:
        """Whether it waits for a place."""
        return self.run.active and not self.admitted and not self.idle

    @property
    def controls(self) -> BaseControls:
        """The controls for its worker."""
        return replace(self.run.controls, parked=self.leaving)
