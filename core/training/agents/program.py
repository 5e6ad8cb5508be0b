"""The compiled programs of a run of agents: any number of steps, looks at what it has learned, and
demonstrations."""

from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Bool, Float, Int, UInt32

from core.agents.config import AgentConfig
from core.agents.config import Numbers as PlainNumbers
from core.settings import Settings
from core.training.agents.learner import OWN, Experience, LearningMoment, Numbers
from core.training.agents.learners import learner_of
from core.training.agents.limits import check_state
from core.training.agents.networks import PART
from core.training.agents.worlds import Rules, rules_of, shown_states, world_of
from core.training.compile import compiled, compiling
from core.training.initial import AGENT, AGENT_KEY, stream
from core.training.limits import check_program

# How many ended episodes a call has room for; it returns early when there is not enough for a step.
ROOM = 1024
# Where the random numbers of demonstrations begin.
DEMONSTRATIONS = 2**30
# The method's parameters that are arguments.
FIXED = ("exploration_steps", "target_every", "entropy", "baseline")


class AgentState(NamedTuple):
    """Everything that learning changes. Arrays have a leading axis of agents, but for `step` and `count`.

    Attributes:
        step: steps done.
        count: see `Learner.counted`.
        seen: where each copy of the environment is.
        action: what was done last in it; -1 at the start of an episode.
        total, length: of its episode so far.
        learned, memory: the method's own, see `Learner`.
    """

    step: Int[Any, ""]
    count: Int[Any, ""]
    seen: Float[Any, "agents copies features"]
    action: Int[Any, "agents copies"]
    total: Float[Any, "agents copies"]
    length: Int[Any, "agents copies"]
    learned: Any
    memory: Any


class Given(NamedTuple):
    """What a run is given beside its state: it never changes.

    Attributes:
        keys: of each agent's random numbers.
        rules: of the environment.
        fixed: the method's parameters that are numbers; 0 for those it does not have.
    """

    keys: UInt32[Any, "agents 2"]
    rules: Rules
    fixed: Numbers


class StepLog(NamedTuple):
    """What happened in a call.

    Attributes:
        episodes: those that ended, as in `AgentProgress`; of (`ROOM`, 4), the first `ended` count.
        error: the sum of the mean squared errors of all updates and agents.
        updates: how many there were of each agent.
        finite: whether all errors were.
        watched: whether an episode of the watched agent ended.
        epsilon: of the last step.
    """

    episodes: Float[Any, "room 4"]
    ended: Int[Any, ""]
    error: Float[Any, ""]
    updates: Int[Any, ""]
    finite: Bool[Any, ""]
    watched: Bool[Any, ""]
    epsilon: Float[Any, ""]


