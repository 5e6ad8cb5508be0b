"""The real app for a benchmark: its server as a process of its own, and pages in a headless Chromium."""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from typing import IO, Any
from urllib.parse import urlencode

import psutil

from benchmarks.subjects import ROOT
from core.cluster.worker_process import end_family
from core.runs.config import RunConfig
from ui.form.permalink import to_params

START_SECONDS = 60.0
# Milliseconds, as Playwright wants them.
READY, ENDED = 120_000, 900_000
# The app rests when its processes together used less than this share of a core for this many seconds.
REST_SHARE, REST_SECONDS = 0.1, 2.0
FLAGS = ("--headless=new", "--disable-gpu", "--disable-quic", "--no-first-run",
         "--disable-background-networking", "--disable-component-update", "--disable-sync")
HAS_ENDED = """() => ['finished', 'stopped', 'diverged', 'failed'].includes(
  document.querySelector('.st-key-status').dataset.status)"""


@contextmanager
def app(output: IO[bytes] | None = None, module: str = "streamlit", options: Sequence[str] = (), /,
        **environment: str) -> Iterator[tuple[str, int]]:
    """Start the app as a learner would; yields its address and the process id of the page server.

    output: where what the server says goes. module: what is run in place of `streamlit`. options: more
    of its command's. environment: variables on top of this process's own. Raises `RuntimeError` if it
    does not start.
    """
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", module, "run", "app.py", "--server.port", str(port),
               "--server.address", "127.0.0.1", "--server.headless", "true", *options]
    with tempfile.TemporaryFile() if output is None else nullcontext(output) as log:
        process = subprocess.Popen(command, cwd=ROOT, env=os.environ | environment,
                                   stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT)
        try:
            _wait_for(process, port, log)
            yield f"http://127.0.0.1:{port}/", process.pid
        finally:
            end_family(process, seconds=20)


def _wait_for(process: subprocess.Popen, port: int, log: Any) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and process.poll() is None:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=2):
                return
        except OSError:
            time.sleep(0.1)
    log.seek(0)
    raise RuntimeError("The app did not start. It said:\n" + log.read().decode(errors="replace"))


@contextmanager
def chromium() -> Iterator[Any]:
    """A headless Chromium (`playwright.sync_api.Browser`): the system's, or else Playwright's own.

    Ends the program with advice where Playwright is not installed.
    """
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        raise SystemExit("This benchmark drives a browser: pip install -r requirements-dev.txt, and Debian's "
                         "chromium or `playwright install chromium`.") from None
    paths = (shutil.which(name) for name in ("chromium", "chromium-browser", "google-chrome"))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=next(filter(None, paths), None), args=FLAGS)
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def page(browser: Any, address: str, config: RunConfig) -> Iterator[Any]:
    """The Playground page of a new visitor, opened by the link of `config`, once everything is drawn.

    `rest` waits until the workers have started and warmed up too.
    """
    context = browser.new_context(viewport={"width": 1400, "height": 1000})
    try:
        opened = context.new_page()
        opened.goto(f"{address}?{urlencode(to_params(config))}")
        opened.wait_for_selector(".st-key-train button:not([disabled])", timeout=READY)
        opened.wait_for_selector(".st-key-loss_curve .main-svg", timeout=READY)
        yield opened
    finally:
        context.close()


def family(pid: int) -> list[psutil.Process]:
    """The page server and all processes that it started."""
    server = psutil.Process(pid)
    return [server, *server.children(recursive=True)]


def rest(opened: Any, pid: int, seconds: float = 120.0) -> None:
    """Wait, at most `seconds`, until the app has nothing to do: warmed up, or done with the last run."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        before = _cpu_seconds(pid)
        opened.wait_for_timeout(1000 * REST_SECONDS)
        if _cpu_seconds(pid) - before < REST_SHARE * REST_SECONDS:
            return


def _cpu_seconds(pid: int) -> float:
    return sum(sum(process.cpu_times()[:2]) for process in family(pid))


def press(opened: Any, button: str) -> None:
    """Press one of the page's buttons by its key."""
    opened.click(f".st-key-{button} button")


def wait_for_end(opened: Any) -> str:
    """Wait until the shown run has ended; the status it ended with."""
    opened.wait_for_function(HAS_ENDED, timeout=ENDED)
    return status(opened)


def status(opened: Any) -> str:
    """The status of the shown run, as the page has it."""
    return opened.get_attribute(".st-key-status", "data-status")
