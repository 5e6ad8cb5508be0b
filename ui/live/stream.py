"""The stream: a websocket beside Streamlit's own that tells pages what changed and brings their commands.

Running the page's script for each update would cost the server and the browser several times as much as the
update itself. So a script says once what its page shows (`register`); from then on the server sends what
changed, each time the browser has drawn the last update, and carries out what the browser commands. Where the
browser cannot reach the stream, the script runs for each update and each press after all (`ui.live.panel`).
"""

import asyncio
import json
import logging
import time
from collections.abc import Hashable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

import streamlit as st
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState
from streamlit import net_util
from streamlit.web.server.server_util import is_url_from_allowed_origins
from streamlit.web.server.starlette.starlette_websocket import is_host_allowed

from core.views.patches import diff
from ui.live.open_pages import Page, PageView, by_key

log = logging.getLogger(__name__)

PATH = "live/stream"
# A browser sends the word `drawn`, or a command as JSON. Close codes: RFC 6455, 7.4.1.
DRAWN, LONGEST_FRAME, TOO_LONG = "drawn", 16 * 1024, 1009
# Commands of a page: so many a second, and so many at once; more are dropped.
COMMANDS_A_SECOND, MOST_COMMANDS = 20.0, 20
# A command that comes while the session's script runs waits for its end, for at most so many seconds.
HELD_SECONDS, HELD_LOOK_SECONDS = 2.0, 0.005
# Websockets per page: a browser may reconnect before the server has noticed that it was gone.
SOCKETS = 2
# Least seconds between two looks that find nothing.
QUIET_SECONDS = 0.02
# Seconds between two looks at a page that does not draw.
HIDDEN_SECONDS = 20.0
# Seconds after which a page that is still out of date is told so again.
AGAIN_SECONDS = 1.0
_LOST = "_stream_lost"


# A single thread, so that thirty pages together never delay clicks.
_pool = ThreadPoolExecutor(1, "stream")
# Commands have threads of their own: one that reads a dataset keeps no other page waiting.
_obeying = ThreadPoolExecutor(4, "commands")
# Origins for which Streamlit must ask the network, one at a time too.
_origins = ThreadPoolExecutor(1, "origins")
_served = False


def routes(base: str) -> Sequence[WebSocketRoute]:
    """The routes that the server serves besides Streamlit's. base: the path that the app is served under."""
    global _served
    _served = True
    # Without an answer, Streamlit would ask the network again for every unknown origin.
    net_util.get_external_ip = lru_cache(maxsize=1)(net_util.get_external_ip)
    return [WebSocketRoute("/".join(["", *filter(None, base.split("/")), PATH]), _stream)]


def available() -> bool:
    """Whether this server has a stream and, as far as is known, this session's browser can reach it."""
    return _served and not st.session_state.get(_LOST, False)


def report_unreachable() -> None:
    """This session's browser cannot reach the stream."""
    st.session_state[_LOST] = True


async def _allowed(socket: WebSocket) -> bool:
    """Whether a page from that origin may connect: the same rule as Streamlit's `_is_origin_allowed`."""
    origin, host = socket.headers.get("Origin"), socket.headers.get("Host")
    try:
        if not is_host_allowed(host):
            return False
        if origin is None or urlsplit(origin).netloc == host:
            return True
        # For an origin that it does not know, Streamlit asks the network for this machine's address.
        return await asyncio.get_running_loop().run_in_executor(_origins, is_url_from_allowed_origins, origin)
    except ValueError:  # an origin that is no address
        return False


async def _stream(socket: WebSocket) -> None:
    """Send one browser what changes on its page, for as long as it is connected."""
    page = by_key.get(socket.query_params.get("key", ""))
    if page is None or not await _allowed(socket):
        await socket.close()  # before it is accepted: the answer is 403
        return
    await socket.accept()
    drawn, commands = asyncio.Event(), asyncio.Queue[tuple[Any, Any]](MOST_COMMANDS)
    telling, listening, obeying = (asyncio.create_task(work) for work in (
        _tell(socket, page, drawn), _listen(socket, drawn, commands), _obey(page, commands)))
    page.sockets.append(telling)
    for oldest in page.sockets[:-SOCKETS]:
        oldest.cancel()
    if page.left:  # meanwhile
        telling.cancel()
    try:
        await asyncio.wait((telling, listening), return_when=asyncio.FIRST_COMPLETED)
    finally:
        page.sockets.remove(telling)
        for task in (telling, listening, obeying):
            task.cancel()
        for found in await asyncio.gather(telling, listening, obeying, return_exceptions=True):
            if isinstance(found, Exception):
                log.error("The stream of a page broke off", exc_info=found)
        if socket.client_state is WebSocketState.CONNECTED:
            with suppress(RuntimeError):
                await socket.close()


