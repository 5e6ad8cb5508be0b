"""A learner's table with a column of sentences: recognized, chosen, refused in words, and exported."""

import csv
import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from core.cluster.payload import encode
from core.datasets.dataset import Dataset
from core.datasets.divided import Preparation
from core.datasets.kept_tables import register
from core.datasets.overview import glance
from core.datasets.splits import split
from core.datasets.table import Table, read_table
from core.datasets.table_dataset import DATASET
from core.datasets.table_summary import told_of
from core.datasets.table_target import first_choice
from core.datasets.words import TextShape
from core.export.script import sections
from core.parameters import FieldError
from core.runs.config import RunConfig
from ui.form.permalink import from_params, to_params

SAID = ("What a good, warm film", 'a "dull", cold film', "never good\nand never short", "it's fine, I think")


def uploaded(rows: list[list[str]], header: tuple[str, ...] = ("id", "review", "stars", "verdict")) -> Table:
    out = io.StringIO(newline="")
    csv.writer(out).writerows([list(header), *rows])
    table = read_table(out.getvalue().encode(), "reviews.csv")
    register(table)
    return table


def reviews(count: int = 80, **changed: str) -> list[list[str]]:
    return [[str(row), changed.get(f"review{row}", f"{SAID[row % 4]} number {row}"), f"{row / 7:.2f}",
             changed.get(f"verdict{row}", ("good", "bad")[row % 2])] for row in range(count)]


def made(table: Table, **changes: Any) -> Dataset:
    return DATASET.made_with(first_choice(table) | changes)


@pytest.mark.parametrize("count", [80, 30])
def test_sentences_are_recognized_however_few_there_are(count: int):
    table = uploaded(reviews(count))
    chosen = first_choice(table)
    assert (chosen["sentence"], chosen["target"], chosen["task"]) == ("review", "verdict", "classification")
    data = made(table, length=8, vocabulary=50)
    assert data.shape == TextShape(8, 50) and data.classes == ("bad", "good") and data.is_text
    assert data.load().x[2] == "never good and never short number 2", "on one line"
    assert len(glance(data).sentences) == 4
    found = split(data, Preparation(validation_share=0.25))
    assert found.x.shape[1] == 8 and found.vocabulary and "good" in found.vocabulary.known


def test_names_and_codes_are_no_sentences():
    rows = [[f"id-{row}", "red car" if row % 2 else "blue car", "1", "ab"[row % 2]] for row in range(80)]
    assert first_choice(uploaded(rows))["sentence"] == ""
    assert made(uploaded(rows), sentence="review").is_text, "but can be chosen"
    # A number to predict is predicted from columns.
    rows = [[f"{row}", SAID[row % 4] + str(row), "ab"[row % 2], f"{row / 3}"] for row in range(80)]
    assert first_choice(uploaded(rows))["sentence"] == ""


def test_what_is_odd_is_kept_and_told():
    table = uploaded(reviews(review3="", review4="...", review5="NA", review6="word " * 100_000,
                             verdict7="", verdict9="?"))
    data = made(table)
    assert told_of(data) == ("78 sentences. Left out because the target is missing: 2 rows. Without any "
                             "word, read as one unknown word: 3. Longer than 40 words, read only up to "
                             "there: 1.")
    x = data.load().x
    assert (x[3], x[4], x[5], len(x)) == ("", "...", "", 78) and len(x[6]) == 499_999
    found = split(data, Preparation())
    assert found.x[:, 0].all() and found.x_test[:, 0].all(), "no sentence is only padding"


@pytest.mark.parametrize("changes, words, field", [
    ({"sentence": "stars"}, "holds numbers", "sentence"),
    ({"sentence": "verdict"}, "is the target", "sentence"),
    ({"sentence": "gone"}, "no column 'gone'", "sentence"),
    ({"target": "stars", "task": "regression"}, "classes only", "task"),
    ({"target": "review", "sentence": "verdict"}, "80 different values", "target"),
    ({"sentence": "", "columns": ("review",)}, "choose it under Sentences", "columns")])
def test_what_cannot_be_learned_is_refused_in_words(changes: dict[str, Any], words: str, field: str):
    with pytest.raises(FieldError, match=words) as refused:
        made(uploaded(reviews()), **changes)
    assert refused.value.field == f"dataset_parameters.{field}"


def test_a_single_class_is_refused():
    with pytest.raises(FieldError, match="That is one class"):
        made(uploaded([[*row[:3], "good"] for row in reviews()]), target="verdict", task="classification")


def test_a_link_names_the_columns_only():
    config = RunConfig(dataset="table", dataset_parameters=first_choice(uploaded(reviews())),
                       architecture="embeddings")
    params = to_params(config)
    assert params["dataset.sentence"] == "review" and "dataset.digest" not in params
    assert not any("film" in value for value in params.values())
    link = from_params(params)
    assert link.refused is None and link.config.architecture == "embeddings", "known to read sentences"
    assert encode(config).decode() == config


@pytest.mark.parametrize("changes", [{}, {"unit": "characters", "length": 30, "vocabulary": 40}])
def test_a_script_numbers_the_same_words(changes: dict[str, Any], tmp_path: Path,
                                         monkeypatch: pytest.MonkeyPatch):
    rows = reviews(review3="", review5="NA", review6="word " * 100_000, verdict7="")
    table = uploaded(rows)
    config = RunConfig(dataset="table", dataset_parameters=first_choice(table) | changes, architecture="rnn",
                       seed=3)
    with open(tmp_path / "reviews.csv", "w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([["id", "review", "stars", "verdict"], *rows])
    monkeypatch.chdir(tmp_path)
    names: dict[str, Any] = {}
    limit = csv.field_size_limit(131_072)  # what a script of its own begins with
    try:
        for section in sections(config)[:2]:
            exec(section.code, names)
    finally:
        csv.field_size_limit(limit)
    expected = split(config.data, config.preparation)
    for name, array in (("x_train", expected.x_train), ("y_train", expected.y_train),
                        ("x_test", expected.x_test), ("y_test", expected.y_test)):
        np.testing.assert_array_equal(names[name], array, err_msg=name)
