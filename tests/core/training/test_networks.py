"""Networks of the editor's layers: the tables agree with Keras."""

import os

os.environ["KERAS_BACKEND"] = "jax"

import json
import math
from typing import Any

import jax
import keras
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.catalog.architectures import ARCHITECTURES, Style
from core.catalog.layers import LAYER_KINDS, entry, graph, shapes, stack
from core.catalog.layers.counting import parameters
from core.catalog.layers.layer import Misfit
from core.catalog.stacks import numbers_of
from core.datasets.pairs import PairShape
from core.datasets.words import TextShape
from core.parameters import FieldError
from core.runs.config import RunConfig
from core.training.initial import initial_values
from core.training.layers import layer_numbers, made, mixes_examples, repeats
from core.training.model import keras_model, network
from core.training.plan import example_bytes
from core.training.summary import summarize
from tests.strategies import layer_entries

SHAPES = {"table": (5,), "digits": (8, 8, 1), "mnist": (28, 28, 1), "cifar10": (32, 32, 3), "series": (10, 2),
          "text": TextShape(6, 20), "pairs": PairShape(7, 9)}
FITTING = [(name, shape) for name, architecture in ARCHITECTURES.items() for shape in SHAPES.values()
           if architecture.refusal(shape) is None and name != "conv_autoencoder"
           and (name != "custom" or shape not in (SHAPES["text"], SHAPES["pairs"]))]
EVERYTHING = Style("tanh", 0.3, "he_normal", 0.01, 0.02, True)


def plain(layers: list[dict[str, Any]], shape: tuple[int, ...], units: int = 2) -> keras.Model:
    """The network of Keras's own layers, without values."""
    with keras.StatelessScope(initialize_variables=False):
        return network(layers, shape, units, own=False)


def first_values(model: keras.Model) -> list[list[np.ndarray]]:
    """Values of seed 3 of a model's trainable variables, and of the others."""
    return [initial_values(variables, 3) for variables in
            (model.trainable_variables, model.non_trainable_variables)]


def called(model: keras.Model, values: list[list[np.ndarray]], x: np.ndarray,
           numbers: list[float] | None = None) -> tuple[np.ndarray, np.ndarray]:
    """What a model gives while it trains, and the sum of its penalties."""
    def call(values: Any, x: Any, numbers: Any) -> Any:
        with layer_numbers(numbers):
            y, _, losses = model.stateless_call(*values, x, training=True, return_losses=True)
        return y, sum(losses, 0.0)

    return jax.jit(call)(values, x, None if numbers is None else np.array(numbers, np.float32))


def examples(shape: tuple[int, ...], count: int = 3) -> np.ndarray:
    return np.random.default_rng(0).normal(size=(count, *shape)).astype(np.float32)


def keras_shape(layers: list[dict[str, Any]], shape: tuple[int, ...]) -> tuple[int, ...]:
    """What Keras's `compute_output_shape` says comes out of one example, layer by layer."""
    outputs: list[Any] = []
    for node in graph(layers):
        reads = [(None, *shape) if place < 0 else outputs[place] for place in node.inputs]
        layer: Any = made(node.layer, node.name, own=False)
        arguments = [reads] if node.layer["class_name"] == "Add" else reads
        outputs.append(tuple(layer.compute_output_shape(*arguments)))
    return outputs[-1][1:] if outputs else shape


@settings(max_examples=150)
@given(shape=st.sampled_from([(5,), (1,), (8, 8, 1), (5, 9, 3), (28, 28, 1), (10, 2), (1, 1)]),
       one=layer_entries())
def test_a_layer_gives_what_keras_says_or_is_refused_where_keras_refuses(shape: tuple[int, ...],
                                                                         one: dict[str, Any]):
    kind, values = LAYER_KINDS[one["kind"]], {name: value for name, value in one.items() if name != "kind"}
    try:
        gives = shapes([one], shape)[0]
    except FieldError as error:
        assert error.message.startswith(f"Layer 1, {kind.name}, needs ")
        assert f"got ({shape[0]}," in error.message
        with pytest.raises((ValueError, IndexError, TypeError, Misfit)):
            keras.Sequential([keras.Input(shape), *(
                made(node.layer, node.name, own=False) for node in graph([kind.keras(values, shape)]))])
    else:
        assert keras_shape([kind.keras(values, shape)], shape) == gives


