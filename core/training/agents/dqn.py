"""DQN: a network that answers with the Q values, a replay memory, and a target network."""

from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Bool, Float, Int

from core.agents.config import AgentConfig
from core.training.agents.learner import Experience, LearningMoment, Scores, greedy_or_random
from core.training.agents.networks import PART, Adam, DenseNetwork, Weights, summed
from core.training.agents.worlds import World
from core.training.initial import initial_values


class QNetworks(NamedTuple):
    """What is learned: the network, its older copy for the targets, and Adam's own variables."""

    weights: Weights
    target: Weights
    adam: Weights


class Replay(NamedTuple):
    """The steps remembered, in a ring: the newest replace the oldest."""

    seen: Float[Any, "steps features"]
    action: Int[Any, "steps"]
    reward: Float[Any, "steps"]
    after: Float[Any, "steps features"]
    ended: Bool[Any, "steps"]


class DeepQLearner:
    """DQN, with the mean squared error.

    The Huber loss, which is usual for it, limits how much a single error counts. With values as large as
    CartPole's it aims at the median of the targets instead of their mean, so that the few steps that end an
    episode do not count: the values grew into the millions.

    Source: V. Mnih et al., Human-level control through deep reinforcement learning, 2015.
    """

    def __init__(self, config: AgentConfig, world: World):
        values = config.method_parameters
        self._world, self._copies = world, config.parallel
        self._room = max(1, values["replay"] // self._copies) * self._copies
        self._network = DenseNetwork("q", world.width, values["hidden_units"], world.actions, "relu")
        self._adam = Adam(self._network.variables)
        self.parameters = self._network.model.count_params()

    def first(self, seed: int) -> tuple[QNetworks, Replay]:
        weights = initial_values(self._network.variables, seed)
        states = np.zeros((self._room, self._world.features), np.float32)
        numbers = np.zeros(self._room, np.float32)
        return (QNetworks(weights, weights, self._adam.first(seed)),
                Replay(states, numbers.astype(np.int32), numbers, states, numbers.astype(bool)))

    def act(self, learned: QNetworks, seen: Float[Any, "copies features"],
            moment: LearningMoment) -> Int[Any, "copies"]:
        return greedy_or_random(self.look(learned, seen)[0], moment.epsilon, moment.drawn)

    def look(self, learned: QNetworks,
             seen: Float[Any, "some features"]) -> tuple[Scores, Float[Any, "some"]]:
        scores = self._network(learned.weights, self._world.inputs(seen))
        return scores, scores.max(1)

    def remember(self, memory: Replay, step: Experience, moment: LearningMoment) -> Replay:
        place = moment.step % (self._room // self._copies) * self._copies
        return Replay(*(jax.lax.dynamic_update_slice_in_dim(kept, getattr(step, name), place, 0)
                        for name, kept in memory._asdict().items()))

    def counted(self, moment: LearningMoment) -> tuple[Bool[Any, ""] | bool, Int[Any, ""]]:
        """`count` is that of the updates since the target network was renewed."""
        due = self._filled(moment) >= self._batch(moment)
        renewed = moment.count >= moment.fixed["target_every"]
        return due, jnp.where(due, jnp.where(renewed, 0, moment.count) + 1, moment.count)

    def update(self, learned: QNetworks, memory: Replay,
               moment: LearningMoment) -> tuple[QNetworks, Float[Any, ""]]:
        """One step of Adam for a batch drawn from the memory.

        The target network is renewed first if it is due; always, if there is to be none.
        """
        renewed = moment.count >= moment.fixed["target_every"]
        target = jax.tree.map(lambda new, old: jnp.where(renewed, new, old), learned.weights, learned.target)
        count = self._batch(moment)

        def part(number: Int[Any, ""]) -> tuple[Weights, Float[Any, ""]]:
            drawn = jax.random.uniform(jax.random.fold_in(moment.key, number), (PART,))
            places = (drawn * self._filled(moment)).astype(jnp.int32)
            batch = Replay(*(kept[places] for kept in memory))
            counts = number * PART + jnp.arange(PART) < count
            return self.gradient(learned.weights, target, batch, counts / count, moment.numbers["discount"])

        gradients, error = summed(part, learned.weights, count)
        weights, adam = self._adam.apply(learned.adam, gradients, learned.weights,
                                         moment.numbers["learning_rate"])
        return QNetworks(weights, target, adam), error

    def gradient(self, weights: Weights, target: Weights, batch: Replay, share: Float[Any, "steps"],
                 discount: Float[Any, ""]) -> tuple[Weights, Float[Any, ""]]:
        """Of the mean squared error, and that error. share: of each step in the mean."""
        wanted = self.targets(target, batch, discount)

        def loss(weights: Weights) -> Float[Any, ""]:
            scores = self._network(weights, self._world.inputs(batch.seen))
            errors = jnp.take_along_axis(scores, batch.action[:, None], 1)[:, 0] - wanted
            return (share * errors**2).sum()

        error, gradients = jax.value_and_grad(loss)(weights)
        return gradients, error

    def targets(self, target: Weights, batch: Replay, discount: Float[Any, ""]) -> Float[Any, "steps"]:
        """The reward plus the discounted best answer of the target network, unless the episode has ended."""
        best = self._network(target, self._world.inputs(batch.after)).max(1)
        return batch.reward + discount * jnp.where(batch.ended, 0.0, best)

    def _filled(self, moment: LearningMoment) -> Int[Any, ""]:
        return jnp.minimum((moment.step + 1) * self._copies, self._room)

    def _batch(self, moment: LearningMoment) -> Int[Any, ""]:
        return jnp.minimum(moment.numbers["batch_size"].astype(jnp.int32), self._room)
