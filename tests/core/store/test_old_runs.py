"""Runs that an earlier version stored are read with all their values."""

import json
import math
import sqlite3
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from core.runs.config import RunConfig
from core.store import Details, Store
from tests.core.store.made import OWNER

HERE = Path(__file__).parent
# What the version that wrote them read, in plain JSON: no class of today's says what is expected.
EXPECTED: dict[str, dict[str, Any]] = json.loads((HERE / "old_runs.json").read_text("utf-8"))


@pytest.fixture
def store(tmp_path: Path) -> Store:
    path = tmp_path / "runs.sqlite3"
    with sqlite3.connect(path) as connection:
        connection.executescript((HERE / "old_runs.sql").read_text("utf-8"))
    connection.close()
    return Store(path)


def same(value: Any, expected: Any) -> bool:
    """Whether a value is what JSON says of it; a number that is none was written as null."""
    if isinstance(expected, list):
        return len(value) == len(expected) and all(map(same, value, expected))
    if isinstance(expected, dict):
        return all(same(value[name] if isinstance(value, dict) else getattr(value, name), one)
                   for name, one in expected.items())
    return value is None or math.isnan(value) if expected is None else value == expected


def test_a_list_of_them_says_what_it_said(store: Store):
    runs = store.runs(OWNER)
    assert [run.id for run in runs] == ["s-2", "s-1"] == list(EXPECTED)
    for run in runs:
        for name, value in EXPECTED[run.id]["kept"].items():
            assert same(getattr(run, name), value), name
    assert (runs[1].name, runs[1].tags, runs[1].pinned) == ("Momentum, by hand", ("lesson 3", "good"), True)


def test_their_configurations_are_those_that_were_trained(store: Store):
    for run in store.runs(OWNER):
        now, then = RunConfig.from_dict(dict(run.config)).to_dict(), EXPECTED[run.id]["kept"]["config"]
        assert {name: now[name] for name in then} == then


def test_their_curves_and_test_results_are_there(store: Store):
    details = store.details(OWNER, list(EXPECTED))
    for run, expected in EXPECTED.items():
        found = details[run]
        assert isinstance(found, Details)
        for part in ("curves", "scores"):
            for name, value in expected[part].items():
                own = getattr(getattr(found, part), name)
                assert same(own.tolist() if isinstance(own, np.ndarray) else own, value), (run, part, name)
    assert details["s-1"].curves.learning_rates == ((4, 0.05), (9, 0.02))
    errors = details["s-2"].scores.errors
    assert details["s-1"].scores.matrix.sum() == 30 and errors is not None and len(errors) > 10
