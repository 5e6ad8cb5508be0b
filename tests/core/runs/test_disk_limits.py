"""Workers' files on disk stay within their limits."""

import os
from pathlib import Path

import pytest

from core.runs.checkpoints import sweep
from core.runs.disk_limits import COMPILED, trim, trim_log, trim_now_and_then
from core.settings import from_environment


def files(folder: Path, *sizes: int) -> list[Path]:
    """Files of so many bytes, used one minute after the other, all within the last hour."""
    made = []
    for number, size in enumerate(sizes):
        path = folder / f"file-{number}"
        path.write_bytes(b"x" * size)
        at = path.stat().st_mtime - 60 * (len(sizes) - number)
        os.utime(path, (at, at))
        made.append(path)
    return made


def there(paths: list[Path]) -> list[int]:
    return [number for number, path in enumerate(paths) if path.exists()]


def test_what_was_used_longest_ago_goes_first(tmp_path: Path):
    paths = files(tmp_path, 10, 20, 30, 40)
    (tmp_path / "folder").mkdir()
    assert trim(tmp_path, 100) == 0
    read = paths[0].stat()
    os.utime(paths[0], (read.st_mtime + 3600, read.st_mtime))  # read since, if not written
    assert trim(tmp_path, 80) == 1 and there(paths) == [0, 2, 3]
    assert trim(tmp_path, 45) == 2 and there(paths) == [0]
    assert trim(tmp_path, 0) == 1 and (tmp_path / "folder").is_dir()
    assert trim(tmp_path / "nowhere", 0) == 0


def test_a_folder_is_looked_at_now_and_then(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    paths = files(tmp_path, 10, 10)
    trim_now_and_then(tmp_path, 10)
    paths = files(tmp_path, 10, 10)
    trim_now_and_then(tmp_path, 10)
    assert there(paths) == [0, 1], "just looked at"
    monkeypatch.setattr("core.runs.disk_limits.PAUSE_SECONDS", 0.0)
    trim_now_and_then(tmp_path, 10)
    assert there(paths) == [1]


def test_a_folder_is_looked_at_sooner_if_much_is_written(tmp_path: Path):
    trim_now_and_then(tmp_path, 100)
    paths = files(tmp_path, 60, 60)
    trim_now_and_then(tmp_path, 100, 5)
    assert there(paths) == [0, 1]
    trim_now_and_then(tmp_path, 100, 60)
    assert there(paths) == [1]


def test_checkpoints_have_a_bound(tmp_path: Path):
    paths = files(tmp_path, 10, 10, 10)
    sweep(tmp_path, 25)
    assert there(paths) == [1, 2]


def test_a_log_begins_anew_under_its_writer(tmp_path: Path):
    log = tmp_path / "worker.log"
    with open(log, "ab", buffering=0) as writer:
        writer.write(b"a" * 100)
        trim_log(log, 100)
        assert log.stat().st_size == 100
        writer.write(b"b")
        trim_log(log, 100)
        writer.write(b"c")
    assert log.read_bytes() == b"c" and (tmp_path / "worker.old.log").read_bytes() == b"a" * 100 + b"b"
    trim_log(tmp_path / "none.log", 0)


def test_a_worker_that_compiles_keeps_to_the_bound(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    from core.training.program_cache import kept
    monkeypatch.setenv("PLAYGROUND_CACHE", str(tmp_path))
    monkeypatch.setenv("PLAYGROUND_MAX_COMPILED_BYTES", "25")
    folder = from_environment().cache / COMPILED
    folder.mkdir()
    paths = files(folder, 10, 10, 10)
    kept(["a program", str(tmp_path)], object)
    assert there(paths) == [1, 2]
