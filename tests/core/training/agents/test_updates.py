"""Single updates of each method, computed by hand."""

import os

os.environ["KERAS_BACKEND"] = "jax"

from typing import Any

import jax
import keras
import numpy as np
import pytest

from core.agents.config import AgentConfig
from core.training.agents.dqn import DeepQLearner, Replay
from core.training.agents.learner import Experience, LearningMoment
from core.training.agents.policy_gradient import TRACE, ActorCritic, JudgedSteps, PolicyLearner
from core.training.agents.tables import QTable, TabularLearner
from core.training.agents.worlds import world_of
from tests.core.training.agents.following import TINY

RATE, DISCOUNT = 0.5, 0.9
INPUTS = world_of(AgentConfig(environment="cartpole", method="dqn")).inputs


def moment(epsilon: float = 0.0, step: int = 0, count: int = 0, batch_size: int = 64, **fixed: float) -> Any:
    numbers = {"learning_rate": RATE, "discount": DISCOUNT, "batch_size": batch_size}
    return LearningMoment(np.int32(step), np.int32(count), jax.random.key(0), np.zeros((1, 2), np.float32),
                  np.float32(epsilon), {name: np.float32(value) for name, value in numbers.items()},
                  {name: np.float32(value) for name, value in fixed.items()})


def experience(ended: bool = False, cut: bool = False) -> Experience:
    """From cell 0 right to cell 1, for a reward of 2."""
    one = np.ones(1, np.float32)
    return Experience(0 * one[:, None], np.array([1]), 2 * one, one[:, None], np.array([ended]),
                      np.array([cut]))


def table(coming: int = -1) -> QTable:
    q = np.zeros((9, 4), np.float32)
    q[0, 1], q[1] = 10.0, (4.0, 3.0, 8.0, 5.0)
    return QTable(q, np.array([coming], np.int32))


@pytest.mark.parametrize("ended, cut, target", [(False, False, 2 + 0.9 * 8), (False, True, 2 + 0.9 * 8),
                                               (True, False, 2)])
def test_q_learning(ended: bool, cut: bool, target: float):
    learner = TabularLearner(AgentConfig(environment_parameters=TINY))
    after, error = jax.jit(learner.update)(table(), experience(ended, cut), moment())
    expected = table().q.copy()
    expected[0, 1] += RATE * (target - 10)
    np.testing.assert_allclose(after.q, expected, rtol=1e-6)
    assert float(error) == pytest.approx((target - 10) ** 2, rel=1e-6)


def test_sarsa_expects_what_it_will_do():
    learner = TabularLearner(AgentConfig(method="sarsa", environment_parameters=TINY))
    # Epsilon 1: the next action is drawn from the key, and it is the one that is done, too.
    drawn = jax.random.uniform(moment().key, (1, 2))
    coming = int(drawn[0, 1] * 4)
    assert table().q[1, coming] != 8, "not the best one, which Q-learning expects"
    for ended, cut in ((False, False), (False, True), (True, False)):
        after, _ = jax.jit(learner.update)(table(2), experience(ended, cut), moment(epsilon=1.0))
        target = 2 + (0 if ended else DISCOUNT * table().q[1, coming])
        assert float(after.q[0, 1]) == pytest.approx(10 + RATE * (target - 10), rel=1e-6)
        assert int(after.coming[0]) == (-1 if ended or cut else coming)
    act, seen = jax.jit(learner.act), np.ones((1, 1), np.float32)
    assert [int(act(table(coming), seen, moment())[0]) for coming in (3, -1)] == [3, 2]


def dense(weights: Any, inputs: np.ndarray, activation: Any) -> np.ndarray:
    """A network's outputs, in NumPy."""
    *hidden, kernel, bias = [np.asarray(value, np.float64) for value in weights]
    for first, second in zip(hidden[::2], hidden[1::2], strict=True):
        inputs = activation(inputs @ first + second)
    return inputs @ kernel + bias


