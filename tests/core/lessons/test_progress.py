"""Progress belongs to a browser, is seen at once and kept as runs are."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.lessons.graded import Verdict
from core.lessons.progress import LessonProgress, ProgressBook, with_verdict
from core.parameters import FieldError
from core.store import BackgroundWriter, Store
from core.store.database import Unavailable
from core.store.progress import LONGEST_SENTENCE, ProgressTable
from tests.core.store.made import OTHER, OWNER

DONE = LessonProgress("learning_rate", "No", True, 60, 1000.0, sentence="I saw it.", reached=("a", "b"))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "runs.sqlite3"


@pytest.fixture
def writer(path: Path) -> Iterator[BackgroundWriter]:
    one = BackgroundWriter(Store(path))
    yield one
    one.close()


def test_progress_is_seen_at_once_and_by_the_next_server(writer: BackgroundWriter, path: Path):
    book = ProgressBook(writer)
    book.note(OWNER, DONE)
    [found] = book.of(OWNER).values()
    assert (found.predicted, found.right, found.sure, found.passed, found.sentence, found.reached) == (
        "No", True, 60, 1000.0, "I saw it.", ("a", "b"))
    assert time.time() - found.when < 60 and not book.of(OTHER)
    assert writer.flush()
    stored = Store(path).progress
    assert stored.of(OWNER) == {"learning_rate": found} and not stored.of(OTHER)
    assert OWNER not in path.read_bytes().decode("latin-1")


def test_it_is_hidden_restored_and_given_to_a_new_key(writer: BackgroundWriter, path: Path):
    book = ProgressBook(writer)
    book.note(OWNER, DONE)
    book.delete(OTHER, ["learning_rate"])
    assert book.of(OWNER)
    book.delete(OWNER, ["learning_rate"])
    assert not book.of(OWNER)
    book.restore(OWNER, ["learning_rate"])
    assert writer.flush() and book.of(OWNER)
    assert book.adopt(OWNER, OTHER)
    writer.adopt(OWNER, OTHER)
    assert writer.flush() and not Store(path).progress.of(OWNER)
    for one in (book, ProgressBook(writer)):
        assert one.of(OTHER)["learning_rate"].passed == 1000.0 and not one.of(OWNER)


def test_without_a_database_memory_is_all_there_is(tmp_path: Path):
    folder = tmp_path / "runs.sqlite3"
    folder.mkdir()  # no file can be opened here
    writer = BackgroundWriter(Store(folder))
    book = ProgressBook(writer)
    book.note(OWNER, DONE)
    assert book.of(OWNER)["learning_rate"].passed == 1000.0
    writer.close(0.1)


def test_what_was_passed_and_predicted_first_outlives_a_time_without_the_database(
        writer: BackgroundWriter, path: Path, monkeypatch: pytest.MonkeyPatch):
    ProgressBook(writer).note(OWNER, DONE)
    assert writer.flush()
    later = ProgressBook(writer)
    with monkeypatch.context() as patched:
        patched.setattr(ProgressTable, "of", unavailable)
        assert not later.of(OWNER)
        later.note(OWNER, LessonProgress("learning_rate", predicted="Yes", right=False, sentence="New."))
    assert writer.flush()
    for found in (later.of(OWNER), Store(path).progress.of(OWNER)):
        [known] = found.values()
        assert (known.passed, known.predicted, known.right, known.sentence) == (1000.0, "No", True, "New.")
    # What was deleted does not come back.
    later.delete(OWNER, ["learning_rate"])
    later.note(OWNER, LessonProgress("learning_rate", sentence="Again."))
    assert writer.flush()
    for found in (later.of(OWNER), Store(path).progress.of(OWNER)):
        assert found["learning_rate"].passed is None and not found["learning_rate"].predicted


def unavailable(*_: object) -> dict[str, LessonProgress]:
    raise Unavailable("It does not respond.")


def test_it_is_bounded(writer: BackgroundWriter, path: Path, monkeypatch: pytest.MonkeyPatch):
    book = ProgressBook(writer)
    with pytest.raises(FieldError, match="no lesson 'nonsense'"):
        book.note(OWNER, LessonProgress("nonsense"))
    book.note(OWNER, LessonProgress("learning_rate", sentence="a\0b" * 10_000, sure=10**9))
    found = book.of(OWNER)["learning_rate"]
    assert len(found.sentence) == LONGEST_SENTENCE and "\0" not in found.sentence and found.sure == 100
    assert writer.flush()
    monkeypatch.setattr("core.store.progress.MOST_LESSONS", 3)
    table = ProgressTable(writer.store._database, 5)
    for place in range(6):
        table.note(OWNER, LessonProgress(f"lesson{place}", when=1e12 + place))
        table.note(OTHER, LessonProgress(f"lesson{place}", when=2e12 + place))
    assert list(table.of(OTHER)) == ["lesson3", "lesson4", "lesson5"]
    assert list(table.of(OWNER)) == ["lesson4", "lesson5"]


def test_once_passed_a_lesson_stays_passed():
    first = with_verdict(LessonProgress("learning_rate"), Verdict(False, "", ("a",)))
    assert first.passed is None and first.reached == ("a",)
    second = with_verdict(first, Verdict(True, "", ("a", "b")))
    assert second.passed and with_verdict(second, Verdict(False, "")) == second
