"""Starts and stops the worker processes, or joins the cluster at DASK_SCHEDULER_ADDRESS.

The scheduler lives in this process; each worker is a `dask worker` command, started as you would start it on
a cluster of many machines. `multiprocessing` would run the Streamlit script a second time.
"""

import atexit
import logging
import os
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

from core.cluster import run_tasks
from core.cluster.worker_process import LONGEST_WAIT, WorkerProcess
from core.settings import Settings

log = logging.getLogger(__name__)

LOOK_SECONDS = 0.25
FAILED_AGAIN_SECONDS = 10.0
CONNECT_SECONDS = 10.0

DASK = {
    # A lost worker's tasks fail at once: `core.cluster.retries` restarts runs itself, with the learner's
    # changes, and finds out which of them takes workers down.
    "distributed.scheduler.allowed-failures": 0,
    # Otherwise Dask keeps the last thousand messages for ever, although each run's `History` has them.
    "distributed.admin.low-level-log-length": 10,
    "distributed.admin.large-graph-warning-threshold": "100MB",
    "distributed.scheduler.active-memory-manager.start": False,
    "distributed.scheduler.http.routes": ["distributed.http.health"],
    "distributed.worker.http.routes": ["distributed.http.health"],
    # The profiler looks at every thread's stack a hundred times a second.
    "distributed.worker.profile.enabled": False,
    # There is nothing to spill, and a worker that pauses would leave runs waiting for ever. If memory runs
    # out, the nanny ends the worker, and its runs start again.
    "distributed.worker.memory.target": False,
    "distributed.worker.memory.spill": False,
    "distributed.worker.memory.pause": False,
}


class Workers:
    """The cluster, started in the background so that no page waits for it.

    prepare: what each new worker runs first; a worker that has done it is ready.
    """

    def __init__(self, settings: Settings, prepare: Callable[[Settings], None] = run_tasks.prepare):
        self.settings = settings
        self._prepare = prepare
        self._address = os.environ.get("DASK_SCHEDULER_ADDRESS", "").strip()
        self._client: Any = None
        self._cluster: Any = None
        self._process: WorkerProcess | None = None
        self._places: dict[str, int] | None = None
        self._preparing: dict[str, Any] = {}
        self._retry_at: dict[str, float] = {}
        self._state = f"Connecting to {self._address}" if self._address else "Starting the workers"
        self._ready = False
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name="workers", daemon=True)
        self._thread.start()

    @property
    def ready(self) -> bool:
        """Whether a worker has imported Keras."""
        return self._ready

    @property
    def state(self) -> str:
        """What the workers are doing, in words that the page can show."""
        return self._state

    @property
    def client(self) -> Any:
        """The connection to the scheduler (`distributed.Client`); None while there is none."""
        return self._client

    @property
    def places(self) -> Mapping[str, int] | None:
        """The workers that runs can use, as of a moment ago: address to threads. None without a scheduler."""
        return self._places

    def close(self) -> None:
        """Stop everything that was started; no process is left."""
        atexit.unregister(self.close)
        self._closing.set()
        if self._thread is not threading.current_thread():
            self._thread.join(20)
        self._disconnect()

    def _run(self) -> None:
        wait = 1.0
        while not self._closing.is_set():
            try:
                self._connect()
                wait = 1.0
                while not self._closing.wait(LOOK_SECONDS if not self._ready else 2 * LOOK_SECONDS):
                    self._look()
            except Exception as error:
                if not self._closing.is_set():
                    log.warning("The workers failed: %s", error, exc_info=not isinstance(error, OSError))
                    self._state = f"Failed: {error or type(error).__name__}. Trying again."
            self._disconnect()
            self._closing.wait(wait)
            wait = min(LONGEST_WAIT, 2 * wait)

    def _connect(self) -> None:
        """Connect to a scheduler. Raises `OSError` if the one in the environment does not answer."""
        import dask
        import distributed
        dask.config.set(DASK)
        # Registered after Dask's own handler, which its import registers: the last one registered runs first.
        atexit.unregister(self.close)
        atexit.register(self.close)
        if self._address:
            self._client = distributed.Client(self._address, timeout=CONNECT_SECONDS, set_as_default=False)
            return
        self.settings.cache.mkdir(parents=True, exist_ok=True)
        # Whoever connects to a scheduler or worker can run code there. Other users of this machine can reach
        # the ports, but do not have the key.
        security = distributed.Security.temporary()
        # Without an address of its own it would take port 8787, or complain that it is taken.
        self._cluster = distributed.LocalCluster(
            n_workers=0, host="127.0.0.1", protocol="tls://", security=security,
            silence_logs=logging.CRITICAL,
            scheduler_kwargs={"dashboard": False, "dashboard_address": "127.0.0.1:0"})
        self._process = WorkerProcess(self._cluster.scheduler_address, self.settings, security)
        self._client = distributed.Client(self._cluster, set_as_default=False)

    def _look(self) -> None:
        """Restart what died, prepare new workers, and update `state`."""
        if self._client.status != "running":
            raise ConnectionError("The connection to the scheduler was lost")
        stopped = self._process.look() if self._process is not None else ""
        # Not `scheduler_info`: it returns what the client stored last, and every two seconds that is an
        # answer without any workers. All runs would start again.
        known = self._client.sync(self._client.scheduler.identity, n_workers=-1)["workers"]
        self._places = {address: worker["nthreads"] for address, worker in known.items()}
        for address in set(self._preparing) - set(known):
            del self._preparing[address]
        for address in known:
            self._prepare_once(address)
        statuses = [self._preparing[address].status for address in known]
        self._ready = "finished" in statuses
        self._state = self._words(statuses, stopped)

    def _words(self, statuses: list[str], stopped: str) -> str:
        """What the workers are doing. statuses: of their preparations."""
        if "finished" in statuses:
            return "Ready"
        if "pending" in statuses:
            return "Importing Keras"
        if "error" in statuses:
            return f"Failed: {self._error()}"
        if self._address:
            return f"Waiting for a worker to join the scheduler at {self._address}"
        return stopped or "Starting the workers"

    def _prepare_once(self, address: str) -> None:
        future = self._preparing.get(address)
        if future is not None and future.status == "error":
            retry = self._retry_at.setdefault(address, time.monotonic() + FAILED_AGAIN_SECONDS)
            if time.monotonic() < retry:
                return
            del self._retry_at[address]
        elif future is not None:
            return
        self._preparing[address] = self._client.submit(
            self._prepare, self.settings, workers=[address], pure=False, priority=100)

    def _error(self) -> str:
        for future in self._preparing.values():
            if future.status == "error":
                return str(future.exception(timeout=5) or "the workers could not be prepared")
        return "the workers could not be prepared"

    def _disconnect(self) -> None:
        process, client, cluster = self._process, self._client, self._cluster
        self._process = self._places = self._client = self._cluster = None
        self._preparing, self._ready = {}, False
        if process is not None:
            process.end()
        for connection in (client, cluster):
            if connection is not None:
                # The child processes are gone by now; only this process has anything left to close.
                with suppress(Exception):
                    connection.close(timeout=5)
