"""Messages that any visitor can send over Streamlit's own socket."""

import asyncio
import re
from collections.abc import Callable, Coroutine, Iterator
from contextlib import suppress
from typing import Any, cast

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.Common_pb2 import FileURLsRequest
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from benchmarks.visitor import Visitor, visit
from tests.server import PATIENCE, Server

QUERY = "epochs=1000"


def step(visitor: Visitor) -> int:
    """The step that the page shows of its run."""
    numbers = {number["name"]: number["value"]
               for number in visitor.shown.content("status").get("numbers", [])}
    return int(re.sub(r"\D", "", numbers.get("Step", "").split("/")[0]) or 0)


async def train(visitor: Visitor) -> None:
    """Press Train, and wait until the page shows a few steps."""
    await visitor.until(lambda shown: bool(shown.buttons.get("train")), PATIENCE)
    await visitor.press("train")
    await visitor.until(lambda shown: shown.status == "training" and step(visitor) > 0, PATIENCE)


def with_run(server: Server, attack: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Attack while a learner's run trains: it goes on, in the worker where it was."""
    async def both() -> None:
        async with visit(f"{server.url}/", QUERY) as learner:
            await train(learner)
            processes = {process.pid for process in server.family()}
            await attack()
            before = step(learner)
            await learner.until(lambda shown: step(learner) > before + 50, PATIENCE)
            assert learner.shown.status == "training"
            assert {process.pid for process in server.family()} == processes
            await learner.press("stop")
            await learner.until(lambda shown: shown.status == "stopped", PATIENCE)

    asyncio.run(both())


def test_nobody_ends_the_runs_of_others(server: Server):
    async def attack() -> None:
        async with visit(f"{server.url}/", "") as attacker:
            await attacker.until(lambda shown: shown.status == "ready", PATIENCE)
            await attacker.send(BackMsg(clear_cache=True))
            # The attacker's own page has lost its memory, and begins again.
            await attacker.rerun()
            await attacker.until(lambda shown: shown.status == "ready", PATIENCE)

    with_run(server, attack)


def frames() -> Iterator[tuple[str | bytes, bool]]:
    """What no browser sends, and whether the socket stays open."""
    yield b"\xff" * 100, False
    yield "a text", False
    yield b"\0" * 2_000_000, False
    yield b"\0" * 20_000_000, False
    for name in ("debug_shutdown_runtime", "debug_disconnect_websocket", "stop_script", "app_heartbeat",
                 "set_run_on_save", "load_git_info"):
        message = BackMsg()
        setattr(message, name, True)
        yield message.SerializeToString(), True
    for state in (ClientState(fragment_id="none"), ClientState(page_script_hash="none", page_name="../app"),
                  ClientState(query_string="%00&" * 1000)):
        state.widget_states.widgets.add(id="$$ID-0-none", json_trigger_value="]")
        state.widget_states.widgets.add(id="train", trigger_value=True)
        yield BackMsg(rerun_script=state).SerializeToString(), True
    files = FileURLsRequest(request_id="x", file_names=["../../app.py"] * 10_000)
    yield BackMsg(file_urls_request=files).SerializeToString(), True


def test_a_message_that_no_browser_sends_harms_its_sender_alone(server: Server):
    address, own = server.url.replace("http", "ws", 1), cast(Any, ["streamlit"])

    async def attack() -> None:
        for frame, stays in frames():
            async with connect(f"{address}/_stcore/stream", subprotocols=own, max_size=2**26) as socket, \
                    asyncio.timeout(PATIENCE):
                with suppress(ConnectionClosed):
                    await socket.send(frame)
                    while stays and not await asked(socket):
                        pass
                    if not stays:
                        await socket.wait_closed()
                assert (socket.close_code is None) == stays, frame[:100]

    async def asked(socket: ClientConnection) -> bool:
        await socket.send(BackMsg(app_heartbeat=True).SerializeToString())
        return ForwardMsg.FromString(cast(bytes, await socket.recv())).heartbeat_ack

    with_run(server, attack)
