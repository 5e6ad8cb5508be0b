"""A dataset that is one .npz file: looked for, downloaded with its checksum, read member by member."""

import hashlib
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.lib import format as npy

from core.datasets.dataset import DatasetUnavailable
from core.settings import from_environment

Progress = Callable[[int, int], None]

# Seconds to wait for a connection, and for the next bytes of a slow one.
TIMEOUT = (10, 30)
CHUNK_BYTES = 2**16


@dataclass(frozen=True)
class DataFile:
    """One .npz file. size: bytes of the file at `url`. members: shape and dtype of each array.

    labels: the members that hold classes. classes: how many there are, so that labels are below it.
    """

    label: str
    filename: str
    url: str
    sha256: str
    size: int
    members: dict[str, tuple[tuple[int, ...], str]]
    labels: tuple[str, ...]
    classes: int

    def available(self) -> bool:
        """Whether a good file lies in the data directory or in the cache."""
        try:
            return self._find() is not None
        except DatasetUnavailable:
            return False

    def fetch(self, progress: Progress | None = None) -> Path:
        """The path of the file, downloaded first if it is nowhere. Raises `DatasetUnavailable`.

        It is written under another name and moved when its checksum is right, so a broken download
        is never taken for it, and two processes that download at once do no harm.
        """
        found = self._find()
        if found is not None:
            return found
        # Slow to import, and needed once in a machine's life.
        import pooch

        bar = _Bar(progress, self.size) if progress else False
        downloader = pooch.HTTPDownloader(bar, chunk_size=CHUNK_BYTES, timeout=TIMEOUT)
        try:
            return Path(pooch.retrieve(self.url, f"sha256:{self.sha256}", self.filename,
                                       from_environment().cache, downloader=downloader))
        except ValueError as error:
            raise self._unavailable("what arrived has another checksum, so it was thrown away") from error
        except OSError as error:
            raise self._unavailable(f"{type(error).__name__}, {str(error)[:200]}") from error

    def read(self, *names: str) -> list[np.ndarray]:
        """The members of these names, no others decompressed. Raises `DatasetUnavailable`."""
        path = self.fetch()
        try:
            with np.load(path, allow_pickle=False) as archive:
                arrays = [archive[name] for name in names]
        except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
            raise self._refused(path, f"it cannot be read: {str(error)[:200]}") from error
        for name, array in zip(names, arrays, strict=True):
            if name in self.labels and not 0 <= int(array.min()) <= int(array.max()) < self.classes:
                raise self._refused(path, f"{name} holds labels {array.min()} to {array.max()}, not "
                                          f"0 to {self.classes - 1}")
        return arrays

    def _find(self) -> Path | None:
        """The file in the data directory, else in the cache, else None.

        A wrong file in the data directory is an error: whoever put it there wants to know. In the
        cache it is only a file to download again.
        """
        settings = from_environment()
        if settings.data is not None and (settings.data / self.filename).is_file():
            path = settings.data / self.filename
            complaint = self._complaint(path)
            if complaint:
                raise self._refused(path, complaint)
            return path
        path = settings.cache / self.filename
        try:
            status = path.stat()
        except OSError:
            return None
        good = _sha256(path, status.st_size, status.st_mtime_ns) == self.sha256
        return path if good else None

    def _complaint(self, path: Path) -> str | None:
        """What is wrong with the arrays of the file at `path`, told by their headers alone."""
        try:
            with zipfile.ZipFile(path) as archive:
                for name, (shape, dtype) in self.members.items():
                    got = _header(archive, name)
                    if got != (shape, dtype):
                        return f"{name} is {got[1]} {got[0]}, not {dtype} {shape}"
        except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
            return f"it cannot be read: {str(error)[:200]}"
        return None

    def _refused(self, path: Path, complaint: str) -> DatasetUnavailable:
        return DatasetUnavailable(f"{path} is not {self.label}: {complaint}. Put the right {self.filename} "
                                  f"there, or take it away to have it downloaded.")

    def _unavailable(self, reason: str) -> DatasetUnavailable:
        settings = from_environment()
        data = f"{settings.data} (PLAYGROUND_DATA)" if settings.data else "no PLAYGROUND_DATA (not set)"
        return DatasetUnavailable(
            f"{self.label} could not be had. Looked for {self.filename} in {data} and in the cache "
            f"{settings.cache}; the download from {self.url} failed: {reason}. Name a directory that holds "
            f"{self.filename} in PLAYGROUND_DATA, or choose Iris, Wine, Breast cancer or Digits 8x8, which "
            f"need no download.")


class _Bar:
    """What pooch calls a progress bar: adds up the bytes and tells `progress` of them.

    pooch counts whole chunks, so the last one is cut at the total; a server that does not tell the
    total (0) leaves the size that is known.
    """

    def __init__(self, progress: Progress, size: int):
        self._progress, self._size, self._done = progress, size, 0
        self.total = 0

    def update(self, count: int) -> None:
        total = self.total or self._size
        self._done = min(self._done + count, total)
        self._progress(self._done, total)

    def reset(self) -> None:
        self._done = 0

    def close(self) -> None:
        self.total = self.total or self._size


@lru_cache(maxsize=8)
def _sha256(path: Path, size: int, changed: int) -> str:
    """The checksum of a file; its size and time of change are there to notice another content."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _header(archive: zipfile.ZipFile, name: str) -> tuple[tuple[int, ...], str]:
    """Shape and dtype of a member, without its data. Raises ValueError, KeyError, BadZipFile."""
    with archive.open(f"{name}.npy") as member:
        read = {(1, 0): npy.read_array_header_1_0, (2, 0): npy.read_array_header_2_0}
        version = npy.read_magic(member)
        if version not in read:
            raise ValueError(f"{name} is written in version {version} of the format")
        shape, _, dtype = read[version](member)
        return shape, str(dtype)
