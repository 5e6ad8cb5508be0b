"""Networks compiled ahead: what a learner chose last, after a rest, one at a time, where nobody trains."""

from types import SimpleNamespace

import pytest

from core.cluster import compile_ahead
from core.cluster.compile_ahead import REST_SECONDS, CompileAhead
from core.cluster.placement import Placement
from core.runs.config import RunConfig
from core.settings import Settings

IRIS, WINE = RunConfig(), RunConfig(dataset="wine")
WIDE = IRIS.replaced(architecture_parameters={"hidden_units": (32,)})


class Server:
    """A `CompileAhead` with a clock, tasks that are only noted, and one worker that may be busy."""

    def __init__(self, monkeypatch):
        self.now, self.free, self.asked, self.futures = 0.0, "tcp://a", [], []
        monkeypatch.setattr(compile_ahead.time, "monotonic", lambda: self.now)
        self.ahead = CompileAhead(self.ask, lambda: "1", lambda: self.free, Settings(workers=1, threads=1))

    def ask(self, task, request_id, payload, settings, worker):
        self.asked.append(payload.decode())
        self.futures.append(SimpleNamespace(status="pending"))
        return self.futures[-1]

    def after(self, seconds):
        self.now += seconds
        self.ahead.begin()
        return self.asked


@pytest.fixture
def server(monkeypatch):
    return Server(monkeypatch)


def test_a_choice_is_compiled_once_it_rests(server):
    server.ahead.want("me", IRIS)
    server.now += REST_SECONDS / 2
    server.ahead.want("me", WIDE)  # changed again: the rest begins anew, and IRIS is not compiled at all
    assert server.after(REST_SECONDS * 0.6) == []
    server.ahead.want("me", WIDE.replaced(learning_rate=0.5))  # the same program
    assert server.after(REST_SECONDS * 0.6) == [WIDE.replaced(learning_rate=0.5)]
    server.futures[0].status = "finished"
    server.ahead.want("you", WIDE)
    assert len(server.after(REST_SECONDS)) == 1  # it is there already


def test_one_at_a_time_and_only_where_nobody_trains(server):
    server.ahead.want("me", IRIS)
    server.ahead.want("you", WINE)
    server.free = None
    assert server.after(REST_SECONDS) == []
    server.free = "tcp://a"
    assert server.after(1) == [IRIS]
    assert server.after(1) == [IRIS]  # the first is still compiling
    server.futures[0].status = "finished"
    assert server.after(1) == [IRIS, WINE]


def test_a_worker_rests_where_only_paused_runs_have_places():
    placement = Placement()
    assert placement.resting([]) is None
    placement.look({"a": 4, "b": 4})
    placement.enter("1", "a")
    assert placement.resting([]) == "b"  # where the next run would go
    placement.enter("2", "b")
    placement.enter("3", "b")
    assert placement.resting(["2", "3"]) is None
    assert placement.resting(["1"]) == "a"
