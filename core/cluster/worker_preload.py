"""Prepares a Dask worker before it joins the scheduler.

Used as `dask worker ADDRESS --preload core.cluster.worker_preload`.

The project must already be on the import path: given a file's path, Dask would load a second copy of the
module.
"""

import os
from dataclasses import replace
from pathlib import Path
from typing import Any

from core.cluster import run_tasks
from core.runs.disk_limits import COMPILED
from core.settings import from_environment


def environment(cache: Path) -> dict[str, str]:
    """What a worker's process needs in its environment before it first imports Keras.

    cache: the folder that keeps compiled programs from one process to the next.
    """
    return {
        "KERAS_BACKEND": "jax",
        # Ignore the Keras settings in the home folder, which may say float64.
        "KERAS_HOME": str(cache / "keras"),
        "JAX_COMPILATION_CACHE_DIR": str(cache / COMPILED),
        "JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS": "0",
        "JAX_PERSISTENT_CACHE_MIN_ENTRY_SIZE_BYTES": "-1"}


def dask_setup(worker: Any) -> None:
    """Import Keras and JAX; Dask calls it before `worker`, a `distributed.Worker`, joins."""
    settings = from_environment()
    os.environ |= environment(settings.cache)
    # The page server asks for the first network to be compiled once the worker has joined.
    run_tasks.prepare(replace(settings, warm_up=False))
