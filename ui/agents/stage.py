"""`AgentStage`: what the commands of one Agents page act on, and what the page shows of it."""

import math
import threading
import time
from collections.abc import Callable, Hashable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Generic, Protocol, TypeVar

from core.agents.coach import advise
from core.agents.config import AgentConfig
from core.agents.controls import AgentControls
from core.agents.events import AgentSnapshot
from core.agents.run import AgentRun
from core.coach.advice import Advice
from core.errors import UserError
from core.views.agents.bar import effective

Made = TypeVar("Made")

PACES: dict[str, float | None] = {
    "1 step/s": 1.0, "5 steps/s": 5.0, "20 steps/s": 20.0, "100 steps/s": 100.0, "1000 steps/s": 1000.0,
    "Full speed": None}
# At full speed every world is solved within a second or two, before anybody sees how.
START_PACE = "1000 steps/s"
STEP_UNITS = {"step": "steps", "episode": "episodes"}
NOTHING = ""  # stands for a run where none is shown, although there may be some


class AgentRuns(Protocol):
    """What the page asks of the service that trains agents."""

    def runs(self, owner: str) -> Sequence[AgentRun]: ...
    def submit(self, owner: str, config: AgentConfig, *, begins_paused: bool = False,
               controls: AgentControls | None = None, host: str = "") -> AgentRun: ...
    def expect(self, owner: str, config: AgentConfig) -> None: ...
    def control(self, owner: str, run_id: str, **changes: Any) -> Any: ...
    def stop(self, owner: str, run_id: str) -> Any: ...
    def remove(self, owner: str, run_id: str) -> Any: ...
    def touch(self, owner: str) -> None: ...


class Unhurried(Generic[Made]):
    """What `make` makes of a run, made again at most every so many seconds while the run learns."""

    def __init__(self, seconds: float, make: Callable[[AgentRun | None], Made]):
        self._seconds, self._make, self._since = seconds, make, -math.inf
        self._which, self._what = (), ()
        self._made = make(None)

    def __call__(self, run: AgentRun | None) -> Made:
        which, what, learns, now = (), (), False, time.monotonic()
        if run is not None:
            history = run.history
            which = run.id, run.attempt, run.rewound, run.status
            what = *which, history.version, history.snapshot and history.snapshot.step
            learns = run.status == "training" and not run.rewound
        waits = learns and which == self._which and now - self._since < self._seconds
        if what != self._what and not waits:
            self._which, self._what, self._since, self._made = which, what, now, self._make(run)
        return self._made


def _snapshot(run: AgentRun | None) -> AgentSnapshot | None:
    return run.history.snapshot if run else None


def _advice(run: AgentRun | None) -> tuple[Advice, ...]:
    return advise(run) if run else ()


