"""From a RunConfig to a Keras model and optimizer, which hold no values yet."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import keras
from keras.src.backend.common import global_state

from core.config import RunConfig
from core.tables.optimizers import OPTIMIZERS
from core.training.layers import LAYERS


@contextmanager
def _without_values() -> Iterator[None]:
    """Variables made here keep their initializer and get no value."""
    with keras.StatelessScope(initialize_variables=False):
        yield
    # Keras keeps a list of them, and would draw the values in the next trace.
    global_state.set_global_attribute("uninitialized_variables", [])


def build_model(config: RunConfig) -> keras.Sequential:
    """The network: the config's hidden layers and one logit a class.

    Its variables have shapes and initializers but no values: `initial.initial_values` draws them, and
    `stateless_call` is given them. Names are fixed, so that two models of one config are the same.
    """
    stack = [*config.layers(),
             {"class_name": "Dense", "config": {"units": len(config.data.classes), "name": "logits"}}]
    with _without_values():
        model = keras.Sequential([keras.Input(config.data.shape), *_layers(stack)], name="network")
    return model


def _layers(stack: list[dict[str, Any]]) -> list[keras.layers.Layer]:
    made, counts = [], {}
    for entry in stack:
        name = entry["class_name"]
        counts[name] = counts.get(name, 0) + 1
        own = LAYERS.get(name) or getattr(keras.layers, name)
        made.append(own.from_config({"name": f"{name.lower()}_{counts[name]}", **entry["config"]}))
    return made


def build_optimizer(config: RunConfig, variables: list[Any]) -> keras.optimizers.Optimizer:
    """The config's optimizer, built for `variables`; its slots have no values yet where possible."""
    entry = OPTIMIZERS[config.optimizer]

    def make() -> keras.optimizers.Optimizer:
        own = getattr(keras.optimizers, entry.class_name)
        return own(**entry.fixed, **config.optimizer_parameters, learning_rate=config.learning_rate)

    try:
        optimizer = make()
        with _without_values():
            optimizer.build(variables)
    except ValueError:
        # Nadam makes one variable from a number, which a StatelessScope does not allow.
        optimizer = make()
        optimizer.build(variables)
    return optimizer