class AgentProgram:
    """A method and an environment, with their functions compiled. Raises `limits.OverBudget` if too large.

    `advance(state, given, numbers, count, until_episode)`, `look(learned, states, seen)` and
    `demonstrate(learned, given, step)` belong to no single run.
    """

    def __init__(self, config: AgentConfig, settings: Settings):
        self._agents, self._copies = config.agents, config.parallel
        self.world = world_of(config)
        self.learner = learner_of(config, self.world)
        self.parameters = self.learner.parameters
        state, given, numbers = self.first(config), given_of(config), steered(config.numbers)
        check_state(state)
        products = self.parameters * PART if not config.way.tabular else 0
        shown = [compiling(lowered, products) for lowered in (
            jax.jit(self._look).lower(state.learned, shown_states(config), state.seen),
            jax.jit(self._demonstrate).lower(state.learned, given, np.int32(0)))]
        self.advance = compiled(jax.jit(self._advance, donate_argnums=0).lower(
            state, given, numbers, np.int32(0), np.bool_(False)), products)
        check_program(self.advance, 1.0, settings)
        self.look, self.demonstrate = (done.result() for done in shown)

    def first(self, config: AgentConfig) -> AgentState:
        """The state before the first step."""
        shape, rules, world = (self._agents, self._copies), rules_of(config), self.world
        streams = [stream(config.seed, AGENT, agent) for agent in range(self._agents)]
        drawn = [random.random((self._copies, world.draws), np.float32) for random in streams]
        seen = np.array([[world.first(rules, copy) for copy in agent] for agent in drawn], np.float32)
        own = [self.learner.first(int(random.integers(2**31))) for random in streams]
        learned, memory = jax.tree.map(lambda *leaves: np.stack(leaves), *own)
        zero = np.zeros(shape, np.int32)
        return AgentState(np.int32(0), np.int32(0), seen, zero - 1, zero.astype(np.float32), zero, learned,
                          memory)

    def _advance(self, state: AgentState, given: Given, numbers: Numbers, count: Int[Any, ""],
                 until_episode: Bool[Any, ""]) -> tuple[AgentState, StepLog]:
        """At most `count` steps: fewer if an update is not finite, if the log is full, or, `until_episode`,
        if the watched agent's episode ends."""
        end, most = state.step + count, ROOM - self._agents * self._copies

        def goes_on(carry: tuple[AgentState, StepLog]) -> Bool[Any, ""]:
            state, log = carry
            return (state.step < end) & (log.ended <= most) & log.finite & ~(until_episode & log.watched)

        log = StepLog(jnp.zeros((ROOM, 4)), jnp.int32(0), jnp.float32(0), jnp.int32(0), jnp.bool_(True),
                      jnp.bool_(False), jnp.float32(0))
        return jax.lax.while_loop(goes_on, lambda carry: self._step(*carry, given, numbers), (state, log))

    def _step(self, state: AgentState, log: StepLog, given: Given,
              numbers: Numbers) -> tuple[AgentState, StepLog]:
        """Each agent takes one action in each copy of its environment, and learns."""
        keys = jax.random.wrap_key_data(given.keys)
        drawn = jax.vmap(lambda key: jax.random.uniform(
            jax.random.fold_in(key, 2 * state.step), (self._copies, 2 + self.world.draws)))(keys)
        moment = LearningMoment(state.step, state.count, jax.vmap(jax.random.fold_in, (0, None))(
            keys, 2 * state.step + 1), drawn[..., :2], _epsilon(state.step, numbers, given.fixed), numbers,
            given.fixed)
        action = jax.vmap(self.learner.act, (0, 0, OWN))(state.learned, state.seen, moment)
        after, reward, ended = _each_copy(self.world.move, 3)(given.rules, state.seen, action, drawn[..., 2:])
        total, length = state.total + reward, state.length + 1
        cut = ~ended & (length >= self.world.most_steps)
        learned, memory, count, errors, due = self._learned(
            state, Experience(state.seen, action, reward, after, ended, cut), moment)
        over = ended | cut
        log = _logged(log, over, state.step + 1, total, length)
        log = log._replace(error=log.error + errors.sum(), updates=log.updates + due,
                           finite=jnp.isfinite(errors).all(), epsilon=moment.epsilon)
        first = _each_copy(self.world.first, 1)(given.rules, drawn[..., 2:])
        return AgentState(
            state.step + 1, count, jnp.where(over[..., None], first, after), jnp.where(over, -1, action),
            jnp.where(over, 0.0, total), jnp.where(over, 0, length), learned, memory), log

    def _learned(self, state: AgentState, step: Experience, moment: LearningMoment) -> tuple[Any, ...]:
        """What is learned and remembered after a step, the next `count`, errors (agents,), and whether there
        was an update: a real branch, because it is the same for all agents."""
        memory = jax.vmap(self.learner.remember, (0, 0, OWN))(state.memory, step, moment)
        due, count = self.learner.counted(moment)

        def update(learned: Any) -> tuple[Any, Float[Any, "agents"]]:
            return jax.vmap(self.learner.update, (0, 0, OWN))(learned, memory, moment)

        if due is True:
            learned, errors = update(state.learned)
        else:
            learned, errors = jax.lax.cond(due, update, lambda learned: (learned, jnp.zeros(self._agents)),
                                           state.learned)
        return learned, memory, count, errors, due

    def _look(self, learned: Any, states: Float[Any, "states features"],
              seen: Float[Any, "agents copies features"],
              ) -> tuple[Float[Any, "states+1 actions"], Float[Any, "states+1"]]:
        """The watched agent's scores and values, of all shown states and then of the one where it is."""
        return self.learner.look(_watched(learned), jnp.concatenate([states, seen[0, :1]]))

    def _demonstrate(self, learned: Any, given: Given, step: Int[Any, ""]) -> tuple[Any, ...]:
        """An episode of the watched agent without exploring; see `Rollout` and `demonstration`.

        Returns observations, actions, scores, values, all with room for the longest episode, the steps it
        took, the return, and whether it ended by itself.
        """
        most, own = self.world.most_steps, _watched(learned)
        # Beyond the numbers that learning uses, so that watching changes nothing.
        key = jax.random.fold_in(jax.random.wrap_key_data(given.keys[0]), DEMONSTRATIONS + step)
        drawn = jax.random.uniform(key, (most + 1, self.world.draws))

        def go(carry: tuple[Any, ...]) -> tuple[Any, ...]:
            seen, actions, done, total, _ = carry
            action = self.learner.look(own, seen[done][None])[0][0].argmax()
            after, reward, ended = self.world.move(given.rules, seen[done], action, drawn[done])
            return (seen.at[done + 1].set(after), actions.at[done].set(action.astype(jnp.int8)), done + 1,
                    total + reward, ended)

        first = self.world.first(given.rules, drawn[most])
        seen, actions, done, total, ended = jax.lax.while_loop(
            lambda carry: (carry[2] < most) & ~carry[4], go, (
                jnp.zeros((most + 1, self.world.features)).at[0].set(first), jnp.zeros(most, jnp.int8),
                jnp.int32(0), jnp.float32(0), jnp.bool_(False)))
        return seen, actions, *self.learner.look(own, seen[:-1]), done, total, ended


