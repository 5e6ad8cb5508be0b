"""Progress in lessons: one row for each browser and lesson, kept, hidden and given up as runs are."""

import json
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, update

from core.store.database import WRITE_SECONDS, Database
from core.store.record import clean, hashed
from core.store.schema import PROGRESS

# A deletion can be undone for at least this long, as that of a run.
UNDO_SECONDS = 24 * 3600.0
# Most lessons of a browser, more than there are; most characters of the answer, of which a sketch is the
# longest, of the learner's own sentence, and of a part that was reached.
MOST_LESSONS, LONGEST_ANSWER, LONGEST_SENTENCE, LONGEST_PART, MOST_PARTS = 100, 4000, 1000, 80, 10
MOST_SURE = 100


@dataclass(frozen=True)
class LessonProgress:
    """What a browser did in one lesson.

    Attributes:
        lesson: its name.
        predicted: the answer given before the run, as text: the option's text, a number, or a sketch's points
            as JSON; empty before.
        right: whether the answer was right; None where nobody knows yet, or for a sketch.
        sure: how sure the learner was, 0 to `MOST_SURE`; what the steps mean is the page's affair.
        passed: when the challenge was passed first (`time.time`); None if it was not.
        when: of the last change (`time.time`).
        sentence: what the learner wrote about it.
        reached: parts of the challenge that were reached, where it has several.
        deleted: when it was deleted; None if it was not.
    """

    lesson: str
    predicted: str = ""
    right: bool | None = None
    sure: int = 0
    passed: float | None = None
    when: float = 0.0
    sentence: str = ""
    reached: tuple[str, ...] = ()
    deleted: float | None = None


class ProgressTable:
    """The table of progress. Every method raises `Unavailable` if the database cannot be reached.

    most_in_all: rows of all browsers together; the oldest make room.
    """

    def __init__(self, database: Database, most_in_all: int):
        self._database, self._most_in_all = database, most_in_all

    def of(self, owner: str) -> dict[str, LessonProgress]:
        """A browser's progress by lesson, including what was deleted until `forget` removes it."""
        with self._database.reading() as connection:
            rows = connection.execute(select(PROGRESS).where(PROGRESS.c.owner == hashed(owner))
                                      .order_by(PROGRESS.c.changed)).all()
        return {row.lesson: _read(row) for row in rows}

    def note(self, owner: str, progress: LessonProgress) -> None:
        """Write what a browser did in a lesson, unless what is known of it is newer; see `merged`."""
        own = (PROGRESS.c.owner == hashed(owner), PROGRESS.c.lesson == progress.lesson)
        with self._database.writing(WRITE_SECONDS) as connection:
            found = connection.execute(select(PROGRESS).where(*own)).first()
            if found is not None:
                if found.changed > progress.when:
                    return
                progress = merged(_read(found), progress)
            connection.execute(delete(PROGRESS).where(*own))
            connection.execute(insert(PROGRESS).values(owner=hashed(owner), **_row(progress)))
            _make_room(connection, PROGRESS.c.owner == hashed(owner), MOST_LESSONS)
            if found is None:
                _make_room(connection, PROGRESS.c.owner != "", self._most_in_all)

    def adopt(self, old_owner: str, new_owner: str) -> None:
        """Give one browser's progress to another key; of a lesson that both have, the newer stays."""
        for progress in self.of(old_owner).values():
            self.note(new_owner, progress)
        with self._database.writing(WRITE_SECONDS) as connection:
            connection.execute(delete(PROGRESS).where(PROGRESS.c.owner == hashed(old_owner)))

    def delete(self, owner: str, lessons: Sequence[str]) -> int:
        """Hide progress; for at least a day, `restore` can undo this. Returns of how many lessons."""
        return self._change(owner, lessons, deleted=time.time())

    def restore(self, owner: str, lessons: Sequence[str]) -> int:
        """Undo a deletion. Returns of how many lessons."""
        return self._change(owner, lessons, deleted=None)

    def forget(self) -> None:
        """Remove what was deleted more than a day ago."""
        with self._database.writing(WRITE_SECONDS) as connection:
            connection.execute(delete(PROGRESS).where(PROGRESS.c.deleted < time.time() - UNDO_SECONDS))

    def _change(self, owner: str, lessons: Sequence[str], **values: Any) -> int:
        with self._database.writing() as connection:
            return connection.execute(update(PROGRESS).where(
                PROGRESS.c.owner == hashed(owner), PROGRESS.c.lesson.in_(list(lessons)[:MOST_LESSONS]))
                .values(**values)).rowcount


def bounded(progress: LessonProgress) -> LessonProgress:
    """The same within the limits of the table, only printable characters."""
    return LessonProgress(
        clean(progress.lesson, 80), clean(progress.predicted, LONGEST_ANSWER), progress.right,
        min(max(int(progress.sure), 0), MOST_SURE), progress.passed, progress.when,
        clean(progress.sentence, LONGEST_SENTENCE),
        tuple(clean(part, LONGEST_PART) for part in progress.reached[:MOST_PARTS]), progress.deleted)


def merged(older: LessonProgress, newer: LessonProgress) -> LessonProgress:
    """The newer progress in a lesson, with the first prediction and what was passed before.

    While the database could not be read, nobody knew of those: then the newer one lacks them.
    """
    if older.deleted is not None or newer.deleted is not None:
        return newer
    first = older if older.predicted else newer
    return replace(newer, predicted=first.predicted, right=first.right, sure=first.sure,
                   passed=newer.passed if older.passed is None else older.passed,
                   reached=newer.reached or older.reached)


def _make_room(connection: Connection, chosen: Any, most: int) -> None:
    """Delete the oldest of the selected rows if there are too many."""
    held = connection.execute(select(func.count()).select_from(PROGRESS).where(chosen)).scalar_one()
    if held <= most:
        return
    old = connection.execute(select(PROGRESS.c.owner, PROGRESS.c.lesson).where(chosen)
                             .order_by(PROGRESS.c.deleted.is_(None), PROGRESS.c.changed)
                             .limit(held - most)).all()
    for row in old:
        connection.execute(delete(PROGRESS).where(PROGRESS.c.owner == row.owner,
                                                  PROGRESS.c.lesson == row.lesson))


def _row(progress: LessonProgress) -> dict[str, Any]:
    own = bounded(progress)
    return {"lesson": own.lesson, "predicted": own.predicted, "correct": own.right, "sure": own.sure,
            "passed": own.passed, "changed": own.when, "sentence": own.sentence,
            "reached": json.dumps(own.reached), "deleted": own.deleted}


def _read(row: Any) -> LessonProgress:
    right = None if row.correct is None else bool(row.correct)
    return LessonProgress(row.lesson, row.predicted, right, row.sure, row.passed, row.changed, row.sentence,
                          tuple(json.loads(row.reached)), row.deleted)
