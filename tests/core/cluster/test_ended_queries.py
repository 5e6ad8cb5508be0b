"""Questions about an ended run: one of each kind at a time, and the newest counts."""

import threading
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from core.cluster.ended_queries import EndedRunQueries
from core.cluster.job import Job
from core.cluster.messages import Answer
from core.cluster.run_service import RunService
from core.runs.config import RunConfig
from core.runs.controls import Controls
from core.runs.evaluations import Evaluation, ExampleMaps, Regions
from core.runs.events import Finished
from core.runs.run import Run

WINE = RunConfig(dataset="wine", architecture_parameters={"hidden_units": (64, 64)})


def regions(pair: tuple[int, int]) -> Regions:
    return Regions(pair, (0.0, 0.0), (1.0, 1.0), np.zeros((2, 2), np.uint8), np.zeros((2, 2), np.uint8))


def maps(example: int) -> ExampleMaps:
    return ExampleMaps(example, np.zeros(3), (), None, True)


@pytest.fixture
def service() -> Any:
    """A service with one ended run, whose tasks are only noted: (kind, what is wanted)."""
    run = Run("1", "me", WINE, 0, Controls(), status="finished")
    run.history.append(Evaluation(3, np.zeros((3, 3), int), 30, 0.1, 0.9, True, regions=regions((0, 1)),
                                  maps=maps(0)))
    run.history.append(Finished(3, "finished", weights=(np.zeros(2),)))
    made: Any = object.__new__(RunService)
    job, made.tasks = Job(run), []

    class Jobs(list):
        def of(self, owner: str, kind: type) -> list[Job]:
            return self

    def ask(task: Any, request_id: str, *values: Any) -> Any:
        made.tasks.append((request_id, values[-1], SimpleNamespace(status="pending")))
        return made.tasks[-1][-1]

    numbers = iter(range(1000))
    made.run, made._queue, made._lock, made._kind = run, Jobs([job]), threading.RLock(), Run
    made._name = lambda: str(next(numbers))
    made._ended = EndedRunQueries(ask, made._name)
    made.questions = SimpleNamespace(take=lambda answer: False)
    made._dispatcher = SimpleNamespace(tell=lambda owner: None)
    return made


def wanted(service: Any) -> list[Any]:
    return [task[1] for task in service.tasks]


def test_questions_of_two_kinds_do_not_push_each_other_out(service):
    service.regions("me", "1", (2, 3))
    service.maps("me", "1", 7)
    for value in (maps(7), regions((2, 3))):
        service._answered(Answer(service.tasks[0 if isinstance(value, Regions) else 1][0], value))
    found = service.run.history.evaluation
    assert (found.regions.features, found.maps.example) == ((2, 3), 7)


def test_a_flood_of_questions_is_one_and_then_the_newest(service):
    for example in (0, 5, 5, 6, 7, 8):
        service.maps("me", "1", example)
    assert wanted(service) == [5] and service.run.controls.example == 8
    service._answered(Answer(service.tasks[0][0], maps(5)))
    assert wanted(service) == [5, 8] and service.run.history.evaluation.maps.example == 5
    service._answered(Answer(service.tasks[1][0], maps(8)))
    assert wanted(service) == [5, 8] and service.run.history.evaluation.maps.example == 8


def test_no_answer_takes_no_picture_away(service):
    service.maps("me", "1", 10**6)  # beyond the test set: the last example answers
    service._answered(Answer(service.tasks[0][0], None))
    assert service.run.history.evaluation.maps.example == 0 and wanted(service) == [10**6]
