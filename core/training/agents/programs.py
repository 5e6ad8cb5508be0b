"""The program of a config: compiled, unless an earlier run of the same shapes left it."""

from core.agents.config import AgentConfig
from core.agents.program_key import program_key
from core.settings import Settings
from core.training.agents.program import AgentProgram
from core.training.program_cache import kept


def program_for(config: AgentConfig, settings: Settings) -> AgentProgram:
    """The program of this config's method and environment. Raises `limits.OverBudget` if it is too large."""
    return kept(["agents", *program_key(config)], lambda: AgentProgram(config, settings))
