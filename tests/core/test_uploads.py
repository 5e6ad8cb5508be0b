"""A learner's own table as a dataset: inputs as pandas makes them, and every refusal in words."""

import gc
import pickle
import threading
from collections import OrderedDict
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.compose import make_column_transformer
from sklearn.impute import SimpleImputer
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

from core.datasets import Preparation, uploads
from core.datasets.choosing import MAX_CLASSES, MAX_INPUTS, MIN_PER_CLASS, first_choice, guess_task
from core.datasets.names import NameList, Text
from core.datasets.splitting import split
from core.datasets.table import Table, read_table
from core.datasets.uploads import DATASET, KEPT_TABLES, register, summary, table_of
from core.parameters import FieldError, check_all
from tests.strategies import ANYTHING

ROWS = 120


@pytest.fixture(autouse=True)
def no_tables(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(uploads, "_tables", OrderedDict())


def people() -> pd.DataFrame:
    """Numbers and words with gaps, some of them where the target is missing."""
    rng = np.random.default_rng(4)
    frame = pd.DataFrame({
        "age": rng.integers(18, 80, ROWS).astype(float), "colour": rng.choice(["red", "blue", "green"], ROWS),
        "height": rng.normal(170, 9, ROWS).round(1), "owns": rng.choice(["yes", "no"], ROWS),
        "price": rng.normal(1000, 300, ROWS).round(2), "kind": rng.choice(["cat", "dog", "eel"], ROWS)})
    frame.loc[3:9, "age"] = np.nan
    frame.loc[7:20, "colour"] = None
    frame.loc[0:4, ["kind", "price"]] = None
    frame.loc[2, "colour"] = "only here"
    return frame


def upload(frame: pd.DataFrame, name: str = "people.csv") -> Table:
    table = read_table(frame.to_csv(index=False).encode(), name)
    register(table)
    return table


def choose(table: Table, target: str, *columns: str, task: str = "classification") -> dict[str, Any]:
    return {"digest": table.digest, "target": target, "columns": columns, "task": task}


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
    assert [dataset.classes[one] for one in data.y] == used.kind.tolist()
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
    assert "Left out, without a target: 5 rows" in said.text


def test_task_is_guessed_from_the_target():
    rows = range(60)
    table = upload(pd.DataFrame({
        "word": ["a", "b"] * 30, "grade": [one % 5 for one in rows], "many": rows,
        "twenty one": [one % 21 for one in rows], "half": [0.5, 1] * 30, "flag": [True, False] * 30}))
    guessed = {column.name: guess_task(table, column.name) for column in table.columns}
    assert guessed == {"word": "classification", "grade": "classification", "many": "regression",
                       "twenty one": "regression", "half": "regression", "flag": "classification"}


def test_first_choice_can_be_made():
    frame = people().assign(name=[f"person {'abcdefghij'[one % 10]}{one}" for one in range(ROWS)])
    values = first_choice(upload(frame))
    assert values["target"] == "kind" and values["task"] == "classification"
    assert values["columns"] == ("age", "colour", "height", "owns", "price")
    assert DATASET.made_with(values).examples == ROWS - 5


def table_of_columns(**columns: Any) -> pd.DataFrame:
    return pd.DataFrame({"x": np.arange(60), "y": ["a", "b"] * 30, **columns})


SOME = np.arange(60)
REFUSED = {
    "unknown target": ({}, ("nothing", "x"), "target", ["no column 'nothing'", "'x', 'y'"]),
    "unknown input": ({}, ("y", "z"), "columns", ["no column 'z'"]),
    "no column": ({}, ("y",), "columns", ["No column", "at least one"]),
    "target among the columns": ({}, ("y", "x", "y"), "columns", ["'y' is the target"]),
    "one class": ({"z": ["same"] * 60}, ("z", "x"), "target", ["'same' in every row", "one class"]),
    "rare class": ({"z": ["a"] * 56 + ["b"] * 4}, ("z", "x"), "target", ["'b'", "4 examples", "needs 5"]),
    "rare number": ({"z": [1] * 56 + [2] * 4}, ("z", "x"), "target", ["'2'", "4 examples", "regression"]),
    "many classes": ({"z": SOME % 21}, ("z", "x"), "target", ["21 different", "20", "regression"]),
    "text of a regression": ({}, ("y", "x", "regression"), "target", ["text such as 'a'", "classification"]),
    "constant": ({"z": [5] * 60}, ("z", "x", "regression"), "target", ["same number in every row"]),
    # As float32 these are one number.
    "nearly constant": ({"z": 1e9 + SOME / 60}, ("z", "x", "regression"), "target", ["seven digits"]),
    "text as a target": ({"z": ["word " + "x" * one for one in SOME]}, ("z", "x"), "target",
                         ["'z' cannot be used", "60 different"]),
    "text as an input": ({"z": ["word " + "x" * one for one in SOME]}, ("y", "z"), "columns",
                         ["'z' cannot be used", "60 different"]),
    "all missing": ({"z": [None] * 60}, ("y", "z"), "columns", ["'z' cannot be used", "No row has a value"]),
    "no target at all": ({"z": [None] * 60}, ("z", "x"), "target", ["'z' cannot be used", "No row has"]),
    "missing where it counts": ({"y": ["a", "b"] * 20 + [None] * 20, "z": [None] * 40 + [1] * 20}, ("y", "z"),
                                "columns", ["'z' has no value in the 40 rows"]),
    "few with a target": ({"y": ["a", "b"] * 9 + [None] * 42}, ("y", "x"), "target", ["18 rows", "60", "20"]),
}


@pytest.mark.parametrize(("columns", "chosen", "field", "said"), REFUSED.values(), ids=REFUSED)
def test_refusals_name_their_choice(columns: dict[str, Any], chosen: tuple[str, ...], field: str,
                                    said: list[str]):
    table = upload(table_of_columns(**columns))
    task = "regression" if chosen[-1] == "regression" else "classification"
    target, *inputs = (one for one in chosen if one != "regression")
    with pytest.raises(FieldError) as caught:
        DATASET.made_with(choose(table, target, *inputs, task=task))
    assert caught.value.field == f"dataset_parameters.{field}" and caught.value.message.endswith(".")
    for words in said:
        assert words in caught.value.message


def test_too_many_inputs_are_refused():
    words = {f"c{one}": [f"w{row % 50}" for row in range(100)] for one in range(5)}
    table = upload(pd.DataFrame({**words, "y": ["a", "b"] * 50}))
    assert len(DATASET.made_with(choose(table, "y", "c0", "c1", "c2", "c3")).features) == MAX_INPUTS
    with pytest.raises(FieldError, match=f"250 inputs.*most is {MAX_INPUTS}"):
        DATASET.made_with(choose(table, "y", *words))


def test_limits_themselves_are_allowed():
    classes = pd.DataFrame({"x": range(100), "y": np.arange(100) % MAX_CLASSES})
    assert np.bincount(classes.y).min() == MIN_PER_CLASS
    assert len(DATASET.made_with(choose(upload(classes), "y", "x")).classes) == MAX_CLASSES
    twenty = pd.DataFrame({"x": range(20), "y": ["a", "b"] * 10})
    assert DATASET.made_with(choose(upload(twenty), "y", "x")).examples == 20


def test_before_an_upload_there_is_a_dataset_that_asks_for_one():
    assert DATASET.made_with({}) == DATASET and DATASET.shape == (1,) and DATASET.name == "table"
    assert check_all(DATASET.parameters, dict(DATASET.values), "", "") == dict(DATASET.values)
    with pytest.raises(FieldError, match="Upload a CSV file first") as caught:
        DATASET.load()
    assert caught.value.field == "table"


def test_a_table_that_is_gone_is_asked_for_again():
    values = choose(upload(people()), "kind", "age")
    dataset = DATASET.made_with(values)
    uploads._tables.clear()
    for action in (lambda: DATASET.made_with(values), lambda: summary(dataset)):
        with pytest.raises(FieldError, match="Upload it again") as caught:
            action()
        assert caught.value.field == "dataset_parameters.digest"


def test_every_choice_has_a_key_of_its_own():
    table, other = upload(people()), upload(people()[::-1])
    choices = [choose(table, "kind", "age"), choose(other, "kind", "age"),
               choose(table, "kind", "age", "owns"), choose(table, "kind", "owns", "age"),
               choose(table, "owns", "age"), choose(table, "price", "age", task="regression")]
    made = [DATASET.made_with(one) for one in choices]
    assert len({one.key for one in made} | {DATASET.key}) == len(choices) + 1
    for dataset in made:
        again = dataset.made_with(dict(dataset.values))
        assert again.key == dataset.key
        np.testing.assert_array_equal(pickle.loads(pickle.dumps(dataset)).load().x, again.load().x)


@given(values=st.fixed_dictionaries({}, optional={one.name: ANYTHING for one in DATASET.parameters}))
def test_any_values_are_checked_or_refused(values: dict[str, Any]):
    values = {"digest": "gone", **values}
    if values["digest"] == "":
        return
    with pytest.raises(FieldError) as caught:
        DATASET.made_with(values)
    assert caught.value.field.startswith("dataset_parameters.")


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
    monkeypatch.setattr(uploads, "KEPT_BYTES", size * 3)
    register(small(1))
    assert len(uploads._tables) == 3
    monkeypatch.setattr(uploads, "KEPT_BYTES", 0)
    register(small(2))
    assert list(uploads._tables) == [digests[2]]


def test_tables_come_and_go_in_threads():
    tables, wrong = [small(number) for number in range(3 * KEPT_TABLES)], []

    def come_and_go(start: int) -> None:
        for turn in range(300):
            table = tables[(start + turn) % len(tables)]
            register(table)
            if table_of(table.digest) not in (table, None):
                wrong.append(table)

    threads = [threading.Thread(target=come_and_go, args=(7 * one,)) for one in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong and len(uploads._tables) == KEPT_TABLES


NAMES = NameList("columns", "Inputs", "", 20, 5)
TEXT = Text("target", "Target", "", 20)
NAME = st.text(min_size=1, max_size=20).filter(lambda text: text.isprintable() and text == text.strip())


@given(names=st.lists(NAME, max_size=5, unique=True))
def test_names_go_through_a_link(names: list[str]):
    text = NAMES.format(names)
    assert text.isascii() and NAMES.check(NAMES.parse(text)) == tuple(names)
    for name in names:
        assert TEXT.check(TEXT.parse(TEXT.format(name))) == name


@pytest.mark.parametrize(("value", "said"), [
    ("abc", "list of at most 5"), (["a"] * 6, "list of at most 5"), (["a", "b", "a"], "'a' twice"),
    ([""], "1 to 20"), (["x" * 21], "1 to 20"), ([3], "got 3"), (["a\nb"], "printable"), (None, "got None"),
    ([[]], "1 to 20")])
def test_names_are_refused_in_words(value: Any, said: str):
    with pytest.raises(FieldError) as caught:
        NAMES.check(value, "table", "dataset_parameters.columns")
    assert said in caught.value.message and caught.value.field == "dataset_parameters.columns"


@given(value=ANYTHING)
def test_any_text_is_checked_or_refused(value: Any):
    try:
        checked = TEXT.check(value, "table", "some.field")
    except FieldError as error:
        assert error.field == "some.field" and "got" in error.message
        error.message.encode()
    else:
        assert type(checked) is str and checked.isprintable() and len(checked) <= 20
