"""Decides how many steps the next call may take, like `core.training.pacer` for networks."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from core.agents.config import AgentConfig
from core.agents.controls import AgentControls
from core.runs.controls import ControlsMailbox
from core.runs.events import message_interval
from core.training.pacer import CALL_SECONDS, MOST_PATIENCE, PACE_SECONDS

AgentMailbox = ControlsMailbox[AgentControls]
Changes = Sequence[tuple[int, Mapping[str, float]]]


@dataclass(frozen=True)
class NextSteps:
    """What comes next: a call of the program, a wait, or the end.

    Attributes:
        count: steps of the next call; 0 to wait.
        until_episode: whether it ends with the watched agent's episode.
        wait: seconds to wait; None until the controls change.
        stop: the run ends.
        park: the run leaves its worker, to continue later.
    """

    count: int = 0
    until_episode: bool = False
    wait: float | None = 0.0
    stop: bool = False
    park: bool = False


class AgentPacer:
    """Follows the controls of one run of agents and decides what comes next."""

    def __init__(self, mailbox: AgentMailbox, config: AgentConfig, replay: Changes, begin: int,
                 numbers: Mapping[str, float]):
        """Begin at step `begin`.

        Args:
            mailbox: the run's controls.
            replay: changes (step, numbers) to make again.
            numbers: in effect at `begin`.
        """
        self.mailbox, self.end, self.numbers = mailbox, config.steps, dict(numbers)
        self._first: Mapping[str, float] = config.numbers
        self._replay = sorted((change for change in replay if change[0] >= begin),
                              key=lambda change: change[0])
        self._count = 1
        self._steps = self._episodes = 0  # asked for one at a time, and taken
        self._target: int | None = None  # where a single step ends
        self._in_episode = False
        self._pace: float | None = None
        self._pace_start = (0.0, 0)

    def apply_numbers(self, step: int) -> bool:
        """Apply the next change of the numbers that is due before `step`; False if there is none.

        While a change is still to be made again, the controls wait: they were set later.
        """
        before = self.numbers
        while self._replay and self._replay[0][0] <= step:
            self.numbers = {**self._first, **self._replay.pop(0)[1]}
            if self.numbers != before:
                return True
        if not self._replay:
            self.numbers = {**self._first, **self.mailbox.controls.numbers}
        return self.numbers != before

    def leave(self, step: int) -> NextSteps:
        """Decides what to do next from `step` on."""
        controls = self.mailbox.controls
        if controls.stopped or step >= self.end:
            return NextSteps(stop=True)
        room = controls.reached - step
        if controls.paused:
            self._pace = None  # the pace starts anew when the run continues
            if room <= 0:
                room = self._granted(step)
            if room == 0:
                return NextSteps(wait=None, park=controls.parked)
        elif controls.parked:
            return NextSteps(park=True)
        else:
            self._steps, self._episodes = controls.steps, controls.episodes
            self._target, self._in_episode = None, False
            if room <= 0:
                room = self._paced(step, controls.pace)
            if room == 0:
                return NextSteps(wait=PACE_SECONDS * self.patience)
        bounds = [self._count, room, self.end - step]
        if self._replay:
            bounds.append(self._replay[0][0] - step)
        return NextSteps(max(1, min(bounds)), self._in_episode)

    def observe(self, count: int, seconds: float, ended: bool) -> None:
        """Adjust the length of the next call: the last one took `count` steps in `seconds`.

        ended: whether an episode of the watched agent ended in it.
        """
        fitting = int(count * CALL_SECONDS * self.patience / max(seconds, 1e-6))
        self._count = max(1, min(fitting, 4 * max(count, self._count)))
        self._in_episode = self._in_episode and not ended

    def arrived(self, step: int) -> bool:
        """Whether no single step or episode is under way at `step`."""
        return not self._in_episode and (self._target is None or step >= self._target)

    @property
    def taken(self) -> tuple[int, int]:
        """How many of the single steps and single episodes asked for were taken."""
        controls = self.mailbox.controls
        return (self._steps, self._episodes) if controls.paused else (controls.steps, controls.episodes)

    @property
    def patience(self) -> float:
        """How much longer everything may take than for a single run."""
        return min(MOST_PATIENCE, message_interval(self.mailbox.active_runs()) / message_interval(1))

    def _granted(self, step: int) -> int:
        """Steps left of the single step or episode that the learner asked for; 0 if none."""
        controls = self.mailbox.controls
        if self.arrived(step):
            self._target = None
            if controls.episodes > self._episodes:
                self._episodes += 1
                self._in_episode = True
            elif controls.steps > self._steps:
                self._steps += 1
                self._target = step + 1
        if self._in_episode:
            return self.end - step
        return self._target - step if self._target is not None else 0

    def _paced(self, step: int, pace: float | None) -> int:
        """Steps that the pace allows by now."""
        if pace is None:
            self._pace = None
            return self.end
        now = time.monotonic()
        if pace != self._pace:
            self._pace, self._pace_start = pace, (now, step)
        since, start = self._pace_start
        # The first step is free, so that a slow pace does not begin with a wait.
        return max(0, start + 1 + int((now - since) * pace) - step)
