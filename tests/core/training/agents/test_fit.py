"""Runs of agents as a whole: what is learned, what is told, and that it is the same however it is cut up."""

import os

os.environ["KERAS_BACKEND"] = "jax"

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from core.agents.config import AgentConfig
from core.agents.events import AGENT, LENGTH, RETURN, STEP, AgentProgress, AgentSnapshot, NumbersChanged
from core.agents.grid import best_values
from core.runs.checkpoints import Checkpoints
from core.runs.events import Checkpoint, Compiled, Finished, Parked, Paused, Resumed
from core.training.agents import pacer
from tests.core.training.agents.following import TINY, follow, mailbox_of, same_episodes

TABLE = AgentConfig(environment_parameters=TINY, steps=3000)
DEEP = AgentConfig(method="dqn", environment_parameters=TINY, learning_rate=0.01, steps=800, agents=2,
                   batch_size=32,
                   method_parameters={"hidden_units": (16,), "replay": 500, "target_every": 50})
POLE = AgentConfig(environment="cartpole", method="policy_gradient", learning_rate=0.005, steps=400, agents=2,
                   batch_size=128, method_parameters={"hidden_units": (16,)})


def test_a_table_comes_to_the_best_values():
    """Those of value iteration, in the cells that the agent visits."""
    config = TABLE.replaced(steps=60_000, epsilon=0.5, learning_rate=0.2)
    events, history = follow(config)
    assert config.grid is not None
    best = best_values(config.grid, config.discount)
    visited = ~config.grid.ends & (np.array(list(config.grid.letters)) != "#")
    np.testing.assert_allclose(history.snapshot.scores[visited], best[visited], atol=1e-3)
    rollout = history.snapshot.rollout
    assert rollout.ended and len(rollout.actions) == config.grid.shortest() == 4
    assert rollout.total == pytest.approx(1 - 4 * 0.02)
    np.testing.assert_array_equal(rollout.observations[:, 0], [0, 1, 2, 5, 8])
    np.testing.assert_allclose(rollout.values, history.snapshot.values[[0, 1, 2, 5]])
    compiled, shown, *_ = events
    assert isinstance(compiled, Compiled) and isinstance(shown, AgentSnapshot) and shown.step == 0
    assert events[-1] == Finished(60_000, "finished", "", history.finished.seconds)


def test_an_episode_is_as_long_as_the_time_between_two_ends():
    _, history = follow(TABLE.replaced(agents=2))
    for agent in range(2):
        rows = history.episodes[history.episodes[:, AGENT] == agent]
        np.testing.assert_array_equal(rows[:, LENGTH], np.diff(rows[:, STEP], prepend=0))
        assert rows[:, LENGTH].max() <= 100
    # With a reward of -0.02 a step, and 1 or -1 at the end.
    ends = history.episodes[:, RETURN] + 0.02 * history.episodes[:, LENGTH]
    assert set(np.round(ends).astype(int)) <= {-1, 0, 1}
    assert np.isin(np.round(ends), 0).sum() == (history.episodes[:, LENGTH] == 100).sum()


@pytest.mark.parametrize("config", [TABLE.replaced(method="sarsa"), DEEP, POLE],
                         ids=lambda config: config.method)
def test_a_run_in_pieces_is_the_same_run(config: AgentConfig, tmp_path: Path, monkeypatch: Any):
    """In other calls, with changes made again, and from a checkpoint on."""
    changes = [(101, config.numbers | {"epsilon": 0.6, "batch_size": 100}), (230, config.numbers)]
    _, whole = follow(config, replay=changes)
    assert whole.changes == changes

    monkeypatch.setattr(pacer, "CALL_SECONDS", 0.0)  # each call is a single step
    mailbox = mailbox_of()

    def leave(event: Any) -> None:
        if isinstance(event, AgentProgress) and event.step == 170:
            mailbox.set(mailbox.controls.changed(parked=True))

    first = Checkpoints(tmp_path, "run", 1, 1000.0)
    events, history = follow(config, mailbox, changes, first, leave)
    assert isinstance(events[-1], Parked) and history.checkpoint == Checkpoint(170, 1)
    monkeypatch.undo()
    events, _ = follow(config, None, changes, Checkpoints(tmp_path, "run", 2, 1000.0, history.checkpoint))
    assert isinstance(events[0], Resumed) and events[0].step == 170
    again = history.cut(events[0])
    for event in events[1:]:
        again.append(event)
    same_episodes(again, whole)
    assert again.changes == changes
    assert whole.episodes.size


