"""Image datasets of which some classes can be chosen: digits 0 to 4 only, or cats and dogs."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any

import numpy as np

from core.datasets.computed import FIELD
from core.datasets.dataset import Arrays, Dataset
from core.parameters import Subset, check_all

CLASSES = "classes"


def with_classes(whole: Dataset, sizes: Sequence[int]) -> Dataset:
    """`whole` with a parameter for its classes. sizes: examples of each class, test set included."""
    parameter = Subset(CLASSES, "Classes", "Learn from these classes only; none chosen: from all. With the "
                       "others, a network learns something that a later run can start from.",
                       whole.classes, 2)

    def remake(values: Mapping[str, Any]) -> Dataset:
        checked = check_all((parameter,), values, whole.label, FIELD)
        return replace(_part(whole, sizes, checked[CLASSES]), parameters=(parameter,), remake=remake,
                       values=tuple(checked.items()))

    return remake({})


def _part(whole: Dataset, sizes: Sequence[int], names: tuple[str, ...]) -> Dataset:
    if not names:
        return whole
    chosen = tuple(place for place, name in enumerate(whole.classes) if name in names)
    return replace(whole, classes=names, examples=sum(sizes[place] for place in chosen), whole=whole,
                   chosen=chosen, load=lambda: only(whole.load(), chosen),
                   load_test=None if whole.load_test is None else lambda: _test_images(whole, chosen))


def only(data: Arrays, chosen: Sequence[int]) -> Arrays:
    """The examples of these classes, which are counted from 0 again; read-only."""
    kept = np.isin(data.y, chosen)
    x, y = data.x[kept], relabelled(data.y, chosen)
    x.flags.writeable = y.flags.writeable = False
    return Arrays(x, y)


def relabelled(labels: np.ndarray, chosen: Sequence[int]) -> np.ndarray:
    """The labels of these classes alone, counted from 0 again, int32; all of them for no choice."""
    if not chosen:
        return labels
    return np.searchsorted(chosen, labels[np.isin(labels, chosen)]).astype(np.int32)


# As `images.load_test`: those of two choices.
@lru_cache(maxsize=2)
def _test_images(whole: Dataset, chosen: tuple[int, ...]) -> Arrays:
    assert whole.load_test is not None
    return only(whole.load_test(), chosen)
