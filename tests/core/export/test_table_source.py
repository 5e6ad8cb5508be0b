"""A learner's own table, read again from its file without this project."""

import ast
import csv
import io
import random
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from core.datasets import splits
from core.datasets.dataset import Dataset
from core.datasets.kept_tables import register
from core.datasets.table import read_table
from core.datasets.table_dataset import DATASET
from core.datasets.table_target import first_choice
from core.export.script import sections
from core.export.table_source import table_source
from core.parameters import FieldError
from core.runs.config import RunConfig

CITIES = ["Rome", "Oslo", "Lima", "", "Oslo, east"]


def cell(text: str, separator: str) -> str:
    return f'"{text}"' if separator in text else text


def content(separator: str, comma: bool = False) -> bytes:
    """Thirty rows with holes, padded cells, categories and quoted names."""
    lines = [separator.join(("size (cm)", "city", "age", cell("who, exactly", separator), "price", "kind"))]
    for row in range(30):
        size = "?" if row == 4 else "NA" if row == 9 else f"{row * 1.5 - 7:.2f}"
        price = "" if row == 12 else f"{100 - row * 2.25:.3f}"
        if comma:
            size, price = size.replace(".", ","), price.replace(".", ",")
        kind = "" if row == 20 else ("10", "9", "2.0")[row % 3]
        lines.append(separator.join((size, cell(f" {CITIES[row % 5]} ".strip(), separator), str(20 + row % 7),
                                     "ab"[row % 2], price, kind)))
    return "\n".join(lines).encode("utf-8-sig")


def made(raw: bytes, **values: Any) -> Dataset:
    table = read_table(raw, "my table.csv")
    register(table)
    return DATASET.made_with({"digest": table.digest, **values})