@dataclass
class AgentStage:
    """What the commands of one page act on: this browser's agents, and the choices that Train would train.

    It contains nothing of Streamlit's: the page's script and the stream's threads use the same one.

    Attributes:
        service: trains them.
        owner: the browser's key. host: the client's address; empty if unknown.
        choices: what the sidebar says; None if that cannot be trained.
        problem: why it cannot; empty if it can.
        chosen: the id of the run that the learner selected; `NOTHING` for none; None for the newest.
        laid: the id of the run that is drawn behind the shown one; None for none.
        pace: at which a run begins; a key of `PACES`.
        unit: of one press of Step, a key of `STEP_UNITS`.
        rewound: the shown run as it was at an earlier moment, if that is shown.
        refused: why the last press had no effect; None if it had.
        pressed: when the last command came, by `time.monotonic`.
        drawn: what the page drew outside the panel, when its whole script ran last.
        believed, played: the snapshots whose beliefs and demonstration are shown; not each is sent.
        advice: what the coach says of the shown run.
        lock: held by each command. The page's script and each of its websockets have threads of their own.
    """

    service: AgentRuns
    owner: str
    host: str = ""
    choices: AgentConfig | None = None
    problem: str = ""
    chosen: str | None = None
    laid: str | None = None
    pace: str = START_PACE
    unit: str = "step"
    rewound: AgentRun | None = None
    refused: str | None = None
    pressed: float = -math.inf
    drawn: Hashable = None
    believed: Unhurried[AgentSnapshot | None] = field(default_factory=lambda: Unhurried(0.4, _snapshot))
    played: Unhurried[AgentSnapshot | None] = field(default_factory=lambda: Unhurried(2.0, _snapshot))
    advice: Unhurried[tuple[Advice, ...]] = field(default_factory=lambda: Unhurried(1.0, _advice))
    lock: threading.Lock = field(default_factory=threading.Lock)

    def choose(self, config: AgentConfig | None, problem: str = "") -> None:
        """Take over what the sidebar says now.

        Another world is seen at once: unless a run is active, the page shows the newest run in that world, or
        none.
        """
        before, self.choices, self.problem = self.choices, config, problem
        if config is not None:
            self.service.expect(self.owner, config)
        shown = self.shown
        if config and before and config.place != before.place and not (shown and shown.active):
            alike = [run.id for run in self.runs if run.config.place == config.place]
            self.chosen = alike[-1] if alike else NOTHING

    def open(self, config: AgentConfig) -> None:
        """Show the newest run of a link; without any, what is active, or nothing until Train is pressed."""
        same = [run.id for run in self.runs if effective(run) == config]
        going = [run.id for run in self.runs if run.active]
        self.chosen = (same or going or [NOTHING])[-1]

    @property
    def runs(self) -> Sequence[AgentRun]:
        """This browser's runs, newest last."""
        return self.service.runs(self.owner)

    @property
    def shown(self) -> AgentRun | None:
        """The run that the page shows, as it is now: the selected one, or the newest."""
        runs = self.runs
        if self.chosen == NOTHING:
            return None
        return self.named(self.chosen, runs) or (runs[-1] if runs else None)

    @property
    def behind(self) -> AgentRun | None:
        """The run drawn behind the shown one; None for none, or for one of another environment."""
        found, shown = self.named(self.laid), self.shown
        alike = found is not None and shown is not None and found.id != shown.id \
            and found.config.environment == shown.config.environment
        return found if alike else None

    def named(self, name: object, runs: Sequence[AgentRun] | None = None) -> AgentRun | None:
        """This browser's run with the id `name`, which may be anything."""
        return next((run for run in (self.runs if runs is None else runs) if run.id == name), None)

    def as_seen(self, run: AgentRun | None) -> AgentRun | None:
        """The shown run `run` as the page shows it: as it is now, or at an earlier moment."""
        return self.rewound if run and self.rewound and self.rewound.id == run.id else run

    @property
    def moment(self) -> int | None:
        """The step of the earlier moment that is shown; None where the run is shown as it is now."""
        run = self.as_seen(self.shown)
        return run.history.snapshot.step if run and run.rewound and run.history.snapshot else None

    @property
    def cannot(self) -> str:
        """Why the choices cannot be trained, as the learner reads it."""
        return f"These choices cannot be trained yet. {self.problem}".strip()

    def begin(self, config: AgentConfig, paused: bool = False) -> AgentRun | None:
        """Start a run and show it; None if it is refused, and then `refused` says why.

        A run that the learner left paused makes room: it is stopped, and its curve stays.
        """
        before = self.shown
        with self._refusals():
            controls = AgentControls(pace=PACES[self.pace])
            run = self.service.submit(self.owner, config, begins_paused=paused, controls=controls,
                                      host=self.host)
            self.chosen = run.id
            if before and before.active and before.controls.paused:
                self.service.stop(self.owner, before.id)
            return run

    def control(self, **changes: Any) -> None:
        """Change the controls of the shown run, if it is still active."""
        run = self.shown
        if run and run.active:
            with self._refusals():
                self.service.control(self.owner, run.id, **changes)

    def reset(self) -> None:
        """Start the shown run again from its beginning, waiting at step 0; the old curve stays."""
        before = self.shown
        if before is None:
            return
        run = self.begin(before.config, paused=True)
        if run and before.active:
            with self._refusals():
                self.service.stop(self.owner, before.id)

    def forget(self, run: AgentRun) -> None:
        """Take a run from the page, ending it first."""
        self.chosen = None if self.chosen == run.id else self.chosen
        with self._refusals():
            self.service.remove(self.owner, run.id)

    @contextmanager
    def _refusals(self) -> Iterator[None]:
        """A refusal inside this block is kept in `refused`."""
        try:
            yield
        except UserError as error:
            self.refused = error.message
