"""The methods on offer: how an agent learns."""

from collections.abc import Mapping
from dataclasses import dataclass

from core.parameters import Bool, FloatRange, IntList, IntRange, Parameter

EXPLORATION = IntRange("exploration_steps", "Exploration steps", "Epsilon is 1 at first, so that the agent "
                       "tries everything, and falls to its own value over this many steps. 0: it has its own "
                       "value from the start.", 0, 1_000_000, 0)
HIDDEN = IntList("hidden_units", "Hidden units", "The number of units in each hidden layer of the network.",
                 1, 256, 1, 3, (64, 64))
REPLAY = IntRange("replay", "Replay memory", "How many of its last steps the agent remembers. Each update "
                  "learns from some of them, drawn at random. Too few: it learns only from what just "
                  "happened, and forgets the rest.", 100, 100_000, 10_000, log=True)
TARGET = IntRange("target_every", "Target update interval", "The network learns towards the answers of an "
                  "older copy of itself, which is renewed after this many updates. 0: there is no copy. Then "
                  "it learns towards its own answers, and its values can run away.", 0, 100_000, 200)
BASELINE = Bool("baseline", "Baseline", "A second network says what return to expect from each state. Only "
                "what is better than that makes an action more likely. Off: any return above 0 does, which "
                "is noisy.", True)
ENTROPY = FloatRange("entropy", "Entropy bonus", "A bonus for staying undecided. Too low: the agent settles "
                     "on an action too early. Too high: it never decides.", 0.0, 0.5, 0.01)


@dataclass(frozen=True)
class AgentMethod:
    """One method.

    Attributes:
        environments: those it can learn, by name.
        steered: which of `fields.STEERED` it uses.
        tabular: whether it keeps a table, instead of a network.
        policy: whether it learns the probabilities of actions; else it learns their Q values.
        parallel: by environment, in how many copies of it an agent acts at the same time.
    """

    name: str
    label: str
    help: str
    environments: tuple[str, ...]
    steered: tuple[str, ...]
    parameters: tuple[Parameter, ...]
    parallel: Mapping[str, int]
    tabular: bool = False
    policy: bool = False


METHODS: Mapping[str, AgentMethod] = {entry.name: entry for entry in (
    AgentMethod("q_learning", "Q-learning (table)", "A table has a number for each action in each cell: "
                "the return to expect. After each step, one number moves a little towards the reward plus "
                "the discount times the best number of the next cell.",
           ("grid",), ("learning_rate", "discount", "epsilon"), (EXPLORATION,), {"grid": 1}, tabular=True),
    AgentMethod("sarsa", "SARSA (table)", "Like Q-learning, but it looks at what the agent will really do "
                "in the next cell, random actions included. So it keeps away from pits while it explores.",
           ("grid",), ("learning_rate", "discount", "epsilon"), (EXPLORATION,), {"grid": 1}, tabular=True),
    AgentMethod("dqn", "DQN (network)", "A neural network gives the Q values of all actions. It learns from "
                "batches of remembered steps (replay memory), towards the answers of an older copy of itself "
                "(target network).",
           ("grid", "cartpole"), ("learning_rate", "discount", "epsilon", "batch_size"),
           (HIDDEN, REPLAY, TARGET, EXPLORATION), {"grid": 8, "cartpole": 8}),
    AgentMethod("policy_gradient", "Policy gradient (network)", "A neural network gives the probability of "
                "each action. Actions that brought more than expected (the baseline) become more likely.",
           ("grid", "cartpole"), ("learning_rate", "discount", "batch_size"), (HIDDEN, BASELINE, ENTROPY),
           {"grid": 8, "cartpole": 16}, policy=True))}
