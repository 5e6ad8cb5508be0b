"""fit: trains one network, as a generator of events."""

import math
import time
from collections.abc import Generator, Iterator, Sequence

from core.datasets import Split
from core.metrics.lowest import lowest
from core.runs.checkpoints import Checkpoints
from core.runs.config import RunConfig
from core.runs.controls import ControlsMailbox
from core.runs.evaluations import Evaluation, Probe
from core.runs.events import Compiled, Event, Finished, LearningRate, Parked, Paused, Resumed
from core.runs.start import KEPT
from core.settings import Settings
from core.training import probing, starting, test_monitor
from core.training.live_weights import WeightSender, last_weights
from core.training.snapshot import RunState, snapshot, standing
from core.training.trainer import Trainer
from core.training.trying import Answerer
from core.training.weight_paths import paths

DIVERGED = ("The loss is no longer a number. Lower the learning rate, or choose an activation that "
            "does not explode.")
# How long to evaluate on more of the test set after a pause or a stop; all of it may take too long.
PAUSE_SECONDS, STOP_SECONDS = 0.2, 0.05


def fit(config: RunConfig, split: Split, mailbox: ControlsMailbox, settings: Settings,
        replay: Sequence[tuple[int, float]] = (),
        checkpoints: Checkpoints | None = None) -> Generator[Event, None, None]:
    """Train `config`'s network on `split`, steered by the controls in `mailbox`.

    The last event is `Finished` or `Parked`. The same config, seed and learning-rate changes give the same
    events, except for times. Closing the generator ends the run. Raises `limits.OverBudget` before the first
    step if the network or a step is too large.

    Args:
        replay: learning-rate changes (step, learning_rate) to make again at the same steps.
        checkpoints: where to write, and which to continue from; then the first event is `Resumed`.
    """
    return _Training(config, split, mailbox, settings, replay, checkpoints).events()


