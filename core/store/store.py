"""The store of ended runs: one transaction per run, and each browser sees only its own."""

import itertools
import json
import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from sqlalchemy import ColumnElement, Connection, delete, func, insert, select, true, update

from core.parameters import FieldError, short_repr
from core.runs.run import Run
from core.settings import Settings
from core.store.database import WRITE_SECONDS, Database
from core.store.moment import unpack_moment
from core.store.packing import CorruptData, Curves, Scores, unpack_curves, unpack_scores
from core.store.progress import ProgressTable
from core.store.record import (
    LONGEST_NAME,
    LONGEST_TAG,
    MOST_TAGS,
    RESULTS,
    Record,
    StoredResults,
    StoredRun,
    clean,
    hashed,
)
from core.store.reopening import reopened
from core.store.schema import DETAILS, RUNS

FILE = "runs.sqlite3"
# A deletion can be undone for at least this long.
UNDO_SECONDS = 24 * 3600.0
# Most runs per query; a page shows a dozen curves in one chart.
MOST_DETAILS = 64
# At most this share of a browser's runs may be pinned: the others make room for new ones.
PINNED_SHARE = 0.5
# The bytes of all runs are added up once per this many new ones.
ADDED_UP_EVERY = 100


@dataclass(frozen=True, eq=False)
class Details:
    """The part of a run that lists leave out. scores: None if it was not tested or they cannot be read."""

    curves: Curves
    scores: Scores | None


