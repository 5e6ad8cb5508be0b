"""Many processes write at once, and one is killed while writing: everything written is still there."""

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from core.store import Store
from tests.conftest import ROOT
from tests.core.store.made import OWNER

WRITING = Path(__file__).parent / "writing.py"


def write(url: str, name: str, count: int) -> subprocess.Popen[str]:
    return subprocess.Popen([sys.executable, str(WRITING), url, name, str(count)], cwd=ROOT, text=True,
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def ids(url: str) -> set[str]:
    return {run.id for run in Store(url).runs(OWNER)}


def written_by_many(url: str, processes: int, each: int) -> None:
    """None of the runs that so many processes write at once is lost."""
    writers = [write(url, f"p{number}", each) for number in range(processes)]
    for writer in writers:
        out, errors = writer.communicate(timeout=240)
        assert writer.returncode == 0 and len(out.split()) == each, errors
    assert ids(url) == {f"p{number}-{index}" for number in range(processes) for index in range(each)}


@pytest.mark.sweep
def test_eight_processes_write_at_once_and_nothing_is_lost(tmp_path: Path):
    written_by_many(f"sqlite:///{tmp_path / 'runs.sqlite3'}", 8, 100)


def killed_again_and_again(url: str, times: int, until: Callable[[int], int]) -> None:
    """A process that writes is killed, `times` times; each time every run is there that was told of."""
    told: set[str] = set()
    for attempt in range(times):
        writer = write(url, f"k{attempt}", 0)
        assert writer.stdout is not None
        for _ in range(until(attempt)):
            told.add(f"k{attempt}-{writer.stdout.readline().strip()}")
        # Somewhere within one of the next writes, elsewhere each time.
        time.sleep(0.0013 * attempt)
        writer.kill()
        rest, _ = writer.communicate(timeout=30)
        told |= {f"k{attempt}-{line}" for line in rest.split()}
        there = ids(url)
        assert told <= there
        assert len(there) <= len(told) + attempt + 1, "at most one more, whose line was not printed yet"
        details = Store(url).details(OWNER, sorted(there - told))
        assert set(details) == there - told, "and that one is whole"


@pytest.mark.sweep
def test_a_process_killed_in_mid_write_leaves_every_earlier_run(tmp_path: Path):
    killed_again_and_again(f"sqlite:///{tmp_path / 'runs.sqlite3'}", 8, lambda attempt: 3 + attempt)