@settings(max_examples=25)
@given(shape=st.sampled_from([(5,), (8, 8, 1), (10, 2)]), entries=st.lists(layer_entries(), max_size=5))
def test_a_stack_of_layers_is_what_keras_makes_of_it(shape: tuple[int, ...], entries: list[dict[str, Any]]):
    fitting = []
    for one in entries:
        try:
            shapes([*fitting, one], shape)
        except FieldError:
            continue
        fitting.append(one)
    layers = stack([*fitting, entry("Flatten")], shape)
    assert keras_shape(layers, shape) == shapes([*fitting, entry("Flatten")], shape)[-1]


@pytest.mark.parametrize("kind", LAYER_KINDS)
@given(data=st.data())
@settings(max_examples=4)
def test_parameters_are_counted_as_keras_counts_them(kind: str, data: st.DataObject):
    one = data.draw(layer_entries([kind]))
    for shape in ((5,), (8, 8, 1), (28, 28, 3), (10, 2)):
        try:
            layers = stack([one, entry("Flatten")], shape)
        except FieldError:
            continue
        assert parameters([one, entry("Flatten")], shape, 2) == plain(layers, shape).count_params()


def described(model: keras.Model) -> str:
    """A model's configuration. Keras counts the operations that make up masks on and on."""
    found = json.dumps(model.get_config())
    operations = [] if isinstance(model, keras.Sequential) else model.operations
    for place, one in enumerate(operations):
        if not isinstance(one, keras.layers.Layer):
            found = found.replace(f'"{one.name}"', f'"operation {place}"')
    return found


@pytest.mark.parametrize("name, shape", FITTING)
@pytest.mark.parametrize("style", [Style("relu"), EVERYTHING], ids=["plain", "everything"])
def test_every_architecture_builds_and_is_the_same_when_its_layers_are_edited(
        name: str, shape: tuple[int, ...], style: Style):
    architecture = ARCHITECTURES[name]
    values = {parameter.name: parameter.default for parameter in architecture.parameters}
    model = network(architecture.stack(values, shape, style), shape, 3)
    assert model.output_shape == (None, 3)
    assert model.count_params() == parameters(architecture.entries(values, shape, style), shape, 3)

    custom = ARCHITECTURES["custom"]
    own = custom.parameters[0]
    layers = own.check(own.parse(own.format(own.check(architecture.entries(values, shape, style)))))
    edited = network(custom.stack({"layers": layers}, shape, Style("linear")), shape, 3)
    assert described(edited) == described(model)


ENTRIES = [entry("Conv2D", filters=3, strides=2, l1=0.1), entry("Residual", filters=4, strides=2, l2=0.2),
           entry("Reshape"), entry("Conv1D", filters=4, l1=0.3, l2=0.1), entry("Attention", l2=0.4),
           entry("Bidirectional", cell="GRU", units=3, l1=0.2, l2=0.3), entry("Dense", units=3)]


def test_our_layers_give_what_keras_own_give_for_the_same_values():
    layers = stack(ENTRIES, (8, 8, 1))
    own, keras_own = network(layers, (8, 8, 1), 2), plain(layers, (8, 8, 1))
    for layer in keras_own.layers:
        assert type(layer).__module__.startswith("keras.")
    (mine, penalty), (theirs, expected) = (called(model, first_values(own), examples((8, 8, 1)))
                                           for model in (own, keras_own))
    np.testing.assert_allclose(mine, theirs, rtol=1e-4, atol=1e-5)
    assert expected > 1
    np.testing.assert_allclose(penalty, expected, rtol=1e-5)


