"""A model of a network's own layers that gives what the shown ones give, too."""

from typing import Any

import keras

from core.runs.shown_layers import ShownLayer


def looking_model(model: keras.Model, layers: tuple[ShownLayer, ...]) -> keras.Model:
    """A model of the same layers that gives the outputs of the shown ones, then its own.

    Raises `ValueError` if its variables are in another order, which would mix up the weights.
    """
    outputs: list[Any] = [model.get_layer(one.node).output for one in layers]
    looking = keras.Model(model.inputs, [*outputs, model.outputs[0]])
    for name in ("trainable_variables", "non_trainable_variables"):
        pairs = zip(getattr(looking, name), getattr(model, name), strict=True)
        if any(one is not other for one, other in pairs):
            raise ValueError("the weights of the looking model are in another order")
    return looking
