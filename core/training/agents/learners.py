"""Which class learns by which method."""

from collections.abc import Callable, Mapping

from core.agents.config import AgentConfig
from core.training.agents.dqn import DeepQLearner
from core.training.agents.learner import Learner
from core.training.agents.policy_gradient import PolicyLearner
from core.training.agents.tables import TabularLearner
from core.training.agents.worlds import World

_LEARNERS: Mapping[str, Callable[[AgentConfig, World], Learner]] = {
    "q_learning": lambda config, world: TabularLearner(config),
    "sarsa": lambda config, world: TabularLearner(config),
    "dqn": DeepQLearner, "policy_gradient": PolicyLearner}


def learner_of(config: AgentConfig, world: World) -> Learner:
    """What learns by the config's method."""
    return _LEARNERS[config.method](config, world)
