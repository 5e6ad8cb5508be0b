"""History, weights and configuration as files, read again by others."""

import io
import json
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.datasets.kept_tables import register
from core.datasets.table import read_table
from core.export import config_from_json, config_json, filename, history_csv, weights_npz
from core.export.files import MOST_BYTES
from core.parameters import FieldError
from core.runs.config import RunConfig
from core.runs.events import EpochEnd, Progress
from core.runs.history import History
from core.runs.presets import presets
from tests.strategies import JSON, configs


def history(validation: bool) -> History:
    made = History()
    for epoch in (1, 2):
        made.append(Progress(4 * epoch, float(epoch), 0.5 / epoch, 0.25 * epoch, 0.0, 120 * epoch))
        made.append(EpochEnd(epoch, 4 * epoch, 0.5 / epoch, 0.25 * epoch, *(
            (0.75 / epoch, 0.125 * epoch) if validation else (None, None))))
    return made


def test_a_history_is_read_again_by_pandas():
    table = pd.read_csv(io.StringIO(history_csv(history(True), RunConfig())))
    assert list(table.columns) == ["epoch", "loss", "accuracy", "val_loss", "val_accuracy"]
    assert table.to_numpy().tolist() == [[1, 0.5, 0.25, 0.75, 0.125], [2, 0.25, 0.5, 0.375, 0.25]]
    assert table["epoch"].dtype.kind == "i"


def test_a_history_without_validation_has_no_columns_for_it():
    lines = history_csv(history(False), RunConfig(dataset="diabetes")).splitlines()
    assert lines == ["epoch,loss,mae", "1,0.5,0.25", "2,0.25,0.5"]
    assert history_csv(history(True), RunConfig(), "steps").splitlines()[:2] == [
        "step,epoch,loss,accuracy", "4,1.0,0.5,0.25"]
    assert history_csv(History(), RunConfig()) == "epoch,loss,accuracy\n"


def test_weights_are_read_again_by_numpy():
    weights = (np.arange(6, dtype=np.float32).reshape(2, 3), np.zeros(3, np.float32))
    made = weights_npz(weights, ["dense_1/kernel", "dense_1/bias"])
    with np.load(io.BytesIO(made), allow_pickle=False) as read:
        assert list(read) == ["dense_1/kernel", "dense_1/bias"]
        np.testing.assert_array_equal(read["dense_1/kernel"], weights[0])
    paths = ["dense_1/kernel", "seed_generator/seed_generator_state"]
    with np.load(io.BytesIO(weights_npz(weights, paths))) as read:
        assert list(read) == ["dense_1/kernel"]
    with pytest.raises(ValueError, match="2 weights and 1 names"):
        weights_npz(weights, ["dense_1/kernel"])


@given(configs())
def test_a_config_comes_back_from_its_json(config: RunConfig):
    text = config_json(config)
    assert config_from_json(text) == config
    assert config_from_json(text.encode()) == config


def test_a_file_neither_gives_a_table_away_nor_opens_one():
    table = read_table(b"secret,kind\n" + b"1,a\n2,b\n" * 20, "mine.csv", "the owner's key")
    register(table)
    own = {"digest": table.digest, "target": "kind", "columns": ("secret",), "task": "classification"}
    config = RunConfig(dataset="table", dataset_parameters=own)
    assert table.digest not in config_json(config)
    # Somebody who has the digest all the same, and asks for columns that are not there to be told which are.
    asked = json.dumps(config.to_dict() | {"dataset_parameters": own | {"columns": ["nothing"]}})
    opened = config_from_json(asked)
    assert opened.dataset_parameters["digest"] == "" and not opened.data.classes
    assert opened.data.features == ("no table yet",)


@pytest.mark.parametrize("name", presets())
def test_a_preset_comes_back_from_its_json(name: str):
    config = presets()[name].config
    assert config_from_json(b"\xef\xbb\xbf" + config_json(config).encode()) == config


@pytest.mark.parametrize("content, word", [
    ("", "not JSON"), ("{", "not JSON"), ("[]", "must be a mapping"), ("null", "must be a mapping"),
    (b"\xff\xfe{", "not a text file"), ("1" * 5000, "JSON"), ("[" * 100_000, "JSON"),
    (" " * (MOST_BYTES + 1), "at most"), ('{"learning_rate": NaN}', "learning_rate"),
    ('{"learning_rate": 1e999}', "learning_rate"), ('{"nobody": 1}', "nobody"),
    ('{"dataset": "../../etc/passwd"}', "must be one of")])
def test_a_file_that_is_no_config_is_refused_in_words(content: str | bytes, word: str):
    with pytest.raises(FieldError) as refused:
        config_from_json(content)
    assert word.lower() in f"{refused.value.field} {refused.value.message}".lower()
    assert len(refused.value.message) < 1000


@given(JSON | st.dictionaries(st.sampled_from(list(RunConfig().to_dict())), JSON) | st.binary() | st.text())
def test_whatever_a_file_holds_it_is_a_config_or_refused(value: Any):
    content = value if isinstance(value, bytes | str) else json.dumps(value)
    try:
        assert isinstance(config_from_json(content), RunConfig)
    except FieldError as error:
        assert error.message


@pytest.mark.parametrize("name", presets())
def test_a_file_name_holds_nothing_that_a_system_refuses(name: str):
    made = filename(presets()[name].config, "py")
    assert made.startswith("playground-") and made.endswith(".py")
    assert set(made) <= set("abcdefghijklmnopqrstuvwxyz0123456789-.")
