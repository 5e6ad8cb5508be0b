"""The coach of the Agents page: reads an agent's run, says what is wrong, and offers a change."""

from core.agents.agent_rules import (
    collapsed,
    no_baseline,
    no_exploration,
    no_target_network,
    rarely_there,
    rate_high,
    short_sighted,
    stands_still,
    too_few_steps,
    unreachable,
)
from core.agents.agent_summary import AgentSummary, summary
from core.agents.run import AgentRun
from core.coach.advice import Advice, Rule, applied
from core.coach.changes import valid

_BOOK = "R. Sutton and A. Barto, Reinforcement Learning: An Introduction, 2018"
_LATER = frozenset({"collapsed", "too_few_steps"})

RULES: tuple[Rule[AgentSummary], ...] = (
    Rule("goal_unreachable", "No goal can be reached", f"{_BOOK}, section 3.3 (episodes and their ends)",
         unreachable, _LATER | {"no_exploration", "short_sighted", "stands_still", "rate_high",
                                "rarely_there", "no_target_network", "no_baseline"}),
    Rule("no_exploration", "The agent never tries anything new", f"{_BOOK}, sections 2.2 and 6.5",
         no_exploration, _LATER | {"rarely_there"}),
    Rule("short_sighted", "The agent is short-sighted", f"{_BOOK}, section 3.3 (discounting)",
         short_sighted, _LATER | {"rarely_there"}),
    Rule("stands_still", "Standing still looks best", f"{_BOOK}, sections 3.3 and 17.4", stands_still,
         _LATER | {"rarely_there", "rate_high"}),
    Rule("rate_high", "The learning rate is too high", f"{_BOOK}, section 2.5 (step sizes)",
         rate_high, _LATER | {"no_target_network", "rarely_there"}),
    Rule("rarely_there", "The best goal was hardly ever reached",
         f"{_BOOK}, sections 2.2 and 17.4 (sparse rewards)", rarely_there, _LATER),
    Rule("no_target_network", "The targets run away",
         "V. Mnih and others, Human-Level Control Through Deep Reinforcement Learning, 2015 (target network)",
         no_target_network, _LATER),
    Rule("no_baseline", "Learning without a baseline is noisy",
         f"{_BOOK}, section 13.4; R. Williams, Simple Statistical Gradient-Following Algorithms for "
         "Connectionist Reinforcement Learning, 1992", no_baseline, _LATER),
    Rule("collapsed", "The return was higher before",
         "J. Schulman and others, Trust Region Policy Optimization, 2015 (steps that are too large)",
         collapsed, frozenset({"too_few_steps"})),
    Rule("too_few_steps", "Too few steps", f"{_BOOK}, section 6.5 (learning curves)", too_few_steps))


def advise(run: AgentRun) -> tuple[Advice, ...]:
    """The coach's advice for a run: at most four pieces, most important first."""
    seen = summary(run)
    return () if seen is None else applied(RULES, seen, lambda change: valid(run.config, change))
