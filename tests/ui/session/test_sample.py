"""The sample: started once, shown when it is finished, tried again if it is not, and stored for nobody."""

from typing import Any

from core.cluster.run_service import Refused
from core.runs.config import RunConfig
from core.runs.run import Run
from ui.session import runs, sample


class Runs:
    """Keeps what was started. full: refuses everything."""

    def __init__(self) -> None:
        self.made: list[Run] = []
        self.full = True

    def touch(self, owner: str) -> None:
        pass

    def submit(self, owner: str, config: RunConfig, **given: Any) -> Run:
        if self.full:
            raise Refused("There is no room.")
        self.made.append(Run(str(len(self.made)), owner, config, 0, given["controls"]))
        return self.made[-1]


def test_it_is_started_once_and_again_only_if_it_did_not_finish(monkeypatch):
    service, now = Runs(), 100.0
    monkeypatch.setattr(sample.time, "monotonic", lambda: now)
    shown = sample.SampleRun(service)  # type: ignore[arg-type]
    assert shown.run() is None and not service.made, "refused: learners come first"
    service.full, now = False, now + sample.AGAIN_SECONDS
    assert shown.run() is None and shown.run() is None and len(service.made) == 1
    service.made[0].status = "failed"
    assert shown.run() is None and len(service.made) == 1, "not at once"
    now += sample.AGAIN_SECONDS
    assert shown.run() is None and len(service.made) == 2
    service.made[1].status = "finished"
    assert shown.run() is service.made[1] and service.made[1].config == RunConfig()


def test_it_is_not_stored():
    stored: list[Run] = []

    class Writer:
        def enqueue(self, run: Run) -> None:
            stored.append(run)

    store, service = runs._store(Writer()), Runs()  # type: ignore[arg-type]
    service.full = False
    for owner in (sample.OWNER, "a" * 32):
        store(service.submit(owner, RunConfig(), controls=None))
    assert [run.owner for run in stored] == ["a" * 32]
