"""What happens in an agent's run, beside the events that every run has (`core.runs.events`).

Those are `Compiled`, `Paused`, `Checkpoint`, `Resumed`, `Parked` and `Finished`; `Compiled.steps_per_epoch`
is 1.
A step: each agent takes one action in each copy of its environment. Agents are numbered from 0; the one
that is
watched is agent 0, in its first copy.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from core.runs.events import Checkpoint, Compiled, Finished, Parked, Paused, Resumed

# Columns of `AgentProgress.episodes`: which agent, after which step it ended, the return, and the steps it
# took.
AGENT, STEP, RETURN, LENGTH = range(4)
# The map of what an agent of CartPole believes: over so many angles (rows) and angular velocities
# (columns), for a
# cart that stands still in the middle; up to these bounds in rad and rad/s.
MAP_SIDE, MAP_ANGLE, MAP_VELOCITY = 21, 0.21, 2.0


@dataclass(frozen=True)
class AgentProgress:
    """Some steps were taken.

    Attributes:
        step: steps done so far.
        seconds: training time so far, without pauses and pacing.
        episodes: float32 (n, 4), those that ended since the last AgentProgress, in the order of their ends.
        loss: mean squared error of the values, over the updates since the last AgentProgress and all agents;
            NaN without one.
        epsilon: the probability of a random action now; NaN for a method without it.
    """

    step: int
    seconds: float
    episodes: np.ndarray
    loss: float
    epsilon: float


@dataclass(frozen=True)
class NumbersChanged:
    """What acts at once changed before step `step` (0 is the first). numbers: all of them, as in the
    controls."""

    step: int
    numbers: Mapping[str, float]


@dataclass(frozen=True)
class Situation:
    """Where the watched agent is while it learns.

    Attributes:
        observation: float32 (features,): the cell, or the four numbers of CartPole.
        scores: float32 (actions,): Q values, or the probabilities of a policy.
        value: what it expects from here: the highest Q value, or the baseline's.
        action: the action taken last; -1 at the start of an episode.
        total, length: return and steps of the episode so far.
    """

    observation: np.ndarray
    scores: np.ndarray
    value: float
    action: int
    total: float
    length: int


@dataclass(frozen=True)
class Rollout:
    """An episode that the watched agent plays without exploring and without learning: a demonstration.

    Attributes:
        observations: float32 (steps + 1, features), the last one at the end.
        actions: int8 (steps,).
        scores: float32 (steps, actions); values: float32 (steps,): as in `Situation`.
        total: the return.
        ended: whether it ended by itself; False if it was cut off.
    """

    observations: np.ndarray
    actions: np.ndarray
    scores: np.ndarray
    values: np.ndarray
    total: float
    ended: bool


@dataclass(frozen=True)
class AgentSnapshot:
    """What the watched agent has learned up to `step`; everything that the page draws of it.

    Attributes:
        now: where it is while it learns.
        scores: float32 (states, actions), as in `Situation`, over all cells of a grid, or over the map of
            CartPole row by row.
        values: float32 (states,).
        rollout: the newest demonstration; it may be of an earlier step.
        rollout_step: of which.
    """

    step: int
    now: Situation
    scores: np.ndarray
    values: np.ndarray
    rollout: Rollout
    rollout_step: int


AgentEvent = (AgentProgress | NumbersChanged | AgentSnapshot | Compiled | Paused | Checkpoint | Resumed |
    Parked
              | Finished)
