"""What can be learned: one entry a dataset, NumPy in, NumPy out.

Importing this loads no data, and no library but NumPy.
"""

from core.datasets.dataset import Arrays, Dataset, DatasetUnavailable, Preparation, Split
from core.datasets.download import Progress
from core.datasets.mnist import FILE, MNIST
from core.datasets.scikit import BREAST_CANCER, DIGITS, IRIS, WINE

__all__ = ["DATASETS", "FILES", "Arrays", "Dataset", "DatasetUnavailable", "Preparation", "Progress",
           "Split", "available", "fetch"]

DATASETS: dict[str, Dataset] = {one.name: one for one in (IRIS, WINE, BREAST_CANCER, DIGITS, MNIST)}

# The datasets that come as a file of their own; the others ship with scikit-learn.
FILES = {MNIST.name: FILE}


def available(name: str) -> bool:
    """Whether the dataset can be loaded without a download."""
    return name not in FILES or FILES[name].available()


def fetch(name: str, progress: Progress | None = None) -> None:
    """Downloads the dataset if it is not here yet.

    progress: called with the bytes done and the total. Raises `DatasetUnavailable`.
    """
    if name in FILES:
        FILES[name].fetch(progress)
