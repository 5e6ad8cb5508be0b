"""A learner's own table as a dataset: inputs as pandas makes them, and kept while it is used."""

import gc
import pickle
import threading
from weakref import WeakValueDictionary

import numpy as np
import pandas as pd
import pytest
from sklearn.compose import make_column_transformer
from sklearn.impute import SimpleImputer
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

from core.datasets import Preparation, kept_tables
from core.datasets.kept_tables import KEPT_TABLES, register, table_of
from core.datasets.splits import split
from core.datasets.table import Table, read_table
from core.datasets.table_dataset import DATASET
from core.datasets.table_summary import summary
from core.parameters import FieldError, check_all
from tests.core.known_tables import ROWS, choose, people, upload

pytestmark = pytest.mark.usefixtures("no_tables")


def test_inputs_are_those_of_pandas():
    frame = people()
    dataset = DATASET.made_with(choose(upload(frame), "kind", "age", "colour", "height", "owns"))
    used = frame[frame.kind.notna()]
    expected = pd.get_dummies(used[["age", "colour", "height", "owns"]], dummy_na=True, dtype=float)
    # pandas puts the numbers first, and makes a column for missing values even where there are none.
    order = {"age": "age", "colour = blue": "colour_blue", "colour = green": "colour_green",
             "colour = red": "colour_red", "colour is missing": "colour_nan", "height": "height",
             "owns = no": "owns_no", "owns = yes": "owns_yes"}
    assert dataset.features == tuple(order) and dataset.shape == (len(order),)
    data = dataset.load()
    assert data.x.dtype == np.float32 and not data.x.flags.writeable and not data.y.flags.writeable
    np.testing.assert_allclose(data.x, expected[list(order.values())].to_numpy(float), rtol=1e-6)
    assert expected["owns_nan"].sum() == 0 and np.isnan(data.x).sum() == used.age.isna().sum() > 0
    assert dataset.classes == ("cat", "dog", "eel") and dataset.task == "classification"
    assert data.y.dtype == np.int32
    assert [dataset.classes[label] for label in data.y] == used.kind.tolist()
    assert dataset.examples == len(data.x) == len(used)


@pytest.mark.parametrize("columns", [
    ("age", "colour", "height", "owns", "row"), ("colour", "row", "owns"), ("row", "age")])
