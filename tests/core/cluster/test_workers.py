"""The cluster's life: it comes up, comes back, and leaves no process behind."""

import asyncio
import json
import os
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import dask
import distributed
import psutil
import pytest
from distributed.comm import connect

from core.cluster.run_service import RunService
from core.cluster.workers import Workers
from core.runs.config import RunConfig
from tests.conftest import ROOT
from tests.core.conftest import nothing, train, until

pytestmark = pytest.mark.alone

# What a page server does with the runs, real ones, until it is killed.
PAGE = """
import json, sys, time
from pathlib import Path
from core.runs.config import RunConfig
from core.cluster.run_service import RunService
from core.settings import Settings
from core.cluster.workers import Workers

settings = Settings(workers=1, threads=8, warm_up=False, cache=Path(sys.argv[1]))
workers = Workers(settings)
jobs = RunService(workers, settings)
run = jobs.submit("ann", RunConfig(epochs=3))
while run.active or jobs.questions.summary(run.config) is None:
    time.sleep(0.05)
jobs.regions("ann", run.id, (2, 3))
while run.history.evaluation.regions.features != (2, 3):
    time.sleep(0.05)
endless = jobs.submit("ann", RunConfig(epochs=1000, dataset="digits", architecture="rnn"))
paused = jobs.submit("ann", RunConfig(epochs=9), begins_paused=True)
while endless.history.progress is None or paused.status != "paused":
    time.sleep(0.05)
print(json.dumps({
    "status": run.status, "message": run.message, "epochs": len(run.history.epochs),
    "parameters": [row.parameters for row in jobs.questions.summary(run.config)],
    "loaded": sorted({"keras", "jax", "tensorflow", "torch"} & set(sys.modules))}), flush=True)
time.sleep(600)
"""


def family(pid: int) -> list[psutil.Process]:
    parent = psutil.Process(pid)
    return [parent, *parent.children(recursive=True)]


def workers_of(workers: Workers) -> list[psutil.Process]:
    """Processes of this cluster: those that run the worker's command for it, and their descendants.

    Other tests of the same process may have clusters of their own.
    """
    assert workers.client is not None and workers.client.scheduler is not None
    wanted = {"distributed.cli.dask_worker", workers.client.scheduler.address}
    return [one for child in psutil.Process().children() if wanted <= set(child.cmdline())
            for one in family(child.pid)]


def test_a_killed_page_server_leaves_nothing_behind_and_never_loaded_keras(tmp_path):
    page = subprocess.Popen([sys.executable, "-c", PAGE, str(tmp_path)], cwd=ROOT,
                            stdout=subprocess.PIPE, text=True)
    try:
        assert page.stdout is not None
        said = json.loads(page.stdout.readline())
        started = family(page.pid)
        assert len(started) >= 3, "the page server, the nanny and the worker"
    finally:
        page.kill()
        page.communicate()
    assert (said["status"], said["epochs"]) == ("finished", 3), said["message"]
    # Counted by hand: 4 inputs, 16 and 16 hidden units, 3 classes.
    assert [count for count in said["parameters"] if count] == [5 * 16, 17 * 16, 17 * 3]
    assert said["loaded"] == []
    _, alive = psutil.wait_procs(started, timeout=60)
    for one in alive:
        one.kill()
    assert alive == []


def test_close_leaves_no_process_and_listens_at_home_only(settings, tmp_path):
    workers = Workers(replace(settings, cache=tmp_path), prepare=nothing)
    until(lambda: workers.ready)
    assert workers.state == "Ready" and list(workers.places.values()) == [8]
    started = workers_of(workers)
    assert len(started) >= 2
    hosts = {connection.laddr.ip for one in [psutil.Process(), *started]
             for connection in one.net_connections("inet") if connection.status == psutil.CONN_LISTEN}
    assert hosts == {"127.0.0.1"}
    if os.name == "posix":
        assert {one.nice() for one in started} == {10}
    workers.close()
    assert psutil.wait_procs(started, timeout=5)[1] == []
    assert not workers.ready and workers.client is None


async def reached(addresses: list[str], security: distributed.Security) -> list[str]:
    """Those of `addresses` where a Dask server answers whoever has `security`."""
    async def answers(address: str) -> bool:
        with suppress(OSError):
            async with asyncio.timeout(3):
                comm = await connect(address, timeout=3, **security.get_connection_args("client"))
                try:
                    await comm.write({"op": "identity", "reply": True})
                    return bool(await comm.read())
                finally:
                    comm.abort()
        return False

    found = await asyncio.gather(*map(answers, addresses))
    return [address for address, answer in zip(addresses, found, strict=True) if answer]


