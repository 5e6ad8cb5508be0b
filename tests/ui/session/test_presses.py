"""Presses: the echo of a click is left out, a second click is not."""

from types import SimpleNamespace

import pytest

from ui.session import presses

PAGE, TICK, SIDEBAR = None, ["a fragment"], ["the sidebar"]


@pytest.fixture
def press(monkeypatch):
    """A press at a time, handled in a run of the page or of a fragment: tells how many counted so far."""
    state, counted = {}, []
    monkeypatch.setattr(presses, "st", SimpleNamespace(session_state=state))

    def at(seconds: float, fragments: list[str] | None, name: str = "step") -> int:
        monkeypatch.setattr(presses, "time", SimpleNamespace(monotonic=lambda: seconds))
        monkeypatch.setattr(presses, "get_script_run_ctx",
                            lambda: SimpleNamespace(fragment_ids_this_run=fragments))
        monkeypatch.setattr(presses, "ThreadState", SimpleNamespace(
            get=lambda: SimpleNamespace(fragment_id=SIDEBAR[0])))
        presses.ignore_echo(name, counted.append)(name)
        return len(counted)

    return at


def test_a_click_that_a_tick_brought_first_counts_once(press):
    assert [press(10.0, TICK), press(10.01, PAGE)] == [1, 1]
    assert press(10.2, PAGE) == 2, "the next click is one"


def test_clicks_that_the_page_brings_all_count(press):
    assert [press(10.0, PAGE), press(10.1, PAGE), press(10.2, PAGE)] == [1, 2, 3]


def test_quick_presses_of_a_button_in_a_fragment_all_count(press):
    assert [press(10.0, SIDEBAR), press(10.1, SIDEBAR), press(10.2, SIDEBAR)] == [1, 2, 3]


def test_an_echo_is_of_the_same_button_and_comes_soon(press):
    assert [press(10.0, TICK), press(10.1, PAGE, "stop")] == [1, 2]
    assert press(12.0, PAGE) == 3
