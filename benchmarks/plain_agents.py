"""The agents' algorithms in plain Python: a loop over gymnasium's environments and Keras's `train_on_batch`.

They are written as a tutorial would write them, with the settings of an `AgentConfig`, and take one step at a
time.
"""

import os

os.environ["KERAS_BACKEND"] = "jax"

import random
from collections import deque
from typing import Any

import gymnasium
import keras
import numpy as np

from core.agents.config import AgentConfig
from core.training.agents.policy_gradient import TRACE
from core.training.agents.worlds import CARTPOLE_SCALE


class PlainGrid:
    """A grid world with gymnasium's methods, without slip and wind."""

    def __init__(self, config: AgentConfig):
        assert config.grid is not None
        self._next, self._most = config.grid.next.tolist(), config.world.most_steps
        self._gives, self._ends = config.grid.gives.tolist(), config.grid.ends.tolist()
        self._start = config.grid.start

    def reset(self) -> tuple[int, dict[str, Any]]:
        self._cell, self._steps = self._start, 0
        return self._cell, {}

    def step(self, action: int) -> tuple[int, float, bool, bool, dict[str, Any]]:
        self._cell, self._steps = self._next[self._cell][action], self._steps + 1
        return self._cell, self._gives[self._cell], self._ends[self._cell], self._steps >= self._most, {}


class PlainTable:
    """Q-learning and SARSA."""

    def __init__(self, config: AgentConfig):
        assert config.grid is not None
        self._config, self._sarsa, self._world = config, config.method == "sarsa", PlainGrid(config)
        self._q = np.zeros((config.grid.cells, 4))
        self._cell, _ = self._world.reset()
        self._action = self._choose(self._cell)

    def step(self) -> None:
        """One step of the agent, and one update."""
        if not self._sarsa:
            self._action = self._choose(self._cell)
        after, reward, ended, cut, _ = self._world.step(self._action)
        coming = self._choose(after) if self._sarsa else int(self._q[after].argmax())
        target = reward + (0 if ended else self._config.discount * self._q[after, coming])
        self._q[self._cell, self._action] += self._config.learning_rate * (
            target - self._q[self._cell, self._action])
        self._cell, self._action = after, coming
        if ended or cut:
            self._cell, _ = self._world.reset()
            self._action = self._choose(self._cell)

    def _choose(self, cell: int) -> int:
        return random.randrange(4) if random.random() < self._config.epsilon else int(self._q[cell].argmax())


class PlainCopies:
    """The copies of an environment, stepped in a loop; what a network gets of them."""

    def __init__(self, config: AgentConfig):
        self._cells = config.grid.cells if config.grid is not None else 0
        self._worlds: list[Any] = [PlainGrid(config) if self._cells else gymnasium.make("CartPole-v1")
                                   for _ in range(config.parallel)]
        self.actions = len(config.world.actions)
        self.seen = self._inputs([world.reset()[0] for world in self._worlds])

    def step(self, actions: np.ndarray) -> tuple[np.ndarray, ...]:
        """Inputs of what is seen then, rewards, and whether each episode has ended or was cut off."""
        after, rewards, ends, cuts, _ = zip(*(world.step(int(action)) for world, action in zip(
            self._worlds, actions, strict=True)), strict=True)
        over = [world.reset()[0] if ended or cut else seen for world, seen, ended, cut in zip(
            self._worlds, after, ends, cuts, strict=True)]
        self.seen = self._inputs(over)
        return self._inputs(after), np.array(rewards, np.float32), np.array(ends), np.array(cuts)

    def _inputs(self, seen: Any) -> np.ndarray:
        if self._cells:
            return np.eye(self._cells, dtype=np.float32)[list(seen)]
        return np.asarray(np.stack(seen) / CARTPOLE_SCALE, np.float32)

    def network(self, config: AgentConfig, outputs: int, activation: str, loss: Any, weight: float) -> Any:
        """A Keras model for these inputs, ready for `train_on_batch`."""
        hidden = [keras.layers.Dense(units, activation) for units in config.method_parameters["hidden_units"]]
        model = keras.Sequential([keras.Input(self.seen.shape[1:]), *hidden, keras.layers.Dense(outputs)])
        model.compile(keras.optimizers.Adam(config.learning_rate), loss, loss_weights=weight)
        return model


