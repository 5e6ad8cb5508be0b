"""Files of datasets: looked for in order, downloaded with a checksum, refused when wrong."""

import hashlib
import inspect
import io
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from core.datasets import DATASETS, FILES, DatasetUnavailable, available, fetch
from core.datasets.download import DataFile, DownloadSource
from tests.core.serving import serving

MEMBERS = {"x": ((4, 100, 100), "uint8"), "y": ((4,), "uint8")}


def archive(**arrays: np.ndarray) -> bytes:
    """An .npz file with these arrays."""
    buffer = io.BytesIO()
    np.savez(buffer, allow_pickle=True, **arrays)
    return buffer.getvalue()


X = np.random.default_rng(0).integers(0, 256, (4, 100, 100), np.uint8)
Y = np.array([0, 1, 1, 0], np.uint8)
GOOD = archive(x=X, y=Y)
SHORT = b"PK\x03\x04 not the file"


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    files = {"/good.npz": GOOD, "/wrong.npz": SHORT, "/half.npz": GOOD}
    with serving(files, broken_off=("/half.npz",)) as address:
        yield address


def file(url: str) -> DataFile:
    return DataFile("Tiny", "tiny.npz", MEMBERS, ("y",), 2, (source(url, GOOD),))


def source(url: str, content: bytes) -> DownloadSource:
    return DownloadSource(url, hashlib.sha256(content).hexdigest(), len(content))


def left(cache: Path) -> list[str]:
    return [one.name for one in cache.rglob("*")]


def test_download_reports_progress_and_is_kept(folders, server):
    _, cache = folders
    one, told = file(f"{server}/good.npz"), []
    assert not one.available()
    path = one.fetch(lambda done, total: told.append((done, total)))
    assert path == cache / "tiny.npz" and path.read_bytes() == GOOD and left(cache) == ["tiny.npz"]
    assert {total for _, total in told} == {len(GOOD)} and told[-1] == (len(GOOD), len(GOOD))
    assert all(0 < done <= total for done, total in told)
    again = file(f"{server}/none.npz")
    assert again.available() and again.fetch() == path
    np.testing.assert_array_equal(again.read("x")[0], X)


@pytest.mark.parametrize("page, reason", [("wrong", "checksum"), ("half", "checksum|IncompleteRead|broken"),
                                          ("none", "404")])
def test_a_wrong_download_is_refused_and_leaves_nothing(folders, server, page, reason):
    data, cache = folders
    with pytest.raises(DatasetUnavailable, match=reason) as refused:
        file(f"{server}/{page}.npz").read("x")
    assert left(cache) == []
    message = str(refused.value)
    assert "digits" not in FILES
    for part in ("Tiny", "PLAYGROUND_DATA", str(data), str(cache), f"{server}/{page}.npz",
                 DATASETS["digits"].label):
        assert part in message


def test_no_server_is_told_in_the_same_words(folders):
    with pytest.raises(DatasetUnavailable, match="ConnectionError"):
        file("http://127.0.0.1:9/tiny.npz").fetch()


def test_a_cache_that_cannot_be_written_is_told(folders, server):
    folders[1].write_text("a file where the folder should be")
    with pytest.raises(DatasetUnavailable, match="Looked for tiny"):
        file(f"{server}/good.npz").fetch()


def test_a_broken_file_in_the_cache_is_downloaded_again(folders, server):
    _, cache = folders
    cache.mkdir()
    (cache / "tiny.npz").write_bytes(GOOD[:-100])
    one = file(f"{server}/good.npz")
    assert not one.available()
    np.testing.assert_array_equal(one.read("y")[0], Y)
    assert one.available()


