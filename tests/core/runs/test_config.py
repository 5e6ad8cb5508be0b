"""RunConfig: arbitrary JSON is a valid config or is refused by field; a valid one survives JSON."""

import json
import pickle
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.catalog.architectures import ARCHITECTURES
from core.catalog.optimizers import OPTIMIZERS
from core.datasets import DATASETS
from core.parameters import FieldError
from core.runs.config import PARAMETERS, RunConfig
from core.runs.fields import LATER, NESTED
from tests.strategies import ANYTHING, JSON, NASTY, configs

FIELDS = (*PARAMETERS, *NESTED)
ODD_KEYS = (None, 1, (), "", "lr", "__class__", "\ud800", "x" * 9999, 10**5000, True)


def valid_or_refused(values: Any, fields: tuple[str, ...] = FIELDS) -> RunConfig | None:
    """The config that `values` make, or None where they are refused as they should be."""
    try:
        config = RunConfig.from_dict(values)
    except FieldError as error:
        assert error.field.split(".")[0] in fields
        (error.field + error.message).encode()
        assert len(error.field) <= 100 and len(error.message) <= 600
        return None
    assert RunConfig.from_dict(json.loads(json.dumps(config.to_dict(), allow_nan=False))) == config
    return config


@given(values=JSON | ANYTHING)
def test_anything_is_a_config_or_refused(values: Any):
    names = list(values) if isinstance(values, dict) else []
    if not isinstance(values, dict):
        with pytest.raises(FieldError) as caught:
            RunConfig.from_dict(values)
        assert caught.value.field == "config"
    elif names:
        with pytest.raises(FieldError):
            RunConfig.from_dict(values)
    else:
        assert RunConfig.from_dict(values) == RunConfig()


@given(values=st.dictionaries(st.sampled_from(FIELDS), ANYTHING, min_size=1, max_size=4))
def test_known_fields_with_anything_in_them(values: dict[str, Any]):
    valid_or_refused(values, tuple(values))


@pytest.mark.parametrize("name", FIELDS)
def test_what_has_broken_validations_before(name: str):
    for value in NASTY:
        valid_or_refused({name: value}, (name,))


@pytest.mark.parametrize("key", ODD_KEYS, ids=range(len(ODD_KEYS)))
def test_an_unknown_field_is_named(key: Any):
    with pytest.raises(FieldError, match="There is no field") as caught:
        RunConfig.from_dict({"seed": 1, key: 1})
    assert len(caught.value.field) <= 60
    caught.value.field.encode()


@given(name=st.sampled_from(["architecture_parameters", "optimizer_parameters"]),
       values=st.dictionaries(st.sampled_from(
           ["hidden_units", "filters", "momentum", "beta_1", "epsilon", "", "\ud800"]) | st.none(), ANYTHING,
           max_size=3))
def test_nested_parameters_with_anything_in_them(name: str, values: dict[Any, Any]):
    valid_or_refused({name: values}, (name,))


@given(config=configs())
def test_a_valid_config_survives_json_and_another_process(config: RunConfig):
    text = json.dumps(config.to_dict(), allow_nan=False)
    assert json.loads(text) == config.to_dict(), "plain JSON already: lists, not tuples"
    again = RunConfig.from_dict(json.loads(text))
    assert again == config and {again: 1} == {config: 1}
    assert json.dumps(again.to_dict()) == text
    assert pickle.loads(pickle.dumps(config)) == config
    assert config.replaced() == config


@given(config=configs(), other=configs())
def test_two_configs_are_equal_only_if_their_json_is(config: RunConfig, other: RunConfig):
    assert (config == other) == (json.dumps(config.to_dict()) == json.dumps(other.to_dict()))
    assert (config == other) == (config.key == other.key)


@given(config=configs())
def test_a_name_is_one_short_line_with_the_rate_and_the_optimizer(config: RunConfig):
    assert config.name.isprintable() and len(config.name) < 120
    linear = config.architecture == "softmax" and not config.data.classes
    assert config.name.startswith("Linear" if linear else ARCHITECTURES[config.architecture].short)
    assert OPTIMIZERS[config.optimizer].label in config.name
    assert config.name.endswith(f" {config.learning_rate:g}")


