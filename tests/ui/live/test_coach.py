"""The coach's buttons: which choices in the sidebar they change, and which they leave alone."""

from types import SimpleNamespace

import pytest

from core.parameters import FieldError
from core.runs.config import RunConfig
from core.runs.controls import Controls
from core.runs.events import Compiled, EpochEnd, Finished, Progress
from core.runs.history import History
from core.runs.run import Run
from ui.live import coach

SHORT = RunConfig(epochs=2)


class Sidebar:
    """What the choices say. loaded: what was put there."""

    def __init__(self, chosen: RunConfig, locked: tuple[str, ...] = ()):
        self.chosen: RunConfig | None = chosen
        self.loaded: list[RunConfig] = []
        self._locked = frozenset(locked)

    def config(self) -> RunConfig:
        if self.chosen is None:
            raise FieldError("epochs", "no")
        return self.chosen

    def load(self, config: RunConfig) -> None:
        self.loaded.append(config)

    def locked(self) -> frozenset[str]:
        return self._locked

    def hidden(self) -> frozenset[str]:
        return frozenset()


@pytest.fixture
def press(monkeypatch):
    """Presses the button of an advice: gives what was loaded, and what was refused."""
    history = History()
    for event in (Compiled(0.1, 100, 3), Progress(3, 1.0, 1.0, 0.5, 0.1, 96),
                  EpochEnd(1, 3, 1.1, 0.5, 1.1, 0.5), Progress(6, 2.0, 0.9, 0.5, 0.1, 192),
                  EpochEnd(2, 6, 0.9, 0.5, 0.9, 0.5), Finished(6, "finished")):
        history.append(event)
    run = Run("short", "me", SHORT, 0, Controls(), status="finished", history=history)

    def press(name: str, sidebar: Sidebar, shown: Run | None = run) -> tuple[list[RunConfig], list[str]]:
        refused: list[str] = []
        monkeypatch.setattr(coach, "form_state", sidebar)
        monkeypatch.setattr(coach, "runs", SimpleNamespace(refuse=refused.append))
        coach.take(name, shown)
        return sidebar.loaded, refused

    return press


def test_the_change_is_made_to_the_choices_of_now(press):
    assert press("too_few_epochs", Sidebar(SHORT)) == ([SHORT.replaced(epochs=100)], [])
    other = SHORT.replaced(learning_rate=0.02)
    assert press("too_few_epochs", Sidebar(other)) == ([other.replaced(epochs=100)], [])


def test_where_they_are_of_something_else_it_is_made_to_the_run(press):
    for chosen in (RunConfig(dataset="wine"), RunConfig(architecture="softmax")):
        assert press("too_few_epochs", Sidebar(chosen)) == ([SHORT.replaced(epochs=100)], [])
    refused = Sidebar(SHORT)
    refused.chosen = None
    assert press("too_few_epochs", refused) == ([SHORT.replaced(epochs=100)], [])


def test_what_a_link_locks_stays_and_the_page_says_so(press):
    loaded, refused = press("too_few_epochs", Sidebar(SHORT, locked=("epochs",)))
    assert loaded == [] and "epochs" in refused[0]


def test_an_advice_that_was_not_given_does_nothing(press):
    assert press("diverging", Sidebar(SHORT)) == ([], [])
    assert press("too_few_epochs", Sidebar(SHORT), None) == ([], [])
