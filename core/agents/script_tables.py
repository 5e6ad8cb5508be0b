"""The code of an exported script that learns a table: Q-learning and SARSA."""

from core.agents.config import AgentConfig
from core.export.section import Section, joined

_TABLE = '''\
# One row per cell, one column per action: the return to be expected.
q = np.zeros((len(CELLS), 4))


def scores(cell):
    """What each action is worth in a cell."""
    return q[cell]'''

EPSILON_FIXED = '''\
def epsilon(step):
    """The probability of a random action."""
    return EPSILON'''
EPSILON_FALLS = '''\
def epsilon(step):
    """The probability of a random action: it falls from 1 to EPSILON."""
    return EPSILON + (1 - EPSILON) * max(0.0, 1 - step / EXPLORATION_STEPS)'''

_CHOOSE = '''\
def choose(cell, step):
    """Mostly the best action; sometimes a random one, to find out something new."""
    return int(rng.integers(4)) if rng.random() < epsilon(step) else int(np.argmax(q[cell]))'''

_BEGIN = '''\
world = GridWorld()
cell, total, returns = world.reset(), 0.0, []
'''
_Q_LEARNING = '''\
for step in range(STEPS):
    action = choose(cell, step)
    after, reward, ended, cut = world.step(action)
    # The best that can be expected from the next cell; nothing where the episode has ended.
    expected = 0.0 if ended else DISCOUNT * q[after].max()
    q[cell, action] += LEARNING_RATE * (reward + expected - q[cell, action])
    cell, total = after, total + reward
'''
_SARSA = '''\
action = choose(cell, 0)
for step in range(STEPS):
    after, reward, ended, cut = world.step(action)
    # What the agent will really do in the next cell, exploration included.
    following = choose(after, step)
    expected = 0.0 if ended else DISCOUNT * q[after, following]
    q[cell, action] += LEARNING_RATE * (reward + expected - q[cell, action])
    cell, action, total = after, following, total + reward
'''
_RETURNS = '''\
    if ended or cut:
        returns.append(total)
        if len(returns) % 100 == 0:
            print(f"{len(returns)} episodes: mean return {np.mean(returns[-100:]):.2f}")
        cell, total = world.reset(), 0.0
'''
_AGAIN = '''\
        action = choose(cell, step)
'''


def epsilon_code(config: AgentConfig) -> str:
    """`epsilon(step)`."""
    return EPSILON_FALLS if config.method_parameters["exploration_steps"] else EPSILON_FIXED


def table_section(config: AgentConfig) -> Section:
    """`q`, learned; `scores(cell)`."""
    learn = _SARSA + _RETURNS + _AGAIN if config.method == "sarsa" else _Q_LEARNING + _RETURNS
    return Section("Learning", config.way.help, joined(_TABLE, epsilon_code(config), _CHOOSE, _BEGIN + learn),
                   frozenset({"import numpy as np"}))
