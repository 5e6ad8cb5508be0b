"""Script code for hidden words: hides them, trains a network to guess them, and asks it for the likeliest."""

from collections.abc import Sequence

from core.datasets.hidden_words import GAP
from core.datasets.words import FIRST, PADDING
from core.export.batches import changed_batches
from core.export.section import Section, joined
from core.runs.config import RunConfig
from core.runs.guesses import GUESSES

_HIDDEN = f'''\
def hidden(x, drawn, share=0.0):
    """Which words are hidden: a share of the known ones, at least one, never padding."""
    known = x >= {FIRST}
    words = np.where(known.any(axis=1, keepdims=True), known, x != {PADDING})
    drawn = np.where(words, drawn, 2.0)
    return words & ((drawn < share) | (drawn == drawn.min(axis=1, keepdims=True)))


def with_gap(x, seed):
    """Sentences with one hidden word each, and the numbers of these words."""
    gaps = hidden(x, np.random.default_rng(seed).random(x.shape))
    return np.where(gaps, {GAP}, x), x[gaps][:, np.newaxis]


# The words to guess. Those of the training sentences are hidden anew in each step.'''

_GUESSING = f'''\
def mean_of_hidden(values, words):
    """The mean over the hidden words of each sentence."""
    counted = keras.ops.cast(words != {PADDING}, "float32")
    return keras.ops.sum(values * counted, -1) / keras.ops.maximum(keras.ops.sum(counted, -1), 1)


def word_cross_entropy(words, logits):
    words = keras.ops.cast(words, "int32")
    told = keras.ops.take_along_axis(keras.ops.log_softmax(logits), words, axis=-1)
    return -mean_of_hidden(told, words)


def guessed(words, logits):
    """The share of hidden words that are the likeliest for the network."""
    words = keras.ops.cast(words, "int32")
    best = keras.ops.cast(keras.ops.argmax(logits, -1), "int32")[:, None]
    return mean_of_hidden(keras.ops.cast(best == words, "float32"), words)'''

EVALUATION = """\
test_loss, test_guessed = model.evaluate(x_test, y_test, verbose=0)
print(f"test guessed: {test_guessed:.4f}")"""

_OWN = f'''\
# Type your own, with _ for a missing word.
SENTENCE = "one of the _ films of the year"
words = ["_" if word == "_" else word.lower() for word in {{cut}}]
row = np.zeros((1, LENGTH), "int32")
row[0, :len(words[:LENGTH])] = [{GAP} if word == "_" else numbers.get(word, {GAP}) for word in words[:LENGTH]]
shares = classifier.predict(row, verbose=0)[0]
names = {{{{place: piece for piece, place in numbers.items()}}}}
for place in np.argsort(-shares)[:{GUESSES}]:
    print(f"{{{{names.get(place, '?')}}}} {{{{shares[place]:.4f}}}}")'''


def gaps(names: Sequence[str], seed: str) -> str:
    """Code that hides a word in each sentence of these arrays but the first, the training sentences.

    seed: of the test sentences, as written in the script.
    """
    lines = []
    for name in names[1:]:
        drawn = f"[{seed}, 4, 1]" if name == "x_test" else "[SEED, 4]"
        lines.append(f"{name}, y_{name[2:]} = with_gap({name}, {drawn})")
    return joined("\n".join([_HIDDEN, *lines]))


def batches(config: RunConfig) -> str:
    """Code for `Hidden`, `word_cross_entropy` and `guessed`."""
    hidden = changed_batches(
        "Hidden", f"Batches of sentences with gaps; the targets are the words that were there, and {PADDING} "
        "elsewhere.", (f"gaps = hidden(x, self.random.random(x.shape), {config.masking!r})",
                       f"return np.where(gaps, {GAP}, x), np.where(gaps, x, {PADDING})"))
    return joined(hidden, _GUESSING)


def own_gap_section(config: RunConfig) -> Section:
    """The likeliest words for a gap in a sentence of one's own."""
    characters = dict(config.data.values).get("unit") == "characters"
    cut = "SENTENCE" if characters else 're.findall(r"_|[^\\W_]+(?:\'[^\\W_]+)*", SENTENCE)'
    return Section("A sentence of your own", "The likeliest words for the gap in one sentence.",
                   _OWN.format(cut=cut))
