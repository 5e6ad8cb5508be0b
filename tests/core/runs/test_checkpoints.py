"""Checkpoint files: they are read as written, broken ones are refused, and none is left behind."""

import logging
import os
import time
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

import core.runs.checkpoints
from core.runs.checkpoints import Checkpoints, Snapshot, sweep
from core.runs.events import Checkpoint

ARRAYS = st.lists(arrays.arrays(st.sampled_from([np.float32, np.uint32]), arrays.array_shapes(min_dims=0)),
                  min_size=1, max_size=12)
SOME = Snapshot({"position": 7, "seconds": 0.1}, {"weights": [np.arange(600, dtype=np.float32)]})


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@given(st.dictionaries(st.text("abc_", min_size=1), ARRAYS, max_size=3), st.floats(allow_nan=False))
def test_what_is_written_is_read(lists: dict[str, list[np.ndarray]], number: float):
    import tempfile
    with tempfile.TemporaryDirectory() as folder:
        made = Checkpoints(Path(folder), "ab-1", 1, 10.0).write(9, Snapshot({"number": number}, lists))
        assert made == Checkpoint(9, 1)
        found = Checkpoints(Path(folder), "ab-1", 2, 10.0, made).read()
    assert found is not None and found.about == {"number": number} and found.arrays.keys() == lists.keys()
    for name, some in lists.items():
        assert len(found.arrays[name]) == len(some)
        for array, other in zip(found.arrays[name], some, strict=True):
            assert array.dtype == other.dtype and array.shape == other.shape
            assert array.tobytes() == other.tobytes()


def test_the_last_two_of_a_run_are_kept_and_others_left_alone(tmp_path):
    other = Checkpoints(tmp_path, "ab-11", 1, 10.0)
    other.write(1, SOME)
    first = Checkpoints(tmp_path, "ab-1", 1, 10.0)
    made = [first.write(step, SOME) for step in (10, 20, 30)]
    assert names(tmp_path) == ["ab-1.1.20.npz", "ab-1.1.30.npz", "ab-11.1.1.npz"]
    # Of the last one the page has not heard: the next attempt begins at the one before.
    second = Checkpoints(tmp_path, "ab-1", 2, 10.0, made[1])
    second.write(25, SOME)
    assert names(tmp_path) == ["ab-1.1.20.npz", "ab-1.2.25.npz", "ab-11.1.1.npz"]
    second.write(35, SOME)
    assert names(tmp_path) == ["ab-1.2.25.npz", "ab-1.2.35.npz", "ab-11.1.1.npz"]
    # An attempt that was taken for dead ends: it must not take away what a later one needs.
    first.clear()
    assert names(tmp_path) == ["ab-1.2.25.npz", "ab-1.2.35.npz", "ab-11.1.1.npz"]
    second.clear()
    assert names(tmp_path) == ["ab-11.1.1.npz"]


@pytest.mark.parametrize("harm", ["missing", "empty", "truncated", "another byte", "no zip", "one array",
                                  "a pickle", "something else's"])
def test_what_cannot_be_read_is_none(tmp_path, harm):
    made = Checkpoints(tmp_path, "ab-1", 1, 10.0).write(5, SOME)
    path, = tmp_path.iterdir()
    whole = path.read_bytes()
    middle = len(whole) // 2
    if harm == "missing":
        path.unlink()
    elif harm == "one array":
        with open(path, "wb") as file:
            np.save(file, np.zeros(3))
    elif harm == "a pickle":
        with open(path, "wb") as file:
            np.savez(file, about=np.array(["{}"], dtype=object))
    elif harm == "something else's":
        with open(path, "wb") as file:
            np.savez(file, weights=np.zeros(3))
    else:
        path.write_bytes({"empty": b"", "truncated": whole[:middle], "no zip": b"PK, or not" * 99,
                          "another byte": whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1:],
                          }[harm])
    assert Checkpoints(tmp_path, "ab-1", 2, 10.0, made).read() is None


def test_without_a_checkpoint_there_is_nothing_to_read(tmp_path):
    assert Checkpoints(tmp_path, "ab-1", 2, 10.0).read() is None


def test_a_folder_that_cannot_be_written_is_told_once(tmp_path, caplog):
    (tmp_path / "file").write_text("in the way")
    checkpoints = Checkpoints(tmp_path / "file" / "checkpoints", "ab-1", 1, 0.0)
    assert checkpoints.due(0.0)
    with caplog.at_level(logging.WARNING):
        assert checkpoints.write(5, SOME) is None
    assert len(caplog.records) == 1 and not checkpoints.due(float("inf"))
    checkpoints.clear()
    sweep(tmp_path / "file" / "checkpoints", 10**9)


def test_a_full_disk_leaves_nothing_half_written(tmp_path, monkeypatch):
    def full(file, **arrays):
        file.write(b"the first bytes")
        raise OSError(28, "No space left on device")

    checkpoints = Checkpoints(tmp_path, "ab-1", 1, 0.0)
    checkpoints.write(5, SOME)
    monkeypatch.setattr(core.runs.checkpoints.np, "savez", full)
    assert checkpoints.write(6, SOME) is None
    assert names(tmp_path) == ["ab-1.1.5.npz"]


def test_how_often_depends_on_what_it_costs(tmp_path, monkeypatch):
    now, taken = [100.0], [0.02]
    monkeypatch.setattr(core.runs.checkpoints.time, "monotonic", lambda: now[0])
    monkeypatch.setattr(core.runs.checkpoints.os, "replace", lambda *_: now.__setitem__(0, now[0] + taken[0]))
    checkpoints = Checkpoints(tmp_path, "ab-1", 1, 10.0)
    assert checkpoints.due(10.0) and not checkpoints.due(9.9)
    checkpoints.write(1, SOME)
    assert checkpoints.due(10.0) and not checkpoints.due(9.9)
    taken[0] = 0.5
    checkpoints.write(2, SOME)
    assert checkpoints.due(50.1) and not checkpoints.due(49.9)


@pytest.mark.parametrize("name", ["", "../ab-1", "ab/1", "ab-1\n", "ab*", "a.b", "a" * 81])
def test_a_name_that_is_none_for_a_file_is_refused(tmp_path, name):
    with pytest.raises(ValueError, match="name"):
        Checkpoints(tmp_path, name, 1, 10.0)


def test_what_is_a_day_old_is_swept(tmp_path):
    for run in ("old-1", "new-1"):
        Checkpoints(tmp_path, run, 1, 10.0).write(5, SOME)
    a_day_ago = time.time() - 25 * 3600
    os.utime(tmp_path / "old-1.1.5.npz", (a_day_ago, a_day_ago))
    sweep(tmp_path, 10**9)
    assert names(tmp_path) == ["new-1.1.5.npz"]
