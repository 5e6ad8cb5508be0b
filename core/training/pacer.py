"""Decides how many steps the next call of the program may take: controls, pace and clock."""

import time
from collections.abc import Sequence
from dataclasses import dataclass

from core.runs.controls import ControlsMailbox
from core.runs.events import message_interval
from core.training.plan import Plan

# A call of the program should take about this long: short enough to stop quickly, long enough to be cheap.
CALL_SECONDS = 0.04
# A paced run waits this long between calls, so that a fast pace makes fewer, longer calls. It is as long as
# between two messages: a little less, and only every second wait would be long enough for an evaluation.
PACE_SECONDS = message_interval(1)
# With many runs, both grow in step with the time between two messages, up to this factor: nobody sees more
# often, and the Python code around thirty runs' calls would leave no time for compiling.
MOST_PATIENCE = 5.0


@dataclass(frozen=True)
class NextChunk:
    """What comes next: a call of the program, a wait, or the end.

    Attributes:
        count: items for the next call; 0 to wait.
        wait: seconds to wait; None until the controls change.
        stop: the run ends.
        park: the run leaves its worker, to continue later.
    """

    count: int = 0
    wait: float | None = 0.0
    stop: bool = False
    park: bool = False


class Pacer:
    """Follows one run's controls and decides what comes next.

    Positions count items from the run's beginning (see `Plan`), or from that of its start.
    """

    def __init__(self, mailbox: ControlsMailbox, plan: Plan, epochs: int, learning_rate: float,
                 replay: Sequence[tuple[int, float]] = (), begin: int = 0, by_epoch: bool = False,
                 origin: int = 0, before: int = 0):
        """Begin at position `begin`.

        Args:
            mailbox: the run's controls.
            plan, epochs: how long the run is.
            learning_rate: in effect at `begin`.
            replay: learning-rate changes (step, learning_rate) to make again.
            begin: the position from which the run continues.
            by_epoch: whether calls end where epochs do, because the run may have to stop there.
            origin, before: as in `Position`: positions begin there, steps at 0.
        """
        self.mailbox, self.plan, self.end = mailbox, plan, (origin + epochs) * plan.items
        self._before = origin * plan.steps + before
        self.learning_rate = learning_rate
        self._replay = sorted((change for change in replay if change[0] >= self.step(begin)),
                              key=lambda change: change[0])
        self._by_epoch = by_epoch
        self._wish_version = mailbox.controls.version if mailbox.controls.learning_rate is None else -1
        self._count = 1
        self._steps = self._epochs = 0  # asked for one at a time, and taken
        self._target: int | None = None  # where a single step or epoch ends
        self._pace: float | None = None
        self._pace_start = (0.0, 0)

    def step(self, position: int) -> int:
        """Training steps done before `position`."""
        epoch, place = divmod(position, self.plan.items)
        return epoch * self.plan.steps + min(place, self.plan.steps) - self._before

    def position(self, step: int) -> int:
        """The position of training step `step`."""
        epoch, place = divmod(step + self._before, self.plan.steps)
        return epoch * self.plan.items + place

    def apply_learning_rate(self, position: int) -> bool:
        """Apply the next learning-rate change that is due at `position`; False if there is none."""
        step, before = self.step(position), self.learning_rate
        while self._replay and self._replay[0][0] <= step:
            self.learning_rate = self._replay.pop(0)[1]
            if self.learning_rate != before:
                return True
        controls = self.mailbox.controls
        if controls.learning_rate is not None and controls.version > self._wish_version:
            self._wish_version, self.learning_rate = controls.version, controls.learning_rate
        return self.learning_rate != before

    def leave(self, position: int) -> NextChunk:
        """Decides what to do next from `position` on."""
        controls = self.mailbox.controls
        if controls.stopped or position >= self.end:
            return NextChunk(stop=True)
        room = self.position(controls.reached) - position
        if controls.paused:
            if room <= 0:
                room = self._granted(position) or self._validation_left(position)
            if room == 0:
                return NextChunk(wait=None, park=controls.parked)
        elif controls.parked:
            return NextChunk(park=True)
        else:
            self._steps, self._epochs, self._target = controls.steps, controls.epochs, None
            if room <= 0:
                room = self._paced(position, controls.pace)
            if room == 0:
                return NextChunk(wait=PACE_SECONDS * self._patience)
        window = self.plan.window * self.plan.items
        bounds = [self._count, room, self.end - position, window - position % window]
        if self._by_epoch:
            bounds.append(self.plan.items - position % self.plan.items)
        if self._replay:
            bounds.append(self.position(self._replay[0][0]) - position)
        return NextChunk(count=max(1, min(bounds)))

    def arrived(self, position: int) -> bool:
        """Whether no single step or epoch is under way at `position`."""
        return self._target is None or position >= self._target

    def observe(self, count: int, seconds: float) -> None:
        """Adjust the length of the next call: the last one ran `count` items in `seconds`."""
        fitting = int(count * CALL_SECONDS * self._patience / max(seconds, 1e-6))
        self._count = max(1, min(fitting, 4 * max(count, self._count)))

    def delayed(self) -> None:
        """Something else took the time: a paced run goes on at its pace, without a leap."""
        self._pace = None

    @property
    def taken(self) -> tuple[int, int]:
        """How many of the single steps and single epochs asked for were taken."""
        controls = self.mailbox.controls
        return (self._steps, self._epochs) if controls.paused else (controls.steps, controls.epochs)

    @property
    def _patience(self) -> float:
        return min(MOST_PATIENCE, message_interval(self.mailbox.active_runs()) / message_interval(1))

    def _granted(self, position: int) -> int:
        """Items left of the single step or epoch that the learner asked for; 0 if none."""
        controls, plan = self.mailbox.controls, self.plan
        self._pace = None  # the pace starts anew when the run continues
        if self._target is None or position >= self._target:
            self._target = None
            place = position % plan.items
            if controls.epochs > self._epochs:
                self._epochs += 1
                self._target = position + plan.items - place
            elif controls.steps > self._steps:
                self._steps += 1
                # The step that ends an epoch brings its validation along.
                ends = place + 1 >= plan.steps
                self._target = position + (plan.items - place if ends else 1)
        return self._target - position if self._target is not None else 0

    def _validation_left(self, position: int) -> int:
        """Items left of an epoch whose steps are done: a pause there would show the last validation loss."""
        place = position % self.plan.items
        return self.plan.items - place if place >= self.plan.steps else 0

    def _paced(self, position: int, pace: float | None) -> int:
        """Items that the pace allows by now."""
        if pace is None:
            self._pace = None
            return self.end
        now = time.monotonic()
        if pace != self._pace:
            self._pace, self._pace_start = pace, (now, position)
        since, start = self._pace_start
        # The first item is free, so that a slow pace does not begin with a wait.
        allowed = start + 1 + int((now - since) * pace * self.plan.items)
        return max(0, allowed - position)
