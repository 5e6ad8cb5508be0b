"""The coach of agents: each rule finds its problem in a run that has it, and nothing in one that does not."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from core.agents.agent_evidence import promises
from core.agents.agent_rules import opened
from core.agents.agent_summary import AgentSummary
from core.agents.coach import RULES, advise
from core.agents.config import AgentConfig
from core.agents.controls import AgentControls
from core.agents.events import AgentProgress, AgentSnapshot, NumbersChanged, Rollout, Situation
from core.agents.grid import best_values
from core.agents.run import AgentRun

BOARD = {"board": ("..#.....", "g.S....G", "........")}
GOAL, SMALL, START = 15, 8, 10
SHUT = {"board": ("S.#G", "..##")}
POLE: dict[str, Any] = {"environment": "cartpole", "learning_rate": 0.001, "discount": 0.99}


def run_of(config: AgentConfig, returns: Sequence[float], ends: int = -1, *, length: float = 5,
           shown: float = 0.0, errors: Sequence[float] = (1.0, 0.1), epsilon: float | None = None,
           value: float = 0.5, best: bool = False, status: str = "finished",
           step: int | None = None) -> AgentRun:
    """A run whose episodes had these returns.

    ends: the cell where the demonstration ends; -1 for none. best: whether the arrows are the best ones.
    """
    run = AgentRun("run-1", "owner", config, 0, AgentControls(), status)
    step = config.steps if step is None else step
    places = np.linspace(1, step, len(returns))
    rows = np.array([(0, place, total, length) for place, total in zip(places, returns, strict=True)],
                    np.float32).reshape(-1, 4)
    parts = np.array_split(rows, len(errors))
    tries = config.epsilon if epsilon is None else epsilon
    for number, (part, error) in enumerate(zip(parts, errors, strict=True), 1):
        run.history.append(AgentProgress(step * number // len(errors), 1.0, part, error, tries))
    states = config.grid.cells if config.grid else 441
    scores = np.full((states, len(config.world.actions)), value, np.float32)
    if best and config.grid:
        scores = best_values(config.grid, config.discount).astype(np.float32)
    seen = np.array([[max(ends, 0)]], np.float32) if config.grid else np.zeros((1, 4), np.float32)
    now = Situation(seen[0], scores[0], value, -1, 0.0, 0)
    rollout = Rollout(seen, np.zeros(0, np.int8), scores[:0], scores[:0, 0], shown, ends >= 0)
    run.history.append(AgentSnapshot(step, now, scores, scores[:, 0], rollout, step))
    return run


def grid(**values: Any) -> AgentConfig:
    return AgentConfig(**{"environment_parameters": BOARD, **values})


def pole(method: str, **values: Any) -> AgentConfig:
    return AgentConfig(**{**POLE, "method": method, **values})


TO_SMALL, TO_GOAL, CUT = [0.26] * 200, [0.9] * 200, [-2.0] * 200
SLIPPERY = {**BOARD, "slip": 0.2}
LOW, HIGH = [30.0] * 300, [500.0] * 300
RISE = list(np.linspace(0, 400, 300))
STILL: dict[str, Any] = {"method": "policy_gradient", "learning_rate": 0.01, "discount": 0.95}
NO_BASELINE, NO_TARGET = {"baseline": False}, {"target_every": 0}

# By rule: runs that have its problem, and runs that look like it but do not have it.
CASES: dict[str, tuple[list[AgentRun], list[AgentRun]]] = {
    "goal_unreachable": (
        [run_of(AgentConfig(environment_parameters=SHUT), CUT, length=100),
         run_of(AgentConfig(environment_parameters=SHUT), [], status="training", step=50)],
        [run_of(grid(), TO_GOAL, GOAL)]),
    "no_exploration": (
        [run_of(grid(epsilon=0.0), [0.26] * 200, SMALL, length=2),
         run_of(grid(epsilon=0.0), [0.26] * 200, SMALL, length=2, status="training", step=15_000),
         run_of(pole("dqn", epsilon=0.0), LOW)],
        [run_of(grid(epsilon=0.0), TO_GOAL, GOAL),
         run_of(grid(epsilon=0.0), [0.26] * 200, SMALL, length=2, epsilon=0.5),
         run_of(grid(epsilon=0.0), [0.26] * 200, SMALL, length=2, status="training", step=500),
         run_of(pole("policy_gradient", epsilon=0.0), LOW)]),
    "rarely_there": (
        [run_of(grid(), [0.26] * 200, SMALL, length=2),
         run_of(grid(method="policy_gradient", learning_rate=0.003), CUT, length=100)],
        [run_of(grid(), [0.9] * 50 + [-2.0] * 150, length=5), run_of(pole("dqn"), LOW)]),
    "short_sighted": (
        [run_of(grid(discount=0.1, epsilon=0.5), TO_SMALL, SMALL, length=2),
         run_of(pole("dqn", discount=0.5), LOW)],
        [run_of(grid(discount=0.1), TO_GOAL, GOAL), run_of(grid(discount=0.9), TO_SMALL, SMALL, length=2),
         run_of(pole("dqn"), LOW)]),
    "stands_still": (
        [run_of(AgentConfig(**STILL), CUT, length=100)],
        [run_of(AgentConfig(**{**STILL, "discount": 0.99}), CUT, length=100),
         run_of(AgentConfig(**{**STILL, "method": "q_learning", "learning_rate": 0.1}), CUT, length=100),
         run_of(AgentConfig(**STILL), [-1.2] * 200, length=10)]),
    "rate_high": (
        [run_of(grid(learning_rate=1.5), CUT, length=100, errors=(0.1,) * 3 + (0.4,) * 6),
         run_of(grid(learning_rate=0.8, environment_parameters=SLIPPERY), TO_GOAL, GOAL),
         run_of(grid(learning_rate=1.5), TO_GOAL, GOAL, value=4.0),
         run_of(pole("policy_gradient", learning_rate=0.1), LOW),
         run_of(pole("dqn", learning_rate=0.1), [], status="diverged")],
        [run_of(grid(learning_rate=1.0), CUT, length=100),
         run_of(grid(learning_rate=0.8, environment_parameters=SLIPPERY), TO_GOAL, GOAL, best=True),
         run_of(pole("policy_gradient", learning_rate=0.1), HIGH)]),
    "no_target_network": (
        [run_of(pole("dqn", method_parameters=NO_TARGET), LOW),
         run_of(pole("dqn", method_parameters=NO_TARGET), HIGH, shown=500, value=300)],
        [run_of(pole("dqn", method_parameters=NO_TARGET), HIGH, value=90), run_of(pole("dqn"), LOW)]),
    "no_baseline": (
        [run_of(pole("policy_gradient", method_parameters=NO_BASELINE), LOW)],
        [run_of(pole("policy_gradient", method_parameters=NO_BASELINE), HIGH),
         run_of(pole("policy_gradient"), LOW)]),
    "collapsed": (
        [run_of(pole("policy_gradient"), [20.0] * 50 + HIGH + LOW)],
        [run_of(pole("policy_gradient"), RISE), run_of(pole("policy_gradient"), LOW + HIGH),
         run_of(pole("policy_gradient"), HIGH + LOW, shown=500.0)]),
    "too_few_steps": (
        [run_of(pole("policy_gradient"), RISE), run_of(grid(steps=300), [-2.0] * 3, length=100),
         run_of(grid(method_parameters={"exploration_steps": 30_000}), TO_SMALL, SMALL, length=2)],
        [run_of(pole("policy_gradient"), RISE, status="training"), run_of(grid(), TO_GOAL, GOAL),
         run_of(grid(), TO_SMALL, SMALL, length=2)])}


def test_each_rule_finds_its_problem_and_nothing_else(subtests: pytest.Subtests):
    assert {*CASES} == {rule.name for rule in RULES}
    for name, (ill, healthy) in CASES.items():
        for place, run in enumerate(ill):
            with subtests.test(f"{name}, {place}"):
                said = advise(run)
                assert said[0].name == name
                assert all(run.config.replaced(**advice.change) != run.config for advice in said)
                assert all(part.strip() and "nan" not in part for advice in said
                           for part in (advice.title, advice.evidence, advice.text, advice.button))
        for place, run in enumerate(healthy):
            with subtests.test(f"not {name}, {place}"):
                assert name not in {advice.name for advice in advise(run)}


def test_the_numbers_that_act_now_count():
    run = run_of(grid(discount=0.1, epsilon=0.5), TO_SMALL, SMALL, length=2)
    run.history.append(NumbersChanged(10_000, {**run.config.numbers, "discount": 0.95}))
    assert "short_sighted" not in {advice.name for advice in advise(run)}


def test_an_end_that_gives_nothing_is_no_cut_off():
    # Sutton and Barto's cliff: each step costs 1, and the goal gives nothing.
    cliff = {"board": ("....", "SPPG"), "step_reward": -1.0, "goal_reward": 0.0, "pit_reward": -10.0}
    run = run_of(AgentConfig(environment_parameters=cliff), [-5.0] * 200, length=5)
    assert AgentSummary(run).endings == ("G",) * 200 and not AgentSummary(run).fails
    lost = run_of(AgentConfig(environment_parameters=cliff), [-100.0] * 200, length=100)
    assert AgentSummary(lost).endings == ("",) * 200


def test_where_each_step_pays_much_may_be_expected():
    paid = {**BOARD, "step_reward": 0.5}
    for discount, value, runs_away in ((0.9, 5.0, False), (0.9, 9.0, True), (1.0, 50.0, False)):
        run = run_of(grid(environment_parameters=paid, learning_rate=1.5, discount=discount), [1.5] * 200,
                     GOAL, value=value)
        assert bool(promises(AgentSummary(run))) == runs_away


def test_the_best_values_are_looked_for_once():
    world = grid().grid
    assert world is not None
    best = best_values(world, 0.9)
    assert best_values(world, 0.9) is best
    assert best_values(world, 0.5)[world.start].max() < best[world.start].max()


def test_as_few_cells_as_possible_are_opened():
    for rows, fewest in ((("S#.#G", ".....", "###.."), 0), (("S#G", "###"), 1), (("S#.", ".P.", "##G"), 1),
                         (("S#P#G", "#...P"), 2)):
        config = AgentConfig(environment_parameters={"board": rows})
        assert config.grid is not None
        board = opened(config.grid)
        assert config.replaced(environment_parameters={"board": board}).grid.shortest() is not None
        assert sum(old != new for old, new in zip("".join(rows), "".join(board), strict=True)) == fewest


def test_a_run_that_failed_or_has_not_begun_gets_no_advice():
    assert advise(AgentRun("run-1", "owner", grid(), 0, AgentControls())) == ()
    assert advise(run_of(grid(epsilon=0.0), TO_SMALL, SMALL, length=2, status="failed")) == ()