def test_penalties_follow_the_numbers_given():
    """Penalties at other strengths are those of Keras's model made with these, also within Bidirectional."""
    strengths = [{"l1": 0.05}, {"l2": 0.6}, {}, {"l1": 0.1, "l2": 0.7}, {"l2": 0.8},
                 {"l1": 0.9, "l2": 0.01}, {}]
    changed = [entry | strength for entry, strength in zip(ENTRIES, strengths, strict=True)]
    shape = (8, 8, 1)
    own, keras_own = network(stack(ENTRIES, shape), shape, 2), plain(stack(changed, shape), shape)
    values = first_values(own)
    _, expected = called(keras_own, values, examples(shape))
    _, penalty = called(own, values, examples(shape), numbers_of(stack(changed, shape)))
    np.testing.assert_allclose(penalty, expected, rtol=1e-5)


def test_names_are_fixed_and_come_twice_the_same():
    models = [network(stack(ENTRIES, (8, 8, 1)), (8, 8, 1), 2) for _ in range(2)]
    first, second = ([variable.path for variable in model.trainable_variables] for model in models)
    assert first == second and len(set(first)) == len(first)
    assert {"conv2d_1/kernel", "bidirectional_1/forward_gru/gru_cell/kernel", "logits/kernel"} <= set(first)


def test_loops_and_mixing_are_told():
    def of(*entries: dict[str, Any]) -> keras.Model:
        return network(stack([*entries, entry("Flatten")], (10, 2)), (10, 2), 2)

    assert repeats(of(entry("LSTM"))) == repeats(of(entry("Bidirectional"))) == 10
    assert repeats(of(entry("Conv1D"))) == 1
    assert mixes_examples(of(entry("BatchNormalization")))
    assert not mixes_examples(of(entry("LayerNormalization")))
    assert mixes_examples(network(stack([entry("Residual"), entry("Flatten")], (8, 8, 1)), (8, 8, 1), 2))


@pytest.mark.parametrize("one, shape, values", [
    (entry("Conv1D", filters=4, kernel_size=5, padding="same"), (50, 3), 50 * 5 * 3),
    (entry("Conv2D", filters=4, kernel_size=3, strides=2, padding="same"), (8, 8, 6), 4 * 4 * 9 * 6),
    (entry("Conv2DTranspose", filters=4, kernel_size=3, strides=2), (8, 8, 6), 8 * 8 * 9 * 4),
    (entry("SeparableConv2D", filters=4, kernel_size=3, padding="same"), (8, 8, 6), 8 * 8 * 6),
    (entry("Attention", num_heads=4, key_dim=1, units=1), (50, 3), 4 * 50 * 50)])
def test_the_memory_of_an_example_by_hand(one: dict[str, Any], shape: tuple[int, ...], values: int):
    expected = max(4 * values, 4 * math.prod(shape))
    last = entry("GlobalAveragePooling2D" if len(shape) == 3 else "GlobalAveragePooling1D")
    assert example_bytes(network(stack([one, last], shape), shape, 2)) == expected


def test_a_summary_has_a_row_for_each_layer_of_a_block():
    config = RunConfig(dataset="digits", architecture="resnet", architecture_parameters={"filters": [2]})
    rows = summarize(config)
    assert [row.class_name for row in rows[:3]] == ["Conv2D", "BatchNormalization", "Activation"]
    assert "Add" in [row.class_name for row in rows] and "InputLayer" not in [row.class_name for row in rows]
    assert rows[-1].output_shape == (10,)


def test_a_trained_network_opens_as_one_of_keras_own_layers(tmp_path):
    config = RunConfig(dataset="digits", architecture="resnet", architecture_parameters={"filters": [2, 3]})
    own = network(config.layers(), config.data.shape, config.data.units)
    values = first_values(own)
    keras_model(config, values[0] + values[1]).save(tmp_path / "network.keras")
    opened = keras.models.load_model(tmp_path / "network.keras")
    assert all(type(layer).__module__.startswith("keras.") for layer in opened.layers)
    x = examples((8, 8, 1))
    np.testing.assert_allclose(opened(x), own.stateless_call(*values, x)[0], rtol=1e-4, atol=1e-5)
