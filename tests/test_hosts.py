"""The app where a host runs app.py as an ordinary script. Other tests start it by `streamlit run app.py`."""

import asyncio
from pathlib import Path
from typing import Any, cast

import psutil
import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import connect

from benchmarks.visitor import visit
from tests.server import PATIENCE, Server, serving


async def pages(server: Server, page: str) -> list[str]:
    """The pages that a visitor of `page` can go to once the server is done with it."""
    names: list[str] = []
    own: Any = ["streamlit"]
    async with connect(server.url.replace("http", "ws", 1) + "/_stcore/stream", subprotocols=own,
                       max_size=2**26) as socket, asyncio.timeout(PATIENCE):
        await socket.send(BackMsg(rerun_script=ClientState(page_name=page)).SerializeToString())
        while True:
            message = ForwardMsg.FromString(cast(bytes, await socket.recv()))
            if message.WhichOneof("type") == "navigation":
                names = [page.page_name for page in message.navigation.app_pages]
            if message.WhichOneof("type") == "script_finished" and \
                    message.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY:
                return names


@pytest.mark.alone
def test_a_host_that_runs_it_as_a_script_shows_the_playground_and_trains(tmp_path: Path):
    with serving(tmp_path / "server.log", program=("-m", "tests.host")) as server:
        # First of all: Streamlit would make up a navigation from the folder `pages`.
        found = asyncio.run(pages(server, "home"))
        assert found == ["Playground", "Evaluate", "Compare", "Search", "Home"]

        async def learn() -> None:
            async with visit(f"{server.url}/", "epochs=1000") as learner:
                await learner.until(lambda shown: bool(shown.buttons.get("train")), PATIENCE)
                await learner.press("train")
                await learner.until(lambda shown: shown.status == "training" and shown.points, PATIENCE)
                assert not learner.shown.stream

        asyncio.run(learn())
        family = server.family()
        assert len(family) >= 2
        server.process.terminate()
        server.process.wait(PATIENCE)
        assert not psutil.wait_procs(family, timeout=0.0)[1]
