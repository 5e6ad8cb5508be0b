"""Layers that are not trained, and layers that learn at a lower rate: of a run that starts from another one.

A frozen layer keeps its place among a model's trainable variables, so that weights have the same order
everywhere. But it has no gradient, no penalty and no place in the optimizer, and a batch normalization uses
its running statistics: what Keras does with `trainable = False`.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import keras

from core.runs.config import RunConfig
from core.runs.taken_layers import frozen, names_of, weighted
from core.training.weight_paths import paths


def frozen_names(config: RunConfig) -> frozenset[str]:
    """Names of the layers that are not trained."""
    return frozenset(names_of(config, frozen(config))) if frozen(config) else frozenset()


def freeze(model: keras.Model, names: frozenset[str]) -> None:
    """Take the penalties of these layers out of the loss, and put their normalizations in inference mode."""
    for layer in model.layers:
        if layer.name in names:
            layer.frozen = True
            for variable in layer.trainable_variables:
                variable.regularizer = None


def trained_places(model: keras.Model, config: RunConfig) -> list[int]:
    """Which of the model's trainable variables are trained, by their places."""
    names = frozen_names(config)
    return [place for place, path in enumerate(_trainable_paths(model)) if _layer(path) not in names]


def layer_places(model: keras.Model, config: RunConfig) -> list[int]:
    """To which layer with weights each trainable variable belongs, counted from the input."""
    found = {}
    for count in range(len(weighted(config)), 0, -1):
        found |= dict.fromkeys(names_of(config, count), count - 1)
    return [found[_layer(path)] for path in _trainable_paths(model)]


@contextmanager
def slowed(optimizer: Any, factors: Sequence[Any]) -> Iterator[None]:
    """Code traced inside multiplies the learning rate of the optimizer's variables, one factor each.

    Weight decay keeps the full rate: Keras applies it apart from the step. factors: empty for none.
    """
    if not factors:
        yield
        return
    whole = optimizer.update_step

    def step(gradient: Any, variable: Any, learning_rate: Any) -> None:
        whole(gradient, variable, learning_rate * factors[optimizer._get_variable_index(variable)])

    optimizer.update_step = step
    try:
        yield
    finally:
        del optimizer.update_step


def _trainable_paths(model: keras.Model) -> tuple[str, ...]:
    return paths(model)[:len(model.trainable_variables)]


def _layer(path: str) -> str:
    return path.partition("/")[0]
