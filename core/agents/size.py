"""How large an agent's run is, counted from its config alone."""

from itertools import pairwise

from core.agents.config import AgentConfig


def parameters(config: AgentConfig) -> int:
    """How many numbers all agents of a run learn: in their tables, or in their networks.

    A policy has a second network, which estimates values. The copies that targets come from do not learn.
    """
    grid, actions = config.grid, len(config.world.actions)
    width = len(config.world.observed) if grid is None else grid.cells
    if config.way.tabular:
        return config.agents * width * actions
    hidden = config.method_parameters["hidden_units"]
    outputs = (actions, 1) if config.way.policy else (actions,)
    return config.agents * sum((wide + 1) * narrow for last in outputs
                               for wide, narrow in pairwise((width, *hidden, last)))
