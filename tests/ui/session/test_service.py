"""The service: one for all sessions, and a new one after its code was edited."""

import importlib.util
import sys
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from ui.session import runs

PARTS = ("Workers", "BackgroundWriter", "RunService", "StudyService")


class Part:
    """Stands for each part of the service. closed: all that were closed."""

    closed: list["Part"]

    def __init__(self, *_: Any, **__: Any):
        self.seen, self.placement, self.shared, self.enqueue = {}, None, None, None

    def close(self) -> None:
        self.closed.append(self)


def faked(module: ModuleType, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    for name in PARTS:
        monkeypatch.setattr(module, name, Part)
    monkeypatch.setattr(module, "AgentService", lambda *_: None)
    monkeypatch.setattr(module, "store_of", lambda settings: None)
    monkeypatch.setattr(module, "preload", SimpleNamespace(for_workers=lambda: None))
    return module


def loaded_again() -> ModuleType:
    """The module as Streamlit loads it once more after an edit."""
    spec = importlib.util.spec_from_file_location("edited_runs", runs.__file__)
    assert spec is not None and spec.loader is not None
    made = importlib.util.module_from_spec(spec)
    sys.modules["edited_runs"] = made
    spec.loader.exec_module(made)
    return made


@pytest.fixture(autouse=True)
def undone(monkeypatch: pytest.MonkeyPatch):
    """Without a service at first; what the tests change in the process is as before at the end."""
    interval = sys.getswitchinterval()
    monkeypatch.setattr(Part, "closed", [], raising=False)
    monkeypatch.delattr(sys, runs._RUNNING, raising=False)
    yield
    sys.setswitchinterval(interval)
    sys.modules.pop("edited_runs", None)


def test_there_is_one_until_it_is_closed(monkeypatch: pytest.MonkeyPatch):
    module = faked(runs, monkeypatch)
    first = module.service()
    assert module.service() is first
    module.close()
    assert len(Part.closed) == len(PARTS) and module.service() is not first
    module.close()


def test_an_edit_closes_the_old_one_and_starts_another(monkeypatch: pytest.MonkeyPatch):
    first = faked(runs, monkeypatch).service()
    edited = faked(loaded_again(), monkeypatch)
    second = edited.service()
    assert {first.workers, first.run_service, first.studies, first.writer} == set(Part.closed)
    assert edited.service() is second
    runs.close()  # the old module's, at exit
    assert len(Part.closed) == len(PARTS), "not the other module's service"
    edited.close()
    assert second.workers in Part.closed
