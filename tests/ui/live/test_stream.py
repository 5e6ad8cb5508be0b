"""The stream: what it sends to an open page and when, and what happens if either side disappears."""

import asyncio
import json
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from starlette.websockets import WebSocketDisconnect, WebSocketState

from core.runs.config import RunConfig
from core.runs.controls import Controls
from core.runs.events import Compiled, Progress
from core.runs.run import Run
from core.views.patches import Patch
from core.views.run_panel import RunPanel, parts
from ui.live import open_pages, stream


@dataclass
class Shown:
    """A page that shows one run. now: the state of its runs. costs: what its looks are said to have cost."""

    run: Run = field(default_factory=lambda: Run("1", "me", RunConfig(), 0, Controls(), status="training"))
    now: str = "as drawn"
    costs: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page = open_pages.Page()
        self.page.view = open_pages.PageView(
            lambda: parts(self.panel()), lambda: self.now, "as drawn", lambda: 0.01, self.costs.append)

    def panel(self) -> RunPanel:
        return RunPanel(self.run.config.data, self.run, runs=(self.run,))

    def learn(self, step: int) -> None:
        if step == 1:
            self.run.history.append(Compiled(0.1, 100, 4))
        self.run.history.append(Progress(step, step / 4, 1 / step, 0.5, 0.1, 32 * step))


class Socket:
    """A browser's end, as far as the stream sees it. said: what it was told, decoded."""

    def __init__(self, key: str):
        self.query_params, self.headers = {"key": key}, {"Host": "localhost"}
        self.said: list[dict[str, Any]] = []
        self.closed: int | None = None
        self.client_state = WebSocketState.CONNECTING
        self._heard: asyncio.Queue[dict[str, str]] = asyncio.Queue()

    async def accept(self) -> None:
        self.client_state = WebSocketState.CONNECTED

    async def send_text(self, text: str) -> None:
        if self.client_state is not WebSocketState.CONNECTED:
            raise WebSocketDisconnect
        self.said.append(json.loads(text))

    async def receive(self) -> dict[str, str]:
        return await self._heard.get()

    async def close(self, code: int = 1000) -> None:
        self.closed, self.client_state = code, WebSocketState.DISCONNECTED

    def say(self, text: str) -> None:
        self._heard.put_nowait({"type": "websocket.receive", "text": text})

    def leave(self) -> None:
        self.client_state = WebSocketState.DISCONNECTED
        self._heard.put_nowait({"type": "websocket.disconnect"})

    async def until(self, happened: Callable[[], object]) -> None:
        async with asyncio.timeout(30):
            while not happened():
                await asyncio.sleep(0.005)


def follow(shown: Shown, lesson: Callable[[Socket], Coroutine[Any, Any, None]]) -> Socket:
    """Run `lesson` with a socket that follows the page."""
    open_pages.by_key[shown.page.key] = shown.page

    async def both() -> Socket:
        socket = Socket(shown.page.key)
        task = asyncio.create_task(stream._stream(socket))  # type: ignore[arg-type]
        await lesson(socket)
        async with asyncio.timeout(30):
            await task
        return socket

    try:
        return asyncio.run(both())
    finally:
        open_pages.by_key.pop(shown.page.key, None)


def test_the_first_message_tells_everything_and_the_next_what_changed():
    shown = Shown()
    look = stream.PageDiffer(shown.page)
    first = json.loads(look()[0])["parts"]
    assert first.keys() == parts(shown.panel()).keys()
    assert look() == ("", 0.01)
    shown.learn(1)
    changed = json.loads(look()[0])["parts"]
    assert {"status", "loss_curve", "accuracy_curve"} <= changed.keys()
    assert not {"confusion_matrix", "predictions", "report"} & changed.keys()
    assert shown.costs[1] == 0 and min(shown.costs[0], shown.costs[2]) > 0


def test_a_page_that_is_out_of_date_is_told_so_and_not_at_every_look(monkeypatch):
    shown = Shown()
    look = stream.PageDiffer(shown.page)
    assert "changed" not in json.loads(look()[0])
    shown.now = "stopped"
    assert "changed" in json.loads(look()[0])
    assert look()[0] == ""
    monkeypatch.setattr(stream, "AGAIN_SECONDS", 0.0)
    assert "changed" in json.loads(look()[0])
    assert shown.page.view is not None
    shown.page.view = replace(shown.page.view, page_state="stopped")
    assert look()[0] == ""


def test_nothing_is_told_before_the_last_was_drawn():
    shown = Shown()

    async def lesson(socket: Socket) -> None:
        await socket.until(lambda: len(socket.said) == 1)
        shown.learn(1)
        shown.learn(2)
        await asyncio.sleep(0.2)
        assert len(socket.said) == 1
        socket.say("drawn")
        await socket.until(lambda: len(socket.said) == 2)
        socket.leave()

    told = follow(shown, lesson).said[1]["parts"]["status"]["content"]
    assert {"name": "Step", "value": "2"} in [{key: number[key] for key in ("name", "value")}
                                              for number in told["numbers"]]