def deep() -> tuple[DeepQLearner, Any, Replay]:
    config = AgentConfig(method="dqn", environment_parameters=TINY,
                         method_parameters={"hidden_units": (5,), "replay": 100})
    learner = DeepQLearner(config, world_of(config))
    learned, memory = learner.first(3)
    random, memory = np.random.default_rng(0), Replay(*(np.array(kept) for kept in memory))
    # The first step of all eight copies.
    memory.seen[:8, 0], memory.after[:8, 0] = random.integers(9, size=(2, 8))
    memory.action[:8], memory.ended[:8] = random.integers(4, size=8), random.integers(2, size=8)
    memory.reward[:8] = random.normal(size=8)
    return learner, learned._replace(target=learner.first(4)[0].weights), memory


def relu(values: np.ndarray) -> np.ndarray:
    return np.maximum(values, 0)


@pytest.mark.parametrize("target_every, count, own", [(200, 0, False), (200, 200, True), (0, 0, True)])
def test_targets_of_dqn_come_from_the_target_network(target_every: int, count: int, own: bool):
    """Renewed after 200 updates; without one, from the network itself. The update is Keras's own Adam's."""
    learner, learned, memory = deep()
    at = moment(count=count, batch_size=2, target_every=target_every)
    drawn = (np.asarray(jax.random.uniform(jax.random.fold_in(at.key, 0), (64,)))[:2] * 8).astype(int)
    batch = Replay(*(kept[drawn] for kept in memory))
    seen, following = (np.eye(9)[cells[:, 0].astype(int)] for cells in (batch.seen, batch.after))
    source = learned.weights if own else learned.target
    wanted = batch.reward + DISCOUNT * (1 - batch.ended) * dense(source, following, relu).max(1)
    np.testing.assert_allclose(learner.targets(source, batch, np.float32(DISCOUNT)), wanted, rtol=1e-5)

    after, error = jax.jit(learner.update)(learned, memory, at)
    errors = dense(learned.weights, seen, relu)[[0, 1], batch.action] - wanted
    assert float(error) == pytest.approx((errors**2).mean(), rel=1e-4)
    for new, old in zip(after.target, source, strict=True):
        np.testing.assert_array_equal(new, old)

    model = keras.Sequential([keras.Input((9,)), keras.layers.Dense(5, "relu"), keras.layers.Dense(4)])
    model.set_weights(learned.weights)
    inputs = seen.astype(np.float32)
    aims = np.array(model(inputs))
    aims[[0, 1], batch.action] = wanted
    # Keras means over all four outputs, of which one differs.
    model.compile(keras.optimizers.Adam(RATE), "mean_squared_error", loss_weights=4.0)
    model.train_on_batch(inputs, aims)
    for new, expected in zip(after.weights, model.get_weights(), strict=True):
        np.testing.assert_allclose(new, expected, atol=1e-4)


def test_when_dqn_learns_and_renews_its_target():
    learner, _, _ = deep()
    counts, count = [], 0
    for step in range(9):
        due, count = learner.counted(moment(step=step, count=count, batch_size=32, target_every=2))
        counts.append((bool(due), int(count)))
    assert counts == [(False, 0)] * 3 + [(True, number) for number in (1, 2, 1, 2, 1, 2)]


def pole() -> tuple[PolicyLearner, ActorCritic, Experience]:
    config = AgentConfig(environment="cartpole", method="policy_gradient",
                         method_parameters={"hidden_units": (5,)})
    learner = PolicyLearner(config, world_of(config))
    learned, memory = learner.first(3)
    random = np.random.default_rng(0)
    return learner, learned, memory._replace(
        seen=random.normal(size=memory.seen.shape).astype(np.float32),
        after=random.normal(size=memory.after.shape).astype(np.float32),
        action=random.integers(2, size=memory.action.shape).astype(np.int32),
        reward=random.normal(size=memory.reward.shape).astype(np.float32))


