"""The networks of exported scripts beside the run's."""

import json
from functools import partial
from typing import Any

import jax
import keras
import numpy as np
import pytest
from keras.src.backend.common import global_state

from core.catalog.architectures import ARCHITECTURES
from core.catalog.layers import LAYER_KINDS
from core.catalog.layers.listing import LEFT_OUT
from core.export.network import model_section
from core.parameters import FieldError
from core.runs.config import RunConfig
from core.training.model import network

# An example's shape for each kind of network: a table, an image, a series, a sentence, a pair.
PLACES = ("iris", "digits", "sine", "sentence_polarity", "ratings")


def fits(dataset: str, **values: Any) -> bool:
    try:
        RunConfig(dataset=dataset, **values)
    except FieldError:
        return False
    return True


def single_layers() -> list[RunConfig]:
    """Each kind of layer, alone, with its defaults and with other values, where some dataset suits it."""
    found = []
    for kind, entry in LAYER_KINDS.items():
        for changed in (False, True):
            values = {parameter.name: parameter.default for parameter in entry.parameters}
            if changed:
                other = {"l1": 0.001, "l2": 0.01, "kernel_initializer": "he_normal", "strides": 2,
                         "activation": "silu"}
                values |= {name: value for name, value in other.items() if name in values}
            layers = [{"kind": kind, **values}]
            for dataset in PLACES:
                for more in ([], [{"kind": "Flatten"}]):
                    own = {"architecture": "custom", "architecture_parameters": {"layers": layers + more}}
                    if fits(dataset, **own):
                        found.append(RunConfig(dataset=dataset, **own))
                        break
    return found


def architectures() -> list[RunConfig]:
    style = {"batch_normalization": True, "dropout_rate": 0.3, "l2": 0.01, "l1": 0.001,
             "initializer": "he_normal", "activation": "elu"}
    found = [RunConfig(dataset=dataset, architecture=name, target=one.target, **more)
             for name, one in ARCHITECTURES.items() for dataset in PLACES for more in ({}, style)
             if fits(dataset, architecture=name, target=one.target, **more)]
    # These need larger images than the digits are.
    return found + [RunConfig(dataset="mnist", architecture=name) for name in ("tutorial_cnn", "lenet5")]


def model_of(config: RunConfig) -> keras.Model:
    names: dict[str, Any] = {"keras": keras, "np": np, "CLASSES": len(config.data.classes)}
    exec(model_section(config).code.replace("model.summary()", ""), names)
    return names["model"]


def described(model: keras.Model) -> Any:
    """All that Keras would save of a model, its layers by their places and not by their names."""
    # Layers, and operations on words that are no layers.
    steps = model.layers if isinstance(model, keras.Sequential) else model.operations
    places = {step.name: f"layer {place}" for place, step in enumerate(steps)}

    def plain(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: plain(one) for key, one in value.items() if key not in ("name", "shared_object_id")}
        if isinstance(value, list):
            return [plain(one) for one in value]
        return places.get(value, value) if isinstance(value, str) else value

    return plain(json.loads(model.to_json()))


@pytest.mark.parametrize("config", [*architectures(), *single_layers()], ids=lambda config: config.name)
def test_the_model_is_the_same_network(config: RunConfig):
    # No weight is drawn: that takes most of the time.
    with keras.StatelessScope(initialize_variables=False):
        theirs = model_of(config)
        ours = network(config.layers(), config.data.shape, config.output_units, own=False,
                       back=config.data.reconstructs)
    assert described(theirs) == described(ours)
    global_state.set_global_attribute("uninitialized_variables", [])


@pytest.mark.parametrize("config", [RunConfig(dataset="digits", architecture="resnet", l2=0.01),
                                    RunConfig(dataset="sine", architecture="transformer")],
                         ids=lambda config: config.name)
def test_blocks_give_the_same_numbers(config: RunConfig):
    # Without weights of their own, whose drawing compiles a program for each shape.
    with keras.StatelessScope(initialize_variables=False):
        models = model_of(config), network(config.layers(), config.data.shape, config.data.units, own=False)
    global_state.set_global_attribute("uninitialized_variables", [])
    x = np.random.default_rng(0).normal(0, 1, (3, *config.data.shape)).astype("float32")

    def answers(model: keras.Model) -> tuple[np.ndarray, float]:
        values = [[np.asarray(np.random.default_rng(seed).normal(0, 0.5, variable.shape) ** 2, variable.dtype)
                   for seed, variable in enumerate(variables)]
                  for variables in (model.trainable_variables, model.non_trainable_variables)]
        y, _, losses = jax.jit(partial(model.stateless_call, return_losses=True))(*values, x)
        return np.asarray(y), float(sum(losses))

    theirs, ours = (answers(model) for model in models)
    np.testing.assert_allclose(theirs[0], ours[0], rtol=1e-4, atol=1e-4)
    assert np.ptp(ours[0]) > 0.1
    assert theirs[1] == pytest.approx(ours[1], rel=1e-4) and bool(ours[1]) == bool(config.l2)


def test_every_kind_of_layer_and_every_architecture_is_tried():
    tried = {parameter["kind"]
             for config in single_layers() for parameter in config.architecture_parameters["layers"]}
    assert tried == set(LAYER_KINDS)
    assert {config.architecture for config in architectures()} == set(ARCHITECTURES)
    assert LEFT_OUT["activation"] == "linear"