class Store:
    """Ended runs in a database. Thread-safe; it keeps nothing but the database's address.

    Every method raises `Unavailable` if the database cannot be reached. `owner` is always the key of a
    browser.

    Attributes:
        progress: what each browser did in lessons, in the same database.

    Args:
        most: runs per browser.
        most_in_all, most_bytes: for all browsers together. For a while there may be a few more bytes, since
            adding them up reads the whole table.
    """

    def __init__(self, url: str | Path, most: int = 2000, most_in_all: int = 100_000,
                 most_bytes: int = 2 * 2**30):
        self._database, self._most = Database(url), most
        self._most_in_all, self._most_bytes, self._kept = most_in_all, most_bytes, itertools.count(1)
        self.progress = ProgressTable(self._database, most_in_all)

    def keep(self, record: Record) -> None:
        """Write one run, unless it is stored already. The oldest runs make room for it, pinned ones last."""
        with self._database.writing(WRITE_SECONDS) as connection:
            if connection.execute(select(RUNS.c.id).where(RUNS.c.id == record.kept.id)).first() is None:
                connection.execute(insert(RUNS).values(_row(record)))
                connection.execute(insert(DETAILS).values(run=record.kept.id, curves=record.curves,
                                                          scores=record.scores, moment=record.moment))
                _make_room(connection, RUNS.c.owner == hashed(record.owner), self._most)
                _make_room(connection, true(), self._most_in_all)
        if next(self._kept) % ADDED_UP_EVERY == 0:
            self.forget()

    def runs(self, owner: str) -> list[StoredRun]:
        """The runs of a browser, newest first, including deleted ones until `forget` removes them."""
        with self._database.reading() as connection:
            rows = connection.execute(select(RUNS).where(RUNS.c.owner == hashed(owner))
                                      .order_by(RUNS.c.ended.desc(), RUNS.c.id)).all()
        return [_kept(row) for row in rows]

    def details(self, owner: str, run_ids: Collection[str]) -> dict[str, Details]:
        """Curves and test results by run; leaves out runs that are gone, damaged, or another browser's."""
        wanted = list(dict.fromkeys(run_ids))[:MOST_DETAILS]
        with self._database.reading() as connection:
            rows = connection.execute(
                select(DETAILS.c.run, DETAILS.c.curves, DETAILS.c.scores)
                .join(RUNS, RUNS.c.id == DETAILS.c.run)
                .where(RUNS.c.owner == hashed(owner), RUNS.c.id.in_(wanted))).all()
        found = {}
        for row in rows:
            try:
                found[row.run] = Details(unpack_curves(row.curves), unpack_scores(row.scores) if row.scores
                                         else None)
            except CorruptData:
                continue
        return found

    def reopened(self, owner: str, run_id: str) -> Run | None:
        """A run of a browser as it ended; None if it is gone, or its curves are damaged.

        Raises `FieldError` if this version refuses its configuration.
        """
        with self._database.reading() as connection:
            row = connection.execute(
                select(RUNS, DETAILS.c.curves, DETAILS.c.moment).join(DETAILS, RUNS.c.id == DETAILS.c.run)
                .where(RUNS.c.owner == hashed(owner), RUNS.c.id == run_id, RUNS.c.deleted.is_(None))).first()
        if row is None:
            return None
        try:
            curves = unpack_curves(row.curves)
        except CorruptData:
            return None
        try:
            moment = unpack_moment(row.moment) if row.moment else {}
        except CorruptData:
            moment = {}
        return reopened(_kept(row), owner, curves, moment)

    def rename(self, owner: str, run_id: str, name: str) -> bool:
        """Rename a run. Returns whether there is such a run; raises `FieldError` for an invalid name."""
        wanted = clean(name, LONGEST_NAME)
        if not wanted or len(name) > LONGEST_NAME:
            raise FieldError("name", f"A name must have 1 to {LONGEST_NAME} characters, got "
                                     f"{short_repr(name)}.")
        return self._change(owner, [run_id], name=wanted) == 1

    def tag(self, owner: str, run_ids: Sequence[str], tags: Sequence[str]) -> int:
        """Replace the tags of runs. Returns how many runs; raises `FieldError` for invalid tags."""
        wanted = tuple(dict.fromkeys(clean(tag, LONGEST_TAG + 1) for tag in tags[:MOST_TAGS + 1]))
        if len(wanted) > MOST_TAGS:
            raise FieldError("tags", f"A run can have at most {MOST_TAGS} tags, got {len(tags)}.")
        for tag in wanted:
            if not tag or len(tag) > LONGEST_TAG:
                raise FieldError("tags",
                                 f"A tag must have 1 to {LONGEST_TAG} characters, got {short_repr(tag)}.")
        return self._change(owner, run_ids, tags=json.dumps(wanted))

    def pin(self, owner: str, run_ids: Sequence[str], pinned: bool) -> int:
        """Pin runs, so that they are deleted last, or unpin them. Returns how many; raises `FieldError`."""
        most = max(1, int(self._most * PINNED_SHARE))
        with self._database.writing() as connection:
            held = select(func.count()).where(RUNS.c.owner == hashed(owner), RUNS.c.pinned,
                                              RUNS.c.id.not_in(run_ids))
            if pinned and connection.execute(held).scalar_one() + len(run_ids) > most:
                raise FieldError("pinned", f"At most {most} runs can be pinned. Unpin another run first.")
            return _changed(connection, owner, run_ids, {"pinned": pinned})

    def delete(self, owner: str, run_ids: Sequence[str]) -> int:
        """Hide runs; for at least a day, `restore` can undo this. Returns how many."""
        return self._change(owner, run_ids, deleted=time.time())

    def restore(self, owner: str, run_ids: Sequence[str]) -> int:
        """Undo the deletion of runs. Returns how many were restored."""
        return self._change(owner, run_ids, deleted=None)

    def adopt(self, old_owner: str, new_owner: str) -> None:
        """Give all runs and progress of one browser to another key, as when a browser gets a new one."""
        with self._database.writing(WRITE_SECONDS) as connection:
            connection.execute(update(RUNS).where(RUNS.c.owner == hashed(old_owner))
                               .values(owner=hashed(new_owner)))
        self.progress.adopt(old_owner, new_owner)

    def forget(self) -> None:
        """Remove runs that were deleted more than a day ago, and those beyond the limits for all browsers."""
        with self._database.writing(WRITE_SECONDS) as connection:
            _remove(connection, RUNS.c.deleted < time.time() - UNDO_SECONDS)
            _make_room(connection, true(), self._most_in_all)
            _free_bytes(connection, self._most_bytes)
        self.progress.forget()

    def close(self) -> None:
        self._database.close()

    def _change(self, owner: str, run_ids: Sequence[str], **values: Any) -> int:
        with self._database.writing() as connection:
            return _changed(connection, owner, run_ids, values)


