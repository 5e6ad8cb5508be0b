"""MNIST: the handwritten digits that Keras downloads, from Keras's own file."""

from functools import lru_cache

from core.datasets.dataset import Arrays, Dataset
from core.datasets.download import DataFile
from core.datasets.scikit import read_only

FILE = DataFile(
    label="MNIST", filename="mnist.npz",
    url="https://storage.googleapis.com/tensorflow/tf-keras-datasets/mnist.npz",
    # As in keras/src/datasets/mnist.py.
    sha256="731c5ac602752760c8e48fbffcf8c3b850d9dc2a2aedcf2cc48468fc17b673d1", size=11_490_434,
    members={"x_train": ((60000, 28, 28), "uint8"), "y_train": ((60000,), "uint8"),
             "x_test": ((10000, 28, 28), "uint8"), "y_test": ((10000,), "uint8")},
    labels=("y_train", "y_test"), classes=10)


def load() -> Arrays:
    """The training images: x uint8 (60000, 28, 28, 1), 47 MB. Raises `DatasetUnavailable`.

    Not cached here: `splitting` keeps what is in use.
    """
    return _arrays("x_train", "y_train")


@lru_cache(maxsize=1)
def load_test() -> Arrays:
    """The test images: x uint8 (10000, 28, 28, 1), 8 MB. Raises `DatasetUnavailable`."""
    return _arrays("x_test", "y_test")


def _arrays(x_name: str, y_name: str) -> Arrays:
    x, y = FILE.read(x_name, y_name)
    return read_only(x[..., None], y)


MNIST = Dataset(
    "mnist", "MNIST",
    "Handwritten digits, 28 x 28 pixels, from 0 to 9. The classic of image recognition: large enough that "
    "a convolutional network shows what it can do. Downloaded once, 11 MB.",
    "Y. LeCun, C. Cortes and C. J. C. Burges, 1998; CC BY-SA 3.0.",
    examples=70000, shape=(28, 28, 1), classes=tuple("0123456789"), load=load, load_test=load_test,
    pixel_maximum=255, download_bytes=FILE.size)
