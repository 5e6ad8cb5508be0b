"""Runs go on from their checkpoints: real training on a real cluster, its worker killed in the middle."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from core.agents.config import AgentConfig
from core.agents.controls import AgentControls
from core.agents.run import AgentRun
from core.agents.size import parameters
from core.cluster.agent_service import AgentService
from core.cluster.run_service import RunService
from core.cluster.workers import Workers
from core.runs.checkpoints import FOLDER
from core.runs.config import RunConfig
from core.runs.controls import Controls
from core.runs.events import Resumed
from core.runs.history import History
from core.settings import Settings
from tests.core.conftest import ended, kill_workers, until

# Slow enough for somebody to kill the worker in the middle.
PACED = Controls(pace=5.0)
AGENTS = AgentConfig(method="dqn", steps=2000, agents=2)
CONFIG = RunConfig(epochs=80, dropout_rate=0.3)
STEPS = 240


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return Settings(workers=1, threads=8, warm_up=False, cache=tmp_path_factory.mktemp("cache"),
                    checkpoint_seconds=0.5)


@pytest.fixture(scope="module")
def workers(settings: Settings) -> Iterator[Workers]:
    one = Workers(settings)
    until(lambda: one.ready)
    yield one
    one.close()


@pytest.fixture
def jobs(workers: Workers, settings: Settings) -> Iterator[RunService]:
    one = RunService(workers, settings)
    yield one
    one.close()


def files(folder: Path) -> list[str]:
    return sorted(path.name for path in (folder / FOLDER).iterdir())


def same(one: History, other: History) -> None:
    """All but times and where points lie must be what it is in a run that nobody disturbs."""
    np.testing.assert_array_equal(one.table("epochs"), other.table("epochs"))
    assert len(one.epochs) == CONFIG.epochs and one.progress.step == STEPS
    assert one.learning_rates == other.learning_rates
    np.testing.assert_array_equal(one.evaluation.matrix, other.evaluation.matrix)
    assert one.evaluation.loss == other.evaluation.loss
    assert one.progress.examples == other.progress.examples
    assert one.finished.weights
    for first, second in zip(one.finished.weights, other.finished.weights or (), strict=True):
        np.testing.assert_array_equal(first, second)


def same_agents(one: AgentRun, other: AgentRun) -> None:
    np.testing.assert_array_equal(one.history.episodes, other.history.episodes)
    assert one.history.progress.step == AGENTS.steps and len(other.history.episodes) > 20
    np.testing.assert_array_equal(one.history.snapshot.scores, other.history.snapshot.scores)


def test_runs_go_on_from_where_they_were(jobs, workers, settings, cuts):
    agents = AgentService(jobs.shared, settings)
    learner = agents.submit("cid", AGENTS, begins_paused=True, controls=AgentControls(pace=20.0))
    agents.control("cid", learner.id, paused=False, numbers={"epsilon": 0.3})
    until(lambda: learner.history.checkpoint)
    run, paused = (jobs.submit(owner, CONFIG, controls=PACED) for owner in ("ann", "bob"))
    until(lambda: run.history.progress)
    jobs.control("ann", run.id, learning_rate=0.003)
    until(lambda: run.history.learning_rates)
    until(lambda: paused.history.checkpoint)
    jobs.control("bob", paused.id, paused=True)
    until(lambda: paused.status == "paused")
    held = paused.history.progress.step
    until(lambda: paused.history.checkpoint.step == held)
    changed, _ = run.history.learning_rates[0]
    until(lambda: run.history.checkpoint and run.history.checkpoint.step > changed)
    kept, seen = run.history.checkpoint, run.history
    rows = [row for row in seen.steps if row[0] <= kept.step]
    kill_workers(workers)
    until(lambda: run.attempt == 2)
    assert run.history is seen, "the curve stays in sight"
    until(lambda: run.status == "training" and "attempt 2" in run.message)
    assert run.history.steps[:len(rows)] == rows
    assert [cut.step for cut in cuts] == [run.history.steps[len(rows) - 1][0]]
    assert (paused.status, paused.attempt, paused.history.progress.step) == ("paused", 2, held)
    jobs.control("ann", run.id, pace=None)
    jobs.control("bob", paused.id, paused=False, pace=None)
    agents.control("cid", learner.id, pace=None)
    until(lambda: ended(run) and ended(paused) and ended(learner))
    assert [cut.step for cut in cuts[1:]] == [held]
    assert (run.status, run.attempt, paused.status) == ("finished", 2, "finished")
    whole = jobs.submit("ann", CONFIG, replay=run.history.learning_rates), jobs.submit("bob", CONFIG)
    alone = agents.submit("cid", AGENTS.replaced(epsilon=0.3))
    until(lambda: all(ended(one) for one in (*whole, alone)))
    for one, other in zip((run, paused), whole, strict=True):
        same(one.history, other.history)
    assert learner.attempt > 1 and learner.history.changes[0][0] == 0
    same_agents(learner, alone)
    assert parameters(AGENTS) == alone.history.compiled.parameters * AGENTS.agents, "what the queue counted"
    until(lambda: files(settings.cache) == [])


def test_parked_runs_go_on_from_where_they_were(workers, settings, cuts):
    # One of these networks has 403 parameters: there is room for one.
    jobs = RunService(workers, replace(settings, max_parameters_running=600, paused_seconds=0.2))
    first = jobs.submit("ann", CONFIG, begins_paused=True)
    until(lambda: first.status == "paused")
    jobs.control("ann", first.id, epochs=1)
    until(lambda: first.history.progress and first.history.progress.step == 3)
    jobs.control("ann", first.id, steps=1)
    until(lambda: first.status == "paused" and first.history.progress.step == 4)
    second = jobs.submit("bob", CONFIG, controls=PACED)
    until(lambda: second.history.progress)
    assert first.status == "paused" and first.history.evaluation.step == 4
    job = jobs._queue.get(second.id)
    assert job and job.parameters == second.history.compiled.parameters, "what the queue counted ahead"
    # It waits for a place until the other pauses, and takes one epoch then, to the end of the second.
    jobs.control("ann", first.id, epochs=1)
    until(lambda: first.status == "waiting" and first.message.endswith("Number 1 in the queue."))
    jobs.control("bob", second.id, paused=True)
    until(lambda: first.status == "paused" and first.history.progress.step == 6)
    assert second.status == "paused" and [cut.step for cut in cuts] == [4]
    jobs.control("ann", first.id, paused=False)
    until(lambda: ended(first))
    jobs.control("bob", second.id, paused=False, pace=None)
    until(lambda: ended(second))
    assert (first.status, second.status) == ("finished", "finished")
    whole = jobs.submit("ann", CONFIG)
    until(lambda: ended(whole))
    for run in (first, second):
        same(run.history, whole.history)
    stopped = jobs.submit("ann", CONFIG, controls=PACED)
    until(lambda: stopped.history.progress)
    jobs.control("ann", stopped.id, paused=True)
    other = jobs.submit("bob", CONFIG)
    until(lambda: ended(other))
    assert stopped.status == "paused" and files(settings.cache)
    jobs.stop("ann", stopped.id)
    finished = stopped.history.finished
    assert (finished.status, finished.step) == ("stopped", stopped.history.progress.step) and finished.weights
    until(lambda: files(settings.cache) == [])
    jobs.close()


def test_a_run_whose_files_are_gone_begins_from_the_start(jobs, workers, settings, cuts):
    run = jobs.submit("ann", CONFIG, controls=PACED)
    until(lambda: run.history.checkpoint)
    kill_workers(workers)
    for path in (settings.cache / FOLDER).iterdir():
        path.unlink()
    jobs.control("ann", run.id, pace=None)
    until(lambda: ended(run))
    assert (run.status, run.attempt) == ("finished", 2) and cuts == [Resumed()]
    whole = jobs.submit("ann", CONFIG)
    until(lambda: ended(whole))
    same(run.history, whole.history)
