"""The fields of an AgentConfig: their ranges, defaults and help texts."""

from core.agents.environments import ENVIRONMENTS
from core.agents.methods import METHODS
from core.parameters import Choice, FloatRange, IntRange, Parameter

PARAMETERS: dict[str, Parameter] = {parameter.name: parameter for parameter in (
    Choice("environment", "Environment", "The world that the agent acts in.", tuple(ENVIRONMENTS), "grid"),
    Choice("method", "Method", "How the agent learns.", tuple(METHODS), "q_learning"),
    FloatRange("learning_rate", "Learning rate", "How far each update moves towards its target. Too low: it "
               "learns slowly. Too high: it overwrites what it has learned, again and again.",
               1e-5, 2.0, 0.1, log=True),
    FloatRange("discount", "Discount", "How much a reward counts one step later: with 0.9, a reward in ten "
               "steps counts about a third. Too low: short-sighted. 1: the future counts in full.",
               0.0, 1.0, 0.95),
    FloatRange("epsilon", "Epsilon", "The probability of a random action. 0: the agent does only what it "
               "thinks best, and finds nothing new. 1: all of its actions are random.", 0.0, 1.0, 0.1),
    IntRange("batch_size", "Batch size", "How many steps each update learns from. With few, updates are "
             "noisy; with many, they are steadier but take longer.", 1, 512, 64, log=True),
    IntRange("steps", "Steps", "How many steps an agent takes in all. If it acts in several copies of its "
             "environment at the same time, this many in each copy.", 10, 2_000_000, 20_000, log=True),
    IntRange("agents", "Agents", "How many agents learn at the same time. Only their seeds differ, so the "
             "band in the chart shows how much is luck.", 1, 10, 1),
    IntRange("seed", "Seed", "Decides everything that is random. The same seed gives the same run.",
             0, 2**31 - 1, 0),
)}
# What acts at once, while the agent learns.
STEERED = ("learning_rate", "discount", "epsilon", "batch_size")
