"""A table of ratings: how it is recognized, numbered and refused, and that a script reads the same."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from core.datasets import Dataset
from core.datasets.kept_tables import register
from core.datasets.pairs import PairShape
from core.datasets.table import Table, read_table
from core.datasets.table_dataset import DATASET
from core.datasets.table_summary import told_of
from core.datasets.table_target import first_choice
from core.export.sources import source
from core.parameters import FieldError
from core.runs.config import RunConfig

# Users 30 and 4 rate films; user 9 a single one. The second line from the end rates a film again.
ROWS = [*((30, f"film {place}", 1 + place % 5) for place in range(12)),
        *((4, f"film {place}", 5 - place % 3) for place in range(10)), (9, "film 3", 2)]
LINES = [f"{user},{film},{stars}" for user, film, stars in ROWS]
HEAD = "user_id,item_id,rating"


def table(*lines: str, head: str = HEAD) -> Table:
    made = read_table("\n".join([head, *lines]).encode(), "films.csv", "me")
    register(made)
    return made


def dataset(made: Table, **changes: Any) -> Dataset:
    return DATASET.made_with(first_choice(made) | changes)


def test_ratings_are_recognized_and_numbered_in_order():
    made = table(*LINES, "4,film 0,1", ",film 1,3", "30,film 1,")
    found = dataset(made)
    assert found.is_pairs and found.shape == PairShape(3, 12) and found.examples == 23
    data = found.load()
    # 4, 9, 30 become 1, 2, 3; films are in alphabetical order.
    films = sorted({film for _, film, _ in ROWS})
    told = {(user, film): stars for user, film, stars in ROWS} | {(4, "film 0"): 1}
    got = {((4, 9, 30)[user - 1], films[film - 1]): stars for (user, film), stars in
           zip(data.x.tolist(), data.y[:, 0], strict=True)}
    assert got == told and data.x.dtype == np.int32 and found.items is not None
    assert found.items().names == tuple(films) and found.items().users == ("4", "9", "30")
    said = told_of(found)
    for part in ("23 ratings of 12 items by 3 users", "missing: 2 rows", "again further down: 1 row",
                 "single rating, which may be in the test set: 1 user"):
        assert part in said
    config = RunConfig(dataset="table", dataset_parameters=dict(found.values), architecture="factorization")
    assert config.data == found and RunConfig.from_dict(config.to_dict()) == config


@pytest.mark.parametrize("lines, changes, field, words", [
    (LINES[:1], {}, "target", "1 rows to learn from. At least 20"),
    ([*LINES[:15], *["4,film 1,3"] * 10], {}, "target", "15 ratings to learn from"),
    ([*LINES, "4,film 11,good"], {}, "target", "holds text such as"),
    (LINES, {"user": "nobody"}, "user", "no column 'nobody'"),
    (LINES, {"item": ""}, "item", "a column of users, but none of items"),
    (LINES, {"item": "user_id"}, "item", "three different columns"),
    (LINES, {"task": "classification"}, "task", "Choose regression"),
    ([f"1,{place},{place % 5}" for place in range(30)], {}, "user", "1 user, and at least two"),
    ([f"{place},{place % 7},{place % 5}" for place in range(20_001)], {}, "user", "the limit is 20,000"),
    ([line[:-1] + "3" for line in LINES], {}, "target", "the same number in every row")])
def test_what_cannot_be_learned_from_is_refused_in_words(lines: list[str], changes: dict[str, Any],
                                                         field: str, words: str):
    made = table(*lines)
    chosen = {"target": "rating", "task": "regression", "user": "user_id", "item": "item_id"} | changes
    with pytest.raises(FieldError, match=words) as refused:
        dataset(made, **chosen)
    assert refused.value.field == f"dataset_parameters.{field}"


@pytest.mark.parametrize("head, known", [
    ("Item ID;User ID;Stars", True), ("userId;movieId;rating", True), ("user_id;item_id;comment", False),
    ("a;b;rating", False)])
def test_ratings_are_known_by_the_names_of_their_columns(head: str, known: bool):
    made = table(*(f"{place % 7};{place};{place % 5}" for place in range(30)), head=head)
    assert dataset(made).is_pairs == known


def test_a_link_waits_for_the_table_of_ratings():
    made = DATASET.made_with({"user": "user_id", "item": "item_id", "target": "rating", "task": "regression"})
    assert made.is_pairs and made.task == "regression" and not made.examples


def test_a_script_reads_the_same_pairs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    lines = [*LINES, "4,film 0,1", ",film 1,3", "30,film 1,"]
    found = dataset(table(*lines))
    (tmp_path / "films.csv").write_text("\n".join([HEAD, *lines]))
    monkeypatch.chdir(tmp_path)
    own = source(RunConfig(dataset="table", dataset_parameters=dict(found.values),
                           architecture="factorization"))
    names: dict[str, Any] = {}
    exec("\n".join([*own.imports, own.code]), names)
    np.testing.assert_array_equal(names["x"], found.load().x)
    np.testing.assert_array_equal(names["y"], found.load().y)
