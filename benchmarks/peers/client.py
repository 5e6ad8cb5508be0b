"""Peers, from our side: start one, give it a task, let it train for an epoch or some."""

import json
import os
import subprocess
import tempfile
from dataclasses import asdict
from types import TracebackType
from typing import Any

from benchmarks.peers.task import Task
from benchmarks.subjects import ROOT

LAST_WORDS = 2000  # characters of what a peer that failed has printed


class PeerFailed(RuntimeError):
    """A peer ended instead of answering; the message has its last words."""


class Peer:
    """One peer's process. framework: see `serve`. python: the interpreter that has it.

    Its thread counts are its framework's own defaults. Use it as a context manager, which ends it.
    """

    def __init__(self, name: str, framework: str, python: str):
        self.name = name
        self._log = tempfile.TemporaryFile("w+")  # noqa: SIM115 closed with the peer
        self._process = subprocess.Popen(
            [python, "-m", "benchmarks.peers.serve", framework], cwd=ROOT, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._log,
            # TensorFlow tells at length what it could do; a GPU is shared by all of them.
            env=os.environ | {"TF_CPP_MIN_LOG_LEVEL": "2", "TF_FORCE_GPU_ALLOW_GROWTH": "true",
                              "XLA_PYTHON_CLIENT_PREALLOCATE": "false"})

    def prepare(self, task: Task) -> int:
        """Build and warm up; the number of parameters. Raises `PeerFailed`."""
        return int(self._ask(asdict(task))["parameters"])

    def train(self, epochs: int) -> float:
        """Seconds that `epochs` took, the peer's own. Raises `PeerFailed`."""
        return float(self._ask({"epochs": epochs})["seconds"])

    def _ask(self, request: dict[str, Any]) -> dict[str, Any]:
        assert self._process.stdin and self._process.stdout
        try:
            print(json.dumps(request), file=self._process.stdin, flush=True)
            line = self._process.stdout.readline()
        except BrokenPipeError:
            line = ""
        if not line:
            self._log.seek(0)
            raise PeerFailed(f"{self.name} failed. It said last:\n{self._log.read()[-LAST_WORDS:]}")
        return json.loads(line)

    def __enter__(self) -> "Peer":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 trace: TracebackType | None) -> None:
        self._process.terminate()
        self._process.wait(20)
        for stream in (self._process.stdin, self._process.stdout, self._log):
            if stream:
                stream.close()
