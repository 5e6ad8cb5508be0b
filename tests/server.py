"""The app served by a process of its own, as a user or a host starts it."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil

from tests.conftest import ROOT

# What only a fault uses up: two busy cores may be slow.
PATIENCE = 240.0
STREAMLIT_RUN = ("-m", "streamlit", "run", "app.py")


class Server:
    """The app on a free port of this machine.

    log: the file that gets what it prints. options: of Streamlit, such as `--server.baseUrlPath`, `class`.
    environment: variables on top of this process's. program: Python's arguments that start it, which options
    follow.
    """

    def __init__(self, log: Path, options: Sequence[str] = (), environment: Mapping[str, str] | None = None,
                 program: Sequence[str] = STREAMLIT_RUN):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.url, self.log = f"http://127.0.0.1:{self.port}", log
        command = [sys.executable, *program, "--server.address", "127.0.0.1", "--server.port", str(self.port),
                   "--server.headless", "true", *options]
        with open(log, "wb") as output:
            self.process = subprocess.Popen(command, cwd=ROOT, env=os.environ | dict(environment or {}),
                                            stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT)

    def started(self) -> "Server":
        """Wait until it answers. Raises `AssertionError`, with its log, where it ends instead."""
        deadline = time.monotonic() + PATIENCE
        while not self.answers():
            assert self.process.poll() is None and time.monotonic() < deadline, self.log.read_text()
            time.sleep(0.1)
        return self

    def answers(self) -> bool:
        """Whether it says that it is well."""
        try:
            with urllib.request.urlopen(f"{self.url}/_stcore/health", timeout=5) as answer:
                return answer.status == 200
        except OSError:
            return False

    def family(self) -> list[psutil.Process]:
        """All processes that it started, and those that they did."""
        return psutil.Process(self.process.pid).children(recursive=True)

    def end(self) -> None:
        """End it and all that is left of it; it may have ended already."""
        left = []
        with suppress(psutil.Error):
            left = self.family()
        self.process.terminate()
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(30)
        for process in psutil.wait_procs(left, timeout=5)[1]:
            with suppress(psutil.Error):
                process.kill()


@contextmanager
def serving(log: Path, *options: str, environment: Mapping[str, str] | None = None,
            program: Sequence[str] = STREAMLIT_RUN) -> Iterator[Server]:
    """A server that answers, see `Server`; nothing of it is left afterwards."""
    server = Server(log, options, environment, program)
    try:
        yield server.started()
    finally:
        server.end()
