"""A learner's browser without a screen: speaks Streamlit's own protocol to one page of the app.

It opens the page, presses buttons by their keys, runs fragments when the page asked for it, and follows the
stream; `benchmarks.shown` keeps what it was told. Widgets' values are not sent along: the address says all.
"""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from benchmarks.shown import COMMAND, CURVES, Shown, Trips

# As `streamlit/components/v2/bidi_component/main.py` names what a component triggers.
TRIGGERED = "$$STREAMLIT_INTERNAL_KEY_{}__events"
MESSAGE_BYTES = 2**26


class Visitor:
    """One open page. bytes: received so far, before any compression.

    slowest: seconds between two updates at least: a browser that takes so long to draw one.
    gaps: seconds between two updates of the panel.
    """

    def __init__(self, connection: ClientConnection, address: str, query: str, slowest: float = 0.0,
                 page: str = ""):
        self.shown, self.trips, self.bytes = Shown(), Trips(), 0
        self.gaps: list[float] = []
        self._address, self._stream = address, asyncio.create_task(asyncio.sleep(0))
        self._followed, self._pressed = "", 0.0
        self._live: ClientConnection | None = None
        self._connection, self._query, self._slowest, self._page = connection, query, slowest, page
        self._clocks: dict[str, tuple[float, asyncio.Task]] = {}
        # A browser repeats the values of its widgets in each message: the server may skip the one before.
        self._chosen: dict[str, dict[str, Any]] = {}
        self._changed = asyncio.Event()
        self._reader = asyncio.create_task(self._read())

    async def close(self) -> None:
        """Leave, as a browser does whose tab is closed."""
        await self._connection.close()
        await asyncio.gather(self._reader, return_exceptions=True)
        self._stream.cancel()
        await asyncio.gather(self._stream, return_exceptions=True)
        for _, clock in self._clocks.values():
            clock.cancel()

    async def rerun(self, **state: Any) -> None:
        """Ask for a run of the page, or of one fragment. state: fields of `ClientState`."""
        message = BackMsg()
        asked = message.rerun_script
        asked.query_string, asked.page_script_hash = self._query, self.shown.page
        # Only the first message names the page; what answers it gives its hash.
        asked.page_name = "" if self.shown.page else self._page
        asked.fragment_id = state.get("fragment", "")
        asked.is_auto_rerun = state.get("tick", False)
        for name, values in (self._chosen | state.get("widgets", {})).items():
            widget = asked.widget_states.widgets.add(id=name)
            for kind, value in values.items():
                setattr(widget, kind, value)
        self.trips.asked(state.get("tick", False), time.monotonic())
        await self.send(message)

    async def send(self, message: BackMsg) -> None:
        """Send a message of Streamlit's protocol, whether a browser would or not."""
        await self._connection.send(message.SerializeToString())

    async def press(self, button: str) -> None:
        """Press a button by its key. Raises `RuntimeError` where it is not there, or disabled."""
        widget = self.shown.buttons.get(button)
        if not widget:
            raise RuntimeError(f"There is no button {button} to press; there is {self.shown.buttons}.")
        if widget == COMMAND and self._live is not None:
            self._pressed = time.monotonic()
            await self._live.send(json.dumps({"command": button}))
            return
        await self.rerun(widgets={widget: {"trigger_value": True}})

    async def choose(self, radio: str, option: int) -> None:
        """Choose an option of a radio by its key."""
        widget, options = self.shown.radios[radio]
        self._chosen[widget] = {"string_value": options[option]}
        await self.rerun()

    async def until(self, happened: Callable[[Shown], bool], seconds: float) -> None:
        """Wait until the page shows something.

        Raises `TimeoutError`, and `RuntimeError` where the page shows an exception.
        """
        async with asyncio.timeout(seconds):
            while not happened(self.shown):
                if self.shown.errors:
                    raise RuntimeError(f"The page failed. {self.shown.errors[0]}")
                self._changed.clear()
                await self._changed.wait()

    async def _read(self) -> None:
        async for data in self._connection:
            assert isinstance(data, bytes)
            self.bytes += len(data)
            message = ForwardMsg.FromString(data)
            self.shown.take(message)
            self.trips.take(message, time.monotonic())
            self._keep_time()
            if self.shown.stream != self._followed:
                self._stream.cancel()
                self._followed = self.shown.stream
                self._stream = asyncio.create_task(self._hear(self._followed))
            self._changed.set()

    async def _hear(self, name: str) -> None:
        """Follow the stream; where it breaks off, that is an error of the page."""
        try:
            await self._follow(name)
            self.shown.errors.append("The stream ended.")
        except ConnectionClosed as error:
            self.shown.errors.append(f"The stream broke off. {error}")
        self._changed.set()

    async def _follow(self, name: str) -> None:
        """Hear what the stream tells, and say when it is drawn, as static/live_stream.js does."""
        async with connect(f"{self._address}live/stream?key={name}", max_size=MESSAGE_BYTES) as stream:
            last, self._live = None, stream
            async for text in stream:
                self.bytes, now = self.bytes + len(text), time.monotonic()
                news = json.loads(text)
                if any(curve in news.get("parts", {}) for curve in CURVES):
                    self.gaps += [now - last] if last else []
                    last = now
                self.shown.told(news.get("parts", {}))
                if self._pressed and "bar" in news.get("parts", {}):
                    self.trips.pages.append((self._pressed, now - self._pressed))
                    self._pressed = 0.0
                self._changed.set()
                if "changed" in news:
                    await self._say("changed", news["changed"])
                if "parts" in news:
                    await asyncio.sleep(self._slowest)
                await stream.send("drawn")

    async def _say(self, name: str, value: Any) -> None:
        """Trigger something of the panel."""
        widget, fragment = self.shown.panel
        event = json.dumps([{"event": name, "value": value}])
        await self.rerun(fragment=fragment, widgets={TRIGGERED.format(widget): {"json_trigger_value": event}})

    def _keep_time(self) -> None:
        """A clock for each fragment that runs by itself, at the rate that the page asks for."""
        for fragment, (seconds, clock) in list(self._clocks.items()):
            if self.shown.timers.get(fragment) != seconds:
                clock.cancel()
                del self._clocks[fragment]
        for fragment, seconds in self.shown.timers.items():
            if fragment not in self._clocks:
                clock = asyncio.create_task(self._tick(fragment, seconds))
                self._clocks[fragment] = seconds, clock

    async def _tick(self, fragment: str, seconds: float) -> None:
        """Run a fragment every so often, whether the last run is over or not: so does the browser."""
        due = time.monotonic()
        with suppress(ConnectionClosed):  # the tab was closed
            while True:
                due = max(due + seconds, time.monotonic())
                await asyncio.sleep(due - time.monotonic())
                await self.rerun(fragment=fragment, tick=True)


@asynccontextmanager
async def visit(address: str, query: str, slowest: float = 0.0, page: str = "") -> AsyncIterator[Visitor]:
    """A page opened by a link. address: of the app. query: of the link, without its question mark.

    slowest: see `Visitor`. page: its name in the link; empty for the Playground.
    """
    sockets = "ws" + address.removeprefix("http")
    own: Any = ["streamlit"]
    async with connect(f"{sockets}_stcore/stream", max_size=MESSAGE_BYTES, subprotocols=own) as connection:
        visitor = Visitor(connection, sockets, query, slowest, page)
        try:
            await visitor.rerun()
            yield visitor
        finally:
            await visitor.close()
