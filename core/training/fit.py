"""fit: trains one network, as a generator of events."""

import math
import time
from collections.abc import Generator, Iterator, Sequence

import jax
import numpy as np

from core.datasets import Split
from core.runs.checkpoints import Checkpoints
from core.runs.config import RunConfig
from core.runs.controls import ControlsMailbox
from core.runs.events import (
    Compiled,
    EpochEnd,
    Event,
    Finished,
    LearningRate,
    Parked,
    Paused,
    Probe,
    Progress,
    Resumed,
    Starting,
)
from core.runs.start import KEPT
from core.settings import Settings
from core.training import probing, starting, test_monitor
from core.training.live_weights import WeightSender, last_weights
from core.training.model import build_model
from core.training.numbers import Numbers
from core.training.pacer import Pacer
from core.training.plan import Plan
from core.training.program import LOSS, METRIC, SEEN, data_of
from core.training.program_cache import program_for
from core.training.snapshot import Position, RunState, snapshot, standing
from core.training.stopping import EarlyStopping
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


def trainer(config: RunConfig, split: Split, mailbox: ControlsMailbox, settings: Settings,
            rates: Sequence[tuple[int, float]]) -> starting.Trainer:
    """A run of `config` that is trained without anybody looking, as the start of another one.

    rates: learning-rate changes (step, learning_rate).
    """
    return _Training(config, split, mailbox, settings, rates, None)


