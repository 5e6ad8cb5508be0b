"""A `dask worker` command as a child process: started, restarted when it dies, ended with its children."""

import os
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from core.cluster.worker_preload import environment
from core.runs.disk_limits import trim_log
from core.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
LOG = "worker.log"
LONGEST_WAIT = 30.0
NICE = 10
# A worker that has not joined by then gives up. With its niceness, it needs more than ten on a busy machine.
JOIN_SECONDS = "30"


class WorkerProcess:
    """The worker command that joins `scheduler`; call `look` regularly to keep it alive.

    Args:
        security: the `distributed.Security` of the scheduler.
    """

    def __init__(self, scheduler: str, settings: Settings, security: Any):
        self._scheduler, self._settings, self._security = scheduler, settings, security
        self._wait, self._start_at = 1.0, 0.0
        self._start()

    def look(self) -> str:
        """Restart it if it died, after a wait that grows each time. Returns what to say meanwhile."""
        trim_log(self._settings.cache / LOG, self._settings.max_log_bytes)
        if self._process.poll() is None:
            return ""
        now = time.monotonic()
        if not self._start_at:
            if now - self._started > 2 * LONGEST_WAIT:
                self._wait = 1.0
            self._start_at, self._wait = now + self._wait, min(LONGEST_WAIT, 2 * self._wait)
        elif now >= self._start_at:
            self._start()
            return ""
        return f"The worker stopped; starting it again in {max(1.0, self._start_at - now):.0f} s"

    def end(self) -> None:
        """End it and its descendants."""
        end_family(self._process)

    def _start(self) -> None:
        self._start_at, self._started = 0.0, time.monotonic()
        self._process = start_worker(self._scheduler, self._settings, self._security)


def start_worker(scheduler: str, settings: Settings, security: Any) -> subprocess.Popen:
    """Start the `dask worker` command that joins `scheduler`. Its output goes to a log in the cache."""
    command = [sys.executable, "-m", "distributed.cli.dask_worker", scheduler, "--host", "127.0.0.1",
               "--nthreads", str(settings.threads), "--nworkers", str(settings.workers), "--no-dashboard",
               "--dashboard-address", "127.0.0.1:0", "--death-timeout", JOIN_SECONDS,
               "--local-directory", str(settings.cache / "workers")]
    if not settings.nanny and settings.workers == 1:
        command.append("--no-nanny")
    # Dask's own variables are already part of that configuration, and would override it.
    variables = {name: value for name, value in os.environ.items() if not name.startswith("DASK_")}
    variables |= environment(settings.cache) | {
        "PLAYGROUND_CACHE": str(settings.cache), "DASK_INTERNAL_INHERIT_CONFIG": _configuration(security)}
    # Ctrl-C in the terminal is for the page server, which then ends the workers itself.
    apart: dict[str, Any] = ({"start_new_session": True} if os.name == "posix" else
                             {"creationflags": getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0)})
    log = settings.cache / LOG
    log.unlink(missing_ok=True)
    # Opened for appending, so that it can be truncated while the worker writes.
    with open(log, "ab") as output:
        process = subprocess.Popen(command, cwd=ROOT, env=variables, stdin=subprocess.DEVNULL,
                                   stdout=output, stderr=subprocess.STDOUT, **apart)
    _be_nice(process.pid)
    return process


def _configuration(security: Any) -> str:
    """Dask's configuration for a worker, with the certificate and key of `security`, in one line.

    Only this user can read a process's environment. Unlike a file it leaves nothing to delete, and the nanny
    still has it when it restarts its worker.
    """
    import dask
    own = {"ca-file": security.tls_ca_file,
           "worker": {"cert": security.tls_worker_cert, "key": security.tls_worker_key}}
    return dask.config.serialize(dask.config.merge(
        dask.config.global_config, {"distributed": {"comm": {"require-encryption": True, "tls": own}}}))


def _be_nice(pid: int) -> None:
    """Let pages go first: training gets the processor time they leave. Its child processes inherit this."""
    import psutil
    with suppress(psutil.Error, OSError):
        psutil.Process(pid).nice(getattr(psutil, "BELOW_NORMAL_PRIORITY_CLASS", NICE))
    # Linux may share the processor among sessions first, and a new session counts as much as any. Then
    # niceness alone has no effect (see autogroup in sched(7)).
    with suppress(OSError):
        try:
            Path(f"/proc/{pid}/autogroup").write_text(str(NICE))
        except BlockingIOError:  # it takes one such wish every tenth of a second
            time.sleep(0.15)
            Path(f"/proc/{pid}/autogroup").write_text(str(NICE))


def end_family(process: subprocess.Popen, seconds: float = 3.0) -> None:
    """End `process` and all its descendants: politely, and by force after `seconds`."""
    import psutil
    family = []
    with suppress(psutil.Error):
        parent = psutil.Process(process.pid)
        family = [parent, *parent.children(recursive=True)]
    with suppress(OSError):
        process.terminate()
    _, alive = psutil.wait_procs(family, timeout=seconds)
    for survivor in alive:
        with suppress(psutil.Error):
            survivor.kill()
    psutil.wait_procs(alive, timeout=3)
    process.poll()
