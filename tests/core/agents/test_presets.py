"""Presets: the bad ones go wrong as their texts say, and the coach sees it; the good ones do not."""

from typing import Any

import pytest

from core.agents.coach import advise
from core.agents.controls import AgentControls
from core.agents.presets import PRESETS
from core.agents.run import AgentRun
from core.runs.controls import ControlsMailbox
from core.settings import from_environment
from core.training.agents.fit import fit_agents

# The rule that finds what is wrong, and how far a run has to go for that.
BAD: dict[str, tuple[str, dict[str, Any]]] = {
    "no_exploration": ("no_exploration", {}), "short_sighted": ("short_sighted", {}),
    "rate_too_high": ("rate_high", {}), "no_target_network": ("no_target_network", {"steps": 20_000}),
    "stands_still": ("stands_still", {}), "no_baseline": ("no_baseline", {"steps": 6000})}
# Those of CartPole take too long here: `benchmarks.agents`.
GOOD = ("q_learning", "cliff_q_learning", "cliff_sarsa", "two_goals", "grid_policy_gradient")


def trained(name: str, **changes: Any) -> AgentRun:
    config = PRESETS[name].config.replaced(**changes)
    run = AgentRun("run-1", "owner", config, 0, AgentControls(), "training")
    for event in fit_agents(config, ControlsMailbox(AgentControls()), from_environment()):
        run.history.append(event)
    assert run.history.finished is not None and run.history.snapshot is not None
    run.status = run.history.finished.status
    return run


def test_bad_presets_go_wrong_and_the_coach_sees_why(subtests: pytest.Subtests):
    assert {*BAD} == {name for name, preset in PRESETS.items() if preset.kind == "bad"}
    for name, (rule, changes) in BAD.items():
        with subtests.test(name):
            assert PRESETS[name].diagnosis
            assert advise(trained(name, **changes))[0].name == rule


def test_the_advice_helps():
    run = trained("no_exploration")
    better = trained("no_exploration", **advise(run)[0].change)
    assert run.history.snapshot.rollout.total == pytest.approx(0.26)
    assert better.history.snapshot.rollout.total == pytest.approx(0.9)


def test_good_presets_reach_the_goal_and_the_coach_is_silent(subtests: pytest.Subtests):
    ways = {}
    for name in GOOD:
        with subtests.test(name):
            run = trained(name)
            rollout, grid = run.history.snapshot.rollout, run.config.grid
            assert rollout.ended and rollout.total > 0.7 and advise(run) == ()
            ways[name] = len(rollout.actions)
            assert name == "cliff_sarsa" or ways[name] == grid.shortest(("G",))
    assert ways["cliff_sarsa"] > ways["cliff_q_learning"], "SARSA keeps away from the pits"


def test_names_are_keys_and_good_ones_have_no_diagnosis():
    assert all(name == preset.name and (preset.kind == "bad") == bool(preset.diagnosis)
               for name, preset in PRESETS.items())
    assert len({preset.config.key for preset in PRESETS.values()}) == len(PRESETS)
    assert len({preset.label for preset in PRESETS.values()}) == len(PRESETS)
