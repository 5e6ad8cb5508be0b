"""Starts and stops the worker processes, or joins the cluster named by DASK_SCHEDULER_ADDRESS.

The scheduler lives in this process; the workers are the `dask worker` command, started as anybody would
start it for a cluster of many machines. `multiprocessing` would run a Streamlit script a second time.
"""

import atexit
import logging
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from core import tasks
from core.settings import Settings

log = logging.getLogger(__name__)

ROOT = Path(__file__).resolve().parents[1]
LOOK_SECONDS = 0.25
FAILED_AGAIN_SECONDS = 10.0
LONGEST_WAIT = 30.0

DASK = {
    # A lost worker's tasks fail at once: `core.jobs` starts runs again itself, with what they had learnt
    # of the learner's commands, and knows which run takes workers down with it.
    "distributed.scheduler.allowed-failures": 0,
    # Otherwise the last thousand messages are kept for ever; the history lives in `core.jobs`.
    "distributed.admin.low-level-log-length": 10,
    "distributed.admin.large-graph-warning-threshold": "100MB",
    "distributed.scheduler.active-memory-manager.start": False,
    "distributed.scheduler.http.routes": ["distributed.http.health"],
    "distributed.worker.http.routes": ["distributed.http.health"],
    # Looks at every thread's stack a hundred times a second.
    "distributed.worker.profile.enabled": False,
    # There is nothing to spill, and a worker that pauses would leave runs waiting for ever. Where memory
    # runs out the nanny ends the worker, and runs start again.
    "distributed.worker.memory.target": False,
    "distributed.worker.memory.spill": False,
    "distributed.worker.memory.pause": False,
}


class Workers:
    """The cluster, brought up in the background so that no page waits for it.

    prepare: what each new worker does first; a worker that has done it is ready.
    """

    def __init__(self, settings: Settings, prepare: Callable[[Settings], None] = tasks.prepare):
        self.settings = settings
        self._prepare = prepare
        self._address = os.environ.get("DASK_SCHEDULER_ADDRESS", "").strip()
        self._client: Any = None
        self._cluster: Any = None
        self._process: subprocess.Popen | None = None
        self._started, self._wait, self._start_at = 0.0, 1.0, 0.0
        self._preparing: dict[str, Any] = {}
        self._retry_at: dict[str, float] = {}
        self._threads = 0
        self._state = "Starting the workers"
        self._ready = False
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name="workers", daemon=True)
        self._thread.start()

    @property
    def ready(self) -> bool:
        """Whether a worker has Keras at hand."""
        return self._ready

    @property
    def state(self) -> str:
        """What the workers are doing, in words for the page."""
        return self._state

    @property
    def client(self) -> Any:
        """The connection to the scheduler (`distributed.Client`), None while there is none."""
        return self._client

    @property
    def threads(self) -> int:
        """Worker threads in all: as many tasks run at once."""
        return self._threads if self._address else self.settings.threads * self.settings.workers

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
        """Reach a scheduler. Raises `OSError` where the one in the environment does not answer."""
        import dask
        import distributed
        dask.config.set(DASK)
        # After Dask's own, which its import registers: what came last goes first.
        atexit.unregister(self.close)
        atexit.register(self.close)
        if self._address:
            self._client = distributed.Client(self._address, timeout=10, set_as_default=False)
            return
        self.settings.cache.mkdir(parents=True, exist_ok=True)
        # Without an address of its own it would take port 8787, or complain that somebody has it.
        self._cluster = distributed.LocalCluster(
            n_workers=0, host="127.0.0.1", protocol="tcp://", silence_logs=logging.CRITICAL,
            scheduler_kwargs={"dashboard": False, "dashboard_address": "127.0.0.1:0"})
        self._start()
        self._client = distributed.Client(self._cluster, set_as_default=False)

    def _look(self) -> None:
        """Start again what died, prepare who is new, and say how things stand."""
        if self._client.status != "running":
            raise ConnectionError("The connection to the scheduler was lost")
        if self._process is not None and self._process.poll() is not None:
            self._start_again()
        known = self._client.scheduler_info(n_workers=-1)["workers"]
        self._threads = sum(worker["nthreads"] for worker in known.values())
        for address in set(self._preparing) - set(known):
            del self._preparing[address]
        for address in known:
            self._prepare_once(address)
        statuses = {address: future.status for address, future in self._preparing.items()}
        self._ready = "finished" in statuses.values()
        if self._ready:
            self._state = "Ready"
        elif "pending" in statuses.values():
            self._state = "Importing Keras"
        elif "error" in statuses.values():
            self._state = f"Failed: {self._error()}"
        elif not self._state.startswith("The worker stopped"):
            self._state = "Starting the workers"

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

    def _start_again(self) -> None:
        """After a wait that grows while the worker process keeps dying."""
        now = time.monotonic()
        if not self._start_at:
            if now - self._started > 2 * LONGEST_WAIT:
                self._wait = 1.0
            self._start_at, seconds = now + self._wait, self._wait
            self._wait = min(LONGEST_WAIT, 2 * self._wait)
            self._state = f"The worker stopped; starting it again in {seconds:.0f} s"
        elif now >= self._start_at:
            self._start()

    def _start(self) -> None:
        self._start_at, self._started = 0.0, time.monotonic()
        self._process = start_worker(self._cluster.scheduler_address, self.settings)

    def _disconnect(self) -> None:
        process, client, cluster = self._process, self._client, self._cluster
        self._process = self._client = self._cluster = None
        self._preparing, self._ready, self._threads = {}, False, 0
        if process is not None:
            end_family(process)
        for one in (client, cluster):
            if one is not None:
                # The processes are gone by now; what is left is in this one.
                with suppress(Exception):
                    one.close(timeout=5)


