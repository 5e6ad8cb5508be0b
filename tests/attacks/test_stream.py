"""Attacks on the stream, by visitors who know a page's key and by those who do not."""

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Any

import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from benchmarks.visitor import Visitor, visit
from tests.server import PATIENCE, Server


def follow(server: Server, key: str, origin: str | None = None) -> Any:
    """A socket of the stream, as another program opens it."""
    address = server.url.replace("http", "ws", 1)
    own: Any = origin
    return connect(f"{address}/live/stream?key={key}", origin=own, max_size=2**26)


def with_page(server: Server, attack: Callable[[Visitor], Coroutine[Any, Any, None]]) -> None:
    """Attack beside an open page, which must still hear of its runs afterwards."""
    async def both() -> None:
        async with visit(f"{server.url}/", "") as learner:
            await learner.until(lambda shown: shown.status == "ready", PATIENCE)
            await attack(learner)
            assert not learner.shown.errors

    asyncio.run(both())


async def refused(connecting: Any) -> int:
    """The status by which a socket was refused before it was one."""
    with pytest.raises(InvalidStatus) as found:
        async with connecting:
            pass
    return found.value.response.status_code


async def closed(socket: ClientConnection) -> int | None:
    """The code by which the server closed a socket."""
    async with asyncio.timeout(PATIENCE):
        await socket.wait_closed()
    return socket.close_code


def test_nobody_listens_without_a_key(server: Server):
    assert asyncio.run(refused(follow(server, "0" * 32))) == 403


@pytest.mark.parametrize("origin", ["https://example.org", "null", "http://["])
def test_no_other_site_listens(origin: str, server: Server):
    async def attack(learner: Visitor) -> None:
        assert await refused(follow(server, learner.shown.stream, origin)) == 403
        async with follow(server, learner.shown.stream, server.url) as socket:
            assert await socket.recv()

    with_page(server, attack)


def test_a_socket_that_never_draws_ends_with_its_page(server: Server):
    async def attack() -> None:
        async with visit(f"{server.url}/", "") as learner:
            await learner.until(lambda shown: shown.status == "ready", PATIENCE)
            socket = await follow(server, learner.shown.stream)
            await socket.recv()
        async with asyncio.timeout(PATIENCE):
            while socket.close_code is None:  # Streamlit forgets sessions as others end
                async with visit(f"{server.url}/", "") as other:
                    await other.until(lambda shown: shown.status == "ready", PATIENCE)
        assert socket.close_code == 1000

    asyncio.run(attack())


@pytest.mark.parametrize("frame", ["x" * 17_000, b"x" * 17_000, b"x" * 20_000_000], ids=len)
def test_a_long_frame_closes_its_own_socket_alone(frame: str | bytes, server: Server):
    async def attack(learner: Visitor) -> None:
        async with follow(server, learner.shown.stream) as socket:
            await socket.recv()
            with suppress(ConnectionClosed):  # before all of it is sent
                await socket.send(frame)
            assert await closed(socket) == 1009

    with_page(server, attack)


def test_of_many_sockets_of_one_page_the_last_two_stay(server: Server):
    async def attack() -> None:
        async with visit(f"{server.url}/", "") as learner:
            await learner.until(lambda shown: shown.status == "ready", PATIENCE)
            key = learner.shown.stream
            async with follow(server, key) as second, follow(server, key) as third:
                await asyncio.gather(second.recv(), third.recv())
                # The page's own was the first.
                with pytest.raises(RuntimeError, match="The stream ended"):
                    await learner.until(lambda shown: False, PATIENCE)
                async with follow(server, key) as fourth:
                    assert await closed(second) == 1000
                    await fourth.recv()
                    await third.send("drawn")
                    assert (third.close_code, fourth.close_code) == (None, None)

    asyncio.run(attack())
