"""Sessions that hold places: a browser key is free, so anybody may have as many as there are places."""

import asyncio
from contextlib import AsyncExitStack
from pathlib import Path

from benchmarks.visitor import Visitor, visit
from tests.server import PATIENCE, serving

# One thread is kept for short questions, so there are two places.
ENVIRONMENT = {"PLAYGROUND_THREADS": "3", "PLAYGROUND_PAUSED_SECONDS": "1", "PLAYGROUND_WARM_UP": "0"}


async def pressed(visitor: Visitor, button: str, *statuses: str) -> None:
    await visitor.until(lambda shown: bool(shown.buttons.get(button)), PATIENCE)
    await visitor.press(button)
    await visitor.until(lambda shown: shown.status in statuses, PATIENCE)


def test_sessions_with_a_paused_run_each_keep_nobody_from_training(cache: Path):
    async def both(url: str) -> None:
        async with AsyncExitStack() as open_pages:
            holders = [await open_pages.enter_async_context(visit(f"{url}/", "epochs=1000"))
                       for _ in range(2)]
            for holder in holders:
                await pressed(holder, "step", "paused")
            learner = await open_pages.enter_async_context(visit(f"{url}/", "epochs=5"))
            await pressed(learner, "train", "finished")
            sentences = [holder.shown.content("status")["sentence"] for holder in holders]
            assert sum("Another run needed this place" in sentence for sentence in sentences) == 1
            # Whoever gave a place up gets one again.
            for holder in holders:
                await pressed(holder, "resume", "training")
                await pressed(holder, "stop", "stopped")

    with serving(cache / "held.log", environment=ENVIRONMENT) as server:
        asyncio.run(both(server.url))