def test_only_who_has_the_key_reaches_scheduler_nanny_and_worker(settings, tmp_path, monkeypatch):
    # Meant for a cluster of many machines: the local one has a key of its own.
    monkeypatch.setenv("DASK_DISTRIBUTED__COMM__TLS__WORKER__CERT", "/nonexistent")
    workers = Workers(replace(settings, cache=tmp_path), prepare=nothing)
    try:
        until(lambda: workers.ready)
        client, started = workers.client, workers_of(workers)
        (worker, told), = client.sync(client.scheduler.identity, n_workers=-1)["workers"].items()
        addresses = [client.scheduler.address, told["nanny"], worker]
        assert asyncio.run(reached(addresses, client.security)) == addresses
        assert asyncio.run(reached(addresses, distributed.Security.temporary())) == []
        plain = [address.replace("tls://", "tcp://") for address in addresses]
        assert asyncio.run(reached(plain, distributed.Security())) == []
        line = client.security.tls_client_key.splitlines()[5]
        assert not any(line in argument for one in started for argument in one.cmdline())
        files = [path for path in tmp_path.rglob("*") if path.is_file()]
        assert files and not any(line.encode() in path.read_bytes() for path in files)
    finally:
        workers.close()


def test_without_a_nanny_a_killed_worker_is_started_again(settings, tmp_path):
    workers = Workers(replace(settings, cache=tmp_path, nanny=False), prepare=nothing)
    jobs = RunService(workers, settings, train=train)
    try:
        run = jobs.submit("ann", RunConfig(epochs=20))
        assert run.status == "waiting" and run.message == "Starting the workers..."
        until(lambda: run.history.progress)
        only, = (one for one in workers_of(workers) if "dask_worker" in " ".join(one.cmdline()))
        only.kill()
        until(lambda: run.attempt == 2)
        until(lambda: workers.state.startswith("The worker stopped"))
        assert not workers.ready
        until(lambda: not run.active)
        assert (run.status, len(run.history.steps)) == ("finished", 200)
    finally:
        jobs.close()
        workers.close()


def test_a_preparation_that_fails_is_told(settings, tmp_path):
    def fail(settings) -> None:
        raise RuntimeError("Keras is not installed")

    workers = Workers(replace(settings, cache=tmp_path), prepare=fail)
    try:
        until(lambda: workers.state.startswith("Failed"))
        assert "Keras is not installed" in workers.state and not workers.ready
    finally:
        workers.close()


def test_a_named_scheduler_is_joined_and_left_alone(workers, settings, monkeypatch):
    until(lambda: workers.ready)  # an earlier test may have ended its worker
    before = workers_of(workers)
    monkeypatch.setenv("DASK_SCHEDULER_ADDRESS", workers.client.scheduler.address)
    key = workers.client.security
    given = {"ca-file": key.tls_ca_file, "client.key": key.tls_client_key, "client.cert": key.tls_client_cert}
    config = dask.config.set({f"distributed.comm.tls.{name}": value for name, value in given.items()})
    guest = Workers(replace(settings, cache=Path("/nonexistent")), prepare=nothing)
    jobs = RunService(guest, settings, train=train)
    try:
        with config:
            until(lambda: guest.ready)
        assert list(guest.places.values()) == [8]
        run = jobs.submit("ann", RunConfig(epochs=2))
        until(lambda: not run.active)
        assert run.status == "finished" and len(run.history.steps) == 20
        # The worker dies and another takes the run over; nobody restarts the scheduler.
        assert workers_of(workers) == before
    finally:
        jobs.close()
        guest.close()
    time.sleep(0.5)
    assert workers.ready and workers_of(workers) == before


def test_an_unreachable_scheduler_is_told(settings, monkeypatch):
    monkeypatch.setenv("DASK_SCHEDULER_ADDRESS", "tcp://127.0.0.1:9")
    monkeypatch.setattr("core.cluster.workers.CONNECT_SECONDS", 0.5)
    guest = Workers(settings, prepare=nothing)
    try:
        until(lambda: guest.state.startswith("Failed"))
        assert "127.0.0.1:9" in guest.state and not guest.ready
    finally:
        guest.close()