class _Training(Trainer):
    """One run in progress: a trainer that the learner's controls steer, and that evaluates what it trains."""

    def __init__(self, config: RunConfig, split: Split, mailbox: ControlsMailbox, settings: Settings,
                 replay: Sequence[tuple[int, float]], checkpoints: Checkpoints | None):
        self.checkpoints = checkpoints
        super().__init__(config, split, mailbox, settings, replay)
        self._told = -1  # the step of the last evaluation
        self._leaving = starting.Leaving()

    def _equip(self) -> None:
        config, split, mailbox = self.config, self.split, self.mailbox
        self.live = test_monitor.TestMonitor(config, split, self.program, lambda: mailbox.controls.example)
        self.weight_sender = WeightSender(config, self.program, self.settings.max_moment_bytes_per_run)
        self.probing = probing.Probing(config, split, self.program)
        self.answerer = Answerer(config, split, self.program, self.live.looker)

    def _beginning(self) -> RunState:
        """The checkpoint to continue from, if it is on this machine and fits; else the beginning."""
        first = super()._beginning()
        found = self.checkpoints.read() if self.checkpoints is not None else None
        there = standing(found, self.config, self.plan, first) if found is not None else None
        self._begun = self._begun or there is not None
        return there or first

    def _stand(self, at: RunState) -> None:
        self.live.spent, self.probing.spent = (
            at.place.evaluated * share / (test_monitor.SHARE + probing.SHARE)
            for share in (test_monitor.SHARE, probing.SHARE))
        super()._stand(at)
        self._saved_position, self._saved_elapsed = self.position, self._elapsed

    def events(self) -> Generator[Event, None, None]:
        """All events of the run, in order."""
        if self.checkpoints is not None and self.checkpoints.resume is not None:
            yield Resumed(self.step, self._epoch, self.seconds, self.examples)
        yield from self._started()
        if not self._begun:
            yield Finished(self.step, "stopped", "Stopped before training began.")
            return
        yield self._compiled()
        paused = False
        while True:
            while self.pacer.apply_learning_rate(self.position):
                self._rates.append((self.step, self.pacer.learning_rate))
                yield LearningRate(self.step, self.pacer.learning_rate)
            version = self.mailbox.controls.version
            leave = self.pacer.leave(self.position)
            if leave.stop:
                break
            yield from self._answered(paused)
            if leave.wait is None and not paused:
                paused = True
                yield Paused(self.step, True)
                yield from self._looked()
                yield from self.weight_sender.paused(self.state, self.step)
                yield from self._kept(leaving=True)
            if leave.wait is None:
                self._leave(self.step)
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
            yield from self._call(leave.count)
            if self.diverged:
                yield Finished(self.step, "diverged", DIVERGED, self.seconds)
                return
            if self.seconds + self._looking + self._preparing > self.settings.max_run_seconds:
                break
            if self.stopping.over:
                break
            if paused and self.pacer.arrived(self.position):
                yield from self._looked()
            elif self._due():
                yield from self._evaluated()
            if self.probing.due(self._epoch, self._elapsed, self.mailbox.active_runs()):
                yield self._probed()
            yield from self._kept()
        yield from self._end()

    def _compiled(self) -> Compiled:
        deviation = self.split.target_deviation
        return Compiled(self.compile_seconds, self.program.parameters, self.plan.steps, lowest(
            self.config.data, self.config.loss, 1.0 if deviation is None else float(deviation[0])))

    @property
    def _elapsed(self) -> float:
        """Seconds of the run's time, without pauses and compiling."""
        return self.seconds + self.waited + self._looking

    @property
    def _looking(self) -> float:
        """Seconds spent on evaluating the network instead of training it."""
        return self.live.spent + self.probing.spent + self.answerer.spent

    def _probed(self) -> Probe:
        return self.probing.look(self.state, self.step, self._epoch)

    def _due(self) -> bool:
        """Whether the test set should be evaluated: there is something new, and time for it."""
        new = self.step != self._told or self.live.outdated(self.mailbox.controls.features)
        return new and self.live.due(self._elapsed, self.mailbox.active_runs())

    def _waiting(self, wait: float | None, version: int) -> Iterator[Event]:
        if wait is None and self.live.outdated(self.mailbox.controls.features):
            yield from self._looked()
            return
        began = time.monotonic()
        self.mailbox.wait(version, self._patience if wait is None else wait)
        if wait is not None:
            self.waited += time.monotonic() - began
            if self._due():
                yield from self._evaluated()

    @property
    def _patience(self) -> float | None:
        """How long a paused run waits before it looks again for what is still to come; None for ever."""
        asked = self.mailbox.controls.tried
        return min(filter(None, (self.live.patience, self._leaving.patience,
                                 self.answerer.patience(asked, self.step))), default=None)

    def _answered(self, paused: bool) -> Iterator[Event]:
        """An answer to what the learner tries, if one is due."""
        asked = self.mailbox.controls.tried
        if asked is not None and self.answerer.due(asked, self.step, paused):
            yield self.answerer.answer(self.state, self.step, asked, resting=paused)

    def _followed(self, resting: bool = False) -> Iterator[Event]:
        """The answer to what the learner tries, of the same weights as the evaluation before."""
        asked = self.mailbox.controls.tried
        if asked is not None and (resting or self.answerer.follows(asked)):
            yield self.answerer.answer(self.state, self.step, asked, resting)

    def _evaluated(self, resting: bool = False) -> Iterator[Event]:
        """An evaluation on the probe of the test set; the first one may have to compile.

        resting: whether the layers are looked at in detail.
        """
        if not self.program.predicts:
            began = time.monotonic()
            _ = self.program.predict
            self.compile_seconds += time.monotonic() - began
            self.pacer.delayed()
            yield self._compiled()
        self._told = self.step
        yield self.live.update(self.state, self.step, self.mailbox.controls.features, resting)
        yield from self.weight_sender.evaluated(self.state, self.step)
        yield from self._followed(resting)

    def _looked(self, seconds: float = PAUSE_SECONDS) -> Iterator[Event]:
        """Evaluate for longer: a learner who pauses or stops wants to see how good the network is.

        The probe comes at once, and more of the test set until `seconds` are over or the learner goes on.
        """
        yield from self._evaluated(resting=self.live.whole)
        if not self.live.whole:
            until, version = time.monotonic() + seconds, self.mailbox.controls.version
            yield self.live.complete(
                self.state, self.step, self.mailbox.controls.features,
                lambda: time.monotonic() > until or self.mailbox.controls.version != version)

    def _kept(self, leaving: bool = False) -> Iterator[Event]:
        """Write a checkpoint if there is news and it is time, or the run pauses or is `leaving`."""
        if self.checkpoints is None or self.position in (self._saved_position, self.pacer.end) \
                or not self.checkpoints.due(math.inf if leaving else self._elapsed - self._saved_elapsed):
            return
        self._saved_position, self._saved_elapsed = self.position, self._elapsed
        written = self.checkpoints.write(self.step, snapshot(self.config, self.plan, self.standing))
        if written is not None:
            yield written

    def _end(self) -> Iterator[Event]:
        """The last evaluation, on the whole test set if the run got to its end, and `Finished`."""
        status, message = "finished", self.stopping.message if self.stopping.over else ""
        if self.position < self.pacer.end and not self.stopping.over:
            status = "stopped"
            if not self.mailbox.controls.stopped:
                message = (f"A run can train for at most {self.settings.max_run_seconds / 60:g} minutes. "
                           "Lower the epochs, or use a smaller network.")
            yield from self._ranked(self._looked(STOP_SECONDS))
            yield self._probed()
            self._leave(self.step, ended=True)
        else:
            self._take_best()
            self._leave(KEPT, ended=True)
            yield self._probed()
            yield from self._ranked(self.live.ending(
                self.state, self.step, self.mailbox.controls.features, lambda: self.mailbox.controls.stopped))
        yield from self._followed(resting=True)
        yield self._finished(status, message)

    def _ranked(self, events: Iterator[Event]) -> Iterator[Event]:
        """The same events; the last evaluation comes once more with all that is measured at the end alone."""
        last = None
        for event in events:
            yield event
            last = event if isinstance(event, Evaluation) else last
        more = self.live.ranked(self.state, last) if last is not None else None
        if more is not None:
            yield more

    def _finished(self, status: str, message: str = "") -> Finished:
        weights = last_weights(self.program, self.state)
        return Finished(self.step, status, message, self.seconds, weights,
                        () if weights is None else paths(self.model))

    def _leave(self, at: int | str, ended: bool = False) -> None:
        """Leave the state for a run that starts from here."""
        self._leaving.leave(self.config, self.plan, at, self._rates, self.standing, ended)
