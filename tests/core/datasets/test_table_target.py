"""Targets and inputs of a learner's table: the first choice, and every error message."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.datasets.table_dataset import DATASET
from core.datasets.table_target import (
    MAX_CLASSES,
    MAX_INPUTS,
    MIN_PER_CLASS,
    first_choice,
    first_inputs,
    guess_task,
)
from core.parameters import FieldError
from tests.core.known_tables import ROWS, choose, people, upload
from tests.strategies import ANYTHING

pytestmark = pytest.mark.usefixtures("no_tables")


def test_task_is_guessed_from_the_target():
    rows = range(60)
    table = upload(pd.DataFrame({
        "word": ["a", "b"] * 30, "grade": [row % 5 for row in rows], "many": rows,
        "twenty one": [row % 21 for row in rows], "half": [0.5, 1] * 30, "flag": [True, False] * 30}))
    guessed = {column.name: guess_task(table, column.name) for column in table.columns}
    assert guessed == {"word": "classification", "grade": "classification", "many": "regression",
                       "twenty one": "regression", "half": "regression", "flag": "classification"}


def test_first_choice_can_be_made():
    frame = people().assign(name=[f"person {'abcdefghij'[index % 10]}{index}" for index in range(ROWS)])
    values = first_choice(upload(frame))
    assert values["target"] == "kind" and values["task"] == "classification"
    assert values["columns"] == ("age", "colour", "height", "owns", "price")
    assert DATASET.made_with(values).examples == ROWS - 5


def test_identifiers_are_not_chosen_first():
    rows = np.arange(40)
    frame = pd.DataFrame({"row": rows, "code": [f"c{row}" for row in rows], "kind": ["a", "b"] * 20,
                          "measured": rows + 0.5, "age": rows // 2, "id": rows[::-1] + 1000})
    values = first_choice(upload(frame))
    assert values["target"] == "age" and values["columns"] == ("kind", "measured")
    assert first_inputs(upload(frame), "id") == ("kind", "measured", "age")
    assert first_inputs(upload(frame[["row", "kind"]]), "kind") == ("row",), "better than none"
    frame.loc[3, "row"] = 4
    assert "row" in first_inputs(upload(frame), "kind"), "two rows have the same"


def table_of_columns(**columns: Any) -> pd.DataFrame:
    return pd.DataFrame({"x": np.arange(60), "y": ["a", "b"] * 30, **columns})


SOME = np.arange(60)
REFUSED = {
    "unknown target": ({}, ("nothing", "x"), "target", ["no column 'nothing'", "'x', 'y'"]),
    "unknown input": ({}, ("y", "z"), "columns", ["no column 'z'"]),
    "no column": ({}, ("y",), "columns", ["no inputs", "at least one"]),
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
    "all missing": ({"z": [None] * 60}, ("y", "z"), "columns", ["'z' cannot be used", "empty in every row"]),
    "no target at all": ({"z": [None] * 60}, ("z", "x"), "target", ["'z' cannot be used", "empty in"]),
    "missing where it counts": ({"y": ["a", "b"] * 20 + [None] * 20, "z": [None] * 40 + [1] * 20}, ("y", "z"),
                                "columns", ["'z' has no values in the 40 rows"]),
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
    words = {f"c{index}": [f"w{row % 50}" for row in range(100)] for index in range(5)}
    table = upload(pd.DataFrame({**words, "y": ["a", "b"] * 50}))
    assert len(DATASET.made_with(choose(table, "y", "c0", "c1", "c2", "c3")).features) == MAX_INPUTS
    with pytest.raises(FieldError, match=f"250 inputs.*limit is {MAX_INPUTS}"):
        DATASET.made_with(choose(table, "y", *words))


def test_limits_themselves_are_allowed():
    classes = pd.DataFrame({"x": range(100), "y": np.arange(100) % MAX_CLASSES})
    assert np.bincount(classes.y).min() == MIN_PER_CLASS
    assert len(DATASET.made_with(choose(upload(classes), "y", "x")).classes) == MAX_CLASSES
    twenty = pd.DataFrame({"x": range(20), "y": ["a", "b"] * 10})
    assert DATASET.made_with(choose(upload(twenty), "y", "x")).examples == 20


@given(values=st.fixed_dictionaries({},
                                    optional={parameter.name: ANYTHING for parameter in DATASET.parameters}))
def test_any_values_are_checked_or_refused(values: dict[str, Any]):
    values = {"digest": "gone", **values}
    if values["digest"] == "":
        return
    with pytest.raises(FieldError) as caught:
        DATASET.made_with(values)
    assert caught.value.field.startswith("dataset_parameters.")
