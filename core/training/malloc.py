"""Keeps freed memory in the process while runs train, and returns it when none do.

Each step of a convolutional network takes tens of megabytes and frees them. If the C library returns them to
the system every time, as Dask's nanny makes it do, a step spends a third of its time getting them back page
by page (16,000 page faults a step).
"""

import ctypes
import sys
from typing import Any

# Options of mallopt (glibc's malloc.h), and sizes in bytes. The second size may not be larger.
TRIM_THRESHOLD, KEPT_BYTES = -1, 64 * 2**20
MMAP_THRESHOLD, LARGEST_BYTES = -3, 32 * 2**20


def retain_memory() -> None:
    """Let the C library keep freed memory, up to 64 MB at a time. Does nothing without glibc."""
    library = _library()
    if library is not None and hasattr(library, "mallopt"):
        library.mallopt(TRIM_THRESHOLD, KEPT_BYTES)
        library.mallopt(MMAP_THRESHOLD, LARGEST_BYTES)


def trim_memory() -> None:
    """Return free memory to the system."""
    library = _library()
    if library is not None and hasattr(library, "malloc_trim"):  # musl does not have it
        library.malloc_trim(0)


def _library() -> Any:
    return ctypes.CDLL(None) if sys.platform == "linux" else None
