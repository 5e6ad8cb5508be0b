"""What a browser holds of a page, and when the page answered: made from the server's messages alone."""

import json
from dataclasses import dataclass, field
from typing import Any

from streamlit.proto.Delta_pb2 import Delta
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

# The panels of the Playground and of the Agents page, and the chart that tells how far a run is.
PANELS, CURVES = ("playground.live", "playground.agents"), ("loss_curve", "returns")
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
