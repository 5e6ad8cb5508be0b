"""Policy gradient: a network that answers with probabilities, and one that estimates values."""

from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Bool, Float, Int

from core.agents.config import AgentConfig
from core.agents.fields import PARAMETERS
from core.parameters import IntRange
from core.training.agents.learner import Experience, LearningMoment, Scores
from core.training.agents.networks import PART, Adam, DenseNetwork, Weights, summed
from core.training.agents.worlds import World
from core.training.initial import initial_values

# How much of a return comes from rewards, not from estimated values (Schulman et al. 2016).
TRACE = 0.95


class ActorCritic(NamedTuple):
    """What is learned: both networks, and Adam's own variables for both."""

    policy: Weights
    critic: Weights
    adam: Weights


class JudgedSteps(NamedTuple):
    """Steps to learn from, and what they came to.

    Attributes:
        weight: how much more likely the action should become.
        aim: the return, which the critic should have expected.
        share: of each step in the means; 0 for padding.
    """

    seen: Float[Any, "steps features"]
    action: Int[Any, "steps"]
    weight: Float[Any, "steps"]
    aim: Float[Any, "steps"]
    share: Float[Any, "steps"]


class PolicyLearner:
    """Policy gradient with a baseline, an entropy bonus, and generalized advantage estimation.

    Sources: R. Williams, Simple Statistical Gradient-Following Algorithms for Connectionist Reinforcement
    Learning, 1992. V. Mnih et al., Asynchronous Methods for Deep Reinforcement Learning, 2016. J. Schulman et
    al., High-Dimensional Continuous Control Using Generalized Advantage Estimation, 2016.
    """

    def __init__(self, config: AgentConfig, world: World):
        batch_size, hidden = PARAMETERS["batch_size"], config.method_parameters["hidden_units"]
        assert isinstance(batch_size, IntRange)
        self._world, self._copies = world, config.parallel
        # Room for the largest batch; `parallel` is a power of 2, so that it is a whole number of parts.
        self._rows = batch_size.high // self._copies
        self._policy = DenseNetwork("policy", world.width, hidden, world.actions, "tanh")
        self._critic = DenseNetwork("critic", world.width, hidden, 1, "tanh")
        self._adam = Adam(self._policy.variables + self._critic.variables)
        self.parameters = self._policy.model.count_params() + self._critic.model.count_params()

    def first(self, seed: int) -> tuple[ActorCritic, Experience]:
        weights = initial_values(self._policy.variables + self._critic.variables, seed)
        split, shape = len(self._policy.variables), (self._rows, self._copies)
        states, numbers = np.zeros((*shape, self._world.features), np.float32), np.zeros(shape, np.float32)
        flags = numbers.astype(bool)
        return (ActorCritic(weights[:split], weights[split:], self._adam.first(seed)),
                Experience(states, numbers.astype(np.int32), numbers, states, flags, flags))

    def act(self, learned: ActorCritic, seen: Float[Any, "copies features"],
            moment: LearningMoment) -> Int[Any, "copies"]:
        sums = jnp.cumsum(self.look(learned, seen)[0], 1)[:, :-1]
        return (moment.drawn[:, :1] > sums).sum(1).astype(jnp.int32)

    def look(self, learned: ActorCritic,
             seen: Float[Any, "some features"]) -> tuple[Scores, Float[Any, "some"]]:
        inputs = self._world.inputs(seen)
        values = self._critic(learned.critic, inputs)[:, 0]
        return jax.nn.softmax(self._policy(learned.policy, inputs)), values

    def remember(self, memory: Experience, step: Experience, moment: LearningMoment) -> Experience:
        return jax.tree.map(lambda kept, new: jax.lax.dynamic_update_index_in_dim(kept, new, moment.count, 0),
                            memory, step)

    def counted(self, moment: LearningMoment) -> tuple[Bool[Any, ""] | bool, Int[Any, ""]]:
        """`count` is that of the steps remembered since the last update."""
        rows = moment.count + 1
        due = (rows * self._copies >= moment.numbers["batch_size"]) | (rows >= self._rows)
        return due, jnp.where(due, 0, rows)

    def update(self, learned: ActorCritic, memory: Experience,
               moment: LearningMoment) -> tuple[ActorCritic, Float[Any, ""]]:
        """One step of Adam for all steps remembered."""
        rows = moment.count + 1
        judged = self.judged(learned, memory, rows, moment)

        def part(number: Int[Any, ""]) -> tuple[tuple[Weights, Weights], Float[Any, ""]]:
            batch = JudgedSteps(*(jax.lax.dynamic_slice_in_dim(kept, number * PART, PART) for kept in judged))
            return self.gradient((learned.policy, learned.critic), batch, moment.fixed["entropy"])

        weights = (learned.policy, learned.critic)
        gradients, error = summed(part, weights, rows * self._copies)
        both, adam = self._adam.apply(learned.adam, gradients[0] + gradients[1], weights[0] + weights[1],
                                      moment.numbers["learning_rate"])
        split = len(learned.policy)
        return ActorCritic(both[:split], both[split:], adam), error

    def judged(self, learned: ActorCritic, memory: Experience, rows: Int[Any, ""],
               moment: LearningMoment) -> JudgedSteps:
        """The steps in `rows` rows of the memory, and their advantages, from the last one back."""
        discount = moment.numbers["discount"]

        def value(seen: Float[Any, "copies features"]) -> Float[Any, "copies"]:
            return self._critic(learned.critic, self._world.inputs(seen))[:, 0]

        def back(number: Int[Any, ""], carry: tuple[Any, ...]) -> tuple[Any, ...]:
            advantage, advantages, aims = carry
            row = rows - 1 - number
            step = Experience(*(jax.lax.dynamic_index_in_dim(kept, row, keepdims=False) for kept in memory))
            before, coming = value(step.seen), jnp.where(step.ended, 0.0, value(step.after))
            later = jnp.where(step.ended | step.cut, 0.0, discount * TRACE * advantage)
            advantage = step.reward + discount * coming - before + later
            return (advantage, *(jax.lax.dynamic_update_index_in_dim(kept, new, row, 0) for kept, new in (
                (advantages, advantage), (aims, advantage + before))))

        nothing = jnp.zeros((self._rows, self._copies))
        _, advantages, aims = jax.lax.fori_loop(0, rows, back, (nothing[0], nothing, nothing))
        weight = jnp.where(moment.fixed["baseline"] > 0, advantages, aims).ravel()
        share = jnp.repeat((jnp.arange(self._rows) < rows) / (rows * self._copies), self._copies)
        weight = weight / (jnp.sqrt((share * weight**2).sum()) + 1e-6)
        flat = memory.seen.reshape(-1, memory.seen.shape[-1])
        return JudgedSteps(flat, memory.action.ravel(), weight, aims.ravel(), share)

    def gradient(self, weights: tuple[Weights, Weights], batch: JudgedSteps,
                 entropy: Float[Any, ""]) -> tuple[tuple[Weights, Weights], Float[Any, ""]]:
        """The gradient for the policy's and the critic's weights, and the critic's mean squared error."""
        inputs = self._world.inputs(batch.seen)

        def loss(weights: tuple[Weights, Weights]) -> tuple[Float[Any, ""], Float[Any, ""]]:
            log_chances = jax.nn.log_softmax(self._policy(weights[0], inputs))
            taken = jnp.take_along_axis(log_chances, batch.action[:, None], 1)[:, 0]
            undecided = -(jnp.exp(log_chances) * log_chances).sum(1)
            squares = (self._critic(weights[1], inputs)[:, 0] - batch.aim) ** 2
            error = (batch.share * squares).sum()
            return (batch.share * (-batch.weight * taken - entropy * undecided)).sum() + error / 2, error

        return jax.grad(loss, has_aux=True)(weights)