def test_a_policy_gradient_is_that_of_finite_differences():
    learner, learned, memory = pole()
    random, flat = np.random.default_rng(1), memory.seen.reshape(-1, 4)[:64]
    weight, aim = random.normal(size=(2, 64)).astype(np.float32)
    share = np.where(np.arange(64) < 7, 1 / 7, 0).astype(np.float32)
    judged = JudgedSteps(flat, memory.action.ravel()[:64], weight, aim, share)
    weights, entropy = (learned.policy, learned.critic), 0.3
    found, error = jax.jit(learner.gradient)(weights, judged, np.float32(entropy))

    def loss(weights: Any) -> float:
        """Only the first 7 steps count: the rest is padding."""
        inputs = np.asarray(INPUTS(flat), np.float64)[:7]
        logits, values = (dense(own, inputs, np.tanh) for own in weights)
        logs = logits - np.log(np.exp(logits).sum(1, keepdims=True))
        undecided = -(np.exp(logs) * logs).sum(1)
        taken = logs[np.arange(7), judged.action[:7]]
        squares = (values[:, 0] - judged.aim[:7]) ** 2
        return float((-judged.weight[:7] * taken - entropy * undecided + squares / 2).mean())

    exact = [[np.asarray(value, np.float64) for value in own] for own in weights]
    for own, gradients in zip(exact, found, strict=True):
        for value, gradient in zip(own, gradients, strict=True):
            for place in np.ndindex(value.shape):
                kept, small = value[place], 1e-6
                ends = []
                for value[place] in (kept + small, kept - small):
                    ends.append(loss(exact))
                value[place] = kept
                assert float(gradient[place]) == pytest.approx((ends[0] - ends[1]) / (2 * small), abs=2e-5)
    values = dense(exact[1], np.asarray(INPUTS(flat), np.float64)[:7], np.tanh)[:, 0]
    assert float(error) == pytest.approx(((values - judged.aim[:7]) ** 2).mean(), rel=1e-5)


def test_advantages_stop_at_an_end_and_a_cut():
    """Over three rows: in one copy nothing happens, in others the middle step ends or is cut off."""
    learner, learned, memory = pole()
    ended, cut = np.zeros(memory.ended.shape, bool), np.zeros(memory.cut.shape, bool)
    ended[1, 1] = cut[1, 2] = True
    memory = memory._replace(ended=ended, cut=cut)
    judged = jax.jit(learner.judged)(learned, memory, np.int32(3), moment(baseline=1.0))
    value, after = (dense(learned.critic, np.asarray(INPUTS(seen[:3].reshape(-1, 4)), np.float64),
                          np.tanh)[:, 0].reshape(3, -1) for seen in (memory.seen, memory.after))
    delta = memory.reward[:3] + DISCOUNT * np.where(ended[:3], 0, after) - value
    fades = DISCOUNT * TRACE
    expected = np.array([delta[0] + fades * delta[1] + fades**2 * delta[2], delta[1] + fades * delta[2],
                         delta[2]])
    for copy in (1, 2):
        expected[:2, copy] = delta[0, copy] + fades * delta[1, copy], delta[1, copy]
    copies = memory.reward.shape[1]
    aim, weight, share = (np.asarray(part).reshape(-1, copies)[:3] for part in (
        judged.aim, judged.weight, judged.share))
    np.testing.assert_allclose(aim, expected + value, atol=1e-4)
    np.testing.assert_allclose(weight, expected / np.sqrt((expected**2).mean()), atol=1e-4)
    np.testing.assert_allclose(share, 1 / (3 * copies), rtol=1e-6)
    assert float(judged.share.sum()) == pytest.approx(1)
    without = jax.jit(learner.judged)(learned, memory, np.int32(3), moment(baseline=0.0))
    returns = expected + value
    np.testing.assert_allclose(np.asarray(without.weight).reshape(-1, copies)[:3],
                               returns / np.sqrt((returns**2).mean()), atol=1e-4)
