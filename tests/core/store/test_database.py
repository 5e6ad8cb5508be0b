"""A database that cannot be used: clear errors, nothing lost, and migrations from older versions."""

import shutil
import sqlite3
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import create_engine, event, inspect, text
from sqlalchemy.exc import DataError

from core.store import Store, Unavailable, schema
from core.store.database import GONE, NO_DRIVER, NO_FILE, NO_URL, SQLITE_WORDS, TOO_NEW, Database
from tests.conftest import ROOT
from tests.core.store import made
from tests.core.store.made import OWNER

VERSION_1 = (Path(__file__).parent / "version_1.sql").read_text("utf-8")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "runs.sqlite3"


@pytest.fixture
def store(path: Path) -> Store:
    """A store with one run in it."""
    one = Store(path)
    one.keep(made.record("kept"))
    return one


def ids(store: Store) -> list[str]:
    return [run.id for run in store.runs(OWNER)]


def fails(store: Store, words: str) -> None:
    """Another run cannot be written, for that reason."""
    with pytest.raises(Unavailable) as caught:
        store.keep(made.record("new"))
    assert str(caught.value) == words


def test_a_full_database_loses_nothing(store: Store, path: Path):
    full = Store(path)
    engine = full._database._engine(True, 5.0)
    event.listen(engine, "connect", lambda connection, _: connection.execute("PRAGMA max_page_count=1"))
    one = made.record("new")
    with pytest.raises(Unavailable) as caught:
        full.keep(replace(one, curves=bytes(200_000)))
    assert str(caught.value) == SQLITE_WORDS["SQLITE_FULL"]
    assert ids(store) == ["kept"] and set(store.details(OWNER, ["kept", "new"])) == {"kept"}
    store.keep(one)
    assert set(ids(store)) == {"kept", "new"}


FILL = """
import sys
from pathlib import Path
from core.store import Store, Unavailable
from tests.core.store import made
store, written = Store(Path(sys.argv[1]) / "runs.sqlite3"), 0
try:
    for number in range(1000):
        store.keep(made.record(f"s-{number}"))
        written += 1
except Unavailable as error:
    print(written, error)
"""


def test_a_full_disk_loses_nothing(tmp_path: Path):
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=400k", "tmpfs", str(disk)]
    if shutil.which("mount") is None or subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("a small disk can be mounted by root alone")
    try:
        done = subprocess.run([sys.executable, "-c", FILL, str(disk)], cwd=ROOT, text=True,
                              capture_output=True)
        written, _, words = done.stdout.strip().partition(" ")
        assert words in (SQLITE_WORDS["SQLITE_FULL"], SQLITE_WORDS["SQLITE_IOERR"]), done.stderr
        assert int(written) > 5
        # Whatever was said to be kept is there, also for whoever opens a copy elsewhere.
        shutil.copytree(disk, tmp_path / "copy")
        assert len(ids(Store(tmp_path / "copy" / "runs.sqlite3"))) == int(written)
    finally:
        subprocess.run(["umount", str(disk)], check=True)


