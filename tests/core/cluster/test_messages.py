"""How events are gathered into messages."""

import math
import pickle
from typing import Any

import numpy as np
import pytest

from core.agents.events import AgentProgress, AgentSnapshot, NumbersChanged, Rollout, Situation
from core.cluster.coalescing import MOST_EPISODES, coalesce_agents, coalesce_progress
from core.cluster.messages import EventBatcher, RunEvents
from core.runs.events import (
    Checkpoint,
    Compiled,
    EpochEnd,
    Event,
    Finished,
    Paused,
    Progress,
    Resumed,
    message_interval,
)


def progress(step: int, loss: float, examples: int) -> Progress:
    return Progress(step, step / 10, loss, 1 - loss, 0.0, examples)


def test_few_events_stay_as_they_are():
    events: list[Event] = [progress(step, 0.5, step * 32) for step in range(1, 21)]
    events.insert(10, EpochEnd(1, 10, 0.5, 0.5, None, None))
    assert coalesce_progress(events, 0) == events


@pytest.mark.parametrize("count", [21, 40, 999])
def test_many_become_weighted_means(count):
    random = np.random.default_rng(count)
    sizes, losses = random.integers(1, 64, count), random.random(count)
    seen = np.cumsum(sizes) + 100
    events: list[Event] = [progress(step + 1, losses[step], int(seen[step])) for step in range(count)]
    last = EpochEnd(1, count, 0.5, 0.5, None, None)
    *rest, end = coalesce_progress([*events, last], 100)
    kept = [one for one in rest if isinstance(one, Progress)]
    assert end == last and kept == rest and len(kept) <= 20 and kept[-1].examples == seen[-1]
    ends = [stored.step for stored in kept]
    for first, moment in zip([0, *ends], kept, strict=False):
        part = slice(first, moment.step)
        assert moment.loss == pytest.approx(np.average(losses[part], weights=sizes[part]))
        assert moment.metric == pytest.approx(np.average(1 - losses[part], weights=sizes[part]))


def snapshot(step: int) -> AgentSnapshot:
    none = np.zeros(0, np.float32)
    now, rollout = Situation(none, none, 0.0, -1, 0.0, 0), Rollout(none, none, none, none, 0.0, True)
    return AgentSnapshot(step, now, none, none, rollout, 0)


class Line:
    """Takes what a batcher sends; `later` is called by hand."""

    def __init__(self, seconds: float):
        self.sent: list[tuple[Any, ...]] = []
        self.timers: list = []
        self.batcher = EventBatcher("a-1", 3, self.take, lambda _, call: self.timers.append(call),
                                   lambda: seconds)

    def take(self, message: bytes) -> None:
        told = pickle.loads(message)
        assert isinstance(told, RunEvents) and (told.run_id, told.attempt) == ("a-1", 3)
        self.sent.append(told.events)


def test_what_a_learner_waits_for_goes_at_once_and_the_rest_together():
    line = Line(seconds=1000.0)
    first, more = progress(1, 0.9, 32), [progress(step, 0.8, 32 * step) for step in (2, 3)]
    for event in (Compiled(1.0, 9, 10), first, *more, Paused(3, True)):
        line.batcher.post(event)
    assert line.sent == [(Compiled(1.0, 9, 10), first), (*more, Paused(3, True))]
    assert len(line.timers) == 1


def test_that_it_is_compiled_waits_a_moment_for_the_first_point():
    line = Line(seconds=1000.0)
    line.batcher.post(Compiled(1.0, 9, 10))
    assert line.sent == []
    line.timers.pop()()
    line.batcher.post(progress(1, 0.9, 32))
    assert line.sent == [(Compiled(1.0, 9, 10),), (progress(1, 0.9, 32),)]


