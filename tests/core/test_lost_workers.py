"""Runs whose worker is lost: the curve stays the same, and only who is to blame is failed."""

import time
from dataclasses import replace
from typing import Any

import psutil
import pytest

import core.workers
from core.config import RunConfig

from .conftest import curve, ended, kill_usual, losses, pids, until

LONG = RunConfig(epochs=1000)
# The known engine ends its own process at its sixteenth step.
KILLER = RunConfig(epochs=100, seed=999)
INNOCENT = RunConfig(epochs=80)
STEPS = 800


def test_a_lost_worker_is_replaced_and_the_curve_is_the_same(jobs, workers):
    run, paused = jobs.submit("ann", RunConfig(epochs=40)), jobs.submit("bob", LONG)
    until(lambda: run.history.progress and paused.history.progress)
    jobs.control("bob", paused.id, paused=True)
    until(lambda: paused.status == "paused")
    held = paused.history.progress.step
    jobs.control("ann", run.id, learning_rate=0.2)
    (step, _), = until(lambda: run.history.learning_rates)
    jobs.control("ann", run.id, paused=True)
    kill_usual(workers)
    until(lambda: run.attempt == 2 and "attempt 2" in run.message)
    jobs.control("ann", run.id, paused=False)
    until(lambda: ended(run))
    assert (run.status, run.attempt) == ("finished", 2)
    assert run.history.learning_rates == [(step, 0.2)]
    assert losses(run.history) == pytest.approx(curve(400, 0.01, {step: 0.2}))
    until(lambda: paused.history.progress and paused.history.progress.step == held)
    until(lambda: paused.status == "paused")
    assert paused.attempt == 2 and paused.history.progress.step == held


def test_a_run_alone_that_ends_its_worker_is_given_up_with_advice(jobs, workers):
    run = jobs.submit("ann", KILLER)
    until(lambda: run.attempt == 2)
    until(lambda: "a worker of its own" in run.message)
    until(lambda: ended(run))
    # The first time it might have been somebody else.
    assert (run.status, run.attempt) == ("failed", 3) and "Lower the batch size" in run.message
    until(lambda: workers.ready)
    usual = {pids(workers)[address] for address in workers.places.usual}
    again = jobs.submit("ann", replace(KILLER, learning_rate=0.1))
    until(lambda: ended(again))
    assert (again.status, again.attempt) == ("failed", 2)
    assert {pids(workers)[address] for address in workers.places.usual} == usual, "it began apart"
    after = jobs.submit("bob", RunConfig(epochs=1))
    until(lambda: ended(after))
    assert (after.status, after.attempt) == ("finished", 1)


def test_a_run_that_ends_its_workers_harms_no_other_for_long(jobs):
    innocents: list[Any] = [jobs.submit("ann", INNOCENT)]
    killer = jobs.submit("eve", KILLER)
    innocents.append(jobs.submit("bob", INNOCENT))
    until(lambda: killer.attempt == 3, 120)
    newcomer = jobs.submit("cid", INNOCENT)
    until(lambda: all(ended(run) for run in (killer, newcomer, *innocents)), 120)
    assert killer.status == "failed" and "Lower the batch size" in killer.message
    assert (newcomer.status, newcomer.attempt) == ("finished", 1)
    for run in innocents:
        assert run.status == "finished" and run.attempt <= 3
    # Who came before the run that is to blame need not train apart any more.
    assert not jobs._queue.get(innocents[0].id).suspect and jobs._queue.get(innocents[1].id).suspect
    for run in (newcomer, *innocents):
        assert losses(run.history) == pytest.approx(curve(STEPS, 0.01))


def test_a_worker_that_is_killed_again_and_again_fails_nobody(jobs, workers):
    runs = [jobs.submit(owner, INNOCENT) for owner in ("ann", "bob")]
    for attempt in (1, 2, 3):
        until(lambda number=attempt: all(ended(run) or run.attempt == number for run in runs))
        until(lambda: any(run.history.progress for run in runs))
        if attempt == 3:
            # Whoever is first in a worker of its own loses that one too.
            psutil.Process(pids(workers)[workers.places.apart]).kill()
        else:
            until(lambda: all(run.history.progress for run in runs))
            kill_usual(workers)
    until(lambda: all(ended(run) for run in runs), 120)
    for run in runs:
        assert run.status == "finished" and losses(run.history) == pytest.approx(curve(STEPS, 0.01))
    assert max(run.attempt for run in runs) == 4


def test_the_worker_for_suspects_is_ended_when_nobody_needs_it(jobs, workers, monkeypatch):
    monkeypatch.setattr(core.workers, "APART_SECONDS", 3.0)
    until(lambda: workers.places.apart is None)
    run = jobs.submit("ann", INNOCENT)
    until(lambda: run.history.progress)
    kill_usual(workers)
    apart = until(lambda: workers.places and workers.places.apart)
    until(lambda: ended(run))
    assert run.status == "finished"
    until(lambda: workers.places.apart is None)
    time.sleep(0.1)
    assert apart not in pids(workers)
