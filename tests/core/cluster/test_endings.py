"""Who is told of what: the store of the end of each run, exactly once; pages of what a learner waits for."""

import pytest

from core.cluster.run_service import RunService
from core.runs.config import RunConfig
from core.runs.run import Run
from tests.core.conftest import train, until

LONG = RunConfig(epochs=1000)


@pytest.fixture
def told() -> list[Run]:
    return []


@pytest.fixture
def jobs(workers, settings, told):
    one = RunService(workers, settings, train=train, ended=told.append)
    yield one
    for run in [*one.runs("ann"), *one.runs("ben")]:
        one.stop(run.owner, run.id)
    one.close()


def test_each_end_is_told_once(jobs, told):
    finished = jobs.submit("ann", RunConfig(epochs=2))
    stopped = jobs.submit("ben", LONG)
    failed = jobs.submit("ann", RunConfig(seed=666))
    until(lambda: stopped.history.progress)
    jobs.stop("ben", stopped.id)
    until(lambda: len(told) == 3)
    # Once more the thread looks at all runs.
    jobs.submit("ann", RunConfig(epochs=1))
    until(lambda: len(told) == 4)
    assert {run.id: run.status for run in told[:3]} == {
        finished.id: "finished", stopped.id: "stopped", failed.id: "failed"}
    assert len({run.id for run in told}) == 4


def test_a_run_that_was_removed_is_not_told_of(jobs, told):
    removed = jobs.submit("ann", LONG)
    until(lambda: removed.history.progress)
    jobs.remove("ann", removed.id)
    jobs.submit("ann", RunConfig(epochs=1))
    until(lambda: told)
    assert removed.id not in {run.id for run in told}


def test_what_ended_just_now_is_told_before_the_server_ends(jobs, told):
    run = jobs.submit("ann", LONG)
    until(lambda: run.history.progress)
    jobs.stop("ann", run.id)
    until(lambda: not run.active)
    jobs.close()
    assert [one.id for one in told] == [run.id]


def test_pages_are_told_of_a_first_point_a_pause_and_the_end_and_not_of_every_point(jobs):
    heard: list[str] = []
    jobs.on_awaited(heard.append)
    run = jobs.submit("ann", LONG)
    until(lambda: len(run.history.epochs) > 3)
    began = len(heard)
    until(lambda: len(run.history.epochs) > 9)
    assert began == len(heard) > 0
    jobs.control("ann", run.id, paused=True)
    until(lambda: run.status == "paused")
    until(lambda: len(heard) > began)
    paused = len(heard)
    jobs.stop("ann", run.id)
    until(lambda: len(heard) > paused)
    assert set(heard) == {"ann"}
