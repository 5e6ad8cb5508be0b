"""The stream: a socket beside Streamlit's own, by which open pages hear of their runs.

A run of the page's script for each update costs the server and the browser several times as much as the
update itself. So a script says once what its page shows (`watch`), and from then on the server tells the
browser what changed, each time that it has drawn the last. Where the browser cannot reach the stream, the
script runs for each update after all (`ui.live`).
"""

import asyncio
import json
import logging
import secrets
import time
from collections.abc import Callable, Hashable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import streamlit as st
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from core.parts import Parts, message

log = logging.getLogger(__name__)

PATH = "live/stream"
UNKNOWN = 4404  # a close code of our own: nobody watches by this key
# Between two looks that find nothing, at least.
QUIET_SECONDS = 0.02
# A page that is out of date is told so again after so long.
AGAIN_SECONDS = 1.0
_LOST = "_stream_lost"


@dataclass(frozen=True)
class View:
    """What a page shows, as its script said last. Its functions are called from another thread.

    parts: what it draws live, as of now. state: what the page itself draws of its runs, as of now; the page
    is out of date where that is not `drawn`. seconds: between two updates; a look that finds nothing is
    followed by the next after a quarter of it. looked: is told how many seconds of the processor a look took
    that brought news, 0 for one that did not.
    """

    parts: Callable[[], Parts]
    state: Callable[[], Hashable]
    drawn: Hashable
    seconds: Callable[[], float]
    looked: Callable[[float], None]


@dataclass
class Page:
    """An open page. woken: called, one for each socket that follows it, when its view is another one."""

    key: str = field(default_factory=lambda: secrets.token_hex(16))
    view: View | None = None
    woken: set[Callable[[], object]] = field(default_factory=set)


# One look after another, so that thirty pages never hold up clicks together.
_pool = ThreadPoolExecutor(1, "stream")
_pages: dict[str, Page] = {}
_served = False


def routes(base: str) -> Sequence[WebSocketRoute]:
    """What the server answers besides Streamlit's own. base: the path that the app is served under."""
    global _served
    _served = True
    return [WebSocketRoute("/".join(["", *filter(None, base.split("/")), PATH]), _stream)]


def available() -> bool:
    """Whether this server has a stream, and the browser of this session reaches it, as far as is known."""
    return _served and not st.session_state.get(_LOST, False)


def lost() -> None:
    """The browser of this session does not reach the stream."""
    st.session_state[_LOST] = True


def watch(view: View, place: str = "panel") -> str:
    """Say what this session's page shows from now on; the key by which its browser may ask for it.

    place: tells what is shown side by side apart.
    """
    page = _page(place)
    page.view = view
    for wake in tuple(page.woken):
        wake()
    return page.key


def pages() -> int:
    """How many pages are open and listen."""
    return sum(bool(page.woken) for page in list(_pages.values()))


def _left(page: Page) -> None:
    _pages.pop(page.key, None)


@st.cache_resource(show_spinner=False, scope="session", on_release=_left)
def _page(place: str) -> Page:
    page = Page()
    _pages[page.key] = page
    return page


async def _stream(socket: WebSocket) -> None:
    """Tell one browser what changes on its page, for as long as it listens."""
    await socket.accept()
    page = _pages.get(socket.query_params.get("key", ""))
    if page is None:
        await socket.close(UNKNOWN)
        return
    drawn = asyncio.Event()
    both = [asyncio.create_task(one) for one in (_tell(socket, page, drawn), _listen(socket, drawn))]
    try:
        await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in both:
            task.cancel()
        for found in await asyncio.gather(*both, return_exceptions=True):
            if isinstance(found, Exception):
                log.error("The stream of a page broke off", exc_info=found)
        if socket.client_state is WebSocketState.CONNECTED:
            with suppress(RuntimeError):
                await socket.close()


async def _listen(socket: WebSocket, drawn: asyncio.Event) -> None:
    """Hear when the browser has drawn what it was told, until the tab is closed."""
    while (await socket.receive())["type"] != "websocket.disconnect":
        drawn.set()


async def _tell(socket: WebSocket, page: Page, drawn: asyncio.Event) -> None:
    """Look for news at the rate that there is time for, but not before the browser has drawn the last."""
    loop, woken, look = asyncio.get_running_loop(), asyncio.Event(), Look(page)

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
                await drawn.wait()
            # A look that finds nothing costs little.
            due = began + (seconds if text else max(QUIET_SECONDS, seconds / 4))
            with suppress(TimeoutError):
                async with asyncio.timeout(max(0.0, due - time.monotonic())):
                    await woken.wait()
    except WebSocketDisconnect:
        pass  # the tab was closed meanwhile
    finally:
        page.woken.discard(wake)


class Look:
    """The next look at a page: finds what one connection was not told yet."""

    def __init__(self, page: Page):
        self._page = page
        self._sent: dict[str, str] = {}
        self._told: tuple[Hashable, float] = (None, 0.0)

    def __call__(self) -> tuple[str, float]:
        """A message, empty without news, and the seconds until the next look."""
        view, began = self._page.view, time.thread_time()
        if view is None:
            return "", AGAIN_SECONDS
        told, self._sent = message(view.parts(), self._sent)
        news: dict[str, Any] = {}
        parts = {name: part for name, part in told.items() if "content" in part}
        if parts:
            news["parts"] = parts
        if self._outdated(view):
            news["changed"] = time.time()
        text = json.dumps(news) if news else ""
        view.looked(time.thread_time() - began if parts else 0.0)
        return text, view.seconds()

    def _outdated(self, view: View) -> bool:
        """Whether the page should be drawn anew, and was not told so just now."""
        state, now = view.state(), time.monotonic()
        if state == view.drawn or (self._told[0] == state and now - self._told[1] < AGAIN_SECONDS):
            return False
        self._told = state, now
        return True
