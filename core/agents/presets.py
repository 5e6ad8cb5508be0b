"""Presets of the Agents page: a good start for each environment and method."""

from collections.abc import Mapping
from typing import Any

from core.agents.config import AgentConfig

# Settings with which each method learns each environment well, where they differ from the defaults.
_GOOD: Mapping[tuple[str, str], Mapping[str, Any]] = {
    ("grid", "q_learning"): {"learning_rate": 0.2},
    ("grid", "sarsa"): {"learning_rate": 0.2},
    ("grid", "dqn"): {"learning_rate": 0.001, "method_parameters": {"hidden_units": (32, 32)}},
    ("grid", "policy_gradient"): {"learning_rate": 0.003, "method_parameters": {"hidden_units": (32, 32)}},
    ("cartpole", "dqn"): {"learning_rate": 0.001, "discount": 0.99, "steps": 50_000,
                          "method_parameters": {"exploration_steps": 5000}},
    ("cartpole", "policy_gradient"): {"learning_rate": 0.003, "discount": 0.99, "steps": 50_000,
                                      "batch_size": 256},
}


def good_start(environment: str, method: str) -> AgentConfig:
    """A config with which this method learns this environment well. Raises `FieldError`."""
    return AgentConfig(environment=environment, method=method, **_GOOD.get((environment, method), {}))