def store_of(settings: Settings) -> Store:
    """The store that the settings name: SQLite in the cache, unless they say otherwise."""
    return Store(settings.database or settings.cache / FILE, settings.stored_runs, settings.max_stored_runs,
                 settings.max_stored_bytes)


def _changed(connection: Connection, owner: str, run_ids: Sequence[str], values: Mapping[str, Any]) -> int:
    return connection.execute(update(RUNS).where(RUNS.c.owner == hashed(owner), RUNS.c.id.in_(list(run_ids)))
                              .values(**values)).rowcount


# The order in which runs make room for others: deleted ones first, pinned ones last, otherwise the oldest.
_IN_TURN = RUNS.c.deleted.is_(None), RUNS.c.pinned, RUNS.c.ended


def _make_room(connection: Connection, chosen: ColumnElement[bool], most: int) -> None:
    """Delete some of the selected runs if there are too many."""
    held = connection.execute(select(func.count()).select_from(RUNS).where(chosen)).scalar_one()
    if held > most:
        _remove_each(connection, connection.execute(
            select(RUNS.c.id).where(chosen).order_by(*_IN_TURN).limit(held - most)).scalars().all())


def _free_bytes(connection: Connection, most: int) -> None:
    """Delete runs if all of them together have too many bytes."""
    size = (func.length(RUNS.c.config) + func.length(DETAILS.c.curves)
            + func.coalesce(func.length(DETAILS.c.scores), 0)
            + func.coalesce(func.length(DETAILS.c.moment), 0))
    rows = connection.execute(select(RUNS.c.id, size).join(DETAILS, RUNS.c.id == DETAILS.c.run)
                              .order_by(*_IN_TURN)).all()
    over, old = sum(bytes_ for _, bytes_ in rows) - most, []
    for run_id, bytes_ in rows:
        if over <= 0:
            break
        old.append(run_id)
        over -= bytes_
    _remove_each(connection, old)


def _remove_each(connection: Connection, run_ids: Sequence[str]) -> None:
    # A statement cannot name more than this.
    for start in range(0, len(run_ids), 500):
        _remove(connection, RUNS.c.id.in_(run_ids[start:start + 500]))


def _remove(connection: Connection, chosen: ColumnElement[bool]) -> None:
    connection.execute(delete(DETAILS).where(DETAILS.c.run.in_(select(RUNS.c.id).where(chosen))))
    connection.execute(delete(RUNS).where(chosen))


_AS_THEY_ARE = ("id", "name", "created", "ended", "status", "message", "dataset", "task", "test_set",
                "examples", "pinned", "deleted")


def _row(record: Record) -> dict[str, Any]:
    kept = record.kept
    return {"owner": hashed(record.owner), "config": json.dumps(kept.config), "tags": json.dumps(kept.tags),
            **{name: getattr(kept, name) for name in _AS_THEY_ARE},
            "measures": json.dumps(dict(kept.results.further)),
            **{name: getattr(kept.results, name) for name in RESULTS}}


# Cached, because a page asks for the same list at every click.
@lru_cache(maxsize=4096)
def _parsed(text: str) -> Mapping[str, Any]:
    return json.loads(text)


def _kept(row: Any) -> StoredRun:
    values = row._mapping
    return StoredRun(config=_parsed(row.config), tags=tuple(json.loads(row.tags)),
                results=StoredResults(**{name: values[name] for name in RESULTS},
                                      further=_parsed(row.measures or "{}")),
                **{name: values[name] for name in _AS_THEY_ARE})
