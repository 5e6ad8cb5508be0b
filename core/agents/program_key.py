"""The part of a config that its compiled program depends on."""

from core.agents.config import AgentConfig


def program_key(config: AgentConfig) -> list[object]:
    """The part of a config that its compiled program depends on; all the rest are arguments.

    Among these are rewards, slip, another board of the same size, and all that a learner can steer.
    """
    shapes = [config.method_parameters.get(name) for name in ("hidden_units", "replay")]
    cells = None if config.grid is None else config.grid.cells
    return [config.environment, config.method, cells, config.agents, config.parallel, *shapes]
