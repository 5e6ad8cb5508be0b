"""Access to a database by its URL: read and write transactions, and their errors in plain words.

SQLite: each transaction opens its own connection, so that a file that was replaced or deleted meanwhile is
noticed. The file itself is never repaired, moved or emptied.
"""

import logging
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, NullPool, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

import core.store.schema as schema
from core.errors import UserError

log = logging.getLogger(__name__)

# How long a transaction waits for another process: no page waits for one that writes.
WRITE_SECONDS, READ_SECONDS = 5.0, 1.0
# A database that did not answer is left alone for a while, so that no page waits for it again and again.
REST_SECONDS = 5.0
# psycopg notices after this time that a server is gone.
CONNECT_SECONDS = 3

# By the beginning of SQLite's name for an error.
SQLITE_WORDS = {
    "SQLITE_FULL": "The disk is full. Free some space; runs saved earlier are safe.",
    "SQLITE_BUSY": "Another program has locked the file of saved runs. Close that program.",
    "SQLITE_LOCKED": "Another program has locked the file of saved runs. Close that program.",
    "SQLITE_CORRUPT": "The file of saved runs is damaged and has been left unchanged. Stop the server, "
                      "repair the file with sqlite3's .recover or move it elsewhere, and start the server "
                      "again.",
    "SQLITE_NOTADB": "The file of saved runs is damaged or is not a database, and has been left unchanged. "
                     "Stop the server, move the file elsewhere, and start the server again.",
    "SQLITE_READONLY": "The file of saved runs, or its folder, is read-only. Allow the server to write "
                       "there.",
    "SQLITE_CANTOPEN": "The file of saved runs cannot be opened. Check that {variable} names a place where "
                       "the server can write.",
    "SQLITE_IOERR": "The file of saved runs could not be read or written. Check whether the disk is full or "
                    "faulty."}
GONE = "The database does not respond, or refuses the connection. The server keeps trying; its log says more."
NO_DRIVER = "The driver for this kind of database is not installed. Install it and restart the server; the " \
            "log has the details."
NO_URL = "PLAYGROUND_DATABASE is not a valid database URL. Correct it and restart the server."
TOO_NEW = "The database was written by a newer version of the playground. Use that version, or another " \
          "database."
NO_FILE = "The file of saved runs, or its folder, cannot be created. Check that {variable} names a place " \
          "where the server can write."


# A value that no database accepts is not among them: that is the caller's error.
_FAILURES = (DBAPIError, ArgumentError, PoolTimeout, sqlite3.Error, OSError, ImportError, schema.TooNew)


class Unavailable(UserError):
    """The store cannot be read or written now. The message says why and what to do."""


class Database:
    """One database. url: an SQLAlchemy URL, or a path for SQLite. Nothing is opened before its first use."""

    def __init__(self, url: str | Path):
        self._given, self._lock = url, threading.Lock()
        self._engines: dict[tuple[bool, float], Engine] = {}
        self._rests, self._why = 0.0, ""

    @contextmanager
    def writing(self, seconds: float = READ_SECONDS) -> Iterator[Connection]:
        """One transaction that writes, with tables of this version; rolled back if anything is raised.

        seconds: to wait for another process's. Raises `Unavailable`.
        """
        with self._errors_explained(), self._engine(True, seconds).begin() as connection:
            schema.prepare(connection)
            yield connection
        self._rests = 0.0

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """One transaction that reads. Raises `Unavailable`; for a while after a failure, immediately."""
        if time.monotonic() < self._rests:
            raise Unavailable(self._why)
        try:
            with self._errors_explained():
                with self._engine(False, READ_SECONDS).begin() as connection:
                    current = schema.number(connection) == schema.VERSION
                    if current:
                        yield connection
                if current:
                    return
                # A new database, or one of an older version.
                with self._engine(True, READ_SECONDS).begin() as connection:
                    schema.prepare(connection)
                    yield connection
        except Unavailable as error:
            # Others read as before: an address can ask PostgreSQL for a run whose id has a NUL in it.
            if not is_refusal(error):
                self._rests, self._why = time.monotonic() + REST_SECONDS, str(error)
            raise

    def close(self) -> None:
        """Close all connections; the next transaction opens new ones."""
        with self._lock:
            for engine in self._engines.values():
                engine.dispose()
            self._engines = {}

    @contextmanager
    def _errors_explained(self) -> Iterator[None]:
        try:
            yield
        except _FAILURES as error:
            log.warning("The store: %s", _plain(error))
            raise Unavailable(words(error, isinstance(self._given, Path))) from error

    def _engine(self, writes: bool, seconds: float) -> Engine:
        with self._lock:
            if (writes, seconds) not in self._engines:
                url = _url(self._given)
                self._engines[writes, seconds] = (_sqlite(url, writes, seconds) if _is_sqlite(url)
                                                  else _server(url, seconds))
            return self._engines[writes, seconds]


