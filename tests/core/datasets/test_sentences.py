"""Sentences: how they are cut, numbered and divided, and where their files are looked for."""

import hashlib
import pickle
from collections import Counter

import numpy as np
import pytest

from core.datasets import DATASETS, Arrays, Dataset, DatasetUnavailable, Preparation, available
from core.datasets.download import DataFile, DownloadSource
from core.datasets.overview import glance
from core.datasets.sentences import SENTENCE_FILE, unpacked
from core.datasets.splits import split
from core.datasets.splits import test_set as shown_set
from core.datasets.words import CHARACTERS, UNKNOWN, TextShape, Vocabulary, pieces

SAID = ("Good, good film", "a GOOD plot", "don't; it's a-b 42", "", "!?")


def test_words_are_cut_in_lower_case_with_their_apostrophes():
    assert pieces(SAID[2], "words") == ["don't", "it's", "a", "b", "42"]
    assert pieces("Über_alles 'quoted' naïve", "words") == ["über", "alles", "quoted", "naïve"]
    assert pieces(" A \t b!", CHARACTERS) == ["a", " ", "b", "!"]
    assert pieces("x y z", "words", 2) == ["x", "y"] and not pieces("...", "words")


def test_the_most_frequent_words_get_numbers_and_the_rest_is_unknown():
    found = Vocabulary.of(SAID, 5, 3)
    assert found.known == ("good", "a", "42"), "three times, twice, and the first of the alphabet"
    told = [[2, 2, 1], [3, 2, 1], [1, 1, 3], [1, 0, 0], [1, 0, 0]]
    np.testing.assert_array_equal(found.encoded(SAID), told)
    assert found.decoded([3, 2, 1, 0]) == ["a", "good", "?"]
    assert found.decoded(found.encoded(["good a"])[0]) == ["good", "a"]
    few = Vocabulary.of(["only"], 100, 2)
    assert few.known == ("only",) and few.encoded(["only one"]).tolist() == [[2, 1]]


def test_a_long_text_is_read_no_further_than_needed():
    text = "word " * 100_000
    assert Vocabulary(("word",), 10, 4).encoded([text]).tolist() == [[2, 2, 2, 2]]


def test_shapes_of_sentences_know_their_vocabulary():
    shape = TextShape(40, 100)
    assert shape == TextShape(40, 100) and shape != TextShape(40, 101) and shape != (40,)
    assert tuple(shape) == (40,)
    assert hash(shape) == hash(TextShape(40, 100)) and pickle.loads(pickle.dumps(shape)) == shape
    assert (shape[0], len(shape)) == (40, 1)


def sentences_of(said: list[str], y: list[int]) -> Dataset:
    data = Arrays(np.array(said, object), np.array(y, np.int32))
    return Dataset("made_up", "Made up", "", "", len(y), TextShape(4, 1000), ("no", "yes"), lambda: data,
                   features=("sentence",))


def test_only_training_sentences_give_words():
    said = [f"word{number} all" for number in range(40)]
    found = split(sentences_of(said, [0, 1] * 20), Preparation(3, 0.25))
    assert found.vocabulary and found.x.dtype == found.x_test.dtype == np.int32
    assert (found.examples, found.validation, len(found.y_test)) == (24, 8, 8)
    known = Counter(found.vocabulary.known)
    assert len(known) == 25 and known["all"] == 1, "a word of each training sentence, and the one of all"
    assert (found.x_train > UNKNOWN).sum() == 48
    for x in (found.x_validation, found.x_test):
        assert (x[:, 0] == UNKNOWN).all() and (x[:, 1] > UNKNOWN).all() and not x[:, 2:].any()


FILES = {"sentence_polarity/rt-polarity.neg": b"dull .\nna\xc3\xafve  and bad\n",
         "sentence_polarity/rt-polarity.pos": "fine\x85film\ngood\n".encode()}


def small_file() -> DataFile:
    sources = tuple(DownloadSource(f"http://127.0.0.1:9/{name}", hashlib.sha256(content).hexdigest(),
                                   len(content)) for name, content in FILES.items())
    return DataFile("Reviews", "reviews.npz", {"sentences": ((4,), "|S14"), "y": ((4,), "uint8")}, ("y",), 2,
                    sources, unpacked, loose=tuple(FILES))


def test_the_authors_files_in_the_data_folder_need_no_download(folders):
    data, cache = folders
    (data / "sentence_polarity").mkdir()
    one = small_file()
    for name, content in FILES.items():
        assert not one.available(), "not before both are there"
        (data / name).write_bytes(content)
    x, y = one.read("sentences", "y")
    # A line ends where the authors end it, not at every sign that Python takes for an end.
    assert [line.decode() for line in x.tolist()] == ["dull .", "naïve and bad", "fine film", "good"]
    assert y.tolist() == [0, 0, 1, 1] and [path.name for path in cache.iterdir()] == ["reviews.npz"]


def test_other_files_in_the_data_folder_are_refused_by_name(folders):
    data, _ = folders
    (data / "sentence_polarity").mkdir()
    for name, content in FILES.items():
        (data / name).write_bytes(content + b"more\n")
    assert not small_file().available()
    with pytest.raises(DatasetUnavailable, match=r"rt-polarity\.neg .* checksum"):
        small_file().read("y")


def test_without_files_the_message_names_them(folders):
    with pytest.raises(DatasetUnavailable, match=r"reviews\.npz or sentence_polarity/rt-polarity\.neg"):
        small_file().read("y")


@pytest.mark.skipif(not available("sentence_polarity"), reason="would have to be downloaded")
def test_the_reviews_are_what_their_entry_says():
    entry = DATASETS["sentence_polarity"]
    data, seen = entry.load(), glance(entry)
    assert data.x.shape == (entry.examples,) and not data.x.flags.writeable
    assert np.bincount(data.y).tolist() == [5331, 5331]
    assert seen.counts == (5331, 5331) and len(seen.sentences) == 4 and seen.row_classes == (0, 0, 1, 1)
    found = split(entry, Preparation())
    shown = shown_set(entry, Preparation())
    assert entry.shape == TextShape(40, 10_000) and found.x.shape == (8529, 40)
    np.testing.assert_array_equal(found.x_test, found.vocabulary.encoded(shown.x))
    assert SENTENCE_FILE.size == 1_238_901