class PlainDQN:
    """DQN."""

    def __init__(self, config: AgentConfig):
        self._config, self._copies = config, PlainCopies(config)
        actions = self._copies.actions
        # Keras means over all actions, of which one differs from its target.
        self._model, self._target = (self._copies.network(config, actions, "relu", "mean_squared_error",
                                                          float(actions)) for _ in range(2))
        self._memory: deque[Any] = deque(maxlen=config.method_parameters["replay"])
        self._updates = 0

    def step(self) -> None:
        """One step in each copy, and one update."""
        copies, config, seen = self._copies, self._config, self._copies.seen
        actions = self._model.predict_on_batch(seen).argmax(1)
        tries = np.random.random(len(seen)) < config.epsilon
        actions = np.where(tries, np.random.randint(copies.actions, size=len(seen)), actions)
        after, rewards, ended, _ = copies.step(actions)
        self._memory.extend(zip(seen, actions, rewards, after, ended, strict=True))
        if len(self._memory) < config.batch_size:
            return
        before, actions, rewards, after, ended = (np.array(column) for column in zip(
            *random.sample(self._memory, config.batch_size), strict=True))
        if self._updates % max(1, config.method_parameters["target_every"]) == 0:
            self._target.set_weights(self._model.get_weights())
        best = self._target.predict_on_batch(after).max(1)
        aims = self._model.predict_on_batch(before).copy()
        aims[np.arange(len(aims)), actions] = rewards + config.discount * np.where(ended, 0, best)
        self._model.train_on_batch(before, aims)
        self._updates += 1


class PlainPolicyGradient:
    """Policy gradient with a baseline."""

    def __init__(self, config: AgentConfig):
        self._config, self._copies = config, PlainCopies(config)
        entropy = config.method_parameters["entropy"]

        def loss(aims: Any, logits: Any) -> Any:
            """aims: one-hot actions times their advantages."""
            logs = keras.ops.log_softmax(logits)
            undecided = -(keras.ops.exp(logs) * logs).sum(-1)
            return -(aims * logs).sum(-1) - entropy * undecided

        self._policy = self._copies.network(config, self._copies.actions, "tanh", loss, 1.0)
        self._critic = self._copies.network(config, 1, "tanh", "mean_squared_error", 0.5)
        self._steps: list[tuple[np.ndarray, ...]] = []

    def step(self) -> None:
        """One step in each copy, and an update where the batch is full."""
        seen = self._copies.seen
        logits = self._policy.predict_on_batch(seen)
        actions = (logits + np.random.gumbel(size=logits.shape)).argmax(1)
        self._steps.append((seen, actions, *self._copies.step(actions)))
        if len(self._steps) * len(seen) >= self._config.batch_size:
            self._update()
            self._steps = []

    def _update(self) -> None:
        discount, advantage, rows = self._config.discount, 0.0, []
        for seen, actions, after, rewards, ended, cut in reversed(self._steps):
            value, coming = (self._critic.predict_on_batch(inputs)[:, 0] for inputs in (seen, after))
            advantage = rewards + discount * np.where(ended, 0, coming) - value + np.where(
                ended | cut, 0, discount * TRACE * advantage)
            rows.append((seen, actions, advantage, advantage + value))
        seen, actions, advantages, returns = (np.concatenate(column) for column in zip(*rows, strict=True))
        advantages = advantages / (np.sqrt((advantages**2).mean()) + 1e-6)
        self._policy.train_on_batch(seen, np.eye(self._copies.actions)[actions] * advantages[:, None])
        self._critic.train_on_batch(seen, returns[:, None])


PLAIN: dict[str, Any] = {"q_learning": PlainTable, "sarsa": PlainTable, "dqn": PlainDQN,
                         "policy_gradient": PlainPolicyGradient}
