"""Script code that reads sentences and numbers their words: plain Python and NumPy."""

from collections.abc import Mapping, Sequence
from typing import Any

from core.catalog.losses import LOSSES
from core.datasets.sentences import SENTENCE_FILE
from core.datasets.words import CHARACTERS, FIRST, PADDING, UNKNOWN, WORD, WORDS
from core.export.hidden_words import own_gap_section
from core.export.section import Section, joined
from core.export.writing import literal
from core.runs.config import RunConfig

_READ = '''\
# The files and their checksums. Looked for in the PLAYGROUND_DATA folder and beside this script;
# otherwise downloaded.
FILES = {{
{files}}}


def sentences(address):
    """The sentences in a file, one a line."""
    name = address.rsplit("/", 1)[1]
    path = os.path.join(os.environ.get("PLAYGROUND_DATA", ""), "{folder}", name)
    if not os.path.isfile(path):
        path = name
    if not os.path.isfile(path):
        urllib.request.urlretrieve(address, path)
    with open(path, "rb") as file:
        content = file.read()
    if hashlib.sha256(content).hexdigest() != FILES[address]:
        raise SystemExit(f"{{path}} is not the right file. Remove it and start again.")
    return [" ".join(line.split()) for line in content.decode("utf-8").split("\\n") if line.strip()]


# One list of sentences for each class.
classes = [sentences(address) for address in FILES]
x = np.array([sentence for own in classes for sentence in own], dtype=object)
y = np.repeat(np.arange(len(classes)), [len(own) for own in classes])'''

_PIECES = {WORDS: f'''\
def pieces(sentence):
    """The words of a sentence in lower case."""
    return [word.lower() for word in re.findall(r"{WORD}", sentence)]''', CHARACTERS: '''\
def pieces(sentence):
    """The characters of a sentence in lower case, with single spaces."""
    return list(" ".join(sentence.lower().split()))'''}

_VOCABULARY = f'''\
# The most frequent {{unit}} of the training sentences get a number each, from {FIRST} on;
# {PADDING} is padding, {UNKNOWN} stands for all others.
counted = Counter(piece for sentence in x_train for piece in pieces(sentence))
ranked = sorted(counted, key=lambda piece: (-counted[piece], piece))
numbers = {{{{piece: place for place, piece in enumerate(ranked[:VOCABULARY - {FIRST}], {FIRST})}}}}


def encoded(sentences):
    """Sentences as rows of LENGTH numbers; one without any {{unit}} is a single unknown one."""
    rows = np.zeros((len(sentences), LENGTH), "int32")
    for row, sentence in zip(rows, sentences, strict=True):
        own = [numbers.get(piece, {UNKNOWN}) for piece in pieces(sentence)[:LENGTH]] or [{UNKNOWN}]
        row[:len(own)] = own
    return rows'''


def sentence_source(values: Mapping[str, Any]) -> tuple[str, tuple[str, ...]]:
    """Code that defines x, an array of strings, and y, and its imports."""
    files = "".join(f'    "{source.url}":\n        "{source.sha256}",\n' for source in SENTENCE_FILE.sources)
    folder = SENTENCE_FILE.loose[0].partition("/")[0]
    return _READ.format(files=files, folder=folder), (
        "import hashlib", "import os", "import urllib.request", "import numpy as np")


def numbered(config: RunConfig, names: Sequence[str]) -> tuple[str, set[str]]:
    """Code that turns the sentences in these arrays into numbers, and its imports."""
    unit, (length,) = dict(config.data.values)["unit"], config.data.shape
    size = config.dataset_parameters["vocabulary"]
    imports = {"from collections import Counter", *(["import re"] if unit == WORDS else [])}
    encoded = "\n".join(f"{name} = encoded({name})" for name in names)
    if config.preparation.words is not None:
        return joined(f"# Numbered by the {unit} of the start's training sentences.\n{encoded}"), set()
    return joined(f"VOCABULARY, LENGTH = {size}, {length}", _PIECES[unit], _VOCABULARY.format(unit=unit),
                  encoded), imports


_OWN = '''\
# Type your own.
SENTENCE = "I loved every minute of this film, and it was far too short."
LABELS = {labels}


def sentiment(sentence):
    """The most likely class of a sentence, and its probability."""
    scores = {model}.predict(encoded([sentence]), verbose=0)[0]{both}
    best = int(np.argmax(scores))
    return [{{"label": LABELS[best], "score": float(scores[best])}}]


print("this network:", sentiment(SENTENCE))

# The same by a network that others trained on far more text: a pretrained transformer. For that, set
# PRETRAINED to True: it needs "pip install transformers torch", and downloads about 270 MB.
PRETRAINED = False
if PRETRAINED:
    from transformers import pipeline

    print("pretrained:", pipeline("sentiment-analysis")(SENTENCE))'''
_BOTH = "\n    scores = np.array([1 - scores[0], scores[0]])  # it answers with the second class's alone"


def own_sentence_section(config: RunConfig) -> tuple[Section, ...]:
    """Label and score of one sentence, by the saved network and by a pretrained one; none for other data."""
    if not config.data.is_text:
        return ()
    if config.data.guesses:
        return (own_gap_section(config),)
    loss = LOSSES[config.loss]
    code = _OWN.format(labels=literal(list(config.data.classes)), both=_BOTH if loss.binary else "",
                       model="classifier" if loss.output == "linear" else "model")
    return (Section("A sentence of your own", "The label and score of one sentence: by the network that was "
                    "just trained, and, if you like, by a pretrained one.", code),)
