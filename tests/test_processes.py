"""A server leaves nothing behind, however it ends."""

import asyncio
from pathlib import Path

import psutil
import pytest

from benchmarks.visitor import visit
from tests.server import PATIENCE, Server, serving


async def train(server: Server) -> None:
    """Start a run that goes on after its learner has left."""
    async with visit(f"{server.url}/", "epochs=1000") as learner:
        await learner.until(lambda shown: bool(shown.buttons.get("train")), PATIENCE)
        await learner.press("train")
        await learner.until(lambda shown: shown.status == "training" and shown.points, PATIENCE)


@pytest.mark.alone
@pytest.mark.parametrize("way, seconds", [("kill", 60.0), ("terminate", 0.0)])
def test_an_ended_server_leaves_no_process(way: str, seconds: float, tmp_path: Path):
    with serving(tmp_path / "server.log") as server:
        asyncio.run(train(server))
        family = server.family()
        assert len(family) >= 2, "the worker, and the nanny that watches it"
        getattr(server.process, way)()
        server.process.wait(30)
        assert not psutil.wait_procs(family, timeout=seconds)[1]
