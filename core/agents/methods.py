"""The methods on offer: how an agent learns."""

from collections.abc import Mapping
from dataclasses import dataclass

from core.parameters import Bool, FloatRange, IntList, IntRange, Parameter

EXPLORATION = IntRange("exploration_steps", "Exploration steps", "Over so many steps, epsilon falls from 1 "
                       "to its own value: at first the agent only tries things out. 0: it has its own value "
                       "from the start.",
                       0, 1_000_000, 0)
HIDDEN = IntList("hidden_units", "Hidden units", "Units of each hidden layer of the network.", 1, 256,
                 1, 3, (64, 64))
REPLAY = IntRange("replay", "Replay memory", "How many steps the agent remembers. Each update learns from a "
                  "batch drawn from them. Too few: it learns from the last seconds only, and forgets.",
                  100, 100_000, 10_000, log=True)
TARGET = IntRange("target_every", "Target network, every", "The targets come from a copy of the network, "
                  "which is renewed after so many updates. 0: no copy, the network runs after its own "
                  "answers.",
                  0, 100_000, 200)
BASELINE = Bool("baseline", "Baseline", "A second network estimates the value of each state; only what is "
                "better than that makes an action more likely. Off: the return itself does, which is noisy.",
                True)
ENTROPY = FloatRange("entropy", "Entropy bonus", "How much the agent is rewarded for staying undecided. Too "
                     "low: it settles on an action too early. Too high: it never decides.", 0.0, 0.5, 0.01)


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
    AgentMethod("q_learning", "Q-learning (table)", "A table has a number for every action in every cell: "
                "the return to be expected from there. Each step moves one number towards the reward plus "
                "the best number of the next cell.",
           ("grid",), ("learning_rate", "discount", "epsilon"), (EXPLORATION,), {"grid": 1}, tabular=True),
    AgentMethod("sarsa", "SARSA (table)", "Like Q-learning, but it expects of the next cell what it will "
                "really do there, exploration included: it keeps away from pits.",
           ("grid",), ("learning_rate", "discount", "epsilon"), (EXPLORATION,), {"grid": 1}, tabular=True),
    AgentMethod("dqn", "DQN (network)", "A neural network answers with the Q values of all actions. It "
                "learns from batches of remembered steps (replay), towards targets of an older copy of "
                "itself (target network).",
           ("grid", "cartpole"), ("learning_rate", "discount", "epsilon", "batch_size"),
           (HIDDEN, REPLAY, TARGET, EXPLORATION), {"grid": 8, "cartpole": 8}),
    AgentMethod("policy_gradient", "Policy gradient (network)", "A neural network answers with the "
                "probability of each action. Actions that brought more than the baseline expected become "
                "more likely.",
           ("grid", "cartpole"), ("learning_rate", "discount", "batch_size"), (HIDDEN, BASELINE, ENTROPY),
           {"grid": 8, "cartpole": 16}, policy=True))}
