"""What happens to a run that left or lost its worker, as seen in its history and its job."""

import time
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from core.agents.config import AgentConfig
from core.agents.controls import AgentControls
from core.agents.events import AgentProgress, NumbersChanged
from core.agents.history import NO_EPISODES
from core.agents.run import AgentRun
from core.cluster import question_tasks
from core.cluster.ended_queries import EndedRunQueries
from core.cluster.job import ALONE, Job
from core.cluster.retries import (
    ALONE_SECONDS,
    MOST_STRIKES,
    begin,
    call_off,
    describe,
    passed,
    record,
    retry_or_give_up,
)
from core.datasets.splits import test_set as examples_of
from core.runs.config import RunConfig
from core.runs.controls import Controls
from core.runs.evaluations import Evaluation, TriedAnswer
from core.runs.events import (
    Checkpoint,
    Compiled,
    EpochEnd,
    Finished,
    LearningRate,
    Parked,
    Paused,
    Progress,
    Resumed,
)
from core.runs.run import Run
from core.runs.tried import tried
from core.views.try_it import try_it


def job(**controls) -> Job:
    """A run that has told of two epochs of five steps, and of a change of its learning rate."""
    one = Job(Run("ab-1", "ann", RunConfig(epochs=9), 0, Controls(**controls)))
    record(one, Compiled(1.0, 9, 5))
    learn(one, 1, 11)
    record(one, LearningRate(10, 0.5))
    return one


