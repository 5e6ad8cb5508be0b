"""The small digits with room around them, so that the test images can be moved."""

from collections.abc import Mapping
from functools import lru_cache, partial
from typing import Any

import numpy as np

from core.datasets.computed import computed
from core.datasets.dataset import Arrays, Dataset
from core.datasets.difference import ALIKE, Difference
from core.datasets.scikit import DIGITS, load_digits, read_only
from core.formatting import amount
from core.parameters import IntRange

# Empty pixels on each side, and so how far an image can be moved without losing anything.
MARGIN = 2


@lru_cache(maxsize=1)
def _load() -> Arrays:
    """x uint8 (1797, 12, 12, 1), from 0 to 16."""
    digits = load_digits()
    return read_only(np.pad(digits.x, ((0, 0), (MARGIN, MARGIN), (MARGIN, MARGIN), (0, 0))), digits.y)


def _moved(pixels: int, images: np.ndarray) -> np.ndarray:
    """Images moved to the right."""
    return np.roll(images, pixels, axis=2)


def _build(values: Mapping[str, Any]) -> Dataset:
    shift = values["shift"]
    return Dataset(
        "digits12", "Digits 12x12", "The small handwritten digits in the middle of 12 x 12 pixels. The test "
        "images can be moved, to find out whether a network still recognizes them in another place.",
        DIGITS.source, examples=DIGITS.examples, shape=(12, 12, 1), classes=DIGITS.classes, load=_load,
        pixel_maximum=DIGITS.pixel_maximum,
        difference=Difference(tested=partial(_moved, shift)) if shift else ALIKE,
        notes=(f"Test images are moved by {amount(shift, 'pixel')} to the right.",) if shift else ())


DIGITS12 = computed("Digits 12x12", (
    IntRange("shift", "Shift of the test images", "How many pixels the test images are moved to the "
             "right. Training and validation images stay in the middle. 0: nothing is moved. A network that "
             "knows each pixel by its place is lost at 2.", 0, MARGIN, 0),), _build)
