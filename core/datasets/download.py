"""Datasets stored as one .npz file: found, downloaded with a checksum, and read."""

import hashlib
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from numpy.lib import format as npy

from core.datasets.archives import BROKEN, Unpack
from core.datasets.dataset import DatasetUnavailable
from core.settings import from_environment

Progress = Callable[[int, int], None]

# Seconds to wait for a connection, and for the next bytes of a slow one.
TIMEOUT = (10, 30)
CHUNK_BYTES = 2**16


@dataclass(frozen=True)
class DownloadSource:
    """A file to download; `size` is in bytes."""

    url: str
    sha256: str
    size: int


# Compared by identity, so that it can be the key of a cache.
@dataclass(frozen=True, eq=False)
class DataFile:
    """One .npz file.

    Attributes:
        members: shape and dtype of each array.
        labels: the members that hold classes.
        classes: how many classes there are; labels must be below that.
        sources: where it is downloaded from: the .npz file itself, or other files that `unpack` turns into
            arrays.
        stand_in: a file to use instead if the data folder has only that.
        loose: names under which the data folder may have the sources themselves, in their order.
        instead: another dataset that needs no download, and what it has.
    """

    label: str
    filename: str
    members: dict[str, tuple[tuple[int, ...], str]]
    labels: tuple[str, ...]
    classes: int
    sources: tuple[DownloadSource, ...]
    unpack: Unpack | None = None
    stand_in: "DataFile | None" = None
    loose: tuple[str, ...] = ()
    instead: str = "Digits 8x8 has images and"

    @property
    def size(self) -> int:
        """Bytes to download."""
        return sum(source.size for source in self.sources)

    def at_hand(self) -> "DataFile":
        """This file, or its stand-in if the data folder has only that."""
        data = from_environment().data
        if data is None or self.stand_in is None or (data / self.filename).is_file():
            return self
        return self.stand_in if (data / self.stand_in.filename).is_file() else self

    def available(self) -> bool:
        """Whether a valid file is in the data folder or in the cache."""
        try:
            return self._find() is not None or bool(self._lying())
        except DatasetUnavailable:
            return False

    def fetch(self, progress: Progress | None = None) -> Path:
        """The path of the file, downloaded first if needed. Raises `DatasetUnavailable`.

        It is written to a folder of its own and moved when it is complete, so a broken download is never
        used, and two processes may download at once.
        """
        found = self._find()
        if found is not None:
            return found
        if not self.sources:
            raise DatasetUnavailable(f"The file of {self.label} has been removed. Put {self.filename} back "
                                     "into the PLAYGROUND_DATA directory, or choose another dataset.")
        cache = from_environment().cache
        try:
            cache.mkdir(parents=True, exist_ok=True)
            with TemporaryDirectory(prefix="download-", dir=cache) as folder:
                made = self._made(Path(folder), progress)
                return made.replace(cache / self.filename)
        except OSError as error:
            raise self._unavailable(self.sources[0].url,
                                    f"{type(error).__name__}, {str(error)[:200]}") from error

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
                raise self._refused(path, f"{name} contains labels {array.min()} to {array.max()}, not 0 to "
                                          f"{self.classes - 1}")
        return arrays

    def _made(self, folder: Path, progress: Progress | None) -> Path:
        """The .npz file, downloaded into `folder` and unpacked. Raises `DatasetUnavailable`."""
        # Imported here because it is slow to import and needed only once per machine.
        import pooch

        paths, done = self._lying(), 0
        for source in () if paths else self.sources:
            bar = _Bar(progress, done, source.size, self.size) if progress else False
            downloader = pooch.HTTPDownloader(bar, chunk_size=CHUNK_BYTES, timeout=TIMEOUT)
            try:
                paths.append(Path(pooch.retrieve(source.url, f"sha256:{source.sha256}", None, folder,
                                                 downloader=downloader)))
            except ValueError as error:
                raise self._unavailable(source.url, "the downloaded file has the wrong checksum, so it was "
                                                    "deleted") from error
            except OSError as error:
                raise self._unavailable(source.url, f"{type(error).__name__}, {str(error)[:200]}") from error
            done += source.size
        if self.unpack is None:
            return paths[0]
        try:
            arrays = self.unpack(paths)
        except BROKEN as error:
            raise self._unavailable(self.sources[0].url, f"it cannot be read: {str(error)[:200]}") from error
        # Once, so that each later reading is quick; as it is, since photographs hardly shrink.
        made = folder / self.filename
        np.savez(made, allow_pickle=False, **arrays)
        return made

    def _find(self) -> Path | None:
        """The file in the data folder, else in the cache, else None.

        An invalid file in the data folder is an error, because somebody put it there. In the cache, it is
        downloaded again.
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
        if self.unpack or not self.sources:
            return None if self._complaint(path) else path
        good = _sha256(path, status.st_size, status.st_mtime_ns) == self.sources[0].sha256
        return path if good else None

    def _lying(self) -> list[Path]:
        """The sources in the data folder, in their order; none unless all are there.

        Raises `DatasetUnavailable` for one with other bytes: somebody put it there.
        """
        data = from_environment().data
        paths = [data / name for name in self.loose] if data is not None else []
        if not all(path.is_file() for path in paths):
            return []
        for path, source in zip(paths, self.sources, strict=False):
            status = path.stat()
            if _sha256(path, status.st_size, status.st_mtime_ns) != source.sha256:
                raise DatasetUnavailable(f"{path} is not that of {self.label}: its checksum is wrong. Put "
                                         "the right file there, or remove it so that it is downloaded again.")
        return paths

    def _complaint(self, path: Path) -> str | None:
        """What is wrong with the arrays in the file at `path`, judging by their headers only."""
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
                                  "there, or remove the file so that it is downloaded again.")

    def _unavailable(self, url: str, reason: str) -> DatasetUnavailable:
        settings = from_environment()
        data = f"{settings.data} (PLAYGROUND_DATA)" if settings.data else "PLAYGROUND_DATA (not set)"
        names = " or ".join([self.filename, *([self.stand_in.filename] if self.stand_in else self.loose[:1])])
        return DatasetUnavailable(
            f"{self.label} could not be loaded or downloaded. Looked for {names} in {data} and in the cache "
            f"{settings.cache}; the download from {url} failed: {reason}. Set PLAYGROUND_DATA to a "
            f"directory that contains {names}, or choose another dataset: {self.instead} needs no download.")


class _Bar:
    """A progress bar for pooch: adds up the bytes and reports them to `progress`.

    Args:
        before: bytes of earlier files.
        size: of this file. pooch counts whole chunks, so the last one is cut here.
        whole: bytes of all files.
    """

    def __init__(self, progress: Progress, before: int, size: int, whole: int):
        self._progress, self._before, self._size, self._whole = progress, before, size, whole
        self._done = 0
        self.total = 0  # set by pooch to the size that the server reports

    def update(self, count: int) -> None:
        self._done = min(self._done + count, self._size)
        self._progress(self._before + self._done, self._whole)

    def reset(self) -> None:
        """Called before pooch reports the total again; does nothing."""

    def close(self) -> None:
        """Nothing to close."""


@lru_cache(maxsize=8)
def _sha256(path: Path, size: int, changed: int) -> str:
    """The checksum of a file; its size and time of change are part of the cache's key."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _header(archive: zipfile.ZipFile, name: str) -> tuple[tuple[int, ...], str]:
    """Shape and dtype of a member, without its data. Raises ValueError, KeyError, BadZipFile."""
    with archive.open(f"{name}.npy") as member:
        read = {(1, 0): npy.read_array_header_1_0, (2, 0): npy.read_array_header_2_0}
        version = npy.read_magic(member)
        if version not in read:
            raise ValueError(f"{name} is in version {version} of the format")
        shape, _, dtype = read[version](member)
        return shape, str(dtype)
