"""A server leaves nothing behind, however it ends."""

from contextlib import suppress

import psutil
import pytest
from playwright.sync_api import Browser, Error

from core.runs.config import RunConfig
from tests.browser.conftest import Server, Tab


def started(server: Server, browser: Browser) -> list[psutil.Process]:
    """The server's processes while a run goes on in a worker."""
    # A tab of its own: that its server goes away is an error for the browser, and meant here.
    page = browser.new_context().new_page()
    tab = Tab(page).open(f"{server.url}/?epochs={RunConfig().epochs}")
    tab.press("train")
    tab.until_status("training", "finished")
    family = server.family()
    with suppress(Error):
        page.context.close()
    return family


@pytest.mark.parametrize("way, seconds", [("kill", 60.0), ("terminate", 0.0)])
def test_an_ended_server_leaves_no_process(own_server, browser, way, seconds):
    family = started(own_server, browser)
    assert len(family) >= 2, "the worker, and the nanny that watches it"
    getattr(own_server.process, way)()
    own_server.process.wait(30)
    _, left = psutil.wait_procs(family, timeout=seconds)
    assert not left
