"""Image datasets that are downloaded: MNIST, Fashion-MNIST and CIFAR-10."""

from collections.abc import Sequence
from functools import lru_cache, partial

from core.datasets.archives import cifar, idx_files
from core.datasets.dataset import Arrays, Dataset
from core.datasets.download import DataFile, DownloadSource
from core.datasets.scikit import read_only
from core.datasets.some_classes import with_classes

_KERAS = "https://storage.googleapis.com/tensorflow/tf-keras-datasets/"
_LABELS = ("y_train", "y_test")


def _members(training: int, testing: int, *shape: int) -> dict[str, tuple[tuple[int, ...], str]]:
    """The four arrays in every image file, here and in Keras."""
    return {"x_train": ((training, *shape), "uint8"), "y_train": ((training,), "uint8"),
            "x_test": ((testing, *shape), "uint8"), "y_test": ((testing,), "uint8")}


MNIST_FILE = DataFile(
    label="MNIST", filename="mnist.npz", members=_members(60000, 10000, 28, 28), labels=_LABELS, classes=10,
    sources=(DownloadSource(
        # The same as in keras/src/datasets/mnist.py.
        f"{_KERAS}mnist.npz",
        "731c5ac602752760c8e48fbffcf8c3b850d9dc2a2aedcf2cc48468fc17b673d1", 11_490_434),))

FASHION_FILE = DataFile(
    label="Fashion-MNIST", filename="fashion_mnist.npz", members=_members(60000, 10000, 28, 28),
    labels=_LABELS, classes=10, unpack=idx_files,
    # The addresses are those of keras/src/datasets/fashion_mnist.py, which has no checksums. These belong to
    # the files in zalandoresearch/fashion-mnist, whose README gives their MD5 as 8d4fb7e6..., 25c81989...,
    # bef4ecab... and bb300cfd...
    sources=(
        DownloadSource(f"{_KERAS}train-images-idx3-ubyte.gz",
               "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84", 26_421_880),
        DownloadSource(f"{_KERAS}train-labels-idx1-ubyte.gz",
               "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845", 29_515),
        DownloadSource(f"{_KERAS}t10k-images-idx3-ubyte.gz",
               "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073", 4_422_102),
        DownloadSource(f"{_KERAS}t10k-labels-idx1-ubyte.gz",
               "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5", 5_148)))

CIFAR_SAMPLE_FILE = DataFile(
    label="the sample of CIFAR-10", filename="cifar10_sample.npz", members=_members(5000, 1000, 32, 32, 3),
    labels=_LABELS, classes=10, sources=())

CIFAR_FILE = DataFile(
    label="CIFAR-10", filename="cifar10.npz", members=_members(50000, 10000, 32, 32, 3), labels=_LABELS,
    classes=10, unpack=cifar, stand_in=CIFAR_SAMPLE_FILE,
    # The binary version: the one that Keras takes holds pickles. The page of the dataset gives its MD5,
    # c32a1d4ab5d03f1284b67883e8d87530; this is the SHA-256 of the same file, as in red-datasets.
    sources=(DownloadSource("https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz",
                    "c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd", 170_052_171),))


def _arrays(file: DataFile, part: str) -> Arrays:
    """Images of `part`, uint8 (n, height, width, channels). Raises `DatasetUnavailable`."""
    x, y = file.read(f"x_{part}", f"y_{part}")
    return read_only(x if x.ndim == 4 else x[..., None], y)


# Training images are not cached here: `splits` keeps those in use. Test images of two datasets are: 8 MB for
# MNIST, 30 MB for CIFAR-10.
@lru_cache(maxsize=2)
def load_test(file: DataFile) -> Arrays:
    """The test images of `file`. Raises `DatasetUnavailable`."""
    return _arrays(file, "test")


def _images(name: str, help: str, source: str, file: DataFile, classes: tuple[str, ...],
            sizes: Sequence[int] = (), label: str = "") -> Dataset:
    """One entry. sizes: examples of each class; empty if all have equally many. label: if not the file's."""
    shape = file.members["x_train"][0][1:]
    examples = file.members["y_train"][0][0] + file.members["y_test"][0][0]
    return with_classes(Dataset(
        name, label or file.label, help, source, examples=examples,
        shape=shape if len(shape) == 3 else (*shape, 1), classes=classes,
        load=partial(_arrays, file, "train"), load_test=partial(load_test, file), pixel_maximum=255,
        download_bytes=file.size), sizes or [examples // len(classes)] * len(classes))


MNIST = _images(
    "mnist", "Handwritten digits, 28 x 28 pixels, from 0 to 9. The classic dataset of image recognition: "
    "large enough for a convolutional network to show what it can do. Downloaded once, 11 MB.",
    "Y. LeCun, C. Cortes and C. J. C. Burges, 1998; CC BY-SA 3.0.", MNIST_FILE, tuple("0123456789"),
    (6903, 7877, 6990, 7141, 6824, 6313, 6876, 7293, 6825, 6958))

FASHION_MNIST = _images(
    "fashion_mnist", "Ten kinds of clothing, 28 x 28 pixels in grey. As large as MNIST but harder: shirts "
    "look like coats. Downloaded once, 29 MB.",
    "H. Xiao, K. Rasul and R. Vollgraf, 2017; Zalando SE, MIT.", FASHION_FILE,
    ("T-shirt/top", "trouser", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag",
     "ankle boot"))

_CIFAR = _images(
    "cifar10", "Small photographs of ten kinds of animals and vehicles, 32 x 32 pixels in colour. Needs a "
    "convolutional network and patience. Downloaded once, 162 MB.",
    "A. Krizhevsky, 2009; free for research, with no licence of its own.", CIFAR_FILE,
    ("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"))

_CIFAR_SAMPLE = _images(
    _CIFAR.name, "A sample of CIFAR-10: 5,000 of its 50,000 training images and 1,000 of its 10,000 test "
    "images, small photographs in colour. Good for trying things out; accuracies are lower than with the "
    "whole dataset.", f"{_CIFAR.source} A sample of CIFAR-10, from the data directory.", CIFAR_SAMPLE_FILE,
    _CIFAR.classes, label="CIFAR-10 (sample of 6,000)")


def cifar10() -> Dataset:
    """CIFAR-10 as it is on this machine: the sample, labelled as one, if the data folder has only that."""
    return _CIFAR if CIFAR_FILE.at_hand() is CIFAR_FILE else _CIFAR_SAMPLE