async def _listen(socket: WebSocket, drawn: asyncio.Event, commands: asyncio.Queue[tuple[Any, Any]]) -> None:
    """Hear what the browser says, until the tab is closed or it sends too much."""
    left, since = float(MOST_COMMANDS), time.monotonic()
    while (heard := await socket.receive())["type"] != "websocket.disconnect":
        text = heard.get("text") or ""
        if len(text.encode() or heard.get("bytes") or b"") > LONGEST_FRAME:
            await socket.close(TOO_LONG)
            return
        if text == DRAWN:
            drawn.set()
            continue
        now = time.monotonic()
        left, since = min(MOST_COMMANDS, left + (now - since) * COMMANDS_A_SECOND), now
        if left < 1 or commands.full():
            continue
        left -= 1
        command = _command(text)
        if command is not None:
            commands.put_nowait(command)


def _command(text: str) -> tuple[Any, Any] | None:
    """The name and value of a command; None for what is none."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return (found.get("command"), found.get("value")) if isinstance(found, dict) else None


async def _obey(page: Page, commands: asyncio.Queue[tuple[Any, Any]]) -> None:
    """Carry out commands one after the other, none while the session's script runs: it may bring a choice."""
    loop = asyncio.get_running_loop()
    while True:
        command = await commands.get()
        deadline = loop.time() + HELD_SECONDS
        while page.view and page.view.held() and loop.time() < deadline:
            await asyncio.sleep(HELD_LOOK_SECONDS)
        if page.view is None:
            continue
        try:
            await loop.run_in_executor(_obeying, page.view.obey, *command)
        except Exception:  # the next command may be fine, and the learner still watches
            log.exception("A command failed")
        page.wake()


async def _tell(socket: WebSocket, page: Page, drawn: asyncio.Event) -> None:
    """Send changes at the rate there is time for, each once the browser has drawn the last."""
    loop, woken, look = asyncio.get_running_loop(), asyncio.Event(), PageDiffer(page)

    def wake() -> None:
        loop.call_soon_threadsafe(woken.set)

    page.woken.add(wake)
    try:
        while True:
            began = time.monotonic()
            woken.clear()
            text, seconds = await loop.run_in_executor(_pool, look)
            if text:
                drawn.clear()
                await socket.send_text(text)
                await _drawn(page, drawn)
            # A look that finds nothing costs little.
            due = began + (seconds if text else max(QUIET_SECONDS, seconds / 4))
            with suppress(TimeoutError):
                async with asyncio.timeout(max(0.0, due - time.monotonic())):
                    await woken.wait()
    except WebSocketDisconnect:
        pass  # the tab was closed meanwhile
    finally:
        page.woken.discard(wake)


async def _drawn(page: Page, drawn: asyncio.Event) -> None:
    """Wait until the browser has drawn. A hidden tab draws nothing for hours, and is open all the same."""
    while not drawn.is_set():
        with suppress(TimeoutError):
            async with asyncio.timeout(HIDDEN_SECONDS):
                await drawn.wait()
        if page.view:
            page.view.on_cost(0.0)


class PageDiffer:
    """Looks at a page and finds what one connection has not been sent yet."""

    def __init__(self, page: Page):
        self._page = page
        self._sent: dict[str, str] = {}
        self._announced: tuple[Hashable, float] = (None, 0.0)

    def __call__(self) -> tuple[str, float]:
        """A message, empty if nothing changed, and the seconds until the next look."""
        view, began = self._page.view, time.thread_time()
        if view is None:
            return "", AGAIN_SECONDS
        told, self._sent = diff(view.render(), self._sent)
        news: dict[str, Any] = {}
        parts = {name: part for name, part in told.items() if "content" in part}
        if parts:
            news["parts"] = parts
        if self._outdated(view):
            news["changed"] = time.time()
        text = json.dumps(news) if news else ""
        view.on_cost(time.thread_time() - began if parts else 0.0)
        return text, view.seconds()

    def _outdated(self, view: PageView) -> bool:
        """Whether the page's script should run again, and was not told so just now."""
        state, now = view.state(), time.monotonic()
        announced, when = self._announced
        if state == view.page_state or (announced == state and now - when < AGAIN_SECONDS):
            return False
        self._announced = state, now
        return True
