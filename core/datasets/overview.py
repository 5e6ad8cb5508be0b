"""A dataset at a glance: class counts, a few examples, the data for its picture."""

from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import numpy as np

from core.datasets import FILES, Arrays, Dataset
from core.datasets.some_classes import relabelled
from core.datasets.telling import telling_features

ROWS_PER_CLASS = 2
# Number of rows for a dataset without classes.
ROWS = 4
# Windows in the picture of a series that is cut into them.
WINDOWS = 8


@dataclass(frozen=True)
class Glance:
    """The data for a dataset's picture, and a few of its rows.

    Attributes:
        counts: number of examples of each class, including test examples; empty without classes.
        images: uint8 (classes, height, width) or (classes, height, width, 3), 0 to 255, one of each class;
            None for other data.
        sentences: the first ones of each class, with `row_classes`; else empty.
        rows: for a table, the first examples (of each class) in the features' own units; else empty.
        row_classes, row_targets: the class (by index) or the target of each row.
        across, up: float (n,), x and y of the picture's points: two features, the target over the best single
            feature, a series over time, or the mean rating of each item over the number of its ratings.
        labels: of both axes, with units.
        dot_classes: int (n,), class of each point; all 0 without classes.
    """

    counts: tuple[int, ...]
    images: np.ndarray | None = None
    sentences: tuple[str, ...] = ()
    rows: tuple[tuple[float, ...], ...] = ()
    row_classes: tuple[int, ...] = ()
    row_targets: tuple[float, ...] = ()
    across: np.ndarray = field(default_factory=lambda: np.zeros(0))
    up: np.ndarray = field(default_factory=lambda: np.zeros(0))
    labels: tuple[str, str] = ("", "")
    dot_classes: np.ndarray = field(default_factory=lambda: np.zeros(0))


@lru_cache(maxsize=32)
def glance(dataset: Dataset) -> Glance:
    """The dataset at a glance. For images with their own test set, only labels and test images are read.

    Downloads what is missing, so ask `available` first. Raises `DatasetUnavailable`.
    """
    dataset = dataset.labelled
    if dataset.pixel_maximum is not None:
        return _of_images(dataset, dataset.pixel_maximum)
    data = dataset.load()
    if dataset.is_text:
        chosen = _firsts(data.y, dataset)
        return Glance(_counts(data.y, dataset), sentences=tuple(data.x[chosen]),
                      row_classes=tuple(data.y[chosen].tolist()))
    if dataset.is_pairs:
        return _of_ratings(dataset, data)
    if dataset.is_series:
        values = _around(data) if dataset.classes else _whole(data)
        return Glance(_counts(data.y, dataset) if dataset.classes else (), across=np.arange(len(values)),
                      up=values, labels=("step", dataset.target or dataset.features[0]),
                      dot_classes=np.zeros(len(values), int))
    if dataset.load_test is not None:
        test = dataset.load_test()
        data = Arrays(np.concatenate([data.x, test.x]), np.concatenate([data.y, test.y]))
    return _of_table(dataset, data) if dataset.classes else _of_numbers(dataset, data)


def _around(data: Arrays) -> np.ndarray:
    """Neighbouring windows that do not overlap, joined: from the first one of the last class on."""
    first = max(0, int(np.argmax(data.y == data.y.max())) - WINDOWS // 2)
    return data.x[first:first + WINDOWS, :, 0].ravel()


def _of_images(dataset: Dataset, maximum: int) -> Glance:
    shown = dataset.load_test() if dataset.load_test else dataset.load()
    labels = shown.y
    if dataset.name in FILES:
        file = FILES[dataset.name].at_hand()
        labels = relabelled(np.concatenate(file.read(*file.labels)), dataset.chosen)
    first = np.array([np.argmax(shown.y == index) for index in range(len(dataset.classes))])
    images = np.rint(shown.x[first] * (255 / maximum)).astype(np.uint8)
    images = images[..., 0] if images.shape[-1] == 1 else images
    images.flags.writeable = False
    return Glance(_counts(labels, dataset), images)


def _of_table(dataset: Dataset, data: Arrays) -> Glance:
    chosen = _firsts(data.y, dataset)
    across, up = telling_features(dataset)
    return Glance(_counts(data.y, dataset), rows=_rows(data.x, chosen),
                  row_classes=tuple(data.y[chosen].tolist()),
                  **_seen(data.x[:, across], data.x[:, up], data.y),
                  labels=(dataset.features[across], dataset.features[up]))


def _firsts(labels: np.ndarray, dataset: Dataset) -> list[int]:
    """The first examples of each class, by index."""
    return [index for label in range(len(dataset.classes))
            for index in np.flatnonzero(labels == label)[:ROWS_PER_CLASS].tolist()]


def _of_numbers(dataset: Dataset, data: Arrays) -> Glance:
    chosen, target = list(range(min(ROWS, len(data.y)))), data.y[:, 0]
    best = _goes_with(data.x, target)
    return Glance((), rows=_rows(data.x, chosen), row_targets=_decimals(target[chosen]),
                  **_seen(data.x[:, best], target, np.zeros(len(target), int)),
                  labels=(dataset.features[best], dataset.target))


def _of_ratings(dataset: Dataset, data: Arrays) -> Glance:
    often = np.bincount(data.x[:, 1])
    rated = np.flatnonzero(often)
    means = np.bincount(data.x[:, 1], data.y[:, 0])[rated] / often[rated]
    item = dataset.features[1]
    return Glance((), rows=_rows(data.x, list(range(min(ROWS, len(data.y))))),
                  row_targets=_decimals(data.y[:ROWS, 0]), across=often[rated], up=means,
                  labels=(f"ratings per {item}", f"mean {dataset.target}"),
                  dot_classes=np.zeros(len(rated), int))


def _seen(across: np.ndarray, up: np.ndarray, classes: np.ndarray) -> dict[str, Any]:
    """Drops points with a missing coordinate."""
    known = np.isfinite(across) & np.isfinite(up)
    return {"across": across[known], "up": up[known], "dot_classes": classes[known]}


def _goes_with(x: np.ndarray, target: np.ndarray) -> int:
    """The feature with the strongest linear correlation (Pearson's) with the target, by index."""
    strength = np.zeros(x.shape[1])
    for place, column in enumerate(x.T.astype(np.float64)):
        known = np.isfinite(column)
        if known.any() and np.ptp(column[known]) and np.ptp(target[known]):
            strength[place] = abs(np.corrcoef(column[known], target[known])[0, 1])
    return int(np.argmax(strength))


def _whole(data: Arrays) -> np.ndarray:
    """The series from which overlapping windows were cut: (n + window + horizon - 1,)."""
    return np.concatenate([data.x[:, 0, 0], data.x[-1, 1:, 0], data.y[-1]])


def _counts(labels: np.ndarray, dataset: Dataset) -> tuple[int, ...]:
    return tuple(np.bincount(labels, minlength=len(dataset.classes)).tolist())


def _rows(x: np.ndarray, chosen: list[int]) -> tuple[tuple[float, ...], ...]:
    return tuple(_decimals(x[index]) for index in chosen)


def _decimals(values: np.ndarray) -> tuple[float, ...]:
    # float32 4.9 is 4.900000095 as a Python float; its shortest decimal is the measured value.
    return tuple(float(str(value)) for value in values)
