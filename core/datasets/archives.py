"""Reads the arrays in the files that dataset authors publish. Nothing in them can run code."""

import gzip
import math
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np

# Reads the downloaded files, in the order of their sources.
Unpack = Callable[[Sequence[Path]], Mapping[str, np.ndarray]]

# The exceptions that a broken file raises while it is read.
BROKEN = (OSError, EOFError, ValueError, KeyError, tarfile.TarError, zipfile.BadZipFile,
          zlib.error)

_CIFAR_FOLDER = "cifar-10-batches-bin"
_CIFAR_IMAGE = (3, 32, 32)


def idx(path: Path) -> np.ndarray:
    """The array of a gzipped IDX file of bytes, uint8. Raises one of `BROKEN`.

    Source of the format: http://yann.lecun.com/exdb/mnist, "The IDX file format".
    """
    with gzip.open(path, "rb") as file:
        content = file.read()
    if content[:3] != b"\0\0\x08":
        raise ValueError(f"{path.name} is not an IDX file of bytes")
    dimensions, begin = content[3], 4 + 4 * content[3]
    shape = tuple(np.frombuffer(content, ">u4", dimensions, 4).tolist())
    if len(content) - begin != math.prod(shape):
        raise ValueError(f"{path.name} has {len(content) - begin} bytes of data, not {math.prod(shape)}")
    return np.frombuffer(content, np.uint8, offset=begin).reshape(shape)


def idx_files(paths: Sequence[Path]) -> dict[str, np.ndarray]:
    """Training images, training labels, test images and test labels, one file each."""
    return dict(zip(("x_train", "y_train", "x_test", "y_test"), map(idx, paths), strict=True))


def cifar(paths: Sequence[Path]) -> dict[str, np.ndarray]:
    """CIFAR-10 from its binary version: per image a label byte, then 1024 bytes each of red, green and blue.

    Members are read by name and never extracted, so nothing is written elsewhere on the disk. Raises one of
    `BROKEN`. Source of the format: https://www.cs.toronto.edu/~kriz/cifar.html.
    """
    with tarfile.open(paths[0], "r:gz") as archive:
        batches = {member.name.rsplit("/", 1)[1]: _member(archive, member) for member in archive
                   if member.isfile() and member.name.startswith(f"{_CIFAR_FOLDER}/")
                   and member.name.endswith(".bin")}
    rows = {"train": np.concatenate([batches[f"data_batch_{number}.bin"] for number in range(1, 6)]),
            "test": batches["test_batch.bin"]}
    arrays = {}
    for part, found in rows.items():
        arrays[f"y_{part}"] = found[:, 0].copy()
        # Channels last, as everywhere here.
        images = found[:, 1:].reshape(-1, *_CIFAR_IMAGE).transpose(0, 2, 3, 1)
        arrays[f"x_{part}"] = np.ascontiguousarray(images)
    return arrays


def _member(archive: tarfile.TarFile, member: tarfile.TarInfo) -> np.ndarray:
    """The rows of a batch, uint8 (n, 3073)."""
    file = archive.extractfile(member)
    if file is None:
        raise ValueError(f"{member.name} is not a file")
    return np.frombuffer(file.read(), np.uint8).reshape(-1, 1 + math.prod(_CIFAR_IMAGE))
