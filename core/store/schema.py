"""The database tables, and the migrations from older versions.

Listing runs must not read their curves, so these are in a table of their own.
"""

from collections.abc import Callable

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Connection,
    Float,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    insert,
    inspect,
    select,
    text,
    update,
)

from core.errors import UserError

VERSION = 4
# By version: brings a database from that version to the next, within one transaction for all steps. They are
# written in SQL and never use the tables below, because those change.
MIGRATIONS: dict[int, Callable[[Connection], object]] = {
    1: lambda connection: _run(connection, "ALTER TABLE details ADD COLUMN moment "
                               f"{LargeBinary().compile(connection.dialect)}"),
    2: lambda connection: _run(connection, "ALTER TABLE runs ADD COLUMN measures TEXT"),
    3: lambda connection: [_run(connection, statement.format(number=Float(53).compile(connection.dialect)))
                           for statement in _PROGRESS]}
_PROGRESS = (
    "CREATE TABLE progress (owner VARCHAR(64) NOT NULL, lesson VARCHAR(80) NOT NULL, "
    "predicted TEXT NOT NULL, correct BOOLEAN, sure INTEGER NOT NULL, reached TEXT NOT NULL, "
    "sentence VARCHAR(1000) NOT NULL, "
    "passed {number}, changed {number} NOT NULL, deleted {number}, "
    "PRIMARY KEY (owner, lesson))",
    "CREATE INDEX progress_by_time ON progress (changed)")

METADATA = MetaData()
SCHEMA = Table("schema_version", METADATA, Column("number", Integer, nullable=False))

NUMBERS = ("loss", "metric", "val_loss", "val_metric", "test_loss", "test_metric", "seconds", "epochs")
COUNTS = ("parameters", "steps")

RUNS = Table(
    "runs", METADATA,
    Column("id", String(80), primary_key=True),
    Column("owner", String(64), nullable=False),
    Column("name", String(200), nullable=False),
    Column("created", Float(53), nullable=False),
    Column("ended", Float(53), nullable=False),
    Column("status", String(16), nullable=False),
    Column("message", String(1000), nullable=False),
    Column("dataset", String(80), nullable=False),
    Column("task", String(40), nullable=False),
    Column("config", Text, nullable=False),
    *(Column(name, Float(53)) for name in NUMBERS),
    *(Column(name, BigInteger) for name in COUNTS),
    Column("test_set", String(64), nullable=False),
    Column("examples", Integer, nullable=False),
    Column("tags", Text, nullable=False),
    Column("pinned", Boolean, nullable=False),
    Column("deleted", Float(53)),
    # JSON, so that one more kind of result needs no column of its own.
    Column("measures", Text),
    Index("runs_of_owner", "owner", "ended"))

DETAILS = Table(
    "details", METADATA,
    Column("run", String(80), primary_key=True),
    Column("curves", LargeBinary, nullable=False),
    Column("scores", LargeBinary),
    Column("moment", LargeBinary))

# What a browser predicted, passed and wrote, one row a lesson: see `core.store.progress`.
PROGRESS = Table(
    "progress", METADATA,
    Column("owner", String(64), primary_key=True),
    Column("lesson", String(80), primary_key=True),
    Column("predicted", Text, nullable=False),
    Column("correct", Boolean),
    Column("sure", Integer, nullable=False),
    Column("reached", Text, nullable=False),
    Column("sentence", String(1000), nullable=False),
    Column("passed", Float(53)),
    Column("changed", Float(53), nullable=False),
    Column("deleted", Float(53)),
    Index("progress_by_time", "changed"))

# An arbitrary number for a lock: processes that create the tables at the same time wait for each other.
_LOCK = 4_712_003


def _run(connection: Connection, statement: str) -> None:
    connection.execute(text(statement))


class TooNew(UserError):
    """The database was written by a later version of the playground."""


def number(connection: Connection) -> int:
    """The version of the database's tables; 0 if there are none."""
    if not inspect(connection).has_table(SCHEMA.name):
        return 0
    return connection.execute(select(SCHEMA.c.number)).scalar_one_or_none() or 0


def prepare(connection: Connection) -> None:
    """Create the tables, or migrate them to this version. Call it within a transaction that writes.

    Raises `TooNew`.
    """
    found = number(connection)
    if found < VERSION and connection.dialect.name == "postgresql":
        connection.execute(text(f"SELECT pg_advisory_xact_lock({_LOCK})"))
        found = number(connection)
    if found > VERSION:
        raise TooNew(f"version {found}, this is {VERSION}")
    if found == 0:
        METADATA.create_all(connection)
        connection.execute(insert(SCHEMA).values(number=VERSION))
        return
    for step in range(found, VERSION):
        MIGRATIONS[step](connection)
    if found < VERSION:
        connection.execute(update(SCHEMA).values(number=VERSION))
