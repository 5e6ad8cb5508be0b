"""Runs that lose their worker: the curve stays the same, and only the run that is to blame fails."""

import time
from typing import Any

from core.runs.config import RunConfig
from tests.core.conftest import end_curve, ended, ends, kill_workers, until

LONG = RunConfig(epochs=1000)
# The known engine ends its own process at its sixteenth step.
KILLER = RunConfig(epochs=100, seed=999)
INNOCENT = RunConfig(epochs=80)


def test_a_lost_worker_is_replaced_and_the_curve_is_the_same(jobs, workers):
    run, paused = jobs.submit("ann", RunConfig(epochs=200)), jobs.submit("bob", LONG)
    until(lambda: run.history.progress and paused.history.progress)
    jobs.control("bob", paused.id, paused=True)
    until(lambda: paused.status == "paused")
    held = paused.history.progress.step
    jobs.control("ann", run.id, learning_rate=0.2)
    (step, _), = until(lambda: run.history.learning_rates)
    until(lambda: run.history.progress.step > step)
    kill_workers(workers)
    until(lambda: run.attempt == 2 and "attempt 2" in run.message)
    assert run.history.progress.step > step, "the curve stays in sight"
    until(lambda: ended(run))
    assert (run.status, run.attempt) == ("finished", 2)
    assert run.history.learning_rates == [(step, 0.2)]
    assert ends(run.history) == end_curve(200, 0.01, {step: 0.2})
    # A paused run is not started again before its learner asks for it.
    assert (paused.status, paused.history.progress.step) == ("paused", held)
    assert "lost its worker" in paused.message
    jobs.control("bob", paused.id, steps=1)
    until(lambda: paused.status == "paused" and paused.history.progress.step == held + 1)


def test_a_run_alone_that_ends_its_worker_is_given_up_with_advice(jobs):
    run = jobs.submit("ann", KILLER)
    until(lambda: ended(run))
    # The first time it might have been somebody else.
    assert (run.status, run.attempt) == ("failed", 3) and "Lower the batch size" in run.message
    after = jobs.submit("bob", RunConfig(epochs=1))
    until(lambda: ended(after))
    assert (after.status, after.attempt) == ("finished", 1)


def test_a_run_that_ends_its_workers_harms_no_other_for_long(jobs):
    innocents: list[Any] = [jobs.submit("ann", INNOCENT)]
    killer = jobs.submit("eve", KILLER)
    innocents.append(jobs.submit("bob", INNOCENT))
    until(lambda: killer.attempt == 2)
    newcomer = jobs.submit("cid", INNOCENT)
    until(lambda: newcomer.status == "waiting" and "continue first, one at a time" in newcomer.message)
    until(lambda: all(ended(run) for run in (killer, newcomer, *innocents)))
    assert (killer.status, killer.attempt) == ("failed", 3) and "Lower the batch size" in killer.message
    assert (newcomer.status, newcomer.attempt) == ("finished", 1)
    for run in (newcomer, *innocents):
        assert run.status == "finished" and ends(run.history) == end_curve(80, 0.01)
    assert not jobs.placement.trying


def test_a_worker_that_is_killed_again_and_again_fails_nobody(jobs, workers):
    runs = [jobs.submit(owner, RunConfig(epochs=160)) for owner in ("ann", "bob")]
    for attempt in (1, 2):
        until(lambda number=attempt: all(run.attempt >= number and run.status == "training" and len(
            run.history.steps) > 20 * number for run in runs if run.active))
        time.sleep(0.1)
        kill_workers(workers)
    until(lambda: all(ended(run) for run in runs))
    for run in runs:
        assert run.status == "finished" and ends(run.history) == end_curve(160, 0.01)
    assert max(run.attempt for run in runs) >= 3
