"""What a network guesses for hidden words: a few sentences, and how many of all it gets right."""

from dataclasses import dataclass

# Words that a network tells for a gap: the likeliest ones.
GUESSES = 5


@dataclass(frozen=True)
class Guess:
    """What the network guesses for the hidden word of a test sentence.

    Attributes:
        index: of the sentence.
        gap: which of its words is hidden, from 0.
        word: the hidden one.
        words, shares: the `GUESSES` likeliest with their probabilities, from 0 to 1.
    """

    index: int
    gap: int
    word: str
    words: tuple[str, ...]
    shares: tuple[float, ...]

    @property
    def right(self) -> bool:
        """Whether the likeliest word is the hidden one."""
        return self.words[0] == self.word


@dataclass(frozen=True)
class Guesses:
    """How many hidden words the network guesses, and some of its guesses.

    Attributes:
        shown: of a few test sentences, the same ones each time.
        bands: the words by how frequent they are: (the rank of the last, how many hidden words are among
            them, how many of those are guessed, how many are among the `GUESSES` likeliest).
        among: share of the hidden words that are among the `GUESSES` likeliest.
        usual: the most frequent word.
        guess: share of the hidden words that are this one: so many are right if it is always answered.
    """

    shown: tuple[Guess, ...]
    bands: tuple[tuple[int, int, int, int], ...]
    among: float
    usual: str
    guess: float
