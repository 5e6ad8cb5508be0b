"""What can be learned: one entry a dataset, NumPy in, NumPy out.

Importing this loads no data, and no library but NumPy.

May import: Nothing but the files beside the folders.

archives.py       The arrays inside the files that authors of datasets publish. Nothing here can run code…
column.py         One column of a learner's table: told to be numbers or categories, and kept small
computed.py       Datasets that are computed from values which a learner sets
curves.py         Curves to learn: one number from another
custom_points.py  Points that the learner places: a kind of parameter that holds them, and the dataset…
dataset.py        What a dataset is, and what becomes of it when it is split
download.py       Datasets kept as one .npz file: looked for, downloaded with checksums, read member by…
images.py         Images that are downloaded: MNIST, Fashion-MNIST and CIFAR-10
names.py          Parameters that are names which the learner's own data brings along: no table lists them
overview.py       What a dataset holds at a glance: how many of each class, a few examples, and what a…
scikit.py         The small datasets that ship with scikit-learn and need no download
series.py         Series to forecast: from a window of values, the next ones
split_indices.py  Which examples go where, by index alone: each class by its share, numbers by chance,…
splits.py         Divides a dataset into training, validation and test examples, the same for the same…
table.py          Reads a learner's CSV file. Nothing in it is trusted, and every refusal says what,…
table_dataset.py  A learner's own table as a dataset: which column is learned from which others
table_target.py   Which column of a table can be learned from which others, and what each of them becomes
telling.py        Which two features of a table tell its classes apart best: what a picture of it is…
ten_features.py   A table of ten numbers and two classes, drawn by scikit-learn: what the tutorials'…
toy_points.py     Points in a plane to separate: computed by scikit-learn where it has them
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
