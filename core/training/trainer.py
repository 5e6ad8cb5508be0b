"""`Trainer`: trains a network step by step, from new weights or those of a start; it evaluates nothing."""

import math
import time
from collections.abc import Iterator, Sequence

import jax
import numpy as np

from core.datasets import Split
from core.datasets.splits import split
from core.runs.config import RunConfig
from core.runs.controls import ControlsMailbox
from core.runs.events import EpochEnd, Event, Progress, Starting
from core.settings import Settings
from core.training import starting
from core.training.model import known_model
from core.training.numbers import Numbers
from core.training.pacer import Pacer
from core.training.plan import Plan
from core.training.program import LOSS, METRIC, SEEN, data_of
from core.training.program_cache import program_for
from core.training.snapshot import Position, RunState
from core.training.stopping import EarlyStopping
from core.training.weight_paths import paths


class Trainer:
    """A run's network, its state, and the arithmetic that takes it further.

    By itself it trains the start of another run, without anybody looking; `fit` adds controls and evaluation.
    """

    def __init__(self, config: RunConfig, split: Split, mailbox: ControlsMailbox, settings: Settings,
                 replay: Sequence[tuple[int, float]] = ()):
        began = time.monotonic()
        self.config, self.split, self.mailbox, self.settings = config, split, mailbox, settings
        # Used for its names and initializers, because the program may have been built for another run.
        self.model = known_model(config)
        self.plan = Plan.of(config, split, self.model)
        self.data = data_of(split)
        self.program = program_for(config, self.plan, self.data, settings)
        self._equip()
        self._replay, self._begun = replay, False
        self._stand(self._beginning())
        self.diverged = False
        self._window = -1, math.nan
        self._order = self._numbers = None
        self.compile_seconds = time.monotonic() - began

    def _equip(self) -> None:
        """Make whatever else a kind of trainer needs before it stands anywhere."""

    def _beginning(self) -> RunState:
        """New weights, at the first step."""
        self._begun = self.config.start is None
        return RunState(Position(0, self.config.learning_rate),
                        self.program.initial_state(self.config.seed, self.model), np.zeros(6, np.float32),
                        EarlyStopping(self.config.patience))

    def _started(self) -> Iterator[Event]:
        """Take over the weights of the config's start, if the run is at its beginning and has one."""
        if self._begun:
            return
        began, first = time.monotonic(), self.standing
        there = yield from starting.state_before(
            self.config, first, self.plan, paths(self.model),
            lambda: self.mailbox.controls.stopped, self.settings,
            lambda config, mailbox, rates: Trainer(config, self._split_of(config), mailbox, self.settings,
                                                   rates))
        if there is not None:
            self._stand(there)
            self._begun, self._preparing = True, time.monotonic() - began

    def _split_of(self, start: RunConfig) -> Split:
        """The examples that the start learns from: this run's, unless they are other data."""
        return self.split if start.data.key == self.config.data.key else split(start.data, start.preparation)

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
            yield Starting(self.step, self.pacer.step(self.pacer.end))
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
        self.position = place.position
        self.learning_rate = place.learning_rate  # of the last step
        self.seconds, self.waited = place.seconds, place.waited
        self.examples = place.examples
        self.origin, self._before, self._preparing = place.origin, place.before, place.preparing
        self.pacer = Pacer(self.mailbox, self.plan, self.config.epochs, self.learning_rate, self._replay,
                           self.position, self.config.patience > 0, self.origin, self._before)
        self._rates = [change for change in self._replay if change[0] < self.step]

    @property
    def step(self) -> int:
        return self.pacer.step(self.position)

    @property
    def _epoch(self) -> int:
        """Completed epochs."""
        return self.position // self.plan.items - self.origin

    @property
    def _looking(self) -> float:
        """Seconds spent on evaluating the network instead of training it."""
        return 0.0

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

    def _take_best(self) -> None:
        """Restore the weights that early stopping kept."""
        if self.stopping.weights:
            count = len(self.state.trainable)
            self.state = self.state._replace(trainable=self.stopping.weights[:count],
                                             non_trainable=self.stopping.weights[count:])
