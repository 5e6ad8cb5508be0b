"""Presets of the Agents page: good starts, and runs that go wrong on purpose."""

from collections.abc import Mapping
from typing import Any

from core.agents.boards import BOARDS, TWO_GOALS
from core.agents.config import AgentConfig
from core.agents.preset import AgentPreset

# Settings with which each method learns each environment well, where they differ from the defaults.
_GOOD: Mapping[tuple[str, str], Mapping[str, Any]] = {
    ("grid", "q_learning"): {"learning_rate": 0.2},
    ("grid", "sarsa"): {"learning_rate": 0.2},
    ("grid", "dqn"): {"learning_rate": 0.001, "steps": 8000, "method_parameters": {
        "hidden_units": (32, 32), "target_every": 100, "exploration_steps": 2000}},
    ("grid", "policy_gradient"): {"learning_rate": 0.01, "discount": 0.99, "batch_size": 128, "steps": 5000,
                                  "method_parameters": {"hidden_units": (32, 32), "entropy": 0.1}},
    ("cartpole", "dqn"): {"learning_rate": 0.001, "discount": 0.99, "epsilon": 0.02, "steps": 40_000,
                          "method_parameters": {"replay": 50_000, "target_every": 100,
                                                "exploration_steps": 5000}},
    ("cartpole", "policy_gradient"): {"learning_rate": 0.005, "discount": 0.99, "batch_size": 128,
                                      "steps": 30_000, "method_parameters": {"hidden_units": (64,)}},
}


def good_start(environment: str, method: str) -> AgentConfig:
    """A config with which this method learns this environment well. Raises `FieldError`."""
    return AgentConfig(environment=environment, method=method, **_GOOD.get((environment, method), {}))


# Along the pits is shortest; a step beside them may be a random one.
_CLIFF = {"board": ("........", "........", "........", "SPPPPPPG")}
# A small goal two steps to the left, the goal five steps to the right.
_TWO_GOALS = {"board": BOARDS[TWO_GOALS]}
_SLIPPERY = {"board": ("....P.", "S.....", "..##..", ".....P", ".P...G"), "slip": 0.2}


def _good(name: str, label: str, text: str, config: AgentConfig) -> AgentPreset:
    return AgentPreset(name, label, "good", text, config)


def _bad(name: str, label: str, text: str, diagnosis: str, config: AgentConfig) -> AgentPreset:
    return AgentPreset(name, label, "bad", text, config, diagnosis)


def _table(board: Mapping[str, Any], **values: Any) -> AgentConfig:
    return AgentConfig(environment_parameters=board, **{"learning_rate": 0.2, **values})


