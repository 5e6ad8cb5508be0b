"""The configurations that benchmarks measure, and the environment in which they run."""

import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from core.datasets import fetch
from core.runs.config import RunConfig

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared" / "datasets"

IRIS = RunConfig()
DIGITS_MLP = RunConfig(dataset="digits", learning_rate=0.0001, epochs=1000)
DIGITS_CNN = RunConfig(dataset="digits", architecture="cnn", learning_rate=0.0001, epochs=1000)
MNIST_CNN = RunConfig(
    dataset="mnist", architecture="cnn", optimizer="adam", learning_rate=0.001, batch_size=32, epochs=1,
    validation_share=0.0, architecture_parameters={
        "filters": (32, 64), "kernel_size": 3, "padding": "valid", "dense_units": (64,)})

SENTENCES = RunConfig(dataset="sentence_polarity", architecture="embeddings", optimizer="adam",
                      learning_rate=0.001, batch_size=32, epochs=1, validation_share=0.0)

RATINGS = RunConfig(dataset="ratings", dataset_parameters={"users": 1000, "titles": 1700, "ratings": 100000},
                    architecture="factorization", architecture_parameters={"width": 16}, optimizer="adam",
                    learning_rate=0.003, batch_size=128, epochs=1, validation_share=0.0)


@contextmanager
def fresh_environment() -> Iterator[Path]:
    """The app's own environment with an empty cache, so that nothing was compiled or kept before.

    Yields the cache's folder, which is gone afterwards. MNIST comes from PLAYGROUND_DATA, else from
    `../shared/datasets` if that exists, else it is downloaded first. Raises `DatasetUnavailable`.
    """
    for name in list(os.environ):
        if name == "DASK_SCHEDULER_ADDRESS" or (name.startswith("PLAYGROUND_") and name != "PLAYGROUND_DATA"):
            del os.environ[name]
    if not os.environ.get("PLAYGROUND_DATA") and SHARED.is_dir():
        os.environ["PLAYGROUND_DATA"] = str(SHARED)
    # So that a benchmark which is told to end (`timeout` does) ends its servers and workers first.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    cache = Path(tempfile.mkdtemp(prefix="playground-benchmark-"))
    # What `core.cluster.workers.start_worker` gives a worker: JAX reads it when it is first imported.
    os.environ |= {"PLAYGROUND_CACHE": str(cache), "KERAS_BACKEND": "jax",
                   "JAX_COMPILATION_CACHE_DIR": str(cache / "compiled"),
                   "JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS": "0",
                   "JAX_PERSISTENT_CACHE_MIN_ENTRY_SIZE_BYTES": "-1"}
    try:
        fetch("mnist")
        yield cache
    finally:
        shutil.rmtree(cache, ignore_errors=True)
