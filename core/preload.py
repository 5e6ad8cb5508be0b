"""The old name of `core.cluster.worker_preload`, for `dask worker --preload` commands that still use it."""

from core.cluster.worker_preload import dask_setup

__all__ = ["dask_setup"]
