"""Training on a cluster of separate processes, started as README says."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import dask
import numpy as np
import psutil
import pytest

from core.cluster.run_service import RunService
from core.cluster.worker_process import end_family
from core.cluster.workers import Workers
from core.runs.config import RunConfig
from core.runs.controls import Controls
from core.runs.run import Run
from core.settings import Settings
from tests.conftest import ROOT
from tests.core.conftest import curve, ended, losses, nothing, train, until

pytestmark = pytest.mark.alone

# So slow that the run goes on however long the workers take to begin the other.
PACED = Controls(pace=1.0)
CONFIG = RunConfig(epochs=60)


class Cluster:
    """`dask scheduler` and `dask worker`, as commands in another folder than the project's."""

    def __init__(self, folder: Path):
        self._folder, self._environment = folder, os.environ | {"PYTHONPATH": str(ROOT)}
        self._processes: list[subprocess.Popen] = []

    def set(self, variables: Mapping[str, str]) -> None:
        """Put `variables` into the environment of what is started from now on."""
        self._environment.update(variables)

    def start(self, *command: str) -> subprocess.Popen:
        with open(self._folder / f"{len(self._processes)}.log", "wb") as output:
            process = subprocess.Popen([sys.executable, "-m", "dask", *command], cwd=self._folder,
                                       env=self._environment, stdout=output, stderr=subprocess.STDOUT)
        self._processes.append(process)
        return process

    def scheduler(self, *options: str) -> str:
        """Start it; its address, once it is up."""
        told = self._folder / "scheduler.json"
        self.start("scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard",
                   "--scheduler-file", str(told), *options)
        return until(lambda: told.exists() and json.loads(told.read_text("utf-8") or "{}").get("address"))

    def worker(self, address: str) -> subprocess.Popen:
        return self.start("worker", address, "--host", "127.0.0.1", "--nthreads", "8", "--no-dashboard",
                          "--preload", "core.cluster.worker_preload")

    def close(self) -> None:
        for process in reversed(self._processes):
            end_family(process)

    def log(self) -> str:
        return "\n".join(path.read_text("utf-8") for path in sorted(self._folder.glob("*.log")))


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    one = Cluster(tmp_path)
    yield one
    one.close()


def trained_here(settings: Settings) -> Run:
    """The run on this machine's own worker, which nobody stops."""
    workers = Workers(settings)
    jobs = RunService(workers, settings)
    try:
        run = jobs.submit("ann", CONFIG)
        until(lambda: ended(run))
        return run
    finally:
        jobs.close()
        workers.close()


@pytest.mark.sweep
def test_a_stopped_worker_of_a_cluster_leaves_the_curve_as_it_was(cluster, tmp_path, monkeypatch, cuts):
    settings = Settings(workers=1, threads=8, warm_up=False, cache=tmp_path / "cache")
    address = cluster.scheduler()
    monkeypatch.setenv("DASK_SCHEDULER_ADDRESS", address)
    workers = Workers(settings)
    jobs = RunService(workers, settings)
    try:
        run, paused = (jobs.submit(owner, CONFIG, controls=PACED) for owner in ("ann", "bob"))
        until(lambda: run.message == f"Waiting for a worker to join the scheduler at {address}...")
        processes = [cluster.worker(address) for _ in range(3)]
        until(lambda: workers.places and len(workers.places) == 3)
        until(lambda: paused.history.progress)
        jobs.control("bob", paused.id, paused=True)
        until(lambda: len(run.history.epochs) >= 3 and paused.history.checkpoint)
        held, ours = paused.history.progress.step, set()
        for one in (run, paused):
            at = psutil.Process(workers.client.run(os.getpid)[jobs._queue.get(one.id).worker])
            ours |= {at.pid, *(parent.pid for parent in at.parents())}
        stopped = [process for process in processes if process.pid in ours]
        for process in stopped:
            process.terminate()
        until(lambda: run.attempt == paused.attempt == 2)
        jobs.control("ann", run.id, pace=20.0)
        assert (paused.status, paused.history.progress.step) == ("paused", held)
        jobs.control("bob", paused.id, paused=False, pace=20.0)
        until(lambda: ended(run) and ended(paused))
        # The workers have one cache, as with a shared folder: one that closes leaves files for the next.
        assert held in [cut.step for cut in cuts], cluster.log()
        assert (run.status, paused.status) == ("finished", "finished"), cluster.log()
        assert all(process.wait(30) is not None for process in stopped) and len(stopped) in (1, 2)
        until(lambda: list(workers.places.values()) == [8] * (3 - len(stopped)))
    finally:
        jobs.close()
        workers.close()
    monkeypatch.delenv("DASK_SCHEDULER_ADDRESS")
    alone = trained_here(settings)
    assert len(alone.history.epochs) == 60
    for one in (run, paused):
        assert one.history.epochs == alone.history.epochs
        there, here = one.history.finished.weights, alone.history.finished.weights
        assert there and here
        for first, second in zip(there, here, strict=True):
            np.testing.assert_array_equal(first, second)


def certificate(folder: Path) -> tuple[str, str]:
    """A certificate that is its own authority, and its key, made as README says."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("there is no openssl to make a certificate with")
    paths = str(folder / "cluster.pem"), str(folder / "cluster.key")
    subprocess.run([openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj",
                    "/CN=playground", "-out", paths[0], "-keyout", paths[1]], check=True, capture_output=True)
    return paths


@pytest.mark.sweep
def test_an_encrypted_cluster_trains_for_who_has_the_certificate(cluster, settings, tmp_path, monkeypatch):
    pem, key = certificate(tmp_path)
    names = {"TLS__CA_FILE": pem, **{f"TLS__{role}__CERT": pem for role in ("SCHEDULER", "WORKER", "CLIENT")},
             **{f"TLS__{role}__KEY": key for role in ("SCHEDULER", "WORKER", "CLIENT")},
             "REQUIRE_ENCRYPTION": "True"}
    variables = {f"DASK_DISTRIBUTED__COMM__{name}": value for name, value in names.items()}
    cluster.set(variables)
    address = cluster.scheduler("--protocol", "tls")
    assert address.startswith("tls://")
    cluster.worker(address)
    monkeypatch.setenv("DASK_SCHEDULER_ADDRESS", address)
    stranger = Workers(settings, prepare=nothing)
    until(lambda: stranger.state.startswith("Failed"))
    stranger.close()
    # What Dask makes of the variables when it is imported.
    options = {f"distributed.comm.{name.lower().replace('__', '.').replace('_', '-')}": value
               for name, value in names.items()}
    with dask.config.set(options):
        workers = Workers(settings, prepare=nothing)
        jobs = RunService(workers, settings, train=train)
        try:
            run = jobs.submit("ann", RunConfig(epochs=4))
            until(lambda: ended(run))
            assert run.status == "finished" and losses(run.history) == pytest.approx(curve(40, 0.01))
        finally:
            jobs.close()
            workers.close()
