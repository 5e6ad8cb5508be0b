"""A model of a network's own layers that gives what the shown ones give, too."""

from collections.abc import Callable
from typing import Any

import keras
from keras.src.backend.common.masking import get_keras_mask

from core.runs.shown_layers import ATTENTION, STATES, ShownLayer
from core.training.layers import reads
from core.training.model import without_values


def looking_model(model: keras.Model, layers: tuple[ShownLayer, ...]) -> keras.Model:
    """A model of the same layers that gives what is to be seen of the shown ones, then its own outputs.

    Raises `ValueError` if its variables are in another order, which would mix up the weights.
    """
    outputs = [_INSIDE.get(layer.inside, _output)(model.get_layer(layer.node)) for layer in layers]
    looking = keras.Model(model.inputs, [*outputs, model.outputs[0]])
    for name in ("trainable_variables", "non_trainable_variables"):
        pairs = zip(getattr(looking, name), getattr(model, name), strict=True)
        if any(variable is not other for variable, other in pairs):
            raise ValueError("the weights of the looking model are in another order")
    return looking


class Inside(keras.layers.Layer):
    """What another layer computes on its way, with the weights that it has at the time.

    The layer itself is not called a second time, nor changed: other threads trace it meanwhile. twin: a layer
    of the same class, built without values, that gives all of it.
    """

    def __init__(self, layer: keras.layers.Layer, twin: keras.layers.Layer, call: Callable[..., Any]):
        super().__init__()
        # What is looked at is masked where the layer's own input is.
        self.supports_masking = True

        def look(x: Any) -> Any:
            values = ([variable.value for variable in variables] for variables in
                      (layer.trainable_variables, layer.non_trainable_variables))
            return call(twin, *values, x)

        # A function, because Keras would count the weights of a layer that it finds in an attribute.
        self._look = look

    def call(self, inputs: Any) -> Any:
        return self._look(inputs)


def _output(layer: keras.layers.Layer) -> Any:
    return layer.output


def _states(layer: keras.layers.Layer) -> Any:
    """A recurrent layer's output after every step: (batch, steps, units)."""
    if layer.return_sequences:
        return layer.output
    config = layer.get_config()
    # A layer that reads in both directions leaves it to the two within it.
    inner = [config[name]["config"] for name in ("layer", "backward_layer") if config.get(name)]
    for cell in inner or [config]:
        cell["return_sequences"] = True
    x, *mask = reads(layer)
    return Inside(layer, _built(layer, config, x.shape), _masked_call)([x, *mask])


def _masked_call(twin: keras.layers.Layer, own: list[Any], others: list[Any], read: list[Any]) -> Any:
    """The output of a recurrent layer, with the mask that it reads behind its input, if there is one."""
    return twin.stateless_call(own, others, read[0], **dict(zip(("mask",), read[1:], strict=False)))[0]


def _attention(layer: keras.layers.Layer) -> Any:
    """The attention weights of each head: (batch, steps that ask, steps that are looked at, heads)."""
    x = layer.input[0]
    mask = get_keras_mask(x)
    twin = _built(layer, layer.get_config(), x.shape, x.shape)

    def call(twin: keras.layers.Layer, own: list[Any], others: list[Any], read: list[Any]) -> Any:
        x, *masks = read
        # Said outright: called like this, Keras's layer knows the mask of what asks, not of what is asked.
        both = masks[0][:, None, :] & masks[0][:, :, None] if masks else None
        (_, scores), _ = twin.stateless_call(own, others, x, x, return_attention_scores=True,
                                             attention_mask=both)
        return keras.ops.transpose(scores, (0, 2, 3, 1))

    return Inside(layer, twin, call)([x] if mask is None else [x, mask])


def _built(layer: keras.layers.Layer, config: dict[str, Any], *shapes: Any) -> keras.layers.Layer:
    twin = type(layer).from_config(config)
    with without_values():
        twin.build(*shapes)
    return twin


_INSIDE: dict[str, Callable[[Any], Any]] = {STATES: _states, ATTENTION: _attention}
