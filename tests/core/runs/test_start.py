"""A config's start: plain JSON both ways, refused by field, and left out where there is none."""

import json
import pickle
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.parameters import FieldError
from core.runs.config import RunConfig
from tests.strategies import ANYTHING, JSON, NASTY

FULL: dict[str, Any] = {"config": {"epochs": 60, "learning_rate": 0.01, "optimizer": "sgd_momentum",
                   "start": {"config": {"epochs": 3}, "at": "kept"}},
        "at": 40, "learning_rates": [[5, 0.1], [50, 0.2]], "edits": [["dense_1/kernel", 3, 1.5]],
        "layers": "all", "frozen": "none"}


def tried(values: Any) -> RunConfig | None:
    try:
        config = RunConfig(start=values)
    except FieldError as error:
        assert error.field.split(".")[0] == "start" and len(error.field) <= 100
        (error.field + error.message).encode()
        assert len(error.message) <= 800
        return None
    assert RunConfig.from_dict(json.loads(json.dumps(config.to_dict(), allow_nan=False))) == config
    return config


@given(values=JSON | ANYTHING)
def test_anything_is_a_start_or_refused(values: Any):
    tried(values)


@given(values=st.fixed_dictionaries({}, optional={
    name: ANYTHING | st.just(FULL[name]) for name in FULL}))
def test_known_names_with_anything_in_them(values: dict[str, Any]):
    tried(values)


@pytest.mark.parametrize("name", FULL)
def test_what_has_broken_validations_before(name: str):
    for value in NASTY:
        tried(FULL | {name: value})
        tried(FULL | {"config": {"learning_rate": value, "dataset": value, "start": value}})
        tried(FULL | {"edits": [["dense_1/kernel", 0, value]], "learning_rates": [[value, value]]})


def test_a_config_without_one_says_nothing_of_it():
    assert "start" not in RunConfig().to_dict() and "start" not in RunConfig().key
    assert RunConfig.from_dict({"start": None}) == RunConfig()


def test_it_survives_json_another_process_and_changes_of_the_run():
    config = RunConfig.from_dict({"epochs": 5, "learning_rate": 0.1, "start": FULL})
    start = config.start
    assert start and start.config.learning_rate == 0.01 and start.config.optimizer == "sgd_momentum"
    assert start.config.start and start.config.start.config.epochs == 3
    assert start.learning_rates == ((5, 0.1),), "what came after the step is left out"
    many = [[5, 0.2], *([3, rate] for rate in (0.1, 0.3)), *([step, 0.1] for step in range(40, 900))]
    assert tried(FULL | {"learning_rates": many}).start.learning_rates == ((3, 0.3), (5, 0.2)), (
        "what has no effect does not count")
    assert pickle.loads(pickle.dumps(config)) == config
    changed = config.replaced(learning_rate=0.5, optimizer="adam")
    assert changed.start == start, "the start stays what it was"
    assert RunConfig.from_dict(json.loads(json.dumps(changed.to_dict()))) == changed != config


def test_the_data_are_prepared_as_for_the_start():
    start: Any = {"config": {"scaling": "none", "seed": 7, "validation_share": 0.3}, "at": 8}
    config = RunConfig(seed=1, start=start)
    assert config.scaling == "none" and config.validation_share == 0.3 and config.seed == 1
    assert config.preparation == RunConfig(seed=7, scaling="none", validation_share=0.3).preparation


def test_a_start_that_no_longer_fits_is_left_out_of_a_changed_config():
    config = RunConfig.from_dict({"start": {"at": 8}})
    for changes in ({"dataset": "wine"}, {"architecture_parameters": {"hidden_units": (4,)}}):
        assert config.replaced(**changes).start is None
    assert config.replaced(activation="tanh", dropout_rate=0.2).start == config.start


@pytest.mark.parametrize("start, field, words", [
    ({"at": 1, "config": {"architecture": "softmax"}}, "start.config", "network of another shape"),
    ({"at": 1, "config": {"dataset": "wine"}}, "start.config", "this run: Iris has 4, Wine has 13"),
    ({"at": 1, "config": {"learning_rate": -1}}, "start.config.learning_rate", "Learning rate"),
    ({"at": 1, "config": {"start": {"at": 1, "config": {"start": {"at": 1}}}}}, "start.config.start",
     "a start of its own"),
    ({"at": -1}, "start.at", "whole number"), ({}, "start.at", "missing"),
    ({"at": 1, "layers": "dense_1"}, "start.layers", "whole number from 1 on"),
    ({"at": 1, "layers": 4}, "start.layers", "at most 3 layers with weights, got 4"),
    ({"at": 1, "frozen": "all"}, "start.frozen", "whole number from 1 on"),
    ({"at": 1, "layers": 1, "frozen": 2}, "start.frozen", "taken over can be frozen: at most 1, got 2"),
    ({"at": 1, "frozen": 3}, "start.frozen", "nothing would be trained"),
    ({"at": 1, "rate_factor": 0}, "start.rate_factor", "between 0.001 and 1"),
    ({"at": 1, "layers": 2, "config": {"architecture_parameters": {"hidden_units": [16, 8]}}}, "start.config",
     "in its first 2 layers"),
    ({"at": 1, "edits": [["dense_1/kernel", 0, float("inf")]]}, "start.edits", "between"),
    ({"at": 1, "edits": [["dense_1/kernel", 0, 1.0]] * 2001}, "start.edits", "at most 2000"),
    ({"at": 900, "learning_rates": [[step, 0.1] for step in range(501)]},
     "start.learning_rates", "at most 500"),
    ({"at": 1, "nothing": 2}, "start.nothing", "has no field")])
def test_what_is_refused_names_its_field(start: Any, field: str, words: str):
    with pytest.raises(FieldError, match=words) as caught:
        RunConfig(start=start)
    assert caught.value.field == field


def test_when_the_optimizer_goes_on():
    def goes_on(at: int | str = 8, start: Any = (), **changes: Any) -> bool:
        config = RunConfig.from_dict({"start": {"at": at, "config": dict(start)}, **changes})
        assert config.start
        return config.start.goes_on(config)

    assert goes_on() and goes_on("kept") and goes_on(learning_rate=0.5, epochs=3)
    assert not goes_on(start={"optimizer": "sgd"}) and not goes_on(start={"batch_size": 8})
    assert not goes_on(start={"optimizer_parameters": {"beta_1": 0.5}})
    assert not goes_on("kept", start={"patience": 3}) and goes_on(8, start={"patience": 3})
