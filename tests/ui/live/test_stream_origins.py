"""Which origins the stream answers, as Streamlit's own socket does."""

import asyncio
import threading
from collections.abc import Coroutine
from types import SimpleNamespace
from typing import Any

import pytest
from streamlit import config, net_util
from streamlit.web.server.starlette import starlette_websocket

from ui.live import stream


@pytest.mark.parametrize("origin", ["https://example.org", "http://class.example.org:8501", "http://class.example.org",
                                    "http://localhost:3000", "null", ""])
@pytest.mark.parametrize("host", ["class.example.org:8501", "localhost:8501"])
@pytest.mark.parametrize("hosts", [[], ["*.example.org"]])
def test_a_page_from_elsewhere_may_listen_where_streamlit_lets_it_talk(origin, host, hosts, monkeypatch):
    monkeypatch.setattr(net_util, "get_external_ip", lambda: None)
    before = config.get_option("server.allowedHosts")
    config.set_option("server.allowedHosts", hosts)
    socket = SimpleNamespace(headers={"Host": host, "Origin": origin})
    try:
        assert asyncio.run(stream._allowed(socket)) == (  # type: ignore[arg-type]
            starlette_websocket._is_origin_allowed(origin, host))
    finally:
        config.set_option("server.allowedHosts", before)


def test_origins_that_the_network_is_asked_about_keep_nobody_waiting(monkeypatch: pytest.MonkeyPatch):
    asked, answer = [], threading.Event()
    monkeypatch.setattr(stream, "_served", False)
    monkeypatch.setattr(net_util, "get_external_ip", lambda: asked.append(answer.wait(30)))
    stream.routes("")

    def allowed(origin: str) -> Coroutine[Any, Any, bool]:
        socket = SimpleNamespace(headers={"Host": "localhost:8501", "Origin": origin})
        return stream._allowed(socket)  # type: ignore[arg-type]

    async def handshakes() -> None:
        foreign = [asyncio.create_task(allowed(f"https://{number}.example.org")) for number in range(20)]
        await asyncio.sleep(0.05)
        assert await allowed("http://localhost:8501")
        assert not any(one.done() for one in foreign)
        answer.set()
        assert not any(await asyncio.gather(*foreign))

    asyncio.run(handshakes())
    assert len(asked) == 1, "an answer that failed is kept too"