def test_a_steered_number_acts_and_compiles_nothing():
    from jax import monitoring
    config = DEEP.replaced(epsilon=0.0, steps=3000, method_parameters={"exploration_steps": 500})
    follow(config)
    compiled: list[str] = []
    monitoring.register_event_duration_secs_listener(
        lambda event, duration_secs, **more: compiled.append(event) if "compile" in event else None)
    mailbox = mailbox_of()

    def steer(event: Any) -> None:
        if isinstance(event, AgentProgress) and event.step >= 1000:
            mailbox.set(mailbox.controls.changed(numbers={
                "epsilon": 1.0, "batch_size": 200, "discount": 0.5, "learning_rate": 1e-4}))

    events, history = follow(config.replaced(seed=5), mailbox, see=steer)
    changed = [event for event in events if isinstance(event, NumbersChanged)]
    assert [event.numbers for event in changed] == [{"epsilon": 1.0, "batch_size": 200, "discount": 0.5,
                                                     "learning_rate": 1e-4}]
    assert history.losses[-1][2] == 1.0
    before, after = (history.episodes[mask, LENGTH].mean() for mask in (
        (history.episodes[:, STEP] > 500) & (history.episodes[:, STEP] <= changed[0].step),
        history.episodes[:, STEP] > changed[0].step + 100))
    assert before < 6 < after, "it goes straight, then about at random"
    assert not compiled


def test_single_steps_and_episodes_and_a_pause():
    mailbox, seen = mailbox_of(paused=True), list[Any]()

    def press(event: Any) -> None:
        seen.append(event)
        presses: list[Any] = [{"steps": 2}, {"episodes": 1}, {"stopped": True}]
        if isinstance(event, Paused | AgentSnapshot) and len(seen) > 2 and event.step == wanted():
            mailbox.set(mailbox.controls.changed(**presses[len(pressed)]))
            pressed.append(event.step)

    def wanted() -> int:
        if not pressed:
            return 0
        ends = [row[STEP] for event in seen if isinstance(event, AgentProgress) for row in event.episodes]
        return 2 if len(pressed) == 1 else int(ends[0]) if ends else -1

    pressed: list[int] = []
    events, history = follow(TABLE, mailbox, see=press)
    shown = [event for event in events if isinstance(event, AgentSnapshot)]
    assert [event.rollout_step for event in shown] == [event.step for event in shown], "always fresh"
    assert [event.step for event in shown] == [0, 1, 2, pressed[-1]]
    assert len(history.episodes) == 1 and history.finished.status == "stopped"
    assert [event.now.length for event in shown] == [0, 1, 2, 0]
    assert shown[-1].now.action == -1 and shown[1].now.action >= 0


def test_a_pace_counts_from_what_an_earlier_attempt_had_reached():
    one, step = pacer.AgentPacer(mailbox_of(pace=0.5, reached=70), TABLE, (), 40, TABLE.numbers), 40
    while count := one.leave(step).count:
        step += count
        one.observe(count, 1e-4, False)
    assert step == 71, "the first step of a pace is free"


def test_values_that_are_no_numbers_end_a_run():
    """A table with steps twice too long; at the same step in calls of any length."""
    config = AgentConfig(environment_parameters=TINY | {"goal_reward": 10.0, "slip": 0.5}, learning_rate=2.0,
                         discount=1.0, steps=300_000)
    events, history = follow(config)
    assert history.finished.status == "diverged" and "learning rate" in history.finished.message
    assert isinstance(events[-1], Finished) and 0 < events[-1].step < config.steps


def test_a_run_ends_after_its_longest_time(monkeypatch: Any):
    monkeypatch.setenv("PLAYGROUND_MAX_RUN_SECONDS", "0.001")
    _, history = follow(TABLE.replaced(steps=2_000_000))
    assert history.finished.status == "stopped" and "minutes" in history.finished.message
    assert history.finished.step < 2_000_000