PRESETS: Mapping[str, AgentPreset] = {preset.name: preset for preset in (
    _good("q_learning", "Find the shortest way", "A table learns the way to the goal. Watch the goal's value "
          "creep backwards, one cell at a time, or pause and go on step by step. In the end, how many steps "
          "does it take to follow the arrows, and is there a shorter way?",
          good_start("grid", "q_learning")),
    _good("cliff_q_learning", "Beside the cliff: Q-learning", "The shortest way runs beside the pits. "
          "Q-learning finds it, because it always assumes that the best action comes next. While it learns, "
          "one action in ten is random: how often does it fall? Then train SARSA on the same board.",
          good_start("grid", "q_learning").replaced(environment_parameters=_CLIFF, learning_rate=0.1)),
    _good("cliff_sarsa", "Beside the cliff: SARSA", "SARSA knows that one action in ten is random, and keeps "
          "away from the pits. Its way is longer, but it falls less often. Set epsilon to 0 while it learns: "
          "does its way move closer to them?",
          good_start("grid", "sarsa").replaced(environment_parameters=_CLIFF, learning_rate=0.1)),
    _good("two_goals", "Two goals", "A small goal is two steps away, the goal five. For 5,000 steps epsilon "
          "falls from 1, so the agent tries out both sides. Watch the arrows at the start turn to the right.",
          _table(_TWO_GOALS, steps=10_000, method_parameters={"exploration_steps": 5000})),
    _good("grid_dqn", "The same with a network", "A small network takes the place of the table. What it "
          "learns about one cell changes its answers for all others, so the values ripple. It needs more "
          "time than the table. What would it be good for on a board with a million cells?",
          good_start("grid", "dqn")),
    _good("grid_policy_gradient", "Learn what to do", "This network has no Q values: it answers with the "
          "probability of each action. Watch them move away from a quarter each. First the agent learns to "
          "avoid the pits. From which step on does it know the way?", good_start("grid", "policy_gradient")),
    _good("cartpole_dqn", "Balance a pole: DQN", "A network learns to keep the pole up, from its own "
          "attempts alone. The return is the number of steps that it stays up, at most 500. The "
          "curve rises, falls back and rises again: that is usual for DQN. Take the controls yourself: how "
          "long can you do it?", good_start("cartpole", "dqn")),
    _good("cartpole_policy_gradient", "Balance a pole: policy gradient", "The network learns how likely each "
          "push should be, and a second one, the baseline, what return to expect. Watch the map: at which "
          "angles does it push to the left?", good_start("cartpole", "policy_gradient")),
    _good("luck", "How much is luck?", "Five agents learn at the same time. Only their seeds differ. The "
          "line is the median; the band holds all five. How far apart are the best and the worst halfway "
          "through?", good_start("cartpole", "policy_gradient").replaced(agents=5)),
    _bad("no_exploration", "Always the same way", "A small goal is two steps away, and a goal worth more "
         "five steps away. Which one does the agent go to, and does it ever go to the other one?",
         "Epsilon is 0: the agent always does what it thinks best. The first goal that it finds becomes its "
         "only one, because it never tries anything else. Train again with epsilon at "
         "0.5: half of the actions are then random, and sooner or later they lead it to the other goal.",
         _table(_TWO_GOALS, epsilon=0.0)),
    _bad("short_sighted", "Only the near one", "Half of the actions are random, so the agent has been to "
         "both goals many times. Still, the arrows at the start point to the small one. Look at the values: "
         "how far does the goal's value reach?",
         "The discount is 0.1: each step makes a reward ten times smaller. Five steps away, the goal counts "
         "0.0001 of its reward; two steps away, the small one still counts a tenth. Raise the discount to "
         "0.95 while it learns, and watch the arrows turn around.",
         _table(_TWO_GOALS, discount=0.1, epsilon=0.5)),
    _bad("rate_too_high", "It never settles", "The floor is slippery: one move in five goes sideways. Look "
         "at the arrows. Do they ever come to rest? What happens to those beside a pit after one fall?",
         "The learning rate is 1: what just happened replaces all that was known of an action. On a slippery "
         "floor, what just happened may be bad luck, so a single fall turns an arrow around. Set the rate "
         "to 0.1 while it learns: a value is then an average over many tries.",
         _table(_SLIPPERY, learning_rate=1.0)),
    _bad("stands_still", "Better not move", "Soon the agent no longer falls into pits. But what does it do "
         "instead, and how do its episodes end? Look at the arrows at the start.",
         "The discount is 0.95. Standing still costs 0.02 a step, and with this discount that adds up to 0.4 "
         "(0.02 / 0.05); a pit costs 1. While the agent does not know the way, walking on looks worse than "
         "bumping into a wall for ever. With a discount of 0.99, standing still costs 2.",
         good_start("grid", "policy_gradient").replaced(discount=0.95)),
    _bad("no_target_network", "Chasing its own tail", "The pole stays up for at most 500 steps, and with "
         "this discount no state is worth more than 100. What does the network expect? And does the return "
         "stay high where it was high?",
         "There is no target network: the network learns towards its own answers. A value that is too high "
         "raises its own target, so the network expects far more than there is, and loses what it had "
         "learned. With a target network that is renewed every 200 updates, it expects about 100.",
         good_start("cartpole", "dqn").replaced(method_parameters={"target_every": 0})),
    _bad("no_baseline", "Praise for everything", "Five agents learn at the same time. All returns are above "
         "0, so everything they do becomes more likely. How do the five differ, and does a good one stay "
         "good?",
         "There is no baseline. Good and poor actions are both made more likely, the good ones only a little "
         "more, so luck decides too much. With a baseline, only what was better than expected becomes "
         "more likely, and what was worse becomes less likely.",
         good_start("cartpole", "policy_gradient").replaced(method_parameters={"baseline": False}, agents=5)),
)}
