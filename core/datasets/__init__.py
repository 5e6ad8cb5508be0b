"""The datasets: one entry each, NumPy in, NumPy out.

Importing this folder loads no data, and no library but NumPy.

May import: nothing but the files beside core's folders.

archives.py       Reads the arrays in the files that dataset authors publish; runs none of their code
column.py         One column of a learner's table: recognized as numbers or categories, stored compactly
computed.py       Datasets computed from parameters that a learner sets
curves.py         Curves to fit: one number from another
custom_points.py  Points placed by the learner: the parameter that holds them, and their dataset
dataset.py        `Dataset`: what is on offer to be learned, before it is loaded; `Arrays`: its examples
difference.py     How the examples to learn from differ, on purpose, from those to test with
divided.py        `Preparation` and `Split`: how a dataset is divided for a run, and what comes of it
digits12.py       The small digits on 12 x 12 pixels, of which the test images can be moved
download.py       Datasets stored as one .npz file: found, downloaded with a checksum, and read
hidden_words.py   Words of sentences that are hidden, to be guessed
images.py         Image datasets that are downloaded: MNIST, Fashion-MNIST and CIFAR-10
movielens.py     MovieLens 100k: real ratings of films, downloaded
kept_tables.py    The learners' tables that this process knows, by their digests
names.py          Parameters whose values are names from the learner's own data
overview.py       A dataset at a glance: class counts, a few examples, the data for its picture
pairs.py          Pairs of a user and an item by number: who is known, and the liked items to rank
ratings.py        Film ratings drawn from a known truth
scikit.py         The small datasets that come with scikit-learn and need no download
second_test.py    A second test set of computed data, which nobody can have chosen by
sentences.py      Sentences that are positive or negative: examples are plain strings
sensor.py         Windows of a sensor's readings, normal or with an injected fault
sharing.py        Whether two datasets may have examples in common
series.py         Time series: predict the next values from a window of past ones
some_classes.py   Image datasets of which some classes can be chosen: digits 0 to 4 only
spikes.py         Two spikes in a short series: which one came first?
split_indices.py  Which examples go into which set, by index: stratified, random, or in time order
splits.py         `split`: a dataset into training, validation and test sets, repeatable by its seed
table.py          Reads a learner's CSV file, trusting nothing in it
table_dataset.py  A learner's own table as a dataset, with the chosen target and input columns
table_text.py     Which column of a table holds sentences, and what becomes of them
table_ratings.py  Which columns of a table hold users, items and ratings
table_summary.py  What happens to a learner's table before a network learns from it, in words
table_target.py   Which columns of a table can be the target or the inputs, and how each is encoded
telling.py        The two features that separate the classes of a table best
ten_features.py   The tutorials' generated table: ten numbers, two classes
toy_points.py     Points in a plane: moons, circles, spirals, blobs, XOR, Gaussian quantiles
words.py          Sentences as numbers: words or characters, and the vocabulary that numbers them
"""

from collections import UserDict

from core.datasets.curves import CURVE, HELLO
from core.datasets.custom_points import PLACED
from core.datasets.dataset import Arrays, Dataset, DatasetUnavailable
from core.datasets.digits12 import DIGITS12
from core.datasets.divided import Preparation, Split
from core.datasets.download import DataFile, Progress
from core.datasets.images import CIFAR_FILE, FASHION_FILE, FASHION_MNIST, MNIST, MNIST_FILE, cifar10
from core.datasets.movielens import MOVIELENS, MOVIELENS_FILE
from core.datasets.ratings import RATINGS
from core.datasets.scikit import BREAST_CANCER, DIABETES, DIGITS, IRIS, WINE
from core.datasets.sensor import SENSOR
from core.datasets.sentences import SENTENCE_FILE, SENTENCE_POLARITY
from core.datasets.series import DEMAND, SINE, STOCKS, SUM_OF_SINES
from core.datasets.spikes import SPIKES
from core.datasets.table_dataset import DATASET as OWN_TABLE
from core.datasets.ten_features import TEN_FEATURES
from core.datasets.toy_points import BLOBS, CIRCLES, MOONS, QUANTILES, SPIRALS, XOR

__all__ = ["DATASETS", "FILES", "Arrays", "Dataset", "DatasetUnavailable", "Preparation", "Progress",
           "Split", "available", "fetch"]


class _Offered(UserDict[str, Dataset]):
    """The datasets by name. CIFAR-10 is described as it is on this machine: complete, or a sample."""

    def __getitem__(self, key: str) -> Dataset:
        return cifar10() if key == "cifar10" else super().__getitem__(key)


DATASETS = _Offered({dataset.name: dataset for dataset in (
    IRIS, WINE, BREAST_CANCER, TEN_FEATURES,
    MOONS, CIRCLES, SPIRALS, BLOBS, XOR, QUANTILES, PLACED,
    DIGITS, DIGITS12, MNIST, FASHION_MNIST, cifar10(),
    SENTENCE_POLARITY,
    HELLO, CURVE, DIABETES,
    SINE, SUM_OF_SINES, DEMAND, STOCKS, SENSOR, SPIKES,
    RATINGS, MOVIELENS,
    OWN_TABLE)})

# The datasets that are downloaded as a file; the others come with the libraries or are computed.
FILES: dict[str, DataFile] = {"mnist": MNIST_FILE, "fashion_mnist": FASHION_FILE, "cifar10": CIFAR_FILE,
                              "sentence_polarity": SENTENCE_FILE, "movielens": MOVIELENS_FILE}


def available(name: str) -> bool:
    """Whether the dataset can be loaded without a download."""
    return name not in FILES or FILES[name].at_hand().available()


def fetch(name: str, progress: Progress | None = None) -> None:
    """Downloads the dataset if it is not here yet.

    progress: called with the bytes done and the total. Raises `DatasetUnavailable`.
    """
    if name in FILES:
        FILES[name].at_hand().fetch(progress)
