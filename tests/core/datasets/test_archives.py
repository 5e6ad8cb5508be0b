"""Files of several downloads: unpacked without code of theirs, kept as arrays, refused when wrong."""

import gzip
import hashlib
import io
import tarfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from core.datasets import DATASETS, FILES, DatasetUnavailable, available, fetch
from core.datasets.archives import BROKEN, cifar, idx, idx_files
from core.datasets.download import DataFile, DownloadSource
from tests.core.serving import serving

RANDOM = np.random.default_rng(0)
IMAGES = {"train": RANDOM.integers(0, 256, (20, 4, 3), np.uint8),
          "test": RANDOM.integers(0, 256, (7, 4, 3), np.uint8)}
LABELS = {"train": np.arange(20, dtype=np.uint8) % 2, "test": np.arange(7, dtype=np.uint8) % 2}
NAMES = ("x_train", "y_train", "x_test", "y_test")
CIFAR_BATCHES = [f"data_batch_{number}.bin" for number in range(1, 6)] + ["test_batch.bin"]


def idx_bytes(array: np.ndarray) -> bytes:
    """As the format's description says: two zeros, type, dimensions, sizes big-endian, data."""
    header = bytes([0, 0, 8, array.ndim]) + b"".join(size.to_bytes(4, "big") for size in array.shape)
    return gzip.compress(header + array.tobytes())


