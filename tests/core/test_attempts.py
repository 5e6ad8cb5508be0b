"""What becomes of a run whose worker is lost, as its history and its job tell."""

import pytest

from core.attempts import MOST_LOSSES_IN_COMPANY, MOST_STRIKES, again, record
from core.commands import Controls
from core.config import RunConfig
from core.queue import Job
from core.results import Checkpoint, Compiled, EpochEnd, Finished, LearningRate, Progress, Resumed
from core.run import Run


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


def test_without_a_checkpoint_the_history_begins_anew():
    one = job()
    assert again(one) and one.run.history.steps == [] and one.run.history.checkpoint is None
    assert one.replay == ((10, 0.5),)


def test_the_curve_stays_until_the_attempt_says_where_it_begins():
    one = job()
    record(one, Checkpoint(7, 1))
    learn(one, 11, 13)
    seen = one.run.history
    assert again(one) and one.run.history is seen
    assert (one.run.attempt, one.run.status) == (2, "waiting") and seen.progress.step == 12
    record(one, Resumed(7, 1, 0.7, 224))
    assert [row[0] for row in one.run.history.steps] == list(range(1, 8))
    assert one.run.history.progress == Progress(7, 1.4, 1 / 7, 0.5, 0.7, 224)
    assert one.run.history.learning_rates == [] and one.replay == ((10, 0.5),)
    assert one.run.status == "waiting"
    record(one, Compiled(1.0, 9, 5))
    assert one.run.status == "training" and "attempt 2" in one.run.message
    # Lost once more before it got further: it goes on from the same place, with the same change to come.
    assert again(one) and one.run.history.checkpoint == Checkpoint(7, 1)
    assert one.replay == ((10, 0.5),)
    record(one, Resumed())
    assert one.run.history.steps == [] and one.run.history.checkpoint is None and one.run.attempt == 3


def test_a_paused_run_remembers_its_step_though_its_history_is_cut():
    one = job(paused=True)
    record(one, Checkpoint(7, 1))
    assert again(one)
    assert (one.run.controls.epochs, one.run.controls.steps) == (2, 0)
    record(one, Resumed(7, 1, 0.7, 224))
    assert again(one)
    assert (one.run.controls.epochs, one.run.controls.steps) == (2, 0)


def test_what_a_run_learned_stays_when_its_next_attempt_fails_at_once():
    one = job()
    record(one, Checkpoint(7, 1))
    again(one)
    record(one, Finished(0, "failed", "There was not enough memory."))
    assert one.run.status == "failed" and len(one.run.history.epochs) == 2


@pytest.mark.parametrize("headway", [True, False])
def test_only_a_run_that_gets_nowhere_is_failed(headway):
    one = job()
    again(one, going=True, alone=True)
    assert one.suspect
    for attempt in range(2, 2 + MOST_STRIKES):
        assert one.run.active and one.run.attempt == attempt
        if headway:
            record(one, Checkpoint(10 * attempt, attempt))
        again(one, going=True, alone=True)
    assert (one.run.status == "failed") is not headway
    # Where it was once does not count for ever.
    for _ in range(MOST_STRIKES):
        again(one, going=True, alone=True)
    assert one.run.status == "failed" and "Lower the batch size" in one.run.message


def test_a_run_that_makes_headway_is_never_given_up():
    one = job()
    for attempt in range(1, MOST_LOSSES_IN_COMPANY + 5):
        record(one, Checkpoint(10 * attempt, attempt))
        assert again(one, going=True, alone=True)
    assert one.run.attempt == MOST_LOSSES_IN_COMPANY + 5
