"""Q-learning and SARSA: a table with a number for each action in each cell."""

from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Bool, Float, Int

from core.agents.config import AgentConfig
from core.training.agents.learner import Experience, LearningMoment, Scores, greedy_or_random


class QTable(NamedTuple):
    """What is learned. coming: what SARSA has chosen to do next; -1 where nothing is chosen."""

    q: Float[Any, "cells actions"]
    coming: Int[Any, "copies"]


class TabularLearner:
    """Q-learning, or SARSA.

    Sources: C. Watkins, Learning from Delayed Rewards, 1989. G. Rummery and M. Niranjan, On-line Q-learning
    Using Connectionist Systems, 1994.
    """

    def __init__(self, config: AgentConfig):
        assert config.grid is not None, "AgentConfig refuses a table for other environments"
        self._shape, self._copies = (config.grid.cells, len(config.world.actions)), config.parallel
        self._sarsa = config.method == "sarsa"
        self.parameters = self._shape[0] * self._shape[1]

    def first(self, seed: int) -> tuple[QTable, Experience]:
        seen, zero = np.zeros((self._copies, 1), np.float32), np.zeros(self._copies, np.float32)
        false = zero.astype(bool)
        return (QTable(np.zeros(self._shape, np.float32), np.full(self._copies, -1, np.int32)),
                Experience(seen, zero.astype(np.int32), zero, seen, false, false))

    def act(self, learned: QTable, seen: Float[Any, "copies features"],
            moment: LearningMoment) -> Int[Any, "copies"]:
        choice = greedy_or_random(self.look(learned, seen)[0], moment.epsilon, moment.drawn)
        return jnp.where(learned.coming >= 0, learned.coming, choice)

    def look(self, learned: QTable,
             seen: Float[Any, "some features"]) -> tuple[Scores, Float[Any, "some"]]:
        scores = learned.q[_cells(seen)]
        return scores, scores.max(1)

    def remember(self, memory: Experience, step: Experience, moment: LearningMoment) -> Experience:
        return step

    def counted(self, moment: LearningMoment) -> tuple[Bool[Any, ""] | bool, Int[Any, ""]]:
        return True, moment.count

    def update(self, learned: QTable, memory: Experience,
               moment: LearningMoment) -> tuple[QTable, Float[Any, ""]]:
        """Each number moves towards its target by the learning rate.

        At a cut-off SARSA chooses, too: its target needs what would have come.
        """
        q, step, coming = learned.q, memory, learned.coming
        there = q[_cells(step.after)]
        expected = there.max(1)
        if self._sarsa:
            drawn = jax.random.uniform(moment.key, (self._copies, 2))
            choice = greedy_or_random(there, moment.epsilon, drawn)
            expected = jnp.take_along_axis(there, choice[:, None], 1)[:, 0]
            coming = jnp.where(step.ended | step.cut, -1, choice)
        place = _cells(step.seen), step.action
        errors = step.reward + moment.numbers["discount"] * jnp.where(step.ended, 0.0, expected) - q[place]
        return (QTable(q.at[place].add(moment.numbers["learning_rate"] * errors), coming),
                (errors**2).mean())


def _cells(seen: Float[Any, "some features"]) -> Int[Any, "some"]:
    return seen[:, 0].astype(jnp.int32)
