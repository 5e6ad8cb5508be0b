"""Tables: every entry agrees with Keras's class of that name, and every stack fits where it is offered."""

import inspect
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.catalog.activations import ACTIVATIONS
from core.catalog.architectures import ARCHITECTURES, Architecture, Layer, Style
from core.catalog.initializers import INITIALIZERS
from core.catalog.layers import LAYER_KINDS
from core.catalog.optimizers import OPTIMIZERS, Optimizer
from core.datasets import DATASETS
from core.parameters import FieldError
from tests.strategies import valid

STYLE = Style("relu", 0.0)
FITTING = [(key, name) for key, entry in ARCHITECTURES.items() for name, dataset in DATASETS.items()
           if entry.unsuitable(dataset) is None]
EVERY_OPTIMIZER = pytest.mark.parametrize("entry", OPTIMIZERS.values(), ids=OPTIMIZERS)


@pytest.fixture(scope="module")
def keras() -> Any:
    return pytest.importorskip("keras")


def stack(entry: Architecture, shape: tuple[int, ...], style: Style = STYLE, **values: Any) -> list[Layer]:
    """The entry's layers, with defaults for what `values` leave out."""
    defaults = {parameter.name: parameter.default for parameter in entry.parameters}
    return entry.stack(defaults | values, shape, style)


def output_shape(keras: Any, layers: list[Layer], shape: tuple[int, ...]) -> tuple[int, ...]:
    """What Keras says comes out of `layers` for one example of `shape`."""
    tensor = keras.Input(shape)
    for layer in layers:
        tensor = getattr(keras.layers, layer["class_name"]).from_config(layer["config"])(tensor)
    return tensor.shape[1:]


@pytest.mark.parametrize("table", [ACTIVATIONS, ARCHITECTURES, INITIALIZERS, LAYER_KINDS, OPTIMIZERS,
                                   DATASETS])
def test_entries_stand_under_their_own_names_and_help_in_words(table: dict[str, Any]):
    for name, entry in table.items():
        assert entry.name == name and name.isidentifier()
        assert len(entry.help) > 20 and entry.help.endswith((".", ")"))
        owned = [one.name for one in getattr(entry, "parameters", ())]
        assert len(set(owned)) == len(owned)


@EVERY_OPTIMIZER
def test_keras_takes_an_optimizer_with_its_defaults(keras: Any, entry: Optimizer):
    values = {parameter.name: parameter.default for parameter in entry.parameters}
    made = getattr(keras.optimizers, entry.class_name)(entry.learning_rate, **values, **entry.fixed)
    config = made.get_config()
    assert config["learning_rate"] == pytest.approx(entry.learning_rate)
    for name, value in (values | entry.fixed).items():
        assert config[name] == pytest.approx(value)


@EVERY_OPTIMIZER
def test_keras_takes_an_optimizer_at_the_ends_of_its_ranges(keras: Any, entry: Optimizer):
    for end in ("low", "high"):
        values = {parameter.name: getattr(parameter, end) for parameter in entry.parameters}
        keras.optimizers.deserialize({"class_name": entry.class_name,
                                      "config": {"learning_rate": 0.1, **values, **entry.fixed}})


@EVERY_OPTIMIZER
def test_an_untouched_optimizer_is_kerass_own(keras: Any, entry: Optimizer):
    """Defaults are Keras's, so that what is learned here holds there; momentum is what an entry is for."""
    signature = inspect.signature(getattr(keras.optimizers, entry.class_name).__init__).parameters
    for parameter in entry.parameters:
        if (entry.class_name, parameter.name) != ("SGD", "momentum"):
            assert parameter.default == signature[parameter.name].default


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_keras_has_the_activation(keras: Any, name: str):
    assert keras.activations.get(name).__name__ == name


@pytest.mark.parametrize("cell", ["SimpleRNN", "LSTM", "GRU"])
def test_keras_builds_every_cell(keras: Any, cell: str):
    layers = stack(ARCHITECTURES["rnn"], (8, 8, 1), cell=cell, units=5)
    assert output_shape(keras, layers, (8, 8, 1)) == (5,)


@given(data=st.data())
def test_any_valid_parameters_give_a_stack_or_a_refusal_by_field(data: st.DataObject):
    key, dataset = data.draw(st.sampled_from(FITTING))
    entry = ARCHITECTURES[key]
    values = {parameter.name: data.draw(valid(parameter)) for parameter in entry.parameters}
    try:
        layers = entry.stack(values, DATASETS[dataset].shape, STYLE)
    except FieldError as error:
        assert error.field.removeprefix("architecture_parameters.") in values
    else:
        if "hidden_units" in values or "dense_units" in values:
            units = [layer["config"]["units"] for layer in layers if layer["class_name"] == "Dense"]
            assert units == list(values.get("hidden_units", ()) + values.get("dense_units", ()))


@pytest.mark.sweep
@pytest.mark.parametrize("padding", ["same", "valid"])
@pytest.mark.parametrize("kernel_size", range(1, 8))
@pytest.mark.parametrize("shape", [(8, 8, 1), (28, 28, 1), (9, 5, 3), (5, 9, 3)])
def test_a_network_is_refused_exactly_where_keras_runs_out_of_image(
        keras: Any, shape: tuple[int, ...], kernel_size: int, padding: str):
    """Block by block: where the table refuses, Keras finds nothing left for that block either."""
    values = {"kernel_size": kernel_size, "padding": padding, "dense_units": ()}
    left = shape
    for blocks in range(1, 6):
        block = keras.Sequential([keras.layers.Conv2D(1, kernel_size, padding=padding),
                                  keras.layers.MaxPooling2D(2)])
        try:
            stack(ARCHITECTURES["cnn"], shape, filters=(1,) * blocks, **values)
        except FieldError as error:
            assert f"in block {blocks}:" in error.message
            with pytest.raises(ValueError, match="zero or negative"):
                block(keras.Input(left))
            return
        left = block(keras.Input(left)).shape[1:]
        assert min(left) >= 1


def test_a_table_is_no_image():
    refusal = ARCHITECTURES["cnn"].refusal
    assert refusal((8, 8, 1)) is None
    assert "table of 13 numbers" in str(refusal((13,)))