def read_again(raw: bytes, dataset: Dataset, folder: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    (folder / "my table.csv").write_bytes(raw)
    monkeypatch.chdir(folder)
    code, imports, packages = table_source(dict(dataset.values))
    names: dict[str, Any] = {"np": np}
    exec("\n".join([*imports, code]), names)
    assert packages == ("pandas",)
    return names


@pytest.mark.parametrize("separator, comma", [(",", False), (";", True), (";", False), ("\t", True)])
@pytest.mark.parametrize("values", [
    {"target": "kind", "task": "classification", "columns": ("size (cm)", "age")},
    {"target": "kind", "task": "classification", "columns": ("city", "size (cm)", "who, exactly", "price")},
    {"target": "city", "task": "classification", "columns": ("price",)},
    {"target": "price", "task": "regression", "columns": ("city", "who, exactly")},
    {"target": "size (cm)", "task": "regression", "columns": ("age", "city", "price")}])
def test_the_script_reads_the_same_numbers(separator: str, comma: bool, values: dict[str, Any],
                                           tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    raw = content(separator, comma)
    dataset = made(raw, **values)
    loaded, names = dataset.load(), read_again(raw, dataset, tmp_path, monkeypatch)
    # Numbers come first there.
    words = [" = " in name or name.endswith(" is missing") for name in dataset.features]
    order = sorted(range(len(words)), key=words.__getitem__)
    np.testing.assert_allclose(names["x"], loaded.x[:, order], rtol=1e-6)
    assert names["x"].dtype == np.float32
    np.testing.assert_allclose(names["y"], loaded.y, rtol=1e-6)


@pytest.mark.parametrize("changes", [{"seed": 4}, {"scaling": "none", "validation_share": 0.0},
                                     {"training_size": 12, "label_noise": 0.2, "imbalance": 0.5}])
@pytest.mark.parametrize("columns", [("city", "size (cm)", "price"), ("city", "who, exactly"),
                                     ("price", "size (cm)")])
def test_a_script_of_a_table_learns_from_what_the_run_learned_from(
        changes: dict[str, Any], columns: tuple[str, ...], tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch):
    raw = content(",")
    dataset = made(raw, target="kind", task="classification", columns=columns)
    config = RunConfig(dataset="table", dataset_parameters=dict(dataset.values), **changes)
    (tmp_path / "my table.csv").write_bytes(raw)
    monkeypatch.chdir(tmp_path)
    names: dict[str, Any] = {}
    for section in sections(config)[:2]:
        exec(section.code, names)
    expected = splits.split(config.data, config.preparation)
    words = [" = " in name or name.endswith(" is missing") for name in dataset.features]
    order = sorted(range(len(words)), key=words.__getitem__)
    for name, array in (("x_train", expected.x_train[:, order]), ("y_train", expected.y_train),
                        ("x_test", expected.x_test[:, order]), ("y_test", expected.y_test)):
        np.testing.assert_allclose(names[name], array, rtol=1e-4, atol=1e-5, err_msg=name)
    assert ("x_val" in names) == bool(expected.validation)
    assert bool(expected.filled) == ("price" in columns) and np.isfinite(names["x_train"]).all()


def test_infinite_numbers_count_as_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    rows = [f"{'1e39' if row == 3 else 'inf' if row == 7 else row},{row % 2}" for row in range(30)]
    raw = "\n".join(["size,kind", *rows]).encode()
    dataset = made(raw, target="kind", task="classification", columns=("size",))
    got = read_again(raw, dataset, tmp_path, monkeypatch)["x"]
    np.testing.assert_array_equal(got, dataset.load().x)
    assert np.isnan(got[[3, 7]]).all() and np.isfinite(np.delete(got, [3, 7])).all()


@pytest.mark.parametrize("name", ['a"b', "a\\", "a'''b", 'a"""b', "a{b}", "import os", "größe", "a#b"])
def test_names_of_columns_are_only_texts(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Whatever a column is called, it is no code."""
    quoted = '"' + name.replace('"', '""') + '"'
    raw = "\n".join([f"{quoted},kind", *(f"{row},{row % 2}" for row in range(30))]).encode()
    dataset = made(raw, target="kind", task="classification", columns=(name,))
    names = read_again(raw, dataset, tmp_path, monkeypatch)
    assert names["NUMBERS"] == [0]
    assert names["x"].shape == (30, 1)
    ast.parse(table_source(dict(dataset.values))[0])


# What parts cells or lines, quotes, and characters that nobody sees.
ODD = [*"ab é漢,;\t\"'#{}\\\n\r|", "\u200b", "\ufeff", "\u202e", "\xa0", "\xad", "\u2028", "\x85", "\x0b"]
CELLS = {
    "whole": lambda draw: str(draw.randint(-5, 2 ** draw.choice([3, 70]))),
    "point": lambda draw: draw.choice(["%.3f", "%g", "%e"]) % draw.gauss(0, 10),
    "comma": lambda draw: f"{draw.gauss(0, 10):.3f}".replace(".", ","),
    "few": lambda draw: draw.choice(["1", "2", "2.0", "+1"]),
    "word": lambda draw: draw.choice("xyz"),
    "odd": lambda draw: draw.choice(["x y", "x  y", " x y", "a;b", "a,b", "a\tb", "a\nb", 'say "hi"', '5"',
                                     "\u200bx", "x\xa0y"])}
MISSING = ("", " ", "NA", "?", "nan", " NA ", "\u200bNA", "null", "1e400", "-inf")
BLANK = ("", "   ", '""', "\xa0")


def drawn(number: int) -> bytes:
    """A table of odd names and cells; many of them cannot be learned from, and are refused."""
    draw = random.Random(number)
    end, out = draw.choice(["\n", "\r\n", "\r"]), io.StringIO(newline="")
    writer = csv.writer(out, delimiter=draw.choice(",;\t"), lineterminator=end,
                        quoting=draw.choice([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]))
    kinds = draw.choices(list(CELLS), k=draw.randint(2, 5))
    if draw.random() < 0.3:
        out.write(end)
    writer.writerow(["".join(draw.choices(ODD, k=draw.randint(1, 7))) for _ in kinds])
    for _ in range(draw.randint(45, 70)):
        writer.writerow([draw.choice(MISSING) if draw.random() < 0.08 else CELLS[kind](draw)
                         for kind in kinds])
        if draw.random() < 0.03:
            out.write(draw.choice(BLANK) + end)
    return out.getvalue().encode(draw.choice(["utf-8", "utf-8-sig"]))


def test_drawn_tables_are_read_as_the_app_read_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Whatever the columns of a file are called, and however it parts its cells."""
    separators = Counter[str]()
    for number in range(200):
        raw = drawn(number)
        try:
            table = read_table(raw, "my table.csv")
            register(table)
            dataset = DATASET.made_with(first_choice(table))
        except FieldError:
            continue
        separators[table.delimiter] += 1
        loaded, names = dataset.load(), read_again(raw, dataset, tmp_path, monkeypatch)
        order = sorted(range(len(dataset.features)), key=lambda place: place in dataset.indicators)
        np.testing.assert_array_equal(names["x"], loaded.x[:, order], err_msg=f"table {number}")
        np.testing.assert_array_equal(names["y"], loaded.y, err_msg=f"table {number}")
    assert len(separators) == 3 and min(separators.values()) > 10


def test_a_table_that_is_gone_is_told_in_words():
    with pytest.raises(FieldError, match="Upload it again"):
        table_source({"digest": "gone", "target": "a", "columns": ("b",), "task": "regression"})
