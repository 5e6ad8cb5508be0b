"""A learner's browser without a screen: speaks Streamlit's own protocol to one page of the app.

It opens the page, presses buttons by their keys, runs fragments when the page asked for it, follows the
stream, and keeps what the live panel was told. Widgets' values are not sent along: the address says all.
"""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Delta_pb2 import Delta
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

# The panels of the Playground and of the Agents page, and the chart that tells how far a run is.
PANELS, CURVES = ("playground.live", "playground.agents"), ("loss_curve", "returns")
# As `streamlit/components/v2/bidi_component/main.py` names what a component triggers.
TRIGGERED = "$$STREAMLIT_INTERNAL_KEY_{}__events"
MESSAGE_BYTES = 2**26
# The buttons of the run bar send commands over the stream.
COMMAND, RUN_BAR = "command", ("train", "pause", "resume", "step", "stop", "reset")


class Shown:
    """What a browser holds of a page. Only `take` changes it.

    buttons: from a button's key to its widget's id, or to `COMMAND` where the run bar has it; "" for one that
    cannot be pressed. radios: from a radio's key to its widget's id and its options. timers: from a
    fragment to the seconds between two runs of it. parts: of the live panel, {part: {version, content}}, as
    static/live.js keeps them. panel: its widget's id and fragment. stream: the name by which it hears of its
    runs. errors: exceptions that the page drew, and scripts that could not be read.
    """

    def __init__(self) -> None:
        self.buttons: dict[str, str] = {}
        self.radios: dict[str, tuple[str, list[str]]] = {}
        self.timers: dict[str, float] = {}
        self.parts: dict[str, dict[str, Any]] = {}
        self.panel = ("", "")
        self.stream = ""
        self.errors: list[str] = []
        self.page = ""
        self.updates = 0

    def take(self, message: ForwardMsg) -> None:
        """One message of the server, as the browser understands it."""
        kind = message.WhichOneof("type")
        if kind == "new_session" and not message.metadata.run.fragment_ids:
            self.timers.clear()
        elif kind == "navigation":
            # Of the page itself; a new session has that of the script which lists the pages.
            self.page = message.navigation.page_script_hash
        elif kind == "auto_rerun":
            self.timers[message.auto_rerun.fragment_id] = message.auto_rerun.interval
        elif kind == "stop_auto_rerun":
            for fragment in message.stop_auto_rerun.fragment_ids:
                self.timers.pop(fragment, None)
        elif kind == "delta" and message.delta.WhichOneof("type") == "new_element":
            self._element(message.delta)
        elif kind == "script_finished" and \
                message.script_finished == ForwardMsg.FINISHED_WITH_COMPILE_ERROR:
            self.errors.append("The script could not be read.")

    def _element(self, delta: Delta) -> None:
        element = delta.new_element
        kind = element.WhichOneof("type")
        if kind == "button":
            self.buttons[element.button.id.rpartition("-")[2]] = "" if element.button.disabled \
                else element.button.id
        elif kind == "radio":
            own = element.radio
            self.radios[own.id.rpartition("-")[2]] = own.id, list(own.options)
        elif kind == "exception":
            self.errors.append(f"{element.exception.type}: {element.exception.message}")
        elif kind == "bidi_component" and element.bidi_component.component_name in PANELS:
            self.panel = (element.bidi_component.id, delta.fragment_id)
            data = json.loads(element.bidi_component.json)
            self.stream = data.get("stream", "")
            # Without a stream, each run of the panel's fragment sends what is new.
            self.told(data.get("parts", {}))

    def told(self, parts: dict[str, dict[str, Any]]) -> None:
        """What the stream, or the page itself, told of some parts of the panel."""
        bar = parts.get("bar", {}).get("content")
        if bar is not None:
            self.buttons |= {name: COMMAND if name in bar["enabled"] else "" for name in RUN_BAR}
        self.parts |= {name: part for name, part in parts.items() if "content" in part}
        self.updates += any(curve in parts for curve in CURVES)

    def content(self, part: str) -> dict[str, Any]:
        """The content of a part of the panel; empty before the first message."""
        return self.parts.get(part, {}).get("content", {})

    @property
    def status(self) -> str:
        """The status of the shown run, `ready` where there is none."""
        return self.content("status").get("status", "")

    @property
    def points(self) -> bool:
        """Whether the loss curve has a point, or an agent's episode has ended."""
        return any(trace["x"] for curve in CURVES for trace in self.content(curve).get("traces", []))


@dataclass
class Trips:
    """When the page was asked for something, and the seconds to the end of the script's run that answered.

    ticks: of fragments that run by themselves. pages: of all else. waiting: requests that no run
    has begun to answer, (is a tick, when); taken: those that the present one answers.
    """

    ticks: list[tuple[float, float]] = field(default_factory=list)
    pages: list[tuple[float, float]] = field(default_factory=list)
    waiting: list[tuple[bool, float]] = field(default_factory=list)
    taken: list[tuple[bool, float]] = field(default_factory=list)

    def asked(self, tick: bool, now: float) -> None:
        self.waiting.append((tick, now))

    def take(self, message: ForwardMsg, now: float) -> None:
        """A run that begins answers all that was asked before it; one cut short answers nothing."""
        kind = message.WhichOneof("type")
        if kind == "new_session":
            self.taken, self.waiting = self.taken + self.waiting, []
        elif kind == "script_finished" and message.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN:
            for tick, began in self.taken:
                (self.ticks if tick else self.pages).append((began, now - began))
            self.taken = []


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
