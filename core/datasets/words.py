"""Sentences as numbers: how they are cut into words or characters, and the vocabulary that numbers these."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

# The numbers that stand for no word of the vocabulary.
PADDING, UNKNOWN, FIRST = 0, 1, 2
WORDS, CHARACTERS = "words", "characters"
# Letters and digits, with apostrophes between them; static/try_text.js and the exported script have the same.
WORD = r"[^\W_]+(?:'[^\W_]+)*"
# How an unknown one is shown where its text is lost.
STRANGER = "?"


class TextShape(tuple[int, ...]):
    """The shape (length,) of a sentence as numbers, which knows how many different numbers there are.

    Networks look such numbers up in a table with as many rows; as quantities they mean nothing.
    """

    vocabulary: int

    def __new__(cls, length: int, vocabulary: int) -> "TextShape":
        made = super().__new__(cls, (length,))
        made.vocabulary = vocabulary
        return made

    def __eq__(self, other: object) -> bool:
        return tuple.__eq__(self, other) is True and self.vocabulary == getattr(other, "vocabulary", None)

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        return hash((self.vocabulary, *self))

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self[0], self.vocabulary)


def pieces(sentence: str, unit: str, most: int | None = None) -> list[str]:
    """The words of a sentence in lower case, or its characters with single spaces; at most the first `most`.

    Only as much of the sentence is read as is needed.
    """
    found: list[str] = []
    for piece in _cut(sentence, unit):
        if most is not None and len(found) >= most:
            break
        found.append(piece)
    return found


def _cut(sentence: str, unit: str) -> Iterator[str]:
    if unit == CHARACTERS:
        return iter(" ".join(sentence.lower().split()))
    return (found.group().lower() for found in re.finditer(WORD, sentence))


@dataclass(frozen=True, eq=False)
class Vocabulary:
    """Which words, or characters, have a number of their own, and how long a sentence can be.

    Attributes:
        known: from the most frequent to the rarest; the first has the number `FIRST`.
        size: how many numbers there may be, with `PADDING` and `UNKNOWN`. If fewer are known, the last ones
            stand for nothing.
        length: how many numbers a sentence becomes. Longer ones are cut, shorter ones end in `PADDING`.
        unit: `WORDS` or `CHARACTERS`.
    """

    known: tuple[str, ...]
    size: int
    length: int
    unit: str = WORDS

    @classmethod
    def of(cls, sentences: Iterable[str], size: int, length: int, unit: str = WORDS) -> "Vocabulary":
        """The most frequent words of these sentences; of equally frequent ones, the first in the alphabet."""
        counted = Counter(piece for sentence in sentences for piece in _cut(sentence, unit))
        ranked = sorted(counted.items(), key=lambda one: (-one[1], one[0]))
        return cls(tuple(piece for piece, _ in ranked[:size - FIRST]), size, length, unit)

    @cached_property
    def numbers(self) -> dict[str, int]:
        """The number of each known word."""
        return {piece: place for place, piece in enumerate(self.known, FIRST)}

    def pieces(self, sentence: str) -> list[str]:
        """What a network gets to read of the sentence; empty for one without any."""
        return pieces(sentence, self.unit, self.length)

    def encoded(self, sentences: Sequence[str] | np.ndarray) -> np.ndarray:
        """The numbers of these sentences, int32 (n, length).

        A sentence without any word is a single unknown one: a mean over no words at all has no value.
        """
        found = np.zeros((len(sentences), self.length), np.int32)
        for row, sentence in zip(found, sentences, strict=True):
            own = [self.numbers.get(piece, UNKNOWN) for piece in self.pieces(sentence)] or [UNKNOWN]
            row[:len(own)] = own
        return found

    def decoded(self, numbers: Sequence[int] | np.ndarray) -> list[str]:
        """The words of a sentence's numbers, without padding; an unknown one is `STRANGER`."""
        return [self.known[number - FIRST] if FIRST <= number < FIRST + len(self.known) else STRANGER
                for number in np.asarray(numbers).astype(int).tolist() if number != PADDING]
