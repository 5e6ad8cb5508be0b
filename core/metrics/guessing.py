"""What a network makes of hidden words: how many it guesses, of frequent and rare ones, and some guesses."""

import numpy as np

from core.datasets import Split
from core.datasets.hidden_words import GAP, gap_of
from core.datasets.words import FIRST
from core.runs.guesses import GUESSES, Guess, Guesses

# Test sentences that are shown.
SHOWN = 12
# The last rank of each band of words, from frequent to rare; the last band has all others.
RANKS = (10, 100, 1000)


def right(answers: np.ndarray, words: np.ndarray) -> np.ndarray:
    """Whether the likeliest word is the hidden one, bool (n,).

    answers: float (n, 2 `GUESSES`), the likeliest words' probabilities, then their numbers. words: int (n,).
    """
    return answers[:, GUESSES] == words


def among(answers: np.ndarray, words: np.ndarray) -> np.ndarray:
    """Whether the hidden word is one of the `GUESSES` likeliest, bool (n,)."""
    return (answers[:, GUESSES:] == words[:, None]).any(axis=1)


def gapped(x: np.ndarray, words: np.ndarray) -> np.ndarray:
    """Training sentences, int (n, length), with a gap where the word of this number stands first."""
    found = x.copy()
    found[np.arange(len(x)), (x == words[:, None]).argmax(axis=1)] = GAP
    return found


def chance(split: Split, vocabulary: int, words: np.ndarray) -> float:
    """The loss, for these hidden words, of always answering how frequent each word is in training sentences.

    One more of each word, so that none is impossible.
    """
    counts = np.bincount(split.y_train, minlength=vocabulary) + 1
    return float(-np.log(counts[words] / counts.sum()).mean())


def guesses(split: Split, whole: np.ndarray, chosen: np.ndarray,
            answers: np.ndarray, order: np.ndarray) -> Guesses:
    """What the answers for some test sentences say.

    Args:
        whole: all test sentences without gaps, int (m, length).
        chosen: int (n,), which of them were asked about, ascending.
        answers: of those, as in `right`.
        order: int (m,), in which they are shown; the first ones of it are among the chosen.
    """
    assert split.vocabulary is not None
    words, vocabulary = split.y_test[chosen], split.vocabulary
    hits, near = right(answers, words), among(answers, words)
    last, bands = max(len(vocabulary.known), RANKS[-1] + 1), []
    # An unknown word is hidden only where a sentence has no other, and is rarer than all known ones.
    rank = np.where(words < FIRST, last, words - FIRST + 1)
    for low, high in zip((0, *RANKS), (*RANKS, last), strict=True):
        inside = (rank > low) & (rank <= high)
        bands.append((high, int(inside.sum()), int(hits[inside].sum()), int(near[inside].sum())))
    shown = []
    for index in order[:SHOWN]:
        answer = answers[np.searchsorted(chosen, index)]
        shown.append(Guess(int(index), gap_of(whole[index], split.x_test[index]),
                           vocabulary.decoded(split.y_test[index:index + 1])[0],
                           tuple(vocabulary.decoded(answer[GUESSES:])),
                           tuple(float(share) for share in answer[:GUESSES])))
    usual = vocabulary.known[0] if vocabulary.known else ""
    return Guesses(tuple(shown), tuple(bands), float(near.mean()), usual, float((words == FIRST).mean()))
