"""The writer's thread: nobody waits for it, and it retries until a run is stored."""

import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from core.store import BackgroundWriter, LessonProgress, Record, Store
from core.store.database import SQLITE_WORDS
from tests.core.store import made
from tests.core.store.made import OTHER, OWNER


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.store.writer.PAUSES", (0.02,))
    monkeypatch.setattr("core.store.store.WRITE_SECONDS", 0.05)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "runs.sqlite3"


@pytest.fixture
def keeper(path: Path) -> Iterator[BackgroundWriter]:
    one = BackgroundWriter(Store(path))
    yield one
    one.close()


def ids(keeper: BackgroundWriter, owner: str = OWNER) -> set[str]:
    return {run.id for run in keeper.store.runs(owner)}


def until(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline, "it did not come about in time"
        time.sleep(0.01)


def test_runs_are_written_in_the_background(keeper: BackgroundWriter):
    for number in range(5):
        keeper.enqueue(made.run(f"s-{number}"))
    assert keeper.flush() and ids(keeper) == {f"s-{number}" for number in range(5)}
    assert keeper.state == "" and keeper.waiting() == 0


def test_what_never_took_a_step_is_kept_only_where_it_failed(keeper: BackgroundWriter):
    from core.runs.history import History
    keeper.enqueue(made.run("waited", status="stopped", history=History()))
    keeper.enqueue(made.run("failed", status="failed", message="No memory.", history=History()))
    assert keeper.flush() and ids(keeper) == {"failed"}


def test_nobody_waits_for_a_locked_file_and_its_run_is_written_later(keeper: BackgroundWriter, path: Path):
    assert keeper.flush()
    holder = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    holder.execute("BEGIN EXCLUSIVE")
    keeper.enqueue(made.run("s-1"))
    keeper.enqueue(made.run("s-2"))
    until(lambda: keeper.state.endswith("2 ended runs wait for it in memory."))
    assert keeper.state.startswith(f"Runs cannot be saved at the moment. {SQLITE_WORDS['SQLITE_BUSY']}")
    holder.execute("ROLLBACK")
    assert keeper.flush() and ids(keeper) == {"s-1", "s-2"} and keeper.state == ""
    holder.close()


def test_keeping_a_run_does_not_wait_for_a_store_that_hangs(path: Path):
    """Neither Dask's loop nor a page may stand still with the disk."""
    goes_on = threading.Event()

    class Hanging(Store):
        def keep(self, record: Record) -> None:
            goes_on.wait(30)
            super().keep(record)

    keeper = BackgroundWriter(Hanging(path))
    caller = threading.Thread(target=lambda: [keeper.enqueue(made.run(f"s-{number}"))
                                              for number in range(50)])
    caller.start()
    caller.join(10)
    assert not caller.is_alive() and not goes_on.is_set() and keeper.waiting() == 50
    goes_on.set()
    assert keeper.flush() and len(ids(keeper)) == 50
    keeper.close()


def test_a_damaged_file_that_is_put_aside_is_followed_by_a_new_one(path: Path):
    path.write_bytes(b"no database" * 1000)
    keeper = BackgroundWriter(Store(path))
    keeper.enqueue(made.run("s-1"))
    until(lambda: "damaged" in keeper.state)
    path.rename(path.with_suffix(".old"))
    assert keeper.flush() and ids(keeper) == {"s-1"}
    assert path.with_suffix(".old").read_bytes() == b"no database" * 1000
    keeper.close()


def test_a_run_that_cannot_be_written_at_all_does_not_hold_up_the_others(keeper: BackgroundWriter):
    keeper.enqueue(made.run("x" * 20, ended=float("nan")))
    broken = made.run("y")
    broken.config = None  # type: ignore[assignment]
    keeper.enqueue(broken)
    keeper.enqueue(made.run("s-1"))
    assert keeper.flush() and ids(keeper) == {"s-1"}
    assert "could not be saved" in keeper.state


def test_runs_that_wait_are_bounded(path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("core.store.writer.MOST", 3)
    path.mkdir()
    keeper = BackgroundWriter(Store(path))
    for number in range(5):
        keeper.enqueue(made.run(f"s-{number}"))
    until(lambda: "2 runs could not be saved" in keeper.state)
    path.rmdir()
    assert keeper.flush() and ids(keeper) == {"s-2", "s-3", "s-4"}
    keeper.close()


def test_progress_noted_again_and_again_pushes_out_no_run(path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("core.store.writer.MOST", 3)
    path.mkdir()
    keeper = BackgroundWriter(Store(path))
    keeper.enqueue(made.run("s-1"))
    for number in range(9):
        keeper.note(OTHER, LessonProgress("tour", when=float(number), sentence=f"at {number}"))
    keeper.note(OTHER, LessonProgress("depth", when=1.0))
    until(lambda: not keeper._new)
    path.rmdir()
    assert keeper.flush() and ids(keeper) == {"s-1"} and keeper.state == ""
    kept = keeper.store.progress.of(OTHER)
    assert {*kept} == {"tour", "depth"} and kept["tour"].sentence == "at 8"
    keeper.close()


def test_runs_change_hands_in_their_order(keeper: BackgroundWriter):
    keeper.enqueue(made.run("s-1"))
    keeper.adopt(OWNER, OTHER)
    keeper.enqueue(made.run("s-2"))
    assert keeper.flush() and ids(keeper, OTHER) == {"s-1"} and ids(keeper) == {"s-2"}


def test_what_waits_is_written_before_the_end(path: Path):
    keeper = BackgroundWriter(Store(path))
    for number in range(20):
        keeper.enqueue(made.run(f"s-{number}"))
    keeper.close(seconds=30)
    assert len(Store(path).runs(OWNER)) == 20
