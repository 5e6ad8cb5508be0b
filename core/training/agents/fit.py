"""fit_agents: lets agents learn, as a generator of events."""

import math
import time
from collections.abc import Generator, Iterator

import numpy as np

from core.agents.config import AgentConfig
from core.agents.events import AgentEvent, AgentProgress, NumbersChanged
from core.runs.checkpoints import Checkpoints
from core.runs.events import Compiled, Finished, Parked, Paused, Resumed
from core.settings import Settings
from core.training.agents.demonstrations import Demonstrator
from core.training.agents.pacer import AgentMailbox, AgentPacer, Changes
from core.training.agents.program import AgentState, given_of, steered
from core.training.agents.programs import program_for
from core.training.agents.snapshot import AgentPlace, restored, saved

DIVERGED = "The values are no longer numbers. Lower the learning rate, or the rewards."


def fit_agents(config: AgentConfig, mailbox: AgentMailbox, settings: Settings, replay: Changes = (),
               checkpoints: Checkpoints | None = None) -> Generator[AgentEvent, None, None]:
    """Let the agents of `config` learn, steered by the `AgentControls` in `mailbox`.

    The last event is `Finished` or `Parked`. The same config, seed and changes of the numbers give the same
    episodes, however the steps are divided into calls. Closing the generator ends the run. Raises
    `limits.OverBudget` before the first step if the agents need too much memory or a step too much time.

    Args:
        replay: changes (step, numbers) to make again at the same steps.
        checkpoints: where to write, and which to continue from; then the first event is `Resumed`.
    """
    return _Learning(config, mailbox, settings, replay, checkpoints).events()


class _Learning:
    """One run of agents in progress."""

    def __init__(self, config: AgentConfig, mailbox: AgentMailbox, settings: Settings, replay: Changes,
                 checkpoints: Checkpoints | None):
        began = time.monotonic()
        self.config, self.mailbox, self.settings, self.checkpoints = config, mailbox, settings, checkpoints
        self.program, self.given = program_for(config, settings), given_of(config)
        at, self.state = self._beginning()
        self.step, self.numbers, self.seconds, self.waited = at.step, at.numbers, at.seconds, at.waited
        self.pacer = AgentPacer(mailbox, config, replay, at.step, at.numbers)
        self.demonstrator = Demonstrator(config, self.program, self.given, at.shown)
        self.diverged = False
        self._saved_step, self._saved_elapsed = self.step, self._elapsed
        self.compile_seconds = time.monotonic() - began

    def _beginning(self) -> tuple[AgentPlace, AgentState]:
        """The checkpoint to continue from, if it is on this machine and fits; else the first step."""
        first = self.program.first(self.config)
        found = self.checkpoints.read() if self.checkpoints is not None else None
        there = restored(found, self.config, first) if found is not None else None
        return there or (AgentPlace(0, self.config.numbers), first)

    def events(self) -> Generator[AgentEvent, None, None]:
        """All events of the run, in order."""
        if self.checkpoints is not None and self.checkpoints.resume is not None:
            yield Resumed(self.step, 0, self.seconds)
        yield Compiled(self.compile_seconds, self.program.parameters, 1)
        yield from self._shown(fresh=True)
        paused = False
        while True:
            while self.pacer.apply_numbers(self.step):
                yield NumbersChanged(self.step, dict(self.pacer.numbers))
            version = self.mailbox.controls.version
            leave = self.pacer.leave(self.step)
            if leave.stop:
                break
            if leave.wait is None and not paused:
                paused = True
                yield Paused(self.step, True)
                yield from self._shown(fresh=True)
                yield from self._kept(leaving=True)
            if leave.park:
                yield from self._kept(leaving=True)
                yield Parked(self.step, *self.pacer.taken, self._finished("stopped"))
                return
            if leave.count == 0:
                yield from self._waiting(leave.wait, version)
                continue
            if paused and not self.mailbox.controls.paused:
                paused = False
                yield Paused(self.step, False)
            yield self._call(leave.count, leave.until_episode)
            if self.diverged:
                yield self._finished("diverged", DIVERGED)
                return
            if self.seconds + self.demonstrator.spent > self.settings.max_run_seconds:
                break
            if paused and self.pacer.arrived(self.step):
                yield from self._shown(fresh=True)
            elif self.demonstrator.due(self.pacer.patience):
                yield from self._shown()
            yield from self._kept()
        yield from self._shown(fresh=True)
        yield self._ending()

    @property
    def _elapsed(self) -> float:
        """Seconds of the run's time, without pauses and compiling."""
        return self.seconds + self.waited + self.demonstrator.spent

    def _call(self, count: int, until_episode: bool) -> AgentProgress:
        """At most `count` steps."""
        began, before, self.numbers = time.monotonic(), self.step, dict(self.pacer.numbers)
        self.state, log = self.program.advance(self.state, self.given, steered(self.numbers), np.int32(count),
                                               np.bool_(until_episode))
        self.step = int(self.state.step)
        seconds = time.monotonic() - began
        self.seconds += seconds
        self.pacer.observe(self.step - before, seconds, bool(log.watched))
        self.diverged = not bool(log.finite)
        updates = int(log.updates) * self.config.agents
        return AgentProgress(self.step, self.seconds, np.asarray(log.episodes)[:int(log.ended)].copy(),
                             float(log.error) / updates if updates else math.nan,
                             math.nan if self.config.way.policy else float(log.epsilon))

    def _shown(self, fresh: bool = False) -> Iterator[AgentEvent]:
        """A snapshot, unless the last one says the same."""
        if not self.demonstrator.shows(self.step, fresh):
            yield self.demonstrator.snapshot(self.state, self.step, self.pacer.patience, fresh)

    def _waiting(self, wait: float | None, version: int) -> Iterator[AgentEvent]:
        began = time.monotonic()
        self.mailbox.wait(version, wait)
        if wait is not None:
            self.waited += time.monotonic() - began
            if self.demonstrator.due(self.pacer.patience):
                yield from self._shown()

    def _kept(self, leaving: bool = False) -> Iterator[AgentEvent]:
        """Write a checkpoint if there is news and it is time, or the run pauses or is `leaving`."""
        if self.checkpoints is None or self.step in (self._saved_step, self.config.steps) \
                or not self.checkpoints.due(math.inf if leaving else self._elapsed - self._saved_elapsed):
            return
        self._saved_step, self._saved_elapsed = self.step, self._elapsed
        place = AgentPlace(self.step, self.numbers, self.seconds, self.waited, self.demonstrator.spent)
        written = self.checkpoints.write(self.step, saved(self.config, place, self.state))
        if written is not None:
            yield written

    def _ending(self) -> Finished:
        if self.step >= self.config.steps:
            return self._finished("finished")
        message = (f"A run can learn for at most {self.settings.max_run_seconds / 60:g} minutes. Lower the "
                   "steps or the number of agents, or use a smaller network.")
        return self._finished("stopped", "" if self.mailbox.controls.stopped else message)

    def _finished(self, status: str, message: str = "") -> Finished:
        return Finished(self.step, status, message, self.seconds)