def test_two_downloads_at_once_do_no_harm(folders, server):
    one, found = file(f"{server}/good.npz"), []
    threads = [threading.Thread(target=lambda: found.append(one.read("x")[0])) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 6 and all(np.array_equal(x, X) for x in found) and left(folders[1]) == ["tiny.npz"]


def test_the_data_directory_comes_first_whatever_its_bytes(folders, server):
    data, _ = folders
    file(f"{server}/good.npz").fetch()
    other = archive(x=255 - X, y=Y, more=np.zeros(3))
    (data / "tiny.npz").write_bytes(other)
    one = file(f"{server}/none.npz")
    assert one.available() and one.fetch() == data / "tiny.npz"
    np.testing.assert_array_equal(one.read("x")[0], 255 - X)


@pytest.mark.parametrize("content, reason", [
    (archive(x=X, y=np.array([0, 1, {}, 0], object)), "y is object"),
    (archive(x=X[:3], y=Y), r"x is uint8 \(3, 100, 100\), not uint8 \(4, 100, 100\)"),
    (archive(x=X.astype(np.int16), y=Y), "x is int16"),
    (archive(x=X), "y"),
    (SHORT, "cannot be read"),
], ids=["pickled", "shape", "dtype", "missing", "no archive"])
def test_a_wrong_file_in_the_data_directory_is_refused(folders, server, content, reason):
    data, _ = folders
    (data / "tiny.npz").write_bytes(content)
    one = file(f"{server}/good.npz")
    assert not one.available()
    with pytest.raises(DatasetUnavailable, match=reason) as refused:
        one.read("x", "y")
    assert str(data / "tiny.npz") in str(refused.value) and "Put the right" in str(refused.value)


def test_pickled_objects_are_never_loaded(folders, server):
    """Even a file whose checksum is right: the reader itself refuses them."""
    content = archive(x=X, y=np.array([0, 1, {}, 0], object))
    cache = folders[1]
    cache.mkdir()
    (cache / "tiny.npz").write_bytes(content)
    one = replace(file(""), sources=(source(f"{server}/none.npz", content),))
    with pytest.raises(DatasetUnavailable, match="Object arrays cannot be loaded"):
        one.read("y")


def test_labels_out_of_range_are_refused(folders, server):
    (folders[0] / "tiny.npz").write_bytes(archive(x=X, y=Y + 1))
    with pytest.raises(DatasetUnavailable, match="y contains labels 1 to 2, not 0 to 1"):
        file(f"{server}/none.npz").read("y")


def test_damaged_data_is_refused(folders, server):
    damaged = bytearray(GOOD)
    damaged[5000] ^= 255
    (folders[0] / "tiny.npz").write_bytes(bytes(damaged))
    with pytest.raises(DatasetUnavailable, match="CRC"):
        file(f"{server}/none.npz").read("x")


def test_by_name(folders, server, monkeypatch):
    monkeypatch.setitem(FILES, "mnist", file(f"{server}/good.npz"))
    told: list[int] = []
    assert available("iris") and not available("mnist")
    fetch("iris", lambda done, total: told.append(done))
    assert not told
    fetch("mnist", lambda done, total: told.append(done))
    assert available("mnist") and told[-1] == len(GOOD)


def test_a_learner_who_leaves_stops_the_download_cleanly(folders, server):
    class Left(BaseException):
        pass

    def leave(done: int, total: int) -> None:
        raise Left

    with pytest.raises(Left):
        file(f"{server}/good.npz").fetch(leave)
    assert left(folders[1]) == []


def test_mnist_is_the_file_that_keras_downloads():
    keras = pytest.importorskip("keras")
    code, (one,) = inspect.getsource(keras.datasets.mnist.load_data), FILES["mnist"].sources
    folder, name = one.url.rsplit("/", 1)
    assert one.sha256 in code and folder + "/" in code and name == "mnist.npz"


def test_fashion_mnist_comes_from_where_keras_has_it():
    keras = pytest.importorskip("keras")
    code = inspect.getsource(keras.datasets.fashion_mnist.load_data)
    for one in FILES["fashion_mnist"].sources:
        folder, name = one.url.rsplit("/", 1)
        assert folder + "/" in code and f'"{name}"' in code