def test_a_split_is_what_a_pipeline_of_scikit_learn_makes(columns: tuple[str, ...]):
    """Numbers filled and standardized, categories one-hot and left so, all by the training rows."""
    frame = people()
    frame["row"] = np.arange(ROWS)
    dataset = DATASET.made_with(choose(upload(frame), "kind", *columns))
    made, raw = (split(dataset, Preparation(seed=3, scaling=scaling)) for scaling in ("standard", "none"))
    place = dataset.features.index("row")
    train, test = (frame.iloc[one[:, place].astype(int)] for one in (raw.x_train, raw.x_test))
    steps = [make_pipeline(SimpleImputer(strategy="median"), StandardScaler())
             if frame[name].dtype.kind in "if" else
             OneHotEncoder(categories=[sorted(frame.loc[frame.kind.notna(), name].unique(), key=str)],
                           sparse_output=False) for name in columns]
    if "colour" in columns:  # a missing colour sorts in the middle for pandas, and comes last here
        steps[columns.index("colour")] = OneHotEncoder(
            categories=[["blue", "green", "red", np.nan]], sparse_output=False)
    pipeline = make_column_transformer(*zip(steps, [[name] for name in columns], strict=True))
    np.testing.assert_allclose(made.x_train, pipeline.fit_transform(train), rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(made.x_test, pipeline.transform(test), rtol=1e-4, atol=1e-5)
    words = [name for name in columns if frame[name].dtype.kind not in "if"]
    assert len(dataset.indicators) == sum(len({str(one) for one in frame.loc[frame.kind.notna(), name]})
                                          for name in words)
    np.testing.assert_array_equal(made.x[:, list(dataset.indicators)], raw.x[:, list(dataset.indicators)])


def test_regression_predicts_the_number():
    frame = people()
    dataset = DATASET.made_with(choose(upload(frame), "price", "owns", "age", task="regression"))
    data = dataset.load()
    assert (dataset.task, dataset.classes, dataset.outputs, dataset.target) == ("regression", (), 1, "price")
    assert data.y.dtype == np.float32 and data.y.shape == (dataset.examples, 1)
    np.testing.assert_allclose(data.y[:, 0], frame.price.dropna(), rtol=1e-6)
    assert dataset.features == ("owns = no", "owns = yes", "age")


def test_numbers_may_be_classes():
    frame = pd.DataFrame({"x": range(30), "y": [3, 10, 2.5] * 10})
    dataset = DATASET.made_with(choose(upload(frame), "y", "x"))
    assert dataset.classes == ("2.5", "3", "10")
    assert dataset.load().y.tolist() == [1, 2, 0] * 10


def test_summary_counts_what_pandas_counts():
    frame = people()
    dataset = DATASET.made_with(choose(upload(frame), "kind", "age", "colour", "height"))
    used, said = frame[frame.kind.notna()], summary(dataset)
    assert (said.rows, said.left_out) == (ROWS, frame.kind.isna().sum())
    assert (said.filled, said.columns_filled) == (used.age.isna().sum(), 1)
    assert said.filled == np.isnan(dataset.load().x).sum()
    assert said.unknown == used.colour.isna().sum()
    assert (said.columns, said.inputs) == (3, len(dataset.features))
    assert "115 rows, 3 columns as 6 inputs." in said.text
    assert "Left out because the target is missing: 5 rows" in said.text


def test_before_an_upload_there_is_a_dataset_that_asks_for_one():
    assert DATASET.made_with({}) == DATASET and DATASET.shape == (1,) and DATASET.name == "table"
    assert check_all(DATASET.parameters, dict(DATASET.values), "", "") == dict(DATASET.values)
    with pytest.raises(FieldError, match="Upload a CSV file first") as caught:
        DATASET.load()
    assert caught.value.field == "table"


def test_a_table_that_is_gone_is_asked_for_again():
    values = choose(upload(people()), "kind", "age")
    dataset = DATASET.made_with(values)
    kept_tables._tables.clear()
    for action in (lambda: DATASET.made_with(values), lambda: summary(dataset)):
        with pytest.raises(FieldError, match="Upload it again") as caught:
            action()
        assert caught.value.field == "dataset_parameters.digest"


def test_every_choice_has_a_key_of_its_own():
    table, other = upload(people()), upload(people()[::-1])
    choices = [choose(table, "kind", "age"), choose(other, "kind", "age"),
               choose(table, "kind", "age", "owns"), choose(table, "kind", "owns", "age"),
               choose(table, "owns", "age"), choose(table, "price", "age", task="regression")]
    made = [DATASET.made_with(choice) for choice in choices]
    assert len({one.key for one in made} | {DATASET.key}) == len(choices) + 1
    for dataset in made:
        again = dataset.made_with(dict(dataset.values))
        assert again.key == dataset.key
        np.testing.assert_array_equal(pickle.loads(pickle.dumps(dataset)).load().x, again.load().x)


def small(number: int) -> Table:
    return read_table(f"a,b\n1,{number}\n".encode(), "small.csv")


def test_tables_used_last_are_kept(monkeypatch: pytest.MonkeyPatch):
    tables = [small(number) for number in range(KEPT_TABLES + 1)]
    digests, size = [table.digest for table in tables], tables[0].nbytes
    list(map(register, tables[:-1]))  # no name of a loop may hold the last one
    assert table_of(digests[0]) is tables[0]
    register(tables[-1])
    assert table_of(digests[1]) is tables[1], "somebody still holds it"
    del tables
    gc.collect()
    assert [table_of(digest) is not None for digest in digests] == [True, False] + [True] * (KEPT_TABLES - 1)
    monkeypatch.setattr(kept_tables, "KEPT_BYTES", size * 3)
    register(small(1))
    assert len(kept_tables._tables) == 3
    monkeypatch.setattr(kept_tables, "KEPT_BYTES", 0)
    register(small(2))
    assert list(kept_tables._tables) == [digests[2]]


def test_there_is_room_for_so_many_bytes_of_tables(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(kept_tables, "_in_use", WeakValueDictionary())  # other tests may hold some
    held, size = small(1), small(1).nbytes
    register(held)
    register(small(2))
    assert kept_tables.make_room(size, 3 * size) and len(kept_tables._tables) == 2
    assert kept_tables.make_room(size, 2 * size)
    assert list(kept_tables._tables) == [], "what nobody holds makes room"
    assert table_of(held.digest) is held
    assert not kept_tables.make_room(size, 2 * size - 1)


def test_tables_come_and_go_in_threads():
    tables, wrong = [small(number) for number in range(3 * KEPT_TABLES)], []

    def come_and_go(start: int) -> None:
        for turn in range(300):
            table = tables[(start + turn) % len(tables)]
            register(table)
            if table_of(table.digest) not in (table, None):
                wrong.append(table)

    threads = [threading.Thread(target=come_and_go, args=(7 * index,)) for index in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong and len(kept_tables._tables) == KEPT_TABLES
