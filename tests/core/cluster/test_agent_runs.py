"""Runs of agents on a real cluster, with an engine whose every step is known."""

import itertools
import sys
from collections.abc import Callable
from typing import Any

import cloudpickle
import numpy as np
import pytest

from core.agents.config import AgentConfig
from core.agents.controls import AgentControls
from core.agents.run import AgentRun
from core.cluster.agent_service import AgentService
from core.cluster.job import HOST, OWN, Job
from core.cluster.placement import Placement
from core.cluster.queue import Queue
from core.cluster.run_service import Refused, RunService
from core.parameters import FieldError
from core.runs.config import RunConfig
from core.runs.controls import Controls
from core.runs.run import Run
from core.settings import Settings
from tests.core.conftest import ended, kill_workers, until

cloudpickle.register_pickle_by_value(sys.modules[__name__])
NUMBERS = itertools.count(1)
LONG = AgentConfig(steps=100_000)
PACED = AgentControls(pace=200.0)


def known_agents(config: AgentConfig, mailbox: Any, replay: Any) -> Any:
    """Stands in for learning: an episode ends every five steps and returns the sum of epsilon over them."""
    from core.agents.events import AgentProgress, NumbersChanged
    from core.runs.events import Compiled, Finished, Parked, Paused
    changes, numbers, paused, total = dict(replay), {}, False, 0.0
    yield Compiled(0.0, 100, 1)
    for step in range(config.steps):
        while (controls := mailbox.controls).paused and not controls.stopped \
                and step >= controls.reached + controls.steps + 5 * controls.episodes:
            if not paused:
                paused = True
                yield Paused(step, True)
            if controls.parked:
                yield Parked(step, controls.steps, controls.episodes, Finished(step, "stopped"))
                return
            mailbox.wait(controls.version, 1.0)
        if paused and not controls.paused:
            paused = False
            yield Paused(step, False)
        if controls.stopped:
            yield Finished(step, "stopped")
            return
        wanted = changes.pop(step, None) or (numbers if changes else controls.numbers)
        if wanted != numbers:
            numbers = wanted
            yield NumbersChanged(step, numbers)
        mailbox.wait(controls.version, 1 / controls.pace if controls.pace else 0.001)
        total += numbers.get("epsilon", config.epsilon)
        over = (step + 1) % 5 == 0
        rows = np.array([[0, step + 1, total, 5]] if over else [], np.float32).reshape(-1, 4)
        total = 0.0 if over else total
        yield AgentProgress(step + 1, 0.0, rows, 0.0, numbers.get("epsilon", config.epsilon))
    yield Finished(config.steps, "finished")


def train(run_id: str, attempt: int, parcel: Any, controls: Any, replay: Any,
          settings: Any, resume: Any = None) -> None:
    """`core.cluster.agent_tasks.train_agents` with the engine above."""
    from core.cluster.run_tasks import perform
    checked = parcel.decode()
    perform(run_id, attempt, controls, lambda mailbox: known_agents(checked, mailbox, replay))


def beside(jobs: RunService) -> AgentService:
    return AgentService(jobs.shared, jobs._settings, train)