def learn(one: Job, first: int, end: int) -> None:
    for step in range(first, end):
        record(one, Progress(step, step / 5, 1 / step, 0.5, step / 10, 32 * step))
        if step % 5 == 0:
            record(one, EpochEnd(step // 5, step, 1 / step, 0.5, None, None))


def parked(one: Job, step: int, taken: tuple[int, int] = (0, 0), weights: Any = None) -> None:
    record(one, Paused(step, True))
    record(one, Checkpoint(step, one.run.attempt))
    record(one, Parked(step, *taken, Finished(step, "stopped", seconds=1.0, weights=weights)))


def test_without_a_checkpoint_the_history_begins_anew_when_the_attempt_does():
    one = job()
    retry_or_give_up(one)
    assert len(one.run.history.steps) == 10, "the curve stays in sight"
    begin(one)
    assert one.run.history.steps == [] and one.run.history.checkpoint is None
    assert one.replay == ((10, 0.5),)


def test_the_curve_stays_until_the_attempt_says_where_it_begins():
    one = job()
    record(one, Checkpoint(7, 1))
    learn(one, 11, 13)
    seen = one.run.history
    retry_or_give_up(one)
    begin(one)
    assert one.run.history is seen
    assert (one.run.attempt, one.run.status) == (2, "waiting") and seen.progress.step == 12
    record(one, Resumed(7, 1, 0.7, 224))
    assert [row[0] for row in one.run.history.steps] == list(range(1, 8))
    assert one.run.history.progress == Progress(7, 1.4, 1 / 7, 0.5, 0.7, 224)
    assert one.run.history.learning_rates == [] and one.replay == ((10, 0.5),)
    assert one.run.status == "waiting"
    record(one, Compiled(1.0, 9, 5))
    assert one.run.status == "training" and "attempt 2" in one.run.message
    # Lost once more before it got further: it goes on from the same place, with the same change to come.
    retry_or_give_up(one)
    assert one.run.history.checkpoint == Checkpoint(7, 1)
    assert one.replay == ((10, 0.5),)
    record(one, Resumed())
    assert one.run.history.steps == [] and one.run.history.checkpoint is None and one.run.attempt == 3


def test_a_run_that_had_paused_waits_for_its_learner_and_then_goes_to_its_step():
    one = job(paused=True)
    record(one, Paused(10, True))
    record(one, Checkpoint(7, 1))
    retry_or_give_up(one, trained=False)
    assert one.idle and (one.run.status, one.run.controls.reached) == ("paused", 10)
    one.run.controls = one.run.controls.changed(steps=1)
    assert one.waiting
    begin(one)
    record(one, Resumed(7, 1, 0.7, 224))
    retry_or_give_up(one, trained=True)
    assert one.run.controls.reached == 10, "though its history is cut"


def test_a_parked_run_keeps_what_it_was_asked_for_and_has_not_done():
    one = job(paused=True, steps=4, epochs=2)
    parked(one, 10, taken=(4, 1))
    assert not one.idle and one.waiting and one.run.status == "waiting"
    assert (one.run.controls.steps, one.run.controls.epochs, one.run.controls.reached) == (0, 1, 10)
    one = job(paused=True, steps=4)
    parked(one, 10, taken=(4, 0))
    assert one.idle and not one.waiting and one.run.status == "paused" and one.run.attempt == 2


def test_a_parked_run_answers_by_its_weights_or_says_why_not():
    asked = list[tuple]()

    def ask(*question: Any) -> SimpleNamespace:
        asked.append(question)
        return SimpleNamespace(status="pending")

    queries, weights = EndedRunQueries(ask, lambda: "q-1"), (np.ones((4, 3), np.float32),)
    one, large, lost = job(paused=True), job(paused=True), job(paused=True)
    parked(one, 10, weights=weights)
    record(one, Evaluation(10, np.zeros((3, 3), int), 30, 0.5, 0.5, True))
    parked(large, 10)
    retry_or_give_up(lost)
    question = tried(7, [5.1, 3.5, 1.4, 0.2])
    for run in (one, large, lost):
        queries.ask(run, "tried", question, None)
    assert len(asked) == 1 and asked[0][0] is question_tasks.tried and asked[0][3:] == (weights, question)
    queries.take(one, "q-1", TriedAnswer(7, 0, np.array([0.2, 0.3, 0.5])))
    assert one.run.history.tried is not None and one.run.history.tried.step == 10
    assert one.run.silent == "" and "more than 1,048,576 parameters" in large.run.silent
    assert "lost its worker" in lost.run.silent
    config = large.run.config
    card = try_it(config, examples_of(config.data, config.preparation), large.run)
    assert card["why"] == large.run.silent
    for run in (large, lost):
        begin(run)
        assert run.run.silent == ""


def test_a_wish_counts_from_the_step_at_which_the_run_was_parked():
    one = job(paused=True)
    parked(one, 10)
    one.run.controls = one.run.controls.changed(learning_rate=0.25, paused=False)
    begin(one)
    assert one.replay == ((10, 0.5), (10, 0.25)) and one.run.controls.learning_rate is None


def test_what_agents_were_told_is_told_again_at_the_same_steps_and_once():
    one = Job(AgentRun("ab-1", "ann", AgentConfig(), 0, AgentControls(paused=True, steps=4, episodes=2)))
    record(one, Compiled(1.0, 9, 1))
    for step, wanted in ((3, {"epsilon": 0.5}), (6, {"epsilon": 0.5, "discount": 0.9})):
        one.run.controls = one.run.controls.changed(numbers=wanted)
        record(one, NumbersChanged(step, one.run.controls.numbers))
        record(one, AgentProgress(step, 0.0, NO_EPISODES, 0.0, 0.5))
    made = ((3, {"epsilon": 0.5}), (6, {"epsilon": 0.5, "discount": 0.9}))
    parked(one, 6, taken=(4, 1))
    assert one.replay == made and one.waiting, "an episode is still to come"
    assert (one.run.controls.steps, one.run.controls.episodes, one.run.controls.reached) == (0, 1, 6)
    one.run.controls = one.run.controls.changed(numbers={"discount": 0.8})
    begin(one)
    wished = (*made, (6, {"epsilon": 0.5, "discount": 0.8}))
    assert one.replay == wished and one.run.controls.numbers == wished[-1][1]
    # Lost before it had caught up: all three are still to come, and the last is not asked for once more.
    record(one, Resumed(2, 0, 0.0, 0))
    retry_or_give_up(one)
    begin(one)
    assert one.run.attempt == 3 and one.replay == wished
    assert one.run.controls.episodes == 0, "nobody knows how far it got"


def test_a_parked_run_that_is_stopped_ends_with_what_it_had():
    one = job(paused=True)
    parked(one, 10)
    call_off(one)
    assert one.run.status == "stopped" and one.run.history.finished == Finished(10, "stopped", seconds=1.0)
    stopping = job(paused=True)
    stopping.run.controls = stopping.run.controls.changed(stopped=True)
    parked(stopping, 10)
    assert stopping.run.status == "stopped", "the press came while it left"


def test_what_a_run_learned_stays_when_its_next_attempt_fails_at_once():
    one = job()
    record(one, Checkpoint(7, 1))
    retry_or_give_up(one)
    record(one, Finished(0, "failed", "There was not enough memory."))
    assert one.run.status == "failed" and len(one.run.history.epochs) == 2


@pytest.mark.parametrize("headway", [True, False])
def test_only_a_run_that_gets_nowhere_alone_is_failed(headway):
    one = job()
    for _ in range(5):
        one.alone_until_step = None  # it was in company
        retry_or_give_up(one, trained=True)
    assert one.run.active and one.alone_until_step == 10 and one.strikes == 0
    for attempt in range(6, 6 + MOST_STRIKES):
        assert one.run.active and one.run.attempt == attempt
        if headway:
            record(one, Checkpoint(10 * attempt, attempt))
        retry_or_give_up(one, trained=True)
    assert (one.run.status == "failed") is not headway
    # Where it was once does not count for ever.
    for _ in range(MOST_STRIKES):
        retry_or_give_up(one, trained=True) if one.run.active else None
    assert one.run.status == "failed" and "Lower the batch size" in one.run.message


def test_a_run_is_alone_until_it_has_passed_its_step():
    one = job()
    retry_or_give_up(one, trained=True)
    one.begun = time.monotonic()
    assert one.alone_until_step == one.controls.reached == 10
    record(one, Compiled(1.0, 9, 5))
    assert not passed(one)
    learn(one, 11, 12)
    assert passed(one)
    # Once more: a second longer.
    retry_or_give_up(one, trained=True)
    one.begun = time.monotonic()
    record(one, Compiled(1.0, 9, 5))
    learn(one, 12, 13)
    assert not passed(one)
    one.begun -= 1.5
    assert passed(one)


def test_nobody_is_alone_for_ever():
    one = job(pace=0.5)
    retry_or_give_up(one, trained=True)
    one.begun = time.monotonic()
    record(one, Compiled(1.0, 9, 5))
    assert not passed(one) and (one.controls.pace, one.controls.reached) == (0.5, 10)
    one.begun -= ALONE_SECONDS + 1
    assert passed(one)
    one.begun = time.monotonic()
    record(one, Paused(4, True))
    assert passed(one), "a paused run does no harm"


def test_one_that_paused_while_it_was_alone_keeps_nobody_waiting():
    one = job()
    retry_or_give_up(one, trained=True)
    record(one, Compiled(1.0, 9, 5))
    one.run.controls = one.run.controls.changed(paused=True)
    record(one, Paused(4, True))
    retry_or_give_up(one)
    assert one.idle and one.alone_until_step is None and one.strikes == 0


def test_who_waits_is_told_for_what():
    one = Job(Run("ab-1", "ann", RunConfig(), 0, Controls(), place=2), hindrance=ALONE)
    describe(one, "", trying=True)
    assert one.run.message == ("Waiting for a place: a worker was lost, and its runs continue first, one at "
                               "a time. Number 2 in the queue.")
    one.hindrance = ""
    describe(one, "Starting the workers", trying=False)
    assert one.run.message == "Starting the workers..."
    describe(one, "", trying=False)
    assert one.run.message == ""
