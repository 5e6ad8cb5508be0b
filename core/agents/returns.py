"""Returns of an agent's run: the mean of the last episodes, and how it went over the steps."""

import numpy as np

from core.agents.events import AGENT, RETURN, STEP

# The mean is over so many episodes, as gymnasium has it for "solved".
WINDOW = 100


def running_mean(values: np.ndarray, window: int = WINDOW) -> np.ndarray:
    """The mean of each value and those before it, of at most `window` in all; float64 (n,)."""
    sums = np.concatenate([[0.0], np.cumsum(values, dtype=float)])
    ends = np.arange(1, len(values) + 1)
    starts = np.maximum(0, ends - window)
    return (sums[ends] - sums[starts]) / (ends - starts)


def of_agent(episodes: np.ndarray, agent: int) -> tuple[np.ndarray, np.ndarray]:
    """The steps after which this agent's episodes ended, and their returns; float32 (n,) each.

    episodes: as in `AgentHistory`.
    """
    own = episodes[episodes[:, AGENT] == agent]
    return own[:, STEP], own[:, RETURN]


def recent(episodes: np.ndarray, agents: int) -> np.ndarray:
    """Each agent's mean return over its last `WINDOW` episodes, float64 (agents,); NaN before its first."""
    # A long run has many thousands of episodes, and pages ask often: the last ones are mostly enough.
    last = episodes[-4 * WINDOW * agents:]
    found = [of_agent(last, agent)[1][-WINDOW:] for agent in range(agents)]
    if len(last) < len(episodes) and min(map(len, found)) < WINDOW:
        found = [of_agent(episodes, agent)[1][-WINDOW:] for agent in range(agents)]
    return np.array([own.mean(dtype=float) if len(own) else np.nan for own in found])


def spread(episodes: np.ndarray, agents: int, at: np.ndarray) -> np.ndarray:
    """The running means of all agents after these steps, float64 (agents, steps); NaN before the first."""
    found = np.full((agents, len(at)), np.nan)
    for agent in range(agents):
        steps, returns = of_agent(episodes, agent)
        last = np.searchsorted(steps, at, side="right") - 1
        there = last >= 0
        if there.any():
            found[agent, there] = running_mean(returns)[last[there]]
    return found
