"""Job: a run, plus what only the page server needs to know about it."""

from dataclasses import dataclass, replace
from typing import Any

from core.runs.controls import Controls
from core.runs.events import Finished
from core.runs.run import Run

# Why a run has no place.
OWN, HOST, ALONE, NO_WORKER = "own", "host", "alone", "no worker"
THREADS, PARAMETERS = "threads", "parameters"


@dataclass
class Job:
    """A run and what only `core.cluster.run_service` knows of it.

    parameters: of its network. host: the client's address that it counts for, empty where that is unknown.
    address: of the worker that it has a place in, empty while it has none. future: its task, None before.
    worker: where it runs, once it said so.
    sent: version of the controls that the worker has. begun: when its task was submitted.
    turn: at which turn it got its place; passed_over: at which it was first found too large for what is left.
    hindrance: why it has no place, one of the words above.
    blocking: seconds that others waited while it was paused. leaving: it was told to give its place up.
    parked: it gave its place up while it was paused. ending: what it ends with if it is stopped then.
    prove: the step that it has to pass alone, since its worker was lost there; None for nothing to prove.
    losses: how often its worker was lost while it trained. strikes: how often, one after another, while it
    was alone and got to no new checkpoint. story: what to say of that while it trains.
    stop_by: when a run that does not obey is given up (`time.monotonic`).
    question, answer: the newest decision regions asked for once it has ended, and their task.
    told: whether its end was told to whoever keeps runs.
    """

    run: Run
    replay: tuple[tuple[int, float], ...] = ()
    parameters: int = 0
    host: str = ""
    address: str = ""
    future: Any = None
    worker: str | None = None
    sent: int = 0
    pushed: float = 0.0
    begun: float = 0.0
    turn: int = 0
    passed_over: int | None = None
    hindrance: str = ""
    blocking: float = 0.0
    leaving: bool = False
    parked: bool = False
    ending: Finished | None = None
    prove: int | None = None
    losses: int = 0
    strikes: int = 0
    story: str = ""
    stop_by: float | None = None
    removed: bool = False
    question: str = ""
    answer: Any = None
    told: bool = False

    @property
    def admitted(self) -> bool:
        """Whether it has a place."""
        return bool(self.address)

    @property
    def idle(self) -> bool:
        """Whether it is parked, and its learner has asked for nothing since: it needs no place."""
        controls = self.run.controls
        return self.parked and controls.paused and not (controls.steps or controls.epochs)

    @property
    def waiting(self) -> bool:
        """Whether it waits for a place."""
        return self.run.active and not self.admitted and not self.idle

    @property
    def controls(self) -> Controls:
        """The controls as its worker should have them: whoever has something to prove is quick about it."""
        controls = self.run.controls
        return replace(controls, parked=self.leaving, pace=controls.pace if self.prove is None else None)
