"""Networks compiled ahead: what a learner chose last, after a rest, one at a time, where nobody trains."""

from types import SimpleNamespace

import pytest

from core.agents.config import AgentConfig
from core.cluster import agent_service, compile_ahead, run_service
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

    def want(self, owner, config):
        kind = agent_service if isinstance(config, AgentConfig) else run_service
        self.ahead.want(owner, config, kind.ERRAND)

    def after(self, seconds):
        self.now += seconds
        self.ahead.begin()
        return self.asked


@pytest.fixture
def server(monkeypatch):
    return Server(monkeypatch)


def test_a_choice_is_compiled_once_it_rests(server):
    server.want("me", IRIS)
    server.now += REST_SECONDS / 2
    server.want("me", WIDE)  # changed again: the rest begins anew, and IRIS is not compiled at all
    assert server.after(REST_SECONDS * 0.6) == []
    server.want("me", WIDE.replaced(learning_rate=0.5))  # the same program
    assert server.after(REST_SECONDS * 0.6) == [WIDE.replaced(learning_rate=0.5)]
    server.futures[0].status = "finished"
    server.want("you", WIDE)
    assert len(server.after(REST_SECONDS)) == 1  # it is there already


def test_one_at_a_time_and_only_where_nobody_trains(server):
    server.want("me", IRIS)
    server.want("you", WINE)
    server.free = None
    assert server.after(REST_SECONDS) == []
    server.free = "tcp://a"
    assert server.after(1) == [IRIS]
    assert server.after(1) == [IRIS]  # the first is still compiling
    server.futures[0].status = "finished"
    assert server.after(1) == [IRIS, WINE]


def test_agents_are_compiled_ahead_once_for_all_boards_of_a_size(server):
    small, other = (AgentConfig(environment_parameters={"board": board}) for board in (
        ("S.", ".G"), ("SP", ".G")))
    for config in (small, other, other.replaced(agents=3)):
        server.want("me", config)
        server.after(REST_SECONDS)
        server.futures[-1].status = "finished"
    assert server.asked == [small, other.replaced(agents=3)]


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
