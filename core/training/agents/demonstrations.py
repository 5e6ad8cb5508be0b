"""What is shown of the watched agent while it learns: snapshots, within a small share of the run's time."""

import time

import numpy as np

from core.agents.config import AgentConfig
from core.agents.events import AgentSnapshot, Rollout, Situation
from core.training.agents.program import AgentProgram, AgentState, Given
from core.training.agents.worlds import shown_states

# Least seconds between two snapshots and between two demonstrations, and the most of the time they may take.
SNAPSHOT_SECONDS, ROLLOUT_SECONDS = 0.1, 1.0
SHARE = 0.1


class Demonstrator:
    """Makes a run's snapshots.

    Attributes:
        spent: seconds spent on them.
        told: the step of the last one; -1 before the first.
    """

    def __init__(self, config: AgentConfig, program: AgentProgram, given: Given, spent: float = 0.0):
        self.spent, self.told = spent, -1
        self._program, self._given, self._states = program, given, shown_states(config)
        self._rollout: Rollout | None = None
        self._rollout_step = -1
        self._made = self._played = 0.0  # when
        self._costs = [0.0, 0.0]  # of the last snapshot without a demonstration, and of a demonstration

    def due(self, patience: float) -> bool:
        """Whether it is time for a snapshot."""
        return _since(self._made) >= max(SNAPSHOT_SECONDS * patience, self._costs[0] / SHARE)

    def shows(self, step: int, fresh: bool) -> bool:
        """Whether the last snapshot was of this step; `fresh`: and its demonstration, too."""
        return self.told == step and (not fresh or self._rollout_step == step)

    def snapshot(self, state: AgentState, step: int, patience: float, fresh: bool = False) -> AgentSnapshot:
        """What the watched agent has learned, and where it is.

        fresh: whether the demonstration must be of this step.
        """
        began = time.monotonic()
        late = _since(self._played) >= max(ROLLOUT_SECONDS * patience, self._costs[1] / SHARE)
        if self._rollout is None or (step != self._rollout_step and (fresh or late)):
            self._rollout, self._rollout_step = self._demonstration(state, step), step
            self._played = time.monotonic()
            self._costs[1] = self._played - began
        looked = time.monotonic()
        scores, values = (np.asarray(array) for array in self._program.look(
            state.learned, self._states, state.seen))
        seen, action, total, length = (np.array(array)[0, 0] for array in (
            state.seen, state.action, state.total, state.length))
        now = Situation(seen, scores[-1], float(values[-1]), int(action), float(total), int(length))
        self._made, self.told = time.monotonic(), step
        self._costs[0] = self._made - looked
        self.spent += self._made - began
        return AgentSnapshot(step, now, scores[:-1], values[:-1], self._rollout, self._rollout_step)

    def _demonstration(self, state: AgentState, step: int) -> Rollout:
        seen, actions, scores, values, done, total, ended = (np.asarray(array) for array in
            self._program.demonstrate(state.learned, self._given, np.int32(step)))
        done = int(done)
        return Rollout(seen[:done + 1].copy(), actions[:done].copy(), scores[:done].copy(),
                       values[:done].copy(), float(total), bool(ended))


def _since(then: float) -> float:
    return time.monotonic() - then
