"""What can be learned: one entry a dataset, NumPy in, NumPy out.

Importing this loads no data, and no library but NumPy.
"""

from collections import UserDict

from core.datasets.curves import CURVE, HELLO
from core.datasets.custom_points import PLACED
from core.datasets.dataset import Arrays, Dataset, DatasetUnavailable, Preparation, Split
from core.datasets.download import DataFile, Progress
from core.datasets.images import CIFAR_FILE, FASHION_FILE, FASHION_MNIST, MNIST, MNIST_FILE, cifar10
from core.datasets.scikit import BREAST_CANCER, DIABETES, DIGITS, IRIS, WINE
from core.datasets.series import SINE, STOCKS, SUM_OF_SINES
from core.datasets.table_dataset import DATASET as OWN_TABLE
from core.datasets.ten_features import TEN_FEATURES
from core.datasets.toy_points import BLOBS, CIRCLES, MOONS, QUANTILES, SPIRALS, XOR

__all__ = ["DATASETS", "FILES", "Arrays", "Dataset", "DatasetUnavailable", "Preparation", "Progress",
           "Split", "available", "fetch"]


class _Offered(UserDict[str, Dataset]):
    """The datasets by name. CIFAR-10 is told as it is here when asked for: the whole or a sample."""

    def __getitem__(self, key: str) -> Dataset:
        return cifar10() if key == "cifar10" else super().__getitem__(key)


DATASETS = _Offered({one.name: one for one in (
    IRIS, WINE, BREAST_CANCER, TEN_FEATURES,
    MOONS, CIRCLES, SPIRALS, BLOBS, XOR, QUANTILES, PLACED,
    DIGITS, MNIST, FASHION_MNIST, cifar10(),
    HELLO, CURVE, DIABETES,
    SINE, SUM_OF_SINES, STOCKS,
    OWN_TABLE)})

# The datasets that come as a file of their own; the others ship with the libraries or are computed.
FILES: dict[str, DataFile] = {"mnist": MNIST_FILE, "fashion_mnist": FASHION_FILE, "cifar10": CIFAR_FILE}


def available(name: str) -> bool:
    """Whether the dataset can be loaded without a download."""
    return name not in FILES or FILES[name].at_hand().available()


def fetch(name: str, progress: Progress | None = None) -> None:
    """Downloads the dataset if it is not here yet.

    progress: called with the bytes done and the total. Raises `DatasetUnavailable`.
    """
    if name in FILES:
        FILES[name].at_hand().fetch(progress)