def tar_bytes(members: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        for name, content in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return buffer.getvalue()


PARTS = {f"/{name}.gz": idx_bytes(array) for name, array in zip(
    NAMES, (IMAGES["train"], LABELS["train"], IMAGES["test"], LABELS["test"]), strict=True)}


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with serving(PARTS) as address:
        yield address


def file(server: str, *, wrong: str = "") -> DataFile:
    """Four parts; wrong: the one whose checksum is another's."""
    sources = tuple(DownloadSource(f"{server}{path}",
                                   hashlib.sha256(b"" if path == wrong else content).hexdigest(),
                           len(content)) for path, content in PARTS.items())
    members = {"x_train": ((20, 4, 3), "uint8"), "y_train": ((20,), "uint8"),
               "x_test": ((7, 4, 3), "uint8"), "y_test": ((7,), "uint8")}
    return DataFile("Parts", "parts.npz", members, ("y_train", "y_test"), 2, sources, idx_files)


def test_four_parts_become_one_file_of_arrays(folders, server):
    _, cache = folders
    one, told = file(server), []
    assert not one.available()
    path = one.fetch(lambda done, total: told.append((done, total)))
    assert [found.name for found in cache.rglob("*")] == ["parts.npz"] and path == cache / "parts.npz"
    total = sum(map(len, PARTS.values()))
    assert told == sorted(told) and told[-1] == (total, total) and {whole for _, whole in told} == {total}
    assert one.available()
    # Nobody answers there: what was kept is read.
    again = file("http://127.0.0.1:9")
    for name, expected in zip(NAMES, (IMAGES["train"], LABELS["train"], IMAGES["test"], LABELS["test"]),
                              strict=True):
        np.testing.assert_array_equal(again.read(name)[0], expected)


def test_one_wrong_part_spoils_all_and_leaves_nothing(folders, server):
    _, cache = folders
    with pytest.raises(DatasetUnavailable, match=r"x_test\.gz failed: the .* the wrong checksum"):
        file(server, wrong="/x_test.gz").fetch()
    assert list(cache.rglob("*")) == []


@pytest.mark.usefixtures("folders")
def test_broken_arrays_in_the_cache_are_made_again(server):
    one = file(server)
    path = one.fetch()
    path.write_bytes(path.read_bytes()[:-50])
    assert not one.available()
    np.testing.assert_array_equal(one.read("y_test")[0], LABELS["test"])


# Named, for gzip writes the time: processes that collect the tests side by side must agree on their names.
NO_IDX = {
    "empty": b"",
    "not gzip": b"not gzip",
    "nothing packed": gzip.compress(b""),
    "another type of numbers": gzip.compress(b"\0\0\x0d\x01" + bytes(8)),
    "sizes cut off": gzip.compress(b"\0\0\x08\x03\0\0"),
    "fewer numbers than said": gzip.compress(b"\0\0\x08\x01\0\0\0\x05abc"),
    "packed bytes cut off": idx_bytes(IMAGES["test"])[:-20]}


@pytest.mark.parametrize("content", NO_IDX.values(), ids=NO_IDX)
def test_what_is_no_idx_file_is_refused(tmp_path, content):
    path = tmp_path / "x.gz"
    path.write_bytes(content)
    with pytest.raises(BROKEN):
        idx(path)


def cifar_members(rows: int) -> tuple[dict[str, bytes], dict[str, tuple[np.ndarray, np.ndarray]]]:
    """Files as the dataset's page describes them, and the labels and images (channels last) in them."""
    members, held = {}, {}
    for number, name in enumerate(CIFAR_BATCHES):
        random = np.random.default_rng(number)
        labels, images = random.integers(0, 10, rows, np.uint8), random.integers(0, 256, (rows, 32, 32, 3),
                                                                                 np.uint8)
        content = b""
        for label, image in zip(labels, images, strict=True):
            content += bytes([label]) + b"".join(image[:, :, channel].tobytes() for channel in range(3))
        members[f"cifar-10-batches-bin/{name}"], held[name] = content, (labels, images)
    return members, held


def test_cifar_is_read_from_its_binary_version(tmp_path):
    members, held = cifar_members(3)
    path = tmp_path / "cifar.tar.gz"
    # Neither pickles nor files that want to be elsewhere are looked at.
    path.write_bytes(tar_bytes({"cifar-10-batches-bin/readme.html": b"x", "../../evil.bin": b"y",
                                "cifar-10-batches-bin/batches.meta": b"z", **members}))
    found = cifar([path])
    for part, names in (("train", CIFAR_BATCHES[:5]), ("test", CIFAR_BATCHES[5:])):
        np.testing.assert_array_equal(found[f"y_{part}"], np.concatenate([held[name][0] for name in names]))
        np.testing.assert_array_equal(found[f"x_{part}"], np.concatenate([held[name][1] for name in names]))
    assert list(tmp_path.rglob("*")) == [path]


@pytest.mark.parametrize("spoil", ["missing", "short", "no archive"])
def test_a_broken_cifar_is_refused(tmp_path, spoil):
    members, _ = cifar_members(2)
    if spoil == "missing":
        del members["cifar-10-batches-bin/data_batch_4.bin"]
    elif spoil == "short":
        members["cifar-10-batches-bin/test_batch.bin"] = b"short"
    path = tmp_path / "cifar.tar.gz"
    path.write_bytes(b"no archive" if spoil == "no archive" else tar_bytes(members))
    with pytest.raises(BROKEN):
        cifar([path])


def images(path: Path, training: int, testing: int, *shape: int) -> None:
    # Compressed, since zeros of the size of CIFAR-10 would fill 180 MB.
    np.savez_compressed(path, x_train=np.zeros((training, *shape), np.uint8),
                        x_test=np.zeros((testing, *shape), np.uint8),
                        y_train=(np.arange(training) % 10).astype(np.uint8),
                        y_test=(np.arange(testing) % 10).astype(np.uint8))


def test_a_sample_of_cifar_serves_and_says_what_it_is(folders):
    data, _ = folders
    whole = DATASETS["cifar10"]
    assert (whole.label, whole.examples, available("cifar10")) == ("CIFAR-10", 60000, False)
    images(data / "cifar10_sample.npz", 5000, 1000, 32, 32, 3)
    told: list[int] = []
    fetch("cifar10", lambda done, total: told.append(done))
    sample = dict(DATASETS.items())["cifar10"]
    assert available("cifar10") and not told
    assert "sample" in sample.label and "sample" in sample.help and sample.examples == 6000
    assert sample.load().x.shape == (5000, 32, 32, 3) and sample.classes == whole.classes
    assert sample != whole and sample.key != whole.key and sample.download_bytes == 0
    # The whole beside it comes first.
    images(data / "cifar10.npz", 50000, 10000, 32, 32, 3)
    assert DATASETS["cifar10"].label == "CIFAR-10" and DATASETS["cifar10"].examples == 60000


def test_a_wrong_sample_is_refused_and_one_taken_away_is_told(folders):
    data, _ = folders
    sample = FILES["cifar10"].stand_in
    assert sample is not None
    images(data / "cifar10_sample.npz", 5, 1, 32, 32, 3)
    assert not available("cifar10")
    with pytest.raises(DatasetUnavailable, match=r"x_train is uint8 \(5, 32, 32, 3\)"):
        DATASETS["cifar10"].load()
    (data / "cifar10_sample.npz").unlink()
    with pytest.raises(DatasetUnavailable, match="has been removed"):
        sample.read("x_test")


def test_fashion_mnist_from_the_data_directory(folders):
    images(folders[0] / "fashion_mnist.npz", 60000, 10000, 28, 28)
    assert available("fashion_mnist") and DATASETS["fashion_mnist"].load().x.shape == (60000, 28, 28, 1)
    assert len(DATASETS["fashion_mnist"].classes) == 10
