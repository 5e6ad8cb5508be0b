"""The program of a config: compiled, unless an earlier run of the same shapes left it."""

from core.agents.config import AgentConfig
from core.settings import Settings
from core.training.agents.program import AgentProgram
from core.training.program_cache import kept


def program_for(config: AgentConfig, settings: Settings) -> AgentProgram:
    """The program of this config's method and environment. Raises `limits.OverBudget` if it is too large.

    Rewards, slip, another board of the same size, and all that a learner can steer are arguments.
    """
    shapes = [config.method_parameters.get(name) for name in ("hidden_units", "replay")]
    cells = None if config.grid is None else config.grid.cells
    return kept(["agents", config.environment, config.method, cells, config.agents, config.parallel, *shapes],
                lambda: AgentProgram(config, settings))
