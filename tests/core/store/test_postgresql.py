"""The same store on a PostgreSQL server, which is started here where there is one to start."""

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError

from core.store import BackgroundWriter, Store, StoredRun, Unavailable, schema
from core.store.database import GONE
from tests.core.store import made, test_store, test_survival
from tests.core.store.made import OTHER, OWNER


class Server:
    """A PostgreSQL server of our own, in a folder of its own, that answers on a socket in that folder."""

    def __init__(self, programs: Path, folder: Path, user: str | None):
        # The server refuses to run as root.
        self._as = ["runuser", "-u", user, "--"] if user else []
        self._programs, self.folder = programs, folder
        self.url = f"postgresql+psycopg://playground@/postgres?host={folder}"
        made = self._call("initdb", "-D", str(folder / "data"), "-A", "trust", "-U", "playground", "-N")
        if made.returncode:
            pytest.skip(f"no PostgreSQL server can be made here: {made.stderr.strip()[-200:]}")
        self.start()

    def start(self) -> None:
        self.process = subprocess.Popen(
            [*self._as, str(self._programs / "postgres"), "-D", str(self.folder / "data"),
             "-k", str(self.folder), "-c", "listen_addresses=", "-c", "unix_socket_permissions=0777"],
            cwd="/", stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        engine, deadline = create_engine(self.url), time.monotonic() + 60
        while True:
            try:
                with engine.connect() as connection:
                    connection.execute(text("SELECT 1"))
                engine.dispose()
                return
            except OperationalError:
                assert time.monotonic() < deadline and self.process.poll() is None, "the server did not start"
                time.sleep(0.1)

    def stop(self) -> None:
        if self.process.poll() is None:
            # "fast": connections that are open do not hold it up.
            self._call("pg_ctl", "stop", "-D", str(self.folder / "data"), "-m", "fast", "-w")
            self.process.wait(60)

    def _call(self, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run([*self._as, str(self._programs / program), *arguments], cwd="/", text=True,
                              capture_output=True)


def programs() -> Path | None:
    """Where PostgreSQL's programs lie: Debian keeps them out of the PATH."""
    found = [*sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True),
             *(Path(one).resolve().parent for one in [shutil.which("initdb")] if one)]
    return next((one for one in found if (one / "initdb").exists() and (one / "pg_ctl").exists()), None)


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    pytest.importorskip("psycopg", reason="psycopg, which speaks to PostgreSQL, is not installed")
    where = programs()
    if where is None:
        pytest.skip("PostgreSQL is not installed")
    # Not in pytest's own folder, which no other user may enter; and a socket's path must be short.
    folder = Path(tempfile.mkdtemp(prefix="playground-pg-"))
    user = None
    if os.geteuid() == 0:
        import pwd
        users = [one.pw_name for one in pwd.getpwall() if one.pw_name in ("postgres", "nobody")]
        if not users or shutil.which("runuser") is None:
            pytest.skip("PostgreSQL does not run as root, and there is nobody else")
        user = "postgres" if "postgres" in users else users[0]
        shutil.chown(folder, user)
    one = None
    try:
        one = Server(where, folder, user)
        yield one
    finally:
        if one is not None:
            one.stop()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def url(server: Server) -> Iterator[str]:
    """The server, with nothing in it yet."""
    yield server.url
    engine = create_engine(server.url)
    with engine.begin() as connection:
        schema.METADATA.drop_all(connection)
    engine.dispose()


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    one = Store(url, most=20)
    yield one
    one.close()


def test_a_run_comes_back_as_it_was(store: Store):
    from dataclasses import replace

    from core.store import kept_of, record_of
    run = made.run(status="stopped", message="Grüße, \N{SNOWMAN} and a \x00 sign")
    store.keep(record_of(run))
    [kept] = store.runs(OWNER)
    assert isinstance(kept, StoredRun) and kept == replace(kept_of(run), stored=True)
    assert store.details(OWNER, [run.id])[run.id].scores.wrong.tolist() == [0, 1]


@pytest.mark.parametrize("check", [
    test_store.test_an_empty_store_has_no_runs, test_store.test_a_run_is_written_once,
    test_store.test_the_newest_comes_first, test_store.test_rename_tag_and_pin,
    test_store.test_another_key_sees_nothing_and_forged_ids_do_nothing,
    test_store.test_runs_go_to_the_same_browser_under_a_new_name], ids=lambda check: check.__name__)
def test_what_holds_of_sqlite_holds_here(store: Store, check):
    check(store)


def test_a_deletion_is_taken_back(store: Store, monkeypatch: pytest.MonkeyPatch):
    test_store.test_a_deletion_is_taken_back(store, monkeypatch)


def test_the_oldest_make_room(url: str):
    test_store.test_the_oldest_make_room_but_not_the_pinned(url)  # type: ignore[arg-type]


def test_migrations(store: Store, url: str, monkeypatch: pytest.MonkeyPatch):
    store.keep(made.record("kept"))
    this = schema.VERSION
    monkeypatch.setattr(schema, "VERSION", this + 1)
    monkeypatch.setitem(schema.MIGRATIONS, this, lambda connection: connection.execute(
        text("ALTER TABLE runs ADD COLUMN note VARCHAR(20) DEFAULT 'none'")))
    assert [run.id for run in Store(url).runs(OWNER)] == ["kept"]
    engine = create_engine(url)
    with engine.connect() as connection:
        assert connection.execute(text("SELECT note FROM runs")).scalars().all() == ["none"]
    engine.dispose()


def test_a_server_that_is_gone_is_told_and_written_to_later(server: Server, url: str,
                                                            monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("core.store.writer.PAUSES", (0.1,))
    monkeypatch.setattr("core.store.database.REST_SECONDS", 0.0)
    keeper = BackgroundWriter(Store(url))
    keeper.enqueue(made.run("before"))
    assert keeper.flush()
    server.stop()
    keeper.enqueue(made.run("meanwhile"))
    keeper.adopt(OWNER, OTHER)
    deadline = time.monotonic() + 30
    while GONE not in keeper.state:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    with pytest.raises(Unavailable):
        keeper.store.runs(OWNER)
    server.start()
    assert keeper.flush(60) and {run.id for run in keeper.store.runs(OTHER)} == {"before", "meanwhile"}
    keeper.close()


@pytest.mark.sweep
def test_many_processes_write_at_once_and_nothing_is_lost(url: str):
    test_survival.written_by_many(url, 4, 50)
