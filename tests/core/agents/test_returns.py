"""Mean returns of agents, beside the same by hand."""

import numpy as np

from core.agents.returns import WINDOW, recent, running_mean, spread
from tests.agents import episodes


def test_the_running_mean_is_over_the_last_ones():
    assert running_mean(np.array([1.0, 3.0, 5.0, 7.0]), 2).tolist() == [1, 2, 4, 6]
    assert running_mean(np.zeros(0)).tolist() == []


def test_each_agent_has_the_mean_of_its_own_last_episodes():
    rows = [(0, step, step, 1) for step in range(150)] + [(1, 150, 7, 1)] + [(0, 151, 0, 1)] * 1000
    # The second agent's only episode lies far back.
    first, second, third = recent(episodes(*rows), 3)
    assert (first, second) == (0, 7) and np.isnan(third)
    assert recent(episodes(*rows[:150]), 1) == [np.mean(range(150 - WINDOW, 150))]


def test_the_means_of_all_agents_after_some_steps():
    rows = episodes((0, 10, 4, 1), (1, 20, 6, 1), (0, 30, 8, 1))
    found = spread(rows, 2, np.array([5, 10, 25, 30]))
    np.testing.assert_array_equal(found, [[np.nan, 4, 4, 6], [np.nan, np.nan, 6, 6]])