def test_the_default_is_the_iris_perceptron():
    config = RunConfig()
    assert config == RunConfig.from_dict({})
    assert (config.dataset, config.architecture, config.name) == ("iris", "mlp", "MLP 16-16 relu Adam 0.01")
    assert set(config.to_dict()) == set(FIELDS) - set(LATER)


def test_what_does_not_fit_the_dataset_is_refused_with_the_reason():
    with pytest.raises(FieldError, match="needs images") as caught:
        RunConfig(dataset="wine", architecture="cnn")
    assert caught.value.field == "architecture"
    with pytest.raises(FieldError, match="used up in block 4") as caught:
        RunConfig(dataset="digits", architecture="cnn",
                  architecture_parameters={"filters": [8, 8, 8, 8]})
    assert caught.value.field == "architecture_parameters.filters"


# The fields do not know of each other: no pair of them can be refused if neither is by itself.
@pytest.mark.parametrize("dataset", DATASETS)
def test_every_dataset_is_taken(dataset: str):
    assert RunConfig(dataset=dataset).optimizer_parameters == RunConfig().optimizer_parameters


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_every_optimizer_brings_its_own_parameters(optimizer: str):
    config = RunConfig(optimizer=optimizer)
    assert dict(config.optimizer_parameters) == {parameter.name: parameter.default
                                                 for parameter in OPTIMIZERS[optimizer].parameters}


def test_a_changed_config_is_checked_again():
    assert RunConfig().replaced(seed=3).seed == 3
    with pytest.raises(FieldError, match="Seed must be a whole number"):
        RunConfig().replaced(seed=-1)
    with pytest.raises(FieldError, match="has no parameter 'hidden_units'"):
        RunConfig().replaced(architecture="softmax", architecture_parameters={"hidden_units": (4,)})


def test_another_entry_begins_with_its_own_defaults():
    config = RunConfig(architecture_parameters={"hidden_units": (4,)}, optimizer_parameters={"beta_1": 0.5})
    assert config.replaced(architecture="softmax").architecture_parameters == {}
    assert config.replaced(optimizer="sgd_momentum").optimizer_parameters == {"momentum": 0.9}
    assert config.replaced(optimizer="adam").optimizer_parameters["beta_1"] == 0.5
    numbers = config.replaced(dataset="diabetes")
    assert numbers.loss == "mse" and numbers.replaced(dataset="wine").loss == "cross_entropy"
    assert numbers.architecture_parameters == {"hidden_units": (4,)}
    binary = RunConfig(dataset="blobs", dataset_parameters={"classes": 2}, loss="binary_cross_entropy")
    assert (binary.output_units, binary.data.units) == (1, 2)
    assert binary.replaced(dataset="moons").loss == "binary_cross_entropy"
    assert binary.replaced(dataset_parameters={"classes": 3}).loss == "cross_entropy"
    assert binary.replaced(dataset="iris").output_units == 3


@pytest.mark.parametrize("changes, field", [
    ({"dataset": "diabetes", "label_noise": 0.1}, "label_noise"),
    ({"dataset": "diabetes", "loss": "cross_entropy"}, "loss"),
    ({"loss": "mse"}, "loss"), ({"loss": "binary_cross_entropy"}, "loss"),
    ({"dataset": "blobs", "loss": "binary_cross_entropy"}, "loss"),
    ({"augmentation_parameters": {"shift": 0.1}}, "augmentation_parameters"),
    ({"dataset": "sine", "class_weights": "balanced"}, "class_weights"),
    ({"patience": 3, "validation_share": 0.0}, "patience")])
def test_what_does_not_go_together_is_refused_by_field(changes, field):
    with pytest.raises(FieldError) as caught:
        RunConfig(**changes)
    assert caught.value.field == field and caught.value.message.endswith(".")
