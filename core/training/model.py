"""Builds the Keras model and optimizer of a RunConfig; they hold no values yet."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from functools import lru_cache
from typing import Any

import keras
from keras.src.backend.common import global_state

from core.catalog.layers import Layer, Shape, graph, layer
from core.catalog.layers.graph import INPUT, MERGING, answering, is_chain
from core.catalog.optimizers import OPTIMIZERS
from core.catalog.stacks import traced
from core.runs.config import RunConfig
from core.runs.taken_layers import frozen, names_of
from core.training.freezing import freeze, frozen_names
from core.training.layers import made


@contextmanager
def without_values() -> Iterator[None]:
    """Variables made here keep their initializer and get no value."""
    with keras.StatelessScope(initialize_variables=False):
        yield
    # Keras keeps a list of them, and would draw the values in the next trace.
    global_state.set_global_attribute("uninitialized_variables", [])


def build_model(config: RunConfig) -> keras.Model:
    """The network to train: the config's hidden layers and its outputs, logits of classes or numbers.

    Its variables have shapes and initializers but no values: `initial.initial_values` draws these, and
    `stateless_call` receives them. Names are fixed, so two models of one config are the same.
    """
    return _model(*_structure(config))


def known_model(config: RunConfig) -> keras.Model:
    """The same, kept for the next run of these layers: to be read only, for names, shapes and initializers.

    Keras takes 6 ms to make a small CNN, a third of what passes until the first step of one that is compiled.
    """
    return _known_model(*_structure(config))


# Layers as JSON, input shape, output units, whether it reconstructs, names of frozen layers.
Structure = tuple[str, Shape, int, bool, frozenset[str]]


def _structure(config: RunConfig) -> Structure:
    return (json.dumps(config.layers()), config.data.shape, config.output_units, config.data.reconstructs,
            frozen_names(config))


def _model(layers: str, shape: Shape, units: int, back: bool, names: frozenset[str]) -> keras.Model:
    model = network(json.loads(layers), shape, units, back=back)
    freeze(model, names)
    return model


_known_model = lru_cache(maxsize=16)(_model)


def keras_model(config: RunConfig, weights: Sequence[Any]) -> keras.Model:
    """The same network, with its values, made of Keras's own layers only.

    So it opens wherever Keras is installed. Layers that the run had frozen are not trainable in it. weights:
    from `Finished.weights`: the trainable variables, then the others.
    """
    model = network(config.layers(), config.data.shape, config.output_units, own=False,
                    back=config.data.reconstructs)
    variables = model.trainable_variables + model.non_trainable_variables
    for variable, value in zip(variables, weights, strict=True):
        variable.assign(value)
    for name in names_of(config, frozen(config)):
        model.get_layer(name).trainable = False
    return model


def network(layers: list[Layer], shape: Shape, units: int, own: bool = True,
            back: bool = False) -> keras.Model:
    """The model of a stack and an output layer of `units`.

    It is a `keras.Sequential` if each layer reads the one before it. own: with our faster classes and without
    values, see `build_model`; otherwise with Keras's own layers and the values that Keras draws. back:
    whether the output has the shape of the input.
    """
    ends = [layer("Reshape", target_shape=list(shape), name="shaped")] if back and len(shape) > 1 else []
    output = layer("Dense", units=units, name="logits", **answering(layers))
    nodes = graph([*(traced(layers) if own else layers), output, *ends])
    parts = [made(node.layer, node.name, own) for node in nodes]
    with without_values() if own else nullcontext():
        if is_chain(nodes):
            return keras.Sequential([keras.Input(shape, name="inputs"), *parts], name="network")
        inputs, outputs = keras.Input(shape, name="inputs"), []
        for node, part in zip(nodes, parts, strict=True):
            reads = [inputs if place == INPUT else outputs[place] for place in node.inputs]
            outputs.append(part(reads) if node.layer["class_name"] in MERGING else part(*reads))
        return keras.Model(inputs, outputs[-1], name="network")


def build_optimizer(config: RunConfig, variables: list[Any]) -> keras.optimizers.Optimizer:
    """The config's optimizer, built for `variables`; its slots have no values yet where possible."""
    entry = OPTIMIZERS[config.optimizer]

    def make() -> keras.optimizers.Optimizer:
        own = getattr(keras.optimizers, entry.class_name)
        return own(**entry.fixed, **config.optimizer_parameters, learning_rate=config.learning_rate)

    try:
        optimizer = make()
        with without_values():
            optimizer.build(variables)
    except ValueError:
        # Nadam makes one variable from a number, which a StatelessScope does not allow.
        optimizer = make()
        optimizer.build(variables)
    return optimizer
