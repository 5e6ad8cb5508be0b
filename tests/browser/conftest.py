"""The real server in a process of its own, and a real Chromium that looks at it."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urljoin

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Error, Page, sync_playwright

from core.runs.config import RunConfig
from tests.server import PATIENCE, Server, serving
from ui.form.permalink import to_params


class Tab:
    """The Playground in one browser tab.

    Attributes:
        own: whether its browser profile ends with it.
        errors: what the browser complained of.
    """

    def __init__(self, page: Page, own: bool = True):
        self.page, self.own, self.errors = page, own, list[str]()
        page.context.set_default_timeout(PATIENCE * 1000)
        page.on("console", self._hear)
        page.on("pageerror", self._fail)

    def _hear(self, said: ConsoleMessage) -> None:
        # Below an address such as /home Streamlit first asks where it is served from, which is answered
        # by 404 there.
        if said.type == "error" and "_stcore" not in said.location["url"]:
            self.errors.append(f"{said.text} {said.location['url']}")

    def _fail(self, error: Error) -> None:
        self.errors.append(str(error))

    def stop(self) -> None:
        """Stop the run that still trains, if the page has its button."""
        with suppress(Error):
            # Not for long: the run may end meanwhile, and its button with it.
            if self.page.locator(".st-key-stop button:enabled").count():
                self.page.click(".st-key-stop button:enabled", timeout=5_000)
                self.until_status("stopped", "finished", "failed", "diverged")

    def forget(self) -> "Tab":
        """Leave the page as in a new browser: nothing is open or stored. Raises `Error` if that fails."""
        for other in self.page.context.pages[1:]:
            other.close()
        if self.page.url != "about:blank":
            # From a file of the same origin: the app might store something again before it is left.
            self.page.goto(urljoin(self.page.url, "/app/static/live.css"))
            self.page.evaluate("localStorage.clear(), sessionStorage.clear()")
            self.page.goto("about:blank")
        self.page.mouse.move(0, 0)
        self.page.context.clear_cookies()
        return self

    def close(self) -> list[Page]:
        """Its page for the next test, if that may have it."""
        self.stop()
        self.page.remove_listener("console", self._hear)
        self.page.remove_listener("pageerror", self._fail)
        if not self.own:
            with suppress(Error):
                return [self.forget().page]
        self.page.context.close()
        return []

    def open(self, url: str) -> "Tab":
        """Open an address and wait until the live panel stands."""
        self.page.goto(url)
        return self.ready()

    def ready(self) -> "Tab":
        self.page.wait_for_selector(".st-key-loss_curve .js-plotly-plot")
        return self

    def press(self, name: str) -> None:
        self.page.click(f".st-key-{name} button:enabled")

    def can(self, name: str) -> bool:
        return self.page.locator(f".st-key-{name} button").is_enabled()

    def until(self, condition: str, argument: Any = None) -> None:
        """Wait until a JavaScript condition holds."""
        self.page.wait_for_function(condition, arg=argument)

    def until_status(self, *statuses: str) -> None:
        self.until("(wanted) => wanted.includes(document.querySelector('.st-key-status').dataset.status)",
                   list(statuses))

    def until_step(self, least: int) -> None:
        self.until(f"(least) => ({_NUMBER})('Step') >= least", least)

    def number(self, name: str) -> float:
        """A number of the status, the first one where it says `3 / 60`; 0 where it says none."""
        return self.page.evaluate(_NUMBER, name)

    def updates(self, chart: str = "loss_curve") -> int:
        return self.chart(chart, "(node) => Number(node.dataset.updates)")

    def until_updates(self, more: int, chart: str = "loss_curve") -> None:
        """Wait until the chart has been drawn so many times more."""
        self.until("([name, least]) => document.querySelector(`.st-key-${name}`).dataset.updates >= least",
                   [chart, self.updates(chart) + more])

    def chart(self, name: str, look: str, argument: Any = None) -> Any:
        """What the JavaScript function `look` says of a chart's element."""
        return self.page.evaluate(f"([name, argument]) => ({look})(document.querySelector("
                                  "`.st-key-${name} .live-chart`), argument)", [name, argument])

    def curve(self, chart: str = "loss_curve") -> dict[str, list[list[float]]]:
        """The shown run's lines by their name: x and y, as Plotly has them under a pointer."""
        self.chart(chart, "(node) => { node.dispatchEvent(new PointerEvent('pointerenter')) }")
        return self.chart(chart, "(node) => Object.fromEntries(node.data.filter((one) => one.uid && "
                          "!one.name.includes(',')).map((one) => [one.name, [[...one.x], [...one.y]]]))")

    def chips(self) -> int:
        """How many runs the page lists."""
        return self.page.locator(".live-runs .live-chip").count()


_NUMBER = """(name) => {
  const item = [...document.querySelectorAll(".st-key-status dt")].find((one) => one.textContent === name)
  return parseFloat(item.nextElementSibling.textContent.split("/")[0].replace(/[^0-9.]/g, "")) || 0
}"""


@pytest.fixture(scope="session")
def server(chromium_path: str, cache: Path) -> Iterator[Server]:
    """One server for all browser tests."""
    with serving(cache / "server.log") as one:
        yield one


@pytest.fixture
def own_server(chromium_path: str, tmp_path: Path) -> Iterator[Server]:
    """A server that a test may kill."""
    with serving(tmp_path / "server.log") as one:
        yield one


@pytest.fixture(scope="session")
def browser(chromium_path: str, chromium_flags: list[str]) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        one = playwright.chromium.launch(executable_path=chromium_path, args=chromium_flags)
        yield one
        one.close()


@pytest.fixture(scope="session")
def kept_pages() -> list[Page]:
    """Blank pages of earlier tests: in one of these the app opens in less than half the time."""
    return []


@pytest.fixture
def new_tab(browser: Browser, kept_pages: list[Page]) -> Iterator[Callable[..., Tab]]:
    """Opens tabs that know nothing of each other: `new_tab(width=390)`.

    own: for a test that changes what the page's connections do. At the end what still runs is stopped, and a
    complaint of the browser fails the test.
    """
    tabs: list[Tab] = []

    def make(width: int = 1400, height: int = 900, own: bool = False) -> Tab:
        page = kept_pages.pop() if kept_pages and not own else browser.new_context().new_page()
        page.set_viewport_size({"width": width, "height": height})
        tabs.append(Tab(page, own))
        return tabs[-1]

    yield make
    for tab in tabs:
        kept_pages.extend(tab.close())
    assert not [error for tab in tabs for error in tab.errors]


@pytest.fixture
def open_tab(server: Server, new_tab: Callable[..., Tab]) -> Callable[..., Tab]:
    """Opens the Playground with a configuration in a new tab: `open_tab(RunConfig(epochs=5))`."""
    def make(config: RunConfig | None = None, **size: int) -> Tab:
        address = f"?{urlencode(to_params(config))}" if config else ""
        return new_tab(**size).open(f"{server.url}/{address}")

    return make
