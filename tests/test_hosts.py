"""The app where a host runs app.py as an ordinary script. Other tests start it by `streamlit run app.py`."""

import asyncio
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, cast

import psutil
import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import connect

from benchmarks.visitor import visit
from tests.conftest import ROOT
from tests.server import PATIENCE, Server, serving
from ui.messages import plain


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
        assert found == ["Playground", "Learn", "Agents", "Evaluate", "Compare", "Search", "Home", "Print"]

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


WRONG = {"PLAYGROUND_MAX_RUN_SECONDS": "soon"}
WORDS = "PLAYGROUND_MAX_RUN_SECONDS must be a number above 0, got 'soon'."


def test_a_wrong_variable_ends_the_server_with_one_line(tmp_path: Path):
    server = Server(tmp_path / "server.log", environment=WRONG)
    try:
        assert server.process.wait(PATIENCE) == 1
        # Streamlit has told its address already.
        said = server.log.read_text().split("\n")
        assert said[-2:] == [WORDS, ""] and len(said) < 10
    finally:
        server.end()


def test_a_wrong_variable_is_all_that_a_script_shows():
    program = ("from streamlit.testing.v1 import AppTest\n"
               "page = AppTest.from_file('app.py', default_timeout=60).run().run()\n"
               "print(len(page.main), len(page.exception), page.error[0].value)")
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, env=os.environ | WRONG, text=True,
                          capture_output=True)
    assert done.stdout == f"1 0 {plain(WORDS)}\n", done.stderr