def test_a_locked_file_is_told_and_written_later(store: Store, path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("core.store.store.WRITE_SECONDS", 0.1)
    holder = sqlite3.connect(path, isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    fails(store, SQLITE_WORDS["SQLITE_BUSY"])
    assert ids(store) == ["kept"], "who reads does not wait for who writes"
    holder.execute("ROLLBACK")
    store.keep(made.record("new"))
    assert set(ids(store)) == {"kept", "new"}
    holder.close()


@pytest.mark.parametrize("place, garbage", [(0, b"this was a database " * 50), (4096, b"\xa5" * 4096)])
def test_a_damaged_file_is_told_and_left_as_it_is(store: Store, path: Path, place: int, garbage: bytes):
    store.keep(made.record("second"))
    whole = path.read_bytes()
    damaged = whole[:place] + garbage + whole[place + len(garbage):]
    path.write_bytes(damaged)
    with pytest.raises(Unavailable, match="damaged") as caught:
        store.runs(OWNER)
        store.keep(made.record("new"))
    assert str(caught.value) in SQLITE_WORDS.values()
    assert path.read_bytes() == damaged and not list(path.parent.glob("*-wal"))
    path.write_bytes(whole)
    assert set(ids(Store(path))) == {"kept", "second"}


def test_a_file_that_is_cut_off_is_told(store: Store, path: Path):
    path.write_bytes(path.read_bytes()[:5000])
    with pytest.raises(Unavailable, match="damaged"):
        ids(store)
        store.keep(made.record("new"))


def test_a_file_that_is_deleted_is_made_anew(store: Store, path: Path):
    path.unlink()
    assert ids(store) == []
    store.keep(made.record("new"))
    assert ids(store) == ["new"]


@pytest.mark.parametrize("as_url, variable", [(False, "PLAYGROUND_CACHE"), (True, "PLAYGROUND_DATABASE")])
def test_a_place_where_nothing_can_be_written(as_url: bool, variable: str, tmp_path: Path):
    (tmp_path / "file").write_text("no folder")
    (tmp_path / "folder.sqlite3").mkdir()
    for path, words in ((tmp_path / "file" / "runs.sqlite3", NO_FILE),
                        (tmp_path / "folder.sqlite3", SQLITE_WORDS["SQLITE_CANTOPEN"])):
        fails(Store(f"sqlite:///{path}" if as_url else path), words.format(variable=variable))


@pytest.mark.parametrize("url, words", [
    ("nonsense://host/name", NO_URL), ("sqlite://", NO_URL), ("postgresql://host:port/x", NO_URL),
    ("mysql+pymysql://me:secret@host/x", NO_DRIVER)])
def test_an_address_that_leads_nowhere(url: str, words: str, caplog: pytest.LogCaptureFixture):
    fails(Store(url), words)
    assert "secret" not in caplog.text


def test_a_value_that_a_database_refuses_keeps_nobody_else_from_reading(path: Path):
    """PostgreSQL's driver refuses a NUL, which an address may contain."""
    database = Database(path)
    with pytest.raises(Unavailable), database.reading():
        raise DataError("select", {}, Exception())
    with database.reading() as connection:
        assert connection.execute(text("select 1")).scalar_one() == 1
    database.close()


def test_a_server_that_is_not_there_is_asked_now_and_then_only(monkeypatch: pytest.MonkeyPatch):
    pytest.importorskip("psycopg")
    store, asked = Store("postgresql+psycopg://me:secret@127.0.0.1:9/runs"), []
    fails(store, GONE)
    event.listen(store._database._engine(False, 1.0), "do_connect", lambda *_: asked.append(1))
    for _ in range(3):
        with pytest.raises(Unavailable, match="does not respond"):
            store.runs(OWNER)
    assert len(asked) == 1


def columns(path: Path) -> dict[str, list[tuple[str, str, bool]]]:
    engine = create_engine(f"sqlite:///{path}")
    found = inspect(engine)
    there = {table: [(column["name"], str(column["type"]), bool(column["nullable"]))
                     for column in found.get_columns(table)] for table in found.get_table_names()}
    engine.dispose()
    return there


@pytest.mark.parametrize("version", range(1, schema.VERSION))
def test_a_database_of_an_earlier_version_becomes_one_of_this(version: int, tmp_path: Path, store: Store,
                                                              path: Path):
    old = tmp_path / "old.sqlite3"
    with sqlite3.connect(old) as connection:
        connection.executescript(VERSION_1)
    engine = create_engine(f"sqlite:///{old}")
    with engine.begin() as connection:
        for step in range(1, version):
            schema.MIGRATIONS[step](connection)
        connection.execute(text(f"UPDATE schema_version SET number = {version}"))
    engine.dispose()
    opened = Store(old)
    [kept] = opened.runs(OWNER)
    assert (kept.id, kept.name, kept.results.test_metric, kept.tags) == ("old-1", "an old run", 0.9, ("a",))
    opened.keep(made.record("new"))
    assert ids(opened) == ["new", "old-1"] and columns(old) == columns(path)


def later(monkeypatch: pytest.MonkeyPatch, *steps: str) -> None:
    """From now on this is a newer version, with these migrations."""
    this = schema.VERSION
    monkeypatch.setattr(schema, "VERSION", this + len(steps))
    for number, step in enumerate(steps, this):
        monkeypatch.setitem(schema.MIGRATIONS, number,
                            lambda connection, step=step: connection.execute(text(step)))


NOTE = "ALTER TABLE runs ADD COLUMN note VARCHAR(20) DEFAULT 'none'"
FILL_NOTE = "UPDATE runs SET note = 'of ' || name"


def test_migrations_run_one_after_another_and_once(store: Store, path: Path, monkeypatch: pytest.MonkeyPatch):
    later(monkeypatch, NOTE, FILL_NOTE)
    for _ in range(2):
        assert ids(Store(path)) == ["kept"]
    with sqlite3.connect(path) as connection:
        assert connection.execute("SELECT note FROM runs").fetchall() == [
            (f"of {store.runs(OWNER)[0].name}",)]
        assert connection.execute("SELECT number FROM schema_version").fetchall() == [(schema.VERSION,)]


def test_a_migration_that_fails_changes_nothing(store: Store, path: Path, monkeypatch: pytest.MonkeyPatch):
    before = columns(path)
    with monkeypatch.context() as patch:
        later(patch, NOTE, "UPDATE nonsense SET x = 1")
        fails(Store(path), GONE)
    assert columns(path) == before and ids(Store(path)) == ["kept"]


def test_a_database_of_a_later_version_is_left_alone(store: Store, path: Path,
                                                     monkeypatch: pytest.MonkeyPatch):
    with monkeypatch.context() as patch:
        later(patch, NOTE)
        ids(Store(path))
    fails(Store(path), TOO_NEW)
    with pytest.raises(Unavailable, match="newer version"):
        Store(path).runs(OWNER)