def test_another_view_is_looked_at_at_once():
    shown = Shown()
    assert shown.page.view is not None
    shown.page.view = replace(shown.page.view, seconds=lambda: 1000.0)

    async def lesson(socket: Socket) -> None:
        await socket.until(lambda: len(socket.said) == 1)
        socket.say("drawn")
        await asyncio.sleep(0.1)
        shown.learn(1)
        for wake in shown.page.woken:
            wake()
        await socket.until(lambda: len(socket.said) == 2)
        socket.leave()

    follow(shown, lesson)
    assert not shown.page.woken


def test_what_a_learner_waits_for_is_looked_at_at_once():
    shown = Shown()
    assert shown.page.view is not None
    shown.page.view = replace(shown.page.view, seconds=lambda: 1000.0, owner="me")

    async def lesson(socket: Socket) -> None:
        await socket.until(lambda: len(socket.said) == 1)
        socket.say("drawn")
        shown.learn(1)
        open_pages.wake("somebody else")
        await asyncio.sleep(0.05)
        assert len(socket.said) == 1
        open_pages.wake("me")
        await socket.until(lambda: len(socket.said) == 2)
        socket.leave()

    follow(shown, lesson)


def test_commands_are_carried_out_in_order_and_none_while_the_script_runs():
    shown, told, running = Shown(), list[tuple[Any, Any]](), True

    def obey(name: Any, value: Any) -> None:
        told.append((name, value))
        if name == "fails":
            raise ValueError("no such run")

    assert shown.page.view is not None
    shown.page.view = replace(shown.page.view, obey=obey, held=lambda: running)

    async def lesson(socket: Socket) -> None:
        nonlocal running
        for text in ("{", "[1]", "3", '{"command": "fails"}', '{"command": "pace", "value": [2]}',
                     "[" * 9000):
            socket.say(text)
        await asyncio.sleep(0.1)
        assert told == [], "the script may bring a choice that they are about"
        running = False
        await socket.until(lambda: len(told) == 2)
        socket.leave()

    follow(shown, lesson)
    assert told == [("fails", None), ("pace", [2])], "one that fails does not stop the next"


def test_a_flood_of_commands_is_dropped():
    shown, told = Shown(), list[Any]()
    assert shown.page.view is not None
    shown.page.view = replace(shown.page.view, obey=lambda name, value: told.append(value))

    async def lesson(socket: Socket) -> None:
        for number in range(500):
            socket.say(json.dumps({"command": "step", "value": number}))
        await asyncio.sleep(0.3)
        socket.leave()

    follow(shown, lesson)
    assert told[:stream.MOST_COMMANDS] == list(range(stream.MOST_COMMANDS)) and len(told) < 100


def test_a_look_that_fails_closes_the_socket_and_is_logged(caplog):
    shown = Shown()

    def broken() -> dict[str, Patch]:
        raise ValueError("no such chart")

    assert shown.page.view is not None
    shown.page.view = replace(shown.page.view, render=broken)

    async def lesson(socket: Socket) -> None:
        await socket.until(lambda: socket.closed)

    follow(shown, lesson)
    assert "no such chart" in caplog.text


def test_a_key_is_forgotten_with_its_session_and_its_socket_closed():
    shown = Shown()
    session = open_pages.SessionPages()
    page = session["panel"]
    page.view, shown.page = shown.page.view, page
    assert (session["panel"], session["board"] is page) == (page, False)

    async def lesson(socket: Socket) -> None:
        nonlocal session
        await socket.until(lambda: len(socket.said) == 1)
        socket.say("drawn")
        del session
        await socket.until(lambda: socket.closed)
        assert page.key not in open_pages.by_key

    follow(shown, lesson)


def test_a_page_that_is_left_is_told_no_more_though_its_browser_never_drew():
    shown = Shown()
    session = open_pages.SessionPages()
    page = session["panel"]
    page.view, shown.page = shown.page.view, page

    async def lesson(socket: Socket) -> None:
        nonlocal session
        await socket.until(lambda: len(socket.said) == 1)
        del session
        await socket.until(lambda: socket.closed)

    follow(shown, lesson)
    assert not page.woken and not page.sockets


@pytest.mark.parametrize("base, path", [("", "/live/stream"), ("class", "/class/live/stream"),
                                        ("/a/b/", "/a/b/live/stream")])
def test_the_stream_is_served_below_the_apps_own_path(base, path, monkeypatch):
    monkeypatch.setattr(stream, "_served", False)
    assert [route.path for route in stream.routes(base)] == [path]
