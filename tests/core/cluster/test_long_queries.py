"""Long questions take turns, share a worker's progress, and end when nobody waits any longer."""

import sys
import threading
from types import SimpleNamespace

import cloudpickle
import pytest

import core.cluster.question_tasks as tasks
from core.cluster.long_queries import AT_ONCE, LOOKED_SECONDS, LongQueries
from core.cluster.run_service import RunService
from core.runs.answers import FinderProgress
from core.runs.config import RunConfig
from tests.core.conftest import until

# Workers cannot import this file: its functions travel by value.
cloudpickle.register_pickle_by_value(sys.modules[__name__])


def unused() -> None:
    """Stands for a task: the desk only looks at what it is about."""


class Desk:
    """Long answers whose worker is this test. given: what it was given, by name; ended: what it may drop."""

    def __init__(self) -> None:
        self.given: dict[str, SimpleNamespace] = {}
        self.ended: list[str] = []
        self._names = iter(range(10**6))
        self.answers = LongQueries(self._ask, lambda request_id, future: self.ended.append(future.name),
                                   lambda: f"q{next(self._names)}", threading.RLock())

    def _ask(self, task, request_id: str, name: str) -> SimpleNamespace:
        assert name not in self.given, "asked twice"
        self.given[name] = SimpleNamespace(status="pending", request_id=request_id, name=name)
        return self.given[name]

    def look(self, *wanted: str) -> list[str]:
        """Each learner looks once. wanted: `LEARNER.QUESTION`. Returns what the worker was given so far."""
        for name in wanted:
            self.answers.get(name.partition(".")[0], name.partition(".")[2], unused, name.partition(".")[2])
        return list(self.given)

    def done(self, name: str) -> None:
        self.given[name].status = "finished"
        assert self.answers.take(self.given[name].request_id, name.upper())


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_learners_take_turns_and_nobody_has_two_at_once(desk):
    everybody = ("ann.1", "ann.2", "bob.3", "cem.4", "dee.5")
    assert desk.look(*everybody) == ["1", "3"] and AT_ONCE == 2
    assert [desk.answers.place(key) for key in "12345"] == [0, 1, 0, 1, 2], "ann has one already"
    # Who looks first does not matter, but who came first.
    assert desk.look("dee.5", "cem.4", "ann.2") == ["1", "3"]
    desk.done("3")
    assert desk.look("dee.5", "ann.2", "cem.4") == ["1", "3", "4"]
    desk.done("1")
    assert desk.look("dee.5", "ann.2") == ["1", "3", "4", "2"], "ann came before dee, and her first is done"
    assert desk.answers.get("ann", "1", unused, "1") == "1", "and it is still known"


def test_who_does_not_look_gives_up_the_place_in_the_queue(desk, monkeypatch):
    now = [100.0]
    monkeypatch.setattr("core.cluster.long_queries.time", SimpleNamespace(monotonic=lambda: now[0]))
    desk.look("ann.1", "bob.2", "cem.3", "dee.4")
    now[0] += LOOKED_SECONDS + 1
    desk.done("1")
    assert desk.look("dee.4") == ["1", "2", "4"]
    assert desk.look("cem.3") == ["1", "2", "4"] and desk.answers.place("3") == 1


def test_a_question_ends_when_the_last_who_asked_it_cancels(desk):
    desk.look("ann.1", "bob.1", "cem.2")
    assert desk.answers.cancel("ann", "1") and not desk.answers.cancel("ann", "1")
    assert not desk.ended, "bob still waits"
    assert desk.answers.cancel("bob", "1") and desk.ended == ["1"]
    assert not desk.answers.take(desk.given["1"].request_id, "late"), "what comes too late is nobody's"
    del desk.given["1"]
    assert desk.look("dee.3", "ann.1") == ["2", "3"], "its place was free"


def patient(request_id: str, payload: object, settings: object) -> None:
    """A search that tells the same until nobody waits any longer."""
    import time

    from core.cluster.question_tasks import _telling
    from core.runs.answers import FinderProgress
    with _telling(request_id) as tell:
        while True:
            tell(FinderProgress(3, 29, 0.1, 0.5))
            time.sleep(0.01)


def busy() -> int:
    """How many questions and runs are under way in this worker."""
    from core.cluster.run_tasks import RUNNING
    return len(RUNNING.mailboxes())


def test_cancel_frees_the_worker(jobs: RunService, monkeypatch):
    """Without being told it would be busy for ever, and the test fail."""
    monkeypatch.setattr(tasks, "find_rate", patient)
    config, client = RunConfig(), jobs._dispatcher._connection.client or jobs._dispatcher._workers.client

    def told() -> bool:
        assert jobs.questions.found_rates("me", config) is None
        return isinstance(jobs.questions.rates_progress(config), FinderProgress)

    until(told)
    assert jobs.questions.rates_progress(config) == FinderProgress(3, 29, 0.1, 0.5)
    assert list(client.run(busy).values()) == [1]
    assert jobs.questions.cancel_rates("me", config)
    until(lambda: list(client.run(busy).values()) == [0])
    until(lambda: not any(client.processing().values()))
