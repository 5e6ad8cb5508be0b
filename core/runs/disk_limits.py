"""Keeps the workers' files within a size limit: deletes those used longest ago first."""

import os
import shutil
import threading
import time
from contextlib import suppress
from pathlib import Path

# The folder in the cache with compiled programs. JAX's own limit of it needs another package, and has all
# threads wait for each other at each program.
COMPILED = "compiled"
# Between two looks at a folder: it may hold thousands of files.
PAUSE_SECONDS = 60.0
# Looked at sooner if this process has written more than this share of the limit since.
WRITTEN = 0.1
_looked: dict[Path, float] = {}
_written: dict[Path, int] = {}
_lock = threading.Lock()


def trim(folder: Path, most: int) -> int:
    """Delete files in `folder`, used longest ago first, until the rest has at most `most` bytes.

    Returns how many were deleted. A file counts as used when it was written and, if the file system records
    that, read. Files that cannot be deleted stay.
    """
    files = []
    with suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            with suppress(OSError):  # gone meanwhile
                if entry.is_file(follow_symlinks=False):
                    about = entry.stat()
                    files.append((max(about.st_mtime, about.st_atime), about.st_size, entry.path))
    over, deleted = sum(size for _, size, _ in files) - most, 0
    for _, size, path in sorted(files):
        if over <= 0:
            break
        with suppress(OSError):
            os.unlink(path)
            over, deleted = over - size, deleted + 1
    return deleted


def trim_now_and_then(folder: Path, most: int, written: int = 0) -> None:
    """The same, unless this process did it a moment ago. written: bytes that it has just written there."""
    with _lock:
        now, bytes_since = time.monotonic(), _written.get(folder, 0) + written
        _written[folder] = bytes_since
        if now - _looked.get(folder, -PAUSE_SECONDS) < PAUSE_SECONDS and bytes_since <= WRITTEN * most:
            return
        _looked[folder], _written[folder] = now, 0
    trim(folder, most)


def trim_log(path: Path, most: int) -> None:
    """Start a new log if it has more than `most` bytes; the previous log is kept beside it.

    Whoever writes to the log must have opened it for appending.
    """
    with suppress(OSError):
        if path.stat().st_size > most:
            shutil.copyfile(path, path.with_suffix(".old.log"))
            os.truncate(path, 0)
