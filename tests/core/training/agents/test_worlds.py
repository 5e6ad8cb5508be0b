"""The environments, step by step: CartPole beside gymnasium's, the grid world beside its probabilities."""

import os

os.environ["KERAS_BACKEND"] = "jax"

import gymnasium
import jax
import numpy as np

from core.agents.config import AgentConfig
from core.agents.grid import GridWorld
from core.training.agents.worlds import cartpole_move, grid_move, grid_rules, shown_states


def test_cartpole_is_gymnasiums():
    reference, random, move = gymnasium.make("CartPole-v1"), np.random.default_rng(0), jax.jit(cartpole_move)
    ends = set()
    for seed in range(30):
        seen, _ = reference.reset(seed=seed)
        # Some fall at once, some are pushed off the track, some are balanced until they are cut off.
        kind, ended, cut = seed % 3, False, False
        while not (ended or cut):
            balancing = int(seen[2] + 0.5 * seen[3] + (0.1 * seen[0] + 0.3 * seen[1] if kind else -0.1) > 0)
            action = int(random.integers(2)) if kind == 0 else balancing
            ours, reward, over = move({}, seen, action, np.zeros(4, np.float32))
            seen, given, ended, cut, _ = reference.step(action)
            np.testing.assert_allclose(ours, seen, atol=1e-5)
            assert (float(reward), bool(over)) == (given, ended)
        ends.add((ended, cut))
    assert ends == {(True, False), (False, True)}


def test_a_free_cartpole_stays_with_gymnasiums_to_the_end():
    reference, random, move = gymnasium.make("CartPole-v1"), np.random.default_rng(1), jax.jit(cartpole_move)
    for seed in range(20):
        ours, _ = reference.reset(seed=seed)
        ended = over = False
        while not ended:
            action = int(random.integers(2))
            ours, _, over = move({}, ours, action, np.zeros(4, np.float32))
            seen, _, ended, _, _ = reference.step(action)
            np.testing.assert_allclose(ours, seen, atol=1e-5)
        assert over


def test_moves_on_the_grid_have_the_probabilities_of_its_rules():
    """Every cell and action, with random numbers that cut the unit square into 40 x 40 equal parts."""
    grid = GridWorld(("S.P", ".#.", "g.G"), {"G": 1.0, "g": 0.3, "P": -1.0}, -0.02, slip=0.4, wind=0.25)
    parts = (np.arange(40, dtype=np.float32) + 0.5) / 40
    drawn = np.stack(np.meshgrid(parts, parts), -1).reshape(-1, 2)
    cells, actions = np.divmod(np.arange(grid.cells * 4), 4)
    each = jax.jit(jax.vmap(jax.vmap(grid_move, (None, None, None, 0)), (None, 0, 0, None)))
    after, reward, ended = each(grid_rules(grid), cells[:, None].astype(np.float32), actions, drawn)
    after = np.asarray(after)[..., 0].astype(int)
    chances = (after[..., None] == np.arange(grid.cells)).mean(1)
    np.testing.assert_allclose(chances, grid.transitions.reshape(-1, grid.cells), atol=1e-6)
    np.testing.assert_array_equal(reward, grid.gives[after])
    np.testing.assert_array_equal(ended, grid.ends[after])


def test_the_states_shown_are_all_cells_and_the_map_of_cartpole():
    cells = shown_states(AgentConfig())
    assert cells[:, 0].tolist() == list(range(64))
    states = shown_states(AgentConfig(environment="cartpole", method="dqn"))
    assert states.shape == (441, 4) and not states[:, :2].any()
    np.testing.assert_allclose(states[[0, 20, 440], 2:], [[-0.21, -2], [-0.21, 2], [0.21, 2]], rtol=1e-6)