def returns(steps: int, changes: dict[int, float]) -> np.ndarray:
    """Steps and returns of the known engine's episodes, computed once more. changes: of epsilon."""
    starts = np.array([0, *changes])
    epsilons = np.array([0.1, *changes.values()])[np.searchsorted(starts, np.arange(steps), "right") - 1]
    sums = epsilons[:steps // 5 * 5].reshape(-1, 5).sum(1)
    return np.stack([np.arange(5, steps + 1, 5), sums], 1)


def same(run: AgentRun, changes: dict[int, float]) -> None:
    assert (run.status, run.history.progress.step) == ("finished", run.config.steps), run.message
    assert [(step, numbers["epsilon"]) for step, numbers in run.history.changes] == list(changes.items())
    np.testing.assert_allclose(run.history.episodes[:, 1:3], returns(run.config.steps, changes), rtol=1e-5)


def add(to: Queue, owner: str, kind: type) -> Job:
    number = next(NUMBERS)
    own: tuple[Any, Any] = (RunConfig(), Controls()) if kind is Run else (AgentConfig(), AgentControls())
    job = Job(kind(f"{owner}-{number}", owner, own[0], 0, own[1], created=number), host="h")
    to.add(job)
    return job


def end(to: Queue, job: Job) -> None:
    job.run.status = "finished"
    to.free(job)


def test_runs_of_agents_take_the_same_places_and_are_counted_and_coloured_apart():
    placement = Placement()
    placement.look({"a": 10})
    limits = Settings(1, 10, kept_runs=2, max_running_per_learner=2, max_places_per_address=3)
    all_runs = Queue(limits, placement)
    kinds = (Run, AgentRun)
    mine = [add(all_runs, "ann", kind) for kind in (*kinds, *kinds)]
    assert [job.run.slot for job in mine] == [0, 0, 1, 1]
    others = [add(all_runs, "bob", kind) for kind in kinds]
    all_runs.give_places()
    assert [job.admitted for job in (*mine, *others)] == [True, True, False, False, True, False]
    assert [job.hindrance for job in (*mine, *others) if not job.admitted] == [OWN, OWN, HOST]
    for job in (*mine, *others):
        end(all_runs, job)
    add(all_runs, "ann", AgentRun)
    assert [len(all_runs.of("ann", kind)) for kind in kinds] == [2, 2]
    assert all_runs.get(mine[1].run.id) is None and all_runs.get(mine[0].run.id) is mine[0]
    for kind in kinds:
        end(all_runs, add(all_runs, "tab", kind))
    all_runs.adopt("tab", "ann")
    for kind in kinds:
        kept = all_runs.of("ann", kind)
        assert len(kept) == 2 and kept[0].run.slot != kept[1].run.slot


def test_agents_run_beside_networks_and_are_steered(jobs):
    agents, told = beside(jobs), []
    jobs.on_awaited(told.append)
    network = jobs.submit("ann", RunConfig(epochs=1000))
    run = agents.submit("ann", AgentConfig(steps=800), begins_paused=True)
    assert (run.slot, network.slot) == (0, 0)
    until(lambda: run.status == "paused")
    agents.control("ann", run.id, steps=3)
    agents.control("ann", run.id, episodes=1)
    until(lambda: run.history.progress and run.history.progress.step == 8)
    assert told.count("ann") >= 2
    for changes, field in (({"numbers": {"epsilon": 2.0}}, "epsilon"), ({"pace": 0}, "pace"),
                           ({"numbers": {"slip": 0.1}}, "slip"), ({"epochs": 1}, "epochs")):
        with pytest.raises(FieldError) as refused:
            agents.control("ann", run.id, **changes)
        assert refused.value.field == field
    assert run.controls.numbers == {} and agents.going() == 1
    agents.control("ann", run.id, numbers={"epsilon": 0.5}, paused=False)
    (step, numbers), = until(lambda: run.history.changes)
    assert (step, numbers) == (8, {"epsilon": 0.5})
    until(lambda: ended(run))
    same(run, {8: 0.5})
    assert jobs.runs("ann") == [network] and agents.runs("ann") == [run]


def test_neither_another_learner_nor_the_other_service_sees_or_steers_a_run(jobs):
    agents = beside(jobs)
    run, network = agents.submit("ann", LONG, controls=PACED), jobs.submit("ann", RunConfig(epochs=1000))
    services: list[tuple[Any, str, str]] = [(agents, "eve", run.id), (jobs, "ann", run.id),
                                            (agents, "ann", network.id)]
    for service, owner, run_id in services:
        assert service.run(owner, run_id) is None
        acts: list[Callable[..., Any]] = [service.stop, service.remove, service.control]
        for act in acts:
            with pytest.raises(Refused, match="no longer exists"):
                act(owner, run_id)
    assert run.active and network.active and run.controls == AgentControls(pace=200.0)


def test_agents_of_a_lost_worker_go_on_with_the_same_returns(jobs, workers):
    agents = beside(jobs)
    run = agents.submit("ann", AgentConfig(steps=1500), controls=PACED)
    until(lambda: run.history.progress)
    agents.control("ann", run.id, numbers={"epsilon": 0.7})
    (step, _), = until(lambda: run.history.changes)
    until(lambda: run.history.progress.step > step + 20)
    kill_workers(workers)
    until(lambda: run.attempt == 2)
    agents.control("ann", run.id, pace=None)
    until(lambda: ended(run))
    same(run, {step: 0.7})


def test_parked_agents_make_room_and_go_on_with_what_they_were_told(jobs_with):
    jobs = jobs_with(paused_seconds=0.1, max_running_per_learner=1)
    agents = beside(jobs)
    run = agents.submit("ann", AgentConfig(steps=1000), begins_paused=True)
    until(lambda: run.status == "paused")
    agents.control("ann", run.id, steps=7)
    until(lambda: run.history.progress and run.history.progress.step == 7)
    # The learner's own next run is of a network: one place for both.
    other = jobs.submit("ann", RunConfig(epochs=2))
    until(lambda: ended(other))
    assert other.status == "finished" and run.status == "paused" and "needed this place" in run.message
    agents.control("ann", run.id, numbers={"epsilon": 0.3})
    assert run.status == "paused"
    agents.control("ann", run.id, paused=False)
    until(lambda: ended(run))
    same(run, {7: 0.3})
