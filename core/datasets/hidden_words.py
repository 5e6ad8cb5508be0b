"""Words of sentences that are hidden, to be guessed: which ones, and what stands in their place."""

import re
from dataclasses import replace
from typing import Any

import numpy as np

from core.datasets.divided import Preparation, Split
from core.datasets.words import CHARACTERS, FIRST, PADDING, UNKNOWN, WORD, Vocabulary

# What stands in the place of a hidden word: an unknown one. So a network that takes the table of words over
# knows what an unknown word tells: that there is one.
GAP = UNKNOWN
# Added to the seed, so that draws for different purposes are different.
_WORDS = 4


def hidden(x: Any, drawn: Any, share: Any, arrays: Any = np) -> Any:
    """Which words of sentences are hidden, bool (n, length): a share of the known ones, at least one.

    Of a sentence without any known word, an unknown one. Padding is never hidden.

    Args:
        x: int (n, length), words by number.
        drawn: float (n, length), from 0 to 1; of every sentence, the word with the smallest is always hidden.
        share: of the words, which may be traced.
        arrays: NumPy, or `jax.numpy` in a compiled program.
    """
    known = x >= FIRST
    words = arrays.where(known.any(axis=1, keepdims=True), known, x != PADDING)
    placed = arrays.where(words, drawn, 2.0)
    return words & ((placed < share) | (placed == placed.min(axis=1, keepdims=True)))


def with_hidden_words(split: Split, preparation: Preparation) -> Split:
    """Sentences with one hidden word each, whose number is the target; the training sentences stay whole.

    Those are for training, which hides other words in every step (`y_train` has one of each all the same).
    The words of test sentences depend on the seed of the test set alone.
    """
    x, y = _gapped(split.x, [preparation.seed, _WORDS])
    x_test, y_test = _gapped(split.x_test, [preparation.divides, _WORDS, 1])
    x[:split.examples] = split.x_train
    for array in (x, y, x_test, y_test):
        array.flags.writeable = False
    return replace(split, x=x, y=y, x_test=x_test, y_test=y_test)


def _gapped(x: np.ndarray, seed: list[int]) -> tuple[np.ndarray, np.ndarray]:
    """The sentences with a gap each, and the number of the word that was there, int32 (n,)."""
    places = hidden(x, np.random.default_rng(seed).random(x.shape), 0.0)
    # Two draws are never equal, but if they were, the first word would be the target.
    first = places.argmax(axis=1)
    gapped, rows = x.copy(), np.arange(len(x))
    gapped[rows, first] = GAP
    return gapped, x[rows, first].astype(np.int32)


def gap_of(words: np.ndarray, gapped: np.ndarray) -> int:
    """The place of the hidden word. words, gapped: int (length,), a sentence without and with its gap."""
    return int((words != gapped).argmax())


def typed(vocabulary: Vocabulary, text: str) -> np.ndarray:
    """A sentence with gaps, written as `_`, by number: int32 (1, length)."""
    if vocabulary.unit == CHARACTERS:
        pieces = list(" ".join(text.lower().split()))
    else:
        pieces = [found.group().lower() for found in re.finditer(rf"_+|{WORD}", text)]
    own = [GAP if piece.startswith("_") else vocabulary.numbers.get(piece, UNKNOWN)
           for piece in pieces[:vocabulary.length]] or [UNKNOWN]
    return np.array([own + [PADDING] * (vocabulary.length - len(own))], np.int32)


def with_gap(text: str, gap: int, unit: str, mark: str) -> str:
    """A sentence with `mark` in the place of one of its words or characters, counted from 0."""
    if unit == CHARACTERS:
        text = " ".join(text.lower().split())
        return f"{text[:gap]}{mark}{text[gap + 1:]}"
    found = list(re.finditer(WORD, text))
    return f"{text[:found[gap].start()]}{mark}{text[found[gap].end():]}" if gap < len(found) else text