class _Training:
    """One run in progress."""

    def __init__(self, config: RunConfig, split: Split, mailbox: ControlsMailbox, settings: Settings,
                 replay: Sequence[tuple[int, float]], checkpoints: Checkpoints | None):
        began = time.monotonic()
        self.config, self.split, self.mailbox, self.settings = config, split, mailbox, settings
        # Used for its names and initializers, because the program may have been built for another run.
        self.model = build_model(config)
        self.plan = Plan.of(config, split, self.model)
        self.data = data_of(split)
        self.program = program_for(config, self.plan, self.data, settings)
        self.live = test_monitor.TestMonitor(config, split, self.program, lambda: mailbox.controls.example)
        self.weight_sender = WeightSender(config, self.program, settings.max_moment_bytes_per_run)
        self.probing = probing.Probing(config, split, self.program)
        self.answerer = Answerer(split, self.program, self.live.looker)
        self.checkpoints = checkpoints
        self._replay, self._begun = replay, False
        self._stand(self._beginning())
        self.diverged = False
        self._window = -1, math.nan
        self._told = -1  # the step of the last evaluation
        self._order = self._numbers = None
        self.compile_seconds = time.monotonic() - began

    def _beginning(self) -> RunState:
        """The checkpoint to continue from, if it is on this machine and fits; else the start."""
        first = RunState(Position(0, self.config.learning_rate),
                         self.program.initial_state(self.config.seed, self.model), np.zeros(6, np.float32),
                         EarlyStopping(self.config.patience))
        found = self.checkpoints.read() if self.checkpoints is not None else None
        there = standing(found, self.config, self.plan, first) if found is not None else None
        self._begun = there is not None or self.config.start is None
        return there or first

    def _started(self) -> Iterator[Event]:
        """Take over the weights of the config's start, if the run is at its beginning and has one."""
        if self._begun:
            return
        began, first = time.monotonic(), self.standing
        there = yield from starting.state_before(
            self.config, first, self.plan, paths(self.model),
            lambda: self.mailbox.controls.stopped, self.settings,
            lambda config, mailbox, rates: trainer(config, self.split, mailbox, self.settings, rates))
        if there is not None:
            self._stand(there)
            self._begun, self._preparing = True, time.monotonic() - began

    def reach(self, step: int | None) -> Iterator[Event]:
        """Train up to a step of this run, or to its end, without looking at anything.

        Yields `Starting` after each call. Used for the start of another run.
        """
        yield from self._started()
        if not self._begun:
            return
        end = self.pacer.end if step is None else self.pacer.position(step)
        while self.position < end and not self.diverged and not self.stopping.over:
            while self.pacer.apply_learning_rate(self.position):
                pass
            leave = self.pacer.leave(self.position)
            if leave.stop:
                return
            for _ in self._call(min(leave.count, end - self.position)):
                pass
            yield Starting(self.step, self.config.epochs * self.plan.steps)
        if step is None:
            self._take_best()

    def arrived(self, step: int | None) -> bool:
        """Whether `reach` got there."""
        ended = self.stopping.over or self.position >= self.pacer.end
        return not self.diverged and (ended if step is None else self.step >= step)

    @property
    def standing(self) -> RunState:
        """Where the run is, with everything that it needs to go on."""
        place = Position(self.position, self.learning_rate, self.seconds, self.waited, self._looking,
                         self.examples, self.origin, self._before, self._preparing)
        return RunState(place, self.state, self.sums, self.stopping)

    def _stand(self, at: RunState) -> None:
        place, self.state, self.sums, self.stopping = at
        self.position = self._saved_position = place.position
        self.learning_rate = place.learning_rate  # of the last step
        self.seconds, self.waited = place.seconds, place.waited
        self.live.spent, self.probing.spent = (
            place.evaluated * share / (test_monitor.SHARE + probing.SHARE)
            for share in (test_monitor.SHARE, probing.SHARE))
        self.examples = place.examples
        self.origin, self._before, self._preparing = place.origin, place.before, place.preparing
        self._saved_elapsed = self._elapsed
        self.pacer = Pacer(self.mailbox, self.plan, self.config.epochs, self.learning_rate, self._replay,
                           self.position, self.config.patience > 0, self.origin, self._before)
        self._rates = [change for change in self._replay if change[0] < self.step]

    @property
    def step(self) -> int:
        return self.pacer.step(self.position)

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
        return Compiled(self.compile_seconds, self.program.parameters, self.plan.steps)

    @property
    def _elapsed(self) -> float:
        """Seconds of the run's time, without pauses and compiling."""
        return self.seconds + self.waited + self._looking

    @property
    def _looking(self) -> float:
        """Seconds spent on evaluating the network instead of training it."""
        return self.live.spent + self.probing.spent + self.answerer.spent

    @property
    def _epoch(self) -> int:
        """Completed epochs."""
        return self.position // self.plan.items - self.origin

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
        return min(filter(None, (self.live.patience, self.answerer.patience(asked, self.step))), default=None)

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

    def _call(self, count: int) -> Iterator[Event]:
        """Run `count` items; yields the resulting events."""
        plan, began = self.plan, time.monotonic()
        if self.pacer.step(self.position + count) > self.step:
            self.learning_rate = self.pacer.learning_rate
        window, first = divmod(self.position, plan.window * plan.items)
        self._open(window)
        self.state, sums, totals, rows = self.program.run(
            self.state, self._numbers, self.data, self._order, np.int32(first), np.int32(count), self.sums)
        self.sums, totals = np.asarray(sums), np.asarray(totals)
        seconds = time.monotonic() - began
        self.seconds += seconds
        self.pacer.observe(count, seconds)
        epoch = self.position // plan.items
        self.position += count
        yield from self._epochs(epoch, np.asarray(rows), window * plan.window)
        if totals[SEEN]:
            self.examples += round(float(totals[SEEN]))
            loss, metric = (float(totals[name] / totals[SEEN]) for name in (LOSS, METRIC))
            self.diverged = self.diverged or not math.isfinite(loss)
            if math.isfinite(loss):
                place = self.position % plan.items
                share = self._epoch + min(place, plan.steps) / plan.steps
                yield Progress(self.step, share, loss, metric, self.seconds, self.examples)

    def _open(self, window: int) -> None:
        """Put this window's order of examples and its numbers on the device, unless they are there."""
        before, rate = self._window
        if window != before:
            self._order = jax.device_put(self.plan.order(self.config.seed, window * self.plan.window))
        if (window, self.pacer.learning_rate) != (before, rate):
            self._numbers = jax.device_put(Numbers.of(self.config, self.plan, self.data.y,
                                                      window * self.plan.window, self.pacer.learning_rate,
                                                      self.origin))
        self._window = window, self.pacer.learning_rate

    def _epochs(self, epoch: int, rows: np.ndarray, window_start: int) -> Iterator[Event]:
        """An `EpochEnd` for each epoch, from `epoch` on, that the last call completed."""
        while epoch < self.position // self.plan.items:
            loss, metric, seen, val_loss, val_metric, val_seen = (
                float(row) for row in rows[epoch - window_start])
            epoch += 1
            if not math.isfinite(loss):
                self.diverged = True
                return
            validation = val_seen and math.isfinite(val_loss)
            own, step = epoch - self.origin, self.pacer.step(epoch * self.plan.items)
            ended = EpochEnd(own, step, loss / seen, metric / seen,
                             val_loss / val_seen if validation else None,
                             val_metric / val_seen if validation else None)
            self.stopping.see(own, ended.val_loss, self._copied)
            yield ended

    def _copied(self) -> list[np.ndarray]:
        """A copy of the network's weights: the next call reuses the memory of the state itself."""
        return [np.array(value) for value in (*self.state.trainable, *self.state.non_trainable)]

    def _evaluated(self, resting: bool = False) -> Iterator[Event]:
        """An evaluation on the probe of the test set; the first one may have to compile.

        resting: whether the layers are looked at in detail.
        """
        if not self.program.predicts:
            began = time.monotonic()
            _ = self.program.predict
            self.compile_seconds += time.monotonic() - began
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
            yield from self._looked(STOP_SECONDS)
            yield self._probed()
            self._leave(self.step)
        else:
            self._take_best()
            self._leave(KEPT)
            yield self._probed()
            yield from self.live.ending(self.state, self.step, self.mailbox.controls.features,
                                        lambda: self.mailbox.controls.stopped)
        yield from self._followed(resting=True)
        yield self._finished(status, message)

    def _finished(self, status: str, message: str = "") -> Finished:
        weights = last_weights(self.program, self.state)
        return Finished(self.step, status, message, self.seconds, weights,
                        () if weights is None else paths(self.model))

    def _leave(self, at: int | str) -> None:
        """Leave the state for a run that starts from here."""
        starting.keep(self.config, self.plan, at, self._rates, self.standing)

    def _take_best(self) -> None:
        """Restore the weights that early stopping kept."""
        if self.stopping.weights:
            count = len(self.state.trainable)
            self.state = self.state._replace(trainable=self.stopping.weights[:count],
                                             non_trainable=self.stopping.weights[count:])
