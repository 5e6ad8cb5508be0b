"""Sentences that are positive or negative: examples are plain strings."""

from collections.abc import Mapping, Sequence
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

import numpy as np

from core.datasets.computed import computed
from core.datasets.dataset import Arrays, Dataset
from core.datasets.download import DataFile, DownloadSource
from core.datasets.words import CHARACTERS, WORDS, TextShape
from core.parameters import Choice, IntRange, Parameter

CLASSES = ("negative", "positive")
# How many sentences there are, and the most bytes of one.
EXAMPLES, LONGEST = 10_662, 267
_ADDRESS = ("https://raw.githubusercontent.com/dennybritz/cnn-text-classification-tf/master/data/"
            "rt-polaritydata/rt-polarity")


def unpacked(paths: Sequence[Path]) -> dict[str, np.ndarray]:
    """The sentences of two files, one a line, the negative ones first: as UTF-8 bytes. Raises ValueError."""
    lines = [path.read_bytes().decode("utf-8").split("\n") for path in paths]
    files = [[" ".join(line.split()) for line in file if line.strip()] for file in lines]
    return {"sentences": np.array([line.encode() for file in files for line in file]),
            "y": np.repeat(np.arange(len(files), dtype=np.uint8), [len(file) for file in files])}


SENTENCE_FILE = DataFile(
    label="Film reviews", filename="sentence_polarity.npz",
    members={"sentences": ((EXAMPLES,), f"|S{LONGEST}"), "y": ((EXAMPLES,), "uint8")}, labels=("y",),
    classes=2, unpack=unpacked, instead="Your own table (CSV) can have sentences and", loose=(
        "sentence_polarity/rt-polarity.neg", "sentence_polarity/rt-polarity.pos"),
    sources=(DownloadSource(f"{_ADDRESS}.neg",
                            "2d11cfbc790f1cd96d78339f41ce53ced1efa83cd22d37d6788fa3fe3d17e2fd", 612_506),
             DownloadSource(f"{_ADDRESS}.pos",
                            "4134882974a28d0c7b5151256f0e33a6169984ee7372c279e673f1114f475d58", 626_395)))


@lru_cache(maxsize=1)
def _load(file: DataFile) -> Arrays:
    """x: str objects (n,). Raises `DatasetUnavailable`."""
    packed, y = file.read("sentences", "y")
    x = np.array([line.decode("utf-8") for line in packed.tolist()], object)
    y = y.astype(np.int32)
    x.flags.writeable = y.flags.writeable = False
    return Arrays(x, y)


def text_parameters(vocabulary: int, length: int) -> tuple[Parameter, ...]:
    """How sentences become numbers."""
    return (
        Choice("unit", "Read by", "words: each word is one number. characters: each letter, space and mark "
               "is one; there are few of them, so sentences get long and the network has to learn "
               "what a word is.", (WORDS, CHARACTERS), WORDS),
        IntRange("vocabulary", "Vocabulary", "How many numbers there are for words: the most frequent words "
                 "of the training examples get one each, all others share the number for unknown. Too few: "
                 "words that matter are unknown. Too many: slow, and rare words are memorized.",
                 10, 20_000, vocabulary, log=True),
        IntRange("length", "Length", "How many words (or characters) of a sentence the network reads. Longer "
                 "sentences are cut off, shorter ones padded. Too few: the end is lost. Too many: slow.",
                 2, 300, length, log=True))


_PARAMETERS = text_parameters(10_000, 40)


def _build(values: Mapping[str, Any]) -> Dataset:
    return Dataset(
        "sentence_polarity", "Film reviews", "Sentences from film reviews, half of them positive, half "
        "negative. Which words give it away? Counting words already gets three of four right; the rest "
        "needs order, irony and knowledge of films. Downloaded once, 1.2 MB.",
        "B. Pang and L. Lee, 2005, with no licence of its own; the copy of D. Britz.",
        examples=EXAMPLES, shape=TextShape(values["length"], values["vocabulary"]), classes=CLASSES,
        features=("sentence",), load=partial(_load, SENTENCE_FILE), download_bytes=SENTENCE_FILE.size)


SENTENCE_POLARITY = computed("Film reviews", _PARAMETERS, _build)
