"""The open pages: what each shows, and the secret key by which its browser asks for it."""

import asyncio
import secrets
import weakref
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Any

import streamlit as st

from core.views.patches import Parts

_SESSION = "_stream_pages"


@dataclass(frozen=True)
class PageView:
    """What a page shows, as its script said last. Its functions are called from another thread.

    Attributes:
        render: returns what is drawn live, as of now.
        state: returns what the page itself draws of its runs, as of now; if that differs from `page_state`,
            the page is out of date.
        page_state: the state when the script last ran.
        seconds: returns the seconds between two updates; after a look that finds nothing, a quarter of that.
        on_cost: receives the processor seconds of a look that found something, or 0.
        obey: carries out a command, given its name and value as the browser sent them; it trusts neither.
        held: returns whether commands have to wait, because the session's script is running.
        owner: the key of the browser whose runs it shows; empty if it shows none.
    """

    render: Callable[[], Parts]
    state: Callable[[], Hashable]
    page_state: Hashable
    seconds: Callable[[], float]
    on_cost: Callable[[float], None]
    obey: Callable[[Any, Any], None] = lambda name, value: None
    held: Callable[[], bool] = lambda: False
    owner: str = ""


@dataclass
class Page:
    """An open page.

    Attributes:
        key: the secret by which its browser asks for it.
        view: what it shows; None before its script has said so.
        woken: functions to call when the view changes, one per websocket.
        sockets: the tasks that send to its websockets, oldest first.
        left: whether its session has ended.
    """

    key: str = field(default_factory=lambda: secrets.token_hex(16))
    view: PageView | None = None
    woken: set[Callable[[], object]] = field(default_factory=set)
    sockets: list[asyncio.Task[None]] = field(default_factory=list)
    left: bool = False

    def wake(self) -> None:
        """Make every websocket look at once."""
        for wake in tuple(self.woken):
            wake()


class SessionPages:
    """The pages of one session, by their places.

    Their keys are valid for as long as the session state holds this object. Not in a cache of Streamlit's:
    any visitor's browser can clear those.
    """

    def __init__(self) -> None:
        self._pages: dict[str, Page] = {}
        weakref.finalize(self, _leave, self._pages).atexit = False

    def __getitem__(self, place: str) -> Page:
        if place not in self._pages:
            page = self._pages[place] = Page()
            by_key[page.key] = page
        return self._pages[place]


# Every open page of this server.
by_key: dict[str, Page] = {}


def register(view: PageView, place: str = "panel") -> str:
    """Say what this session's page shows from now on. Returns the key with which its browser asks for it.

    place: distinguishes several views on the same page.
    """
    if _SESSION not in st.session_state:
        st.session_state[_SESSION] = SessionPages()
    page: Page = st.session_state[_SESSION][place]
    page.view = view
    page.wake()
    return page.key


def wake(owner: str) -> None:
    """Make the pages that show runs of this browser look at once, instead of when they next would."""
    for page in list(by_key.values()):
        if page.view is not None and page.view.owner == owner:
            page.wake()


def pages() -> int:
    """How many pages are open and connected."""
    return sum(bool(page.woken) for page in list(by_key.values()))


def _leave(pages: dict[str, Page]) -> None:
    """Forget the pages of a session that has ended, and close their websockets."""
    for page in pages.values():
        by_key.pop(page.key, None)
        page.left = True
        # Cancelled whatever they wait for: a browser may never report that it has drawn, or accept no bytes.
        for telling in tuple(page.sockets):
            telling.get_loop().call_soon_threadsafe(telling.cancel)
