"""The sample: a run of the default settings, shown to whoever has no run yet, so that nothing is empty."""

import threading
import time
from contextlib import suppress

from core.cluster.run_service import Refused, RunService
from core.datasets.telling import telling_features
from core.runs.config import RunConfig
from core.runs.controls import Controls
from core.runs.run import Run

# No browser's key: those are hexadecimal.
OWNER = "sample"
# Seconds until one that did not finish is tried again.
AGAIN_SECONDS = 60.0


class SampleRun:
    """One run for all learners. It belongs to none of them, and is not stored."""

    def __init__(self, run_service: RunService):
        self._run_service, self._tried = run_service, -AGAIN_SECONDS
        self._run: Run | None = None
        self._lock = threading.Lock()

    def run(self) -> Run | None:
        """The run, once it is finished; starts it at the first call. Any thread may call."""
        run = self._run
        if run is not None and run.status == "finished":
            return run
        self._run_service.touch(OWNER)
        with self._lock:
            if not (self._run and self._run.active) and time.monotonic() - self._tried >= AGAIN_SECONDS:
                self._tried = time.monotonic()
                self._start()
        return None

    def _start(self) -> None:
        config = RunConfig()
        controls = Controls(features=telling_features(config.data))
        with suppress(Refused):  # learners come first
            self._run = self._run_service.submit(OWNER, config, controls=controls)
