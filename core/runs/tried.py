"""`Tried`: an input of the learner's own that the network is asked about."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.datasets.dataset import Dataset
from core.datasets.pairs import PairShape
from core.datasets.words import TextShape
from core.parameters import FieldError, short_repr
from core.runs.recommended import FIELD, Wish

# A picture of 128 x 128 pixels; far more than any dataset on offer has.
MOST_VALUES = 16_384
MOST_NUMBER = 2**53
# Of a text: a page or two. Its first words are all that a network reads.
MOST_CHARACTERS = 10_000


@dataclass(frozen=True)
class Tried:
    """One question: an input in the dataset's own units. Creating one checks it; raises `FieldError`.

    Attributes:
        number: which question of its page; the answer carries it.
        values: little-endian float32, in the order of the dataset's shape, or of a `Wish`; bytes, because
            controls travel whole with each press. Empty for a text.
        text: a sentence, whose words the worker numbers: it has the vocabulary. None for other inputs.
        gradients: of a sentence, whether integrated gradients are wanted as well.
    """

    number: int
    values: bytes
    text: str | None = None
    gradients: bool = False

    def __post_init__(self) -> None:
        if not (self.text is None or type(self.text) is str) or type(self.gradients) is not bool:
            raise FieldError(FIELD, f"tried must have a text, or none, got {short_repr(self.text)}.")
        if self.text is not None and len(self.text) > MOST_CHARACTERS:
            raise FieldError(FIELD, f"The text has {len(self.text):,} characters; at most "
                             f"{MOST_CHARACTERS:,} can be tried. The network reads only its beginning.")
        if type(self.number) is not int or not 0 <= self.number < MOST_NUMBER:
            raise FieldError(FIELD, f"tried must have a whole number of at least 0, got "
                             f"{short_repr(self.number)}.")
        if type(self.values) is not bytes or len(self.values) % 4 or len(self.values) > 4 * MOST_VALUES:
            raise FieldError(FIELD, f"tried must hold at most {MOST_VALUES:,} values as float32.")

    @property
    def x(self) -> np.ndarray:
        """The values, float32 (n,)."""
        return np.frombuffer(self.values, "<f4")


def tried(number: int, values: Sequence[float] | np.ndarray | bytes) -> Tried:
    """The question about these values; bytes are pixels, one each. Raises `FieldError` for anything else."""
    if isinstance(values, bytes):
        return Tried(number, np.frombuffer(values, np.uint8).astype("<f4").tobytes())
    if len(values) > MOST_VALUES:
        raise FieldError(FIELD, f"tried must hold at most {MOST_VALUES:,} values, got {len(values):,}.")
    try:
        # Larger ones become infinite, which `check` refuses.
        with np.errstate(over="ignore"):
            found = np.asarray(values, np.float64).astype("<f4")
    except (TypeError, ValueError, OverflowError) as error:
        raise FieldError(FIELD, f"tried must be a list of numbers, got {short_repr(values)}.") from error
    return Tried(number, found.tobytes())


def tried_text(number: int, text: str, gradients: bool = False) -> Tried:
    """The question about a sentence. Raises `FieldError`."""
    return Tried(number, b"", text, gradients)


def check(asked: Tried, data: Dataset) -> None:
    """Raises `FieldError` unless the network of `data` can be asked this."""
    if asked.text is not None:
        if not data.is_text:
            raise FieldError(FIELD, "tried has a text, but this network does not read sentences.")
        if asked.gradients and data.guesses:
            raise FieldError(FIELD, "Integrated gradients explain classes, but this network guesses words.")
        return
    x, size = asked.x, int(np.prod(data.shape))
    if isinstance(data.shape, PairShape):
        Wish.of(x, data.shape)
        return
    if len(x) != size:
        raise FieldError(FIELD, f"tried needs {size:,} {'pixels' if data.is_image else 'values'} for "
                         f"{data.label}, got {len(x):,}.")
    strange = np.flatnonzero(~np.isfinite(x))
    if strange.size:
        place = int(strange[0])
        name = data.features[place] if place < len(data.features) == size else f"value {place + 1}"
        raise FieldError(FIELD, f"tried needs a number for {name}: it is missing or too large.")
    if isinstance(data.shape, TextShape) and (
            x.min() < 0 or x.max() >= data.shape.vocabulary or (x != np.floor(x)).any()):
        raise FieldError(FIELD, "tried needs words as whole numbers from 0 to "
                         f"{data.shape.vocabulary - 1}, got {x.min():g} to {x.max():g}.")
    if data.is_image and (x.min() < 0 or x.max() > (data.pixel_maximum or 255)):
        raise FieldError(FIELD, f"tried needs pixels from 0 to {data.pixel_maximum or 255}, got "
                         f"{x.min():g} to {x.max():g}.")
