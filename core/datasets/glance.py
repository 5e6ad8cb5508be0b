"""What a dataset holds at a glance: how many of each class, and a few examples."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from core.datasets import DATASETS, FILES

ROWS_PER_CLASS = 2


@dataclass(frozen=True)
class Glance:
    """counts: examples of each class, test examples included.

    images: uint8 (classes, height, width), greys from 0 to 255, one of each class; None for a table.
    rows: of a table, the first examples of each class in the features' own units; empty for images.
    row_classes: the class of each row, by index.
    """

    counts: tuple[int, ...]
    images: np.ndarray | None = None
    rows: tuple[tuple[float, ...], ...] = ()
    row_classes: tuple[int, ...] = ()


@lru_cache(maxsize=32)
def glance(name: str) -> Glance:
    """The dataset at a glance. Of a dataset with its own test set only labels and test images are read.

    Downloads what is missing, so ask `available` first. Raises `DatasetUnavailable`.
    """
    dataset = DATASETS[name]
    shown = dataset.load_test() if dataset.load_test else dataset.load()
    labels = np.concatenate(FILES[name].read(*FILES[name].labels)) if name in FILES else shown.y
    counts = tuple(np.bincount(labels, minlength=len(dataset.classes)).tolist())
    if dataset.pixel_maximum is not None:
        first = np.array([np.argmax(shown.y == index) for index in range(len(dataset.classes))])
        images = np.rint(shown.x[first, :, :, 0] * (255 / dataset.pixel_maximum)).astype(np.uint8)
        images.flags.writeable = False
        return Glance(counts, images)
    chosen = [index for label in range(len(dataset.classes))
              for index in np.flatnonzero(shown.y == label)[:ROWS_PER_CLASS].tolist()]
    # float32 4.9 is 4.900000095 as a Python float; its shortest decimal is what was measured.
    rows = tuple(tuple(float(str(value)) for value in shown.x[index]) for index in chosen)
    return Glance(counts, rows=rows, row_classes=tuple(shown.y[chosen].tolist()))
