"""The fields of an AgentConfig: their ranges, defaults and help texts."""

from core.agents.environments import ENVIRONMENTS
from core.agents.methods import METHODS
from core.parameters import Choice, FloatRange, IntRange, Parameter

PARAMETERS: dict[str, Parameter] = {parameter.name: parameter for parameter in (
    Choice("environment", "Environment", "The world that the agent acts in.", tuple(ENVIRONMENTS), "grid"),
    Choice("method", "Method", "How the agent learns.", tuple(METHODS), "q_learning"),
    FloatRange("learning_rate", "Learning rate", "How far each update moves towards its target. Too low: "
               "slow. Too high: what was learned is overwritten again.", 1e-5, 2.0, 0.1, log=True),
    FloatRange("discount", "Discount", "How much a reward counts one step later: with 0.9, a reward in ten "
               "steps counts about a third. Too low: short-sighted. 1: the future counts in full.",
               0.0, 1.0, 0.95),
    FloatRange("epsilon", "Epsilon", "The probability of a random action, to find out something new. 0: the "
               "agent never tries anything but what it thinks best. 1: it only tries.", 0.0, 1.0, 0.1),
    IntRange("batch_size", "Batch size", "How many steps an update learns from.", 1, 512, 64, log=True),
    IntRange("steps", "Steps", "How many actions the agent takes in all, in each copy of its environment.",
             10, 2_000_000, 20_000, log=True),
    IntRange("agents", "Agents", "How many agents learn at the same time, each with a seed of its own. The "
             "chart shows all of them as a band: how much is luck?", 1, 10, 1),
    IntRange("seed", "Seed", "Where all randomness of a run comes from: the same seed gives the same run.",
             0, 2**31 - 1, 0),
)}
# What acts at once, while the agent learns.
STEERED = ("learning_rate", "discount", "epsilon", "batch_size")