def given_of(config: AgentConfig) -> Given:
    """The arguments of the config's run that never change."""
    keys = np.stack([stream(config.seed, AGENT_KEY, agent).integers(2**32, size=2, dtype=np.uint32)
                     for agent in range(config.agents)])
    return Given(keys, rules_of(config), {name: np.float32(config.method_parameters.get(name, 0))
                                          for name in FIXED})


def steered(numbers: PlainNumbers) -> Numbers:
    """What acts at once, as arguments."""
    return {name: np.float32(value) for name, value in numbers.items()}


def _epsilon(step: Int[Any, ""], numbers: Numbers, fixed: Numbers) -> Float[Any, ""]:
    """The probability of a random action: it falls evenly from 1 to its own value."""
    steps = fixed["exploration_steps"]
    left = jnp.maximum(0.0, steps - step) / jnp.maximum(1.0, steps)
    return numbers["epsilon"] + (1 - numbers["epsilon"]) * left


def _watched(learned: Any) -> Any:
    return jax.tree.map(lambda leaf: leaf[0], learned)


def _each_copy(function: Any, own: int) -> Any:
    """`function(rules, ...)` over all agents and copies. own: how many arguments they have of their own."""
    axes = (None, *(0,) * own)
    return jax.vmap(jax.vmap(function, axes), axes)


def _logged(log: StepLog, over: Bool[Any, "agents copies"], step: Int[Any, ""],
            total: Float[Any, "agents copies"], length: Int[Any, "agents copies"]) -> StepLog:
    """With the episodes that are over."""
    agents = jnp.broadcast_to(jnp.arange(over.shape[0])[:, None], over.shape)

    def write(log: StepLog) -> StepLog:
        ended = over.ravel()
        places = jnp.where(ended, log.ended + jnp.cumsum(ended) - 1, ROOM)
        rows = jnp.stack([agents, jnp.broadcast_to(step, over.shape), total, length], -1).reshape(-1, 4)
        return log._replace(episodes=log.episodes.at[places].set(rows.astype(jnp.float32), mode="drop"),
                            ended=log.ended + ended.sum(), watched=log.watched | over[0, 0])

    return jax.lax.cond(over.any(), write, lambda log: log, log)