def test_no_mean_reaches_across_a_checkpoint_or_before_the_beginning():
    """Cut at a checkpoint, a history must not lack examples that were told of together with later ones."""
    line = Line(seconds=1000.0)
    line.batcher.post(Resumed(100, 10, 1.0, 3200))
    for step in range(101, 149):
        line.batcher.post(progress(step, step / 1000, 32 * step))
        if step == 131:
            line.batcher.post(Checkpoint(step, 3))
    line.batcher.flush()
    first, second, third = line.sent
    assert first == (Resumed(100, 10, 1.0, 3200),)
    assert second[-1] == Checkpoint(131, 3) and second[-2].step == 131
    kept = [0.0 + one.step for one in second[:-1]]
    for start, one in zip([100, *kept], second[:-1], strict=False):
        assert one.loss == pytest.approx(np.mean(np.arange(start + 1, one.step + 1)) / 1000)
    assert len(kept) < 31 and third[0].step in (132, 133)


def test_nothing_lies_about_when_no_event_follows():
    line = Line(seconds=1000.0)
    line.batcher.post(progress(1, 0.9, 32))
    line.batcher.post(progress(2, 0.8, 64))
    assert len(line.sent) == 1
    line.timers.pop()()
    assert line.sent[1] == (progress(2, 0.8, 64),)
    line.batcher.flush()
    assert len(line.sent) == 2


def returns(step: int, *episodes: tuple[float, ...], loss: float = 0.0) -> AgentProgress:
    return AgentProgress(step, 0.0, np.array(episodes, np.float32).reshape(-1, 4), loss, 0.1)


def test_agents_are_told_of_at_once_and_then_together_without_the_loss_of_an_episode():
    line, shown = Line(seconds=1000.0), [snapshot(step) for step in range(7)]
    for event in (Compiled(1.0, 9, 1), shown[0], returns(1, loss=math.nan),
                  returns(2, (0, 2, 1.0, 2)), shown[2],
                  returns(4, (0, 3, 2.0, 1), (1, 4, 3.0, 4), loss=math.nan), returns(5, loss=0.6), shown[4],
                  returns(6, (0, 6, 4.0, 3), loss=0.3), NumbersChanged(6, {"epsilon": 0.5})):
        line.batcher.post(event)
    first, second, third = line.sent
    assert [type(event) for event in first] == [Compiled, AgentSnapshot]
    assert [(type(event), event.step) for event in second] == [(AgentProgress, 1)]
    before, newest, after, changed = third
    # Its moment knows of three episodes.
    assert newest.step == 4
    np.testing.assert_array_equal(before.episodes[:, 2], [1.0, 2.0, 3.0])
    assert (before.step, after.step, changed.step) == (5, 6, 6) and after.episodes[:, 2] == [4.0]
    # Steps 2 and 5 had updates; steps 3 and 4 had none.
    assert before.loss == pytest.approx((1 * 0.0 + 1 * 0.6) / 2) and after.loss == pytest.approx(0.3)
    for event in (Paused(6, True), returns(7), shown[5], returns(8), shown[6], Paused(8, False),
                  returns(9), shown[1], returns(10), shown[2]):
        line.batcher.post(event)
    line.batcher.flush()
    paused, going = line.sent[4:]
    assert [event.step for event in paused] == [7, 5, 8, 6, 8], "each single step can be rewound"
    assert [event.step for event in going] == [10, 2]


def test_no_message_grows_with_the_episodes_that_end_in_a_moment():
    events = [returns(step, *[(agent, step, step, 1) for agent in range(1000)]) for step in range(1, 10)]
    [merged] = coalesce_agents(events, 0, False)
    assert isinstance(merged, AgentProgress)
    assert merged.step == 9 and len(merged.episodes) == MOST_EPISODES
    # The newest ones, of each agent as many.
    assert merged.episodes[-1].tolist() == [999, 9, 9, 1] and merged.episodes[:, 1].min() == 5


def test_the_last_word_is_remembered():
    line = Line(seconds=0.0)
    assert not line.batcher.finished
    line.batcher.post(progress(5, 0.9, 32))
    line.batcher.post(Finished(5, "stopped"))
    assert line.batcher.finished and line.batcher.step == 5


def test_a_class_of_thirty_is_told_of_twice_a_second():
    assert message_interval(1) == message_interval(2) == 0.04
    assert message_interval(30) == pytest.approx(0.5)