def start_worker(scheduler: str, settings: Settings) -> subprocess.Popen:
    """Start the `dask worker` command that joins `scheduler`. Its output goes to a log in the cache."""
    import dask
    command = [sys.executable, "-m", "distributed.cli.dask_worker", scheduler, "--host", "127.0.0.1",
               "--nthreads", str(settings.threads), "--nworkers", str(settings.workers), "--no-dashboard",
               "--dashboard-address", "127.0.0.1:0", "--death-timeout", "10",
               "--local-directory", str(settings.cache / "workers")]
    if not settings.nanny and settings.workers == 1:
        command.append("--no-nanny")
    environment = os.environ | {
        "KERAS_BACKEND": "jax",
        # glibc keeps freed memory otherwise; Dask's nanny says the same, where there is one.
        "MALLOC_TRIM_THRESHOLD_": "65536",
        # Not the settings of somebody's home folder, which may say float64.
        "KERAS_HOME": str(settings.cache / "keras"),
        "JAX_COMPILATION_CACHE_DIR": str(settings.cache / "compiled"),
        "JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS": "0",
        "JAX_PERSISTENT_CACHE_MIN_ENTRY_SIZE_BYTES": "-1",
        "DASK_INTERNAL_INHERIT_CONFIG": dask.config.serialize(dask.config.global_config)}
    # Ctrl-C in the terminal is for the page server, which then ends the workers itself.
    apart: dict[str, Any] = ({"start_new_session": True} if os.name == "posix" else
                             {"creationflags": getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0)})
    with open(settings.cache / "worker.log", "wb") as output:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL,
                                   stdout=output, stderr=subprocess.STDOUT, **apart)
    _be_nice(process.pid)
    return process


def _be_nice(pid: int) -> None:
    """Let pages go first: training takes what they leave. Processes that it starts inherit this."""
    import psutil
    with suppress(psutil.Error, OSError):
        psutil.Process(pid).nice(getattr(psutil, "BELOW_NORMAL_PRIORITY_CLASS", 10))


def end_family(process: subprocess.Popen, seconds: float = 3.0) -> None:
    """End `process` and all its descendants, politely for `seconds`, then not."""
    import psutil
    family = []
    with suppress(psutil.Error):
        parent = psutil.Process(process.pid)
        family = [parent, *parent.children(recursive=True)]
    with suppress(OSError):
        process.terminate()
    _, alive = psutil.wait_procs(family, timeout=seconds)
    for one in alive:
        with suppress(psutil.Error):
            one.kill()
    psutil.wait_procs(alive, timeout=3)
    process.poll()