def words(error: Exception, is_cache: bool) -> str:
    """What went wrong with a database and what to do, for people who see the page.

    is_cache: whether the database is the file in the cache, as it is without a URL. The text names no host,
    user, password or path; the log does.
    """
    variable = "PLAYGROUND_CACHE" if is_cache else "PLAYGROUND_DATABASE"
    if isinstance(error, schema.TooNew):
        return TOO_NEW
    if isinstance(error, ImportError):
        return NO_DRIVER
    if isinstance(error, OSError):
        return SQLITE_WORDS["SQLITE_FULL"] if error.errno == 28 else NO_FILE.format(variable=variable)
    if isinstance(error, ArgumentError):
        return NO_URL
    raised = error.orig if isinstance(error, DBAPIError) else error
    name = getattr(raised, "sqlite_errorname", None) or ""
    said = next((said for begin, said in SQLITE_WORDS.items() if name.startswith(begin)), GONE)
    return said.format(variable=variable)


def is_refusal(error: Exception) -> bool:
    """Whether a database refused a value and would refuse it again, as opposed to being unreachable."""
    cause = error.__cause__
    return isinstance(cause, DBAPIError) and type(cause).__name__ in ("DataError", "IntegrityError",
                                                                      "NotSupportedError")


def _plain(error: Exception) -> str:
    """An error for the log, without the statement's values, which include configurations."""
    return str(error.orig if isinstance(error, DBAPIError) else error)[:500]


def _url(given: str | Path) -> URL:
    if isinstance(given, Path):
        return URL.create("sqlite", database=str(given))
    try:
        return make_url(given)
    except ValueError:  # a port that is not a number
        raise ArgumentError("no address of a database") from None


def _is_sqlite(url: URL) -> bool:
    return url.get_backend_name() == "sqlite"


def _sqlite(url: URL, writes: bool, seconds: float) -> Engine:
    if not url.database or url.database == ":memory:":
        raise ArgumentError("SQLite needs a file")
    path = Path(url.database)
    engine = create_engine(url, poolclass=NullPool,
                           connect_args={"timeout": seconds, "isolation_level": None})

    @event.listens_for(engine, "do_connect")
    def private(*_: Any) -> None:
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch(mode=0o600)

    @event.listens_for(engine, "connect")
    def opened(connection: Any, _: Any) -> None:
        # Readers and a writer do not wait for each other, and a commit is on disk when it returns. On a disk
        # that cannot do this, such as a network drive, SQLite keeps its usual journal.
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")

    @event.listens_for(engine, "begin")
    def begun(connection: Connection) -> None:
        # A transaction that writes has to say so at the start: later it could not wait for its turn.
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _server(url: URL, seconds: float) -> Engine:
    own: dict[str, Any] = {}
    if url.get_driver_name() in ("psycopg", "psycopg2"):
        waits = f"-c lock_timeout={seconds:.0f}s -c statement_timeout={2 * seconds:.0f}s"
        own = {"connect_timeout": CONNECT_SECONDS, "options": waits}
    return create_engine(url, pool_size=2, max_overflow=8, pool_timeout=READ_SECONDS, pool_pre_ping=True,
                         connect_args=own)
