"""Pages without a browser: the whole app by AppTest, on a cluster of its own."""

import time
from collections.abc import Callable, Iterator
from typing import Any, Self

import psutil
import pytest

from core.cluster import worker_process
from core.runs.run import Run
from tests.pages.app import App
from ui.session import runs

# Groups of the sidebar by their first fields, with the choices that many tests make.
OPEN = ("about", "preset", "dropout_rate", "optimizer", "seed", "locked")


class Page(App):
    """The app, opened at an address, with the `OPEN` groups. parts: those of the live panel."""

    def __init__(self, script: str, **params: str | list[str]):
        super().__init__(script)
        for field in OPEN:
            self.at.session_state[f"group_{field}"] = True
        self.at.query_params.update(params)
        self.run()

    def open(self, *fields: str) -> Self:
        """Open the groups of the sidebar whose first fields are these: a closed one draws nothing."""
        for field in fields:
            self.at.session_state[f"group_{field}"] = True
        return self.run()

    def unfold(self) -> Self:
        """Open the tables of layers and data."""
        self.at.session_state["details"] = True
        return self.run()

    def until(self, condition: str | Callable[[], Any], seconds: float = 180.0) -> Self:
        """Look again until the condition holds, or the status is that one.

        Fails after `seconds`, which only a fault uses up.
        """
        deadline = time.monotonic() + seconds
        while True:
            if isinstance(condition, str):
                self._wait(condition)
            began = time.monotonic()
            self.run()
            if condition() if callable(condition) else self.status == condition:
                return self
            assert time.monotonic() < deadline, f"still {self.parts['status']}"
            # The workers are nicer than this process: one that always looks would leave them nothing.
            time.sleep(max(0.1, 3 * (time.monotonic() - began)))

    def _wait(self, status: str, seconds: float = 5.0) -> None:
        """Wait a while for the newest run to get there: asking it costs nothing, the page's script does."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline and (runs := self.runs) and runs[-1].active and (
                runs[-1].status != status):
            time.sleep(0.02)

    @property
    def status(self) -> str:
        return self.parts["status"]["status"]

    def number(self, name: str) -> str:
        """One of the status's numbers, as it is written."""
        return next(part["value"] for part in self.parts["status"]["numbers"] if part["name"] == name)

    def enabled(self) -> set[str]:
        """The buttons of a run that can be pressed now."""
        names = ("train", "pause", "resume", "step", "stop", "reset")
        return {name for name in names if not self.at.button(key=name).disabled}

    @property
    def runs(self) -> list[Run]:
        """This learner's runs, as the server knows them."""
        return runs.service().run_service.runs(self.at.session_state[runs.OWNER])

    def leave(self) -> None:
        """Stop what still runs, so that the next test finds room."""
        owner = self.at.session_state[runs.OWNER]
        for run in self.runs:
            runs.service().run_service.stop(owner, run.id)


@pytest.fixture(scope="package")
def service(no_keras_to_clear: None) -> Iterator[runs.Service]:
    """The workers and the runs of all pages, which the app makes for itself; nothing is left of them."""
    before = psutil.Process().children(recursive=True)
    with pytest.MonkeyPatch.context() as environment:
        # What a test chooses for a moment would be compiled beside what it waits for.
        environment.setenv("PLAYGROUND_WARM_UP", "0")
        # Workers let others go first: beside tests that compute, pages would wait long for them.
        environment.setattr(worker_process, "_be_nice", lambda pid: None)
        yield runs.service()
        runs.close()
    assert set(psutil.Process().children(recursive=True)) <= set(before)


@pytest.fixture
def open_page(service: runs.Service) -> Iterator[Callable[..., Page]]:
    """Opens the app at an address: `open_page(epochs="5")`. script: what Streamlit runs."""
    opened: list[Page] = []

    def make(script: str = "navigation.py", **params: str | list[str]) -> Page:
        opened.append(Page(script, **params))
        return opened[-1]

    yield make
    for page in opened:
        page.leave()
