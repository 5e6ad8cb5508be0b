"""The layers that networks train with: Keras's, some replaced by faster or traceable classes.

Each one computes the same numbers as Keras's. Saved models contain only Keras's own classes; see `model.py`.
"""

from collections.abc import Callable
from typing import Any

import keras

from core.catalog.layers import Layer
from core.catalog.layers.graph import ITEMS, KNOWN, PLACES, SUM, USERS
from core.catalog.stacks import TracedFloat
from core.training.convolution import Conv1D, Conv2D, Conv2DTranspose, SeparableConv2D
from core.training.dead_units import WATCHED, relu
from core.training.normalization import BatchNormalization, example_weights
from core.training.pooling import GlobalAveragePooling1D, MaxPooling2D
from core.training.traced_layers import Dropout, GaussianNoise, Penalty, SpatialDropout2D, layer_numbers

__all__ = ["LAYERS", "example_weights", "layer_numbers", "made", "mixes_examples", "reads", "repeats"]

LAYERS: dict[str, type[keras.layers.Layer]] = {kind.__name__: kind for kind in (
    Conv1D, Conv2D, Conv2DTranspose, SeparableConv2D, MaxPooling2D, Dropout, SpatialDropout2D, GaussianNoise,
    BatchNormalization, GlobalAveragePooling1D)}


def places(words: Any) -> Any:
    """The place of each word, counted from 1; 0 for padding: (batch, length), made of Keras's operations."""
    counted = keras.ops.cumsum(keras.ops.ones_like(words), axis=1)
    return counted * keras.ops.cast(keras.ops.not_equal(words, 0), words.dtype)


def known(numbers: Any) -> Any:
    """1 for a known user or item, 0 for an unknown one: (batch, 1)."""
    return keras.ops.expand_dims(keras.ops.cast(keras.ops.not_equal(numbers, 0), "float32"), -1)


# What the nodes of a graph that are no layers compute.
OPERATIONS: dict[str, Callable[[Any], Any]] = {
    PLACES: places, KNOWN: known, USERS: lambda pairs: pairs[:, 0], ITEMS: lambda pairs: pairs[:, 1],
    SUM: lambda rows: keras.ops.sum(rows, axis=-1, keepdims=True)}


class Operation(keras.layers.Layer):
    """One of `OPERATIONS` as a layer with a name; saved models have the operations, so no class of ours."""

    def __init__(self, operation: str, name: str):
        super().__init__(name=name)
        self.operation = operation

    def call(self, inputs: Any) -> Any:
        return OPERATIONS[self.operation](inputs)


def made(layer: Layer, name: str, own: bool = True) -> Callable[..., Any]:
    """The Keras layer that `layer` describes. own: whether to use the classes of `LAYERS`."""
    if layer["class_name"] in OPERATIONS:
        return Operation(layer["class_name"], name) if own else OPERATIONS[layer["class_name"]]
    class_name, config = layer["class_name"], dict(layer["config"])
    kind = LAYERS.get(class_name) if own else None
    if own and class_name in WATCHED and config.get("activation") == "relu":
        config["activation"] = relu
    for key, value in config.items():
        if key.endswith("_regularizer"):
            config[key] = _penalty(value["config"], own)
        elif key == "layer":
            # The layer that runs in both directions; Keras adds forward_ and backward_ to its name.
            config[key] = made(value, value["class_name"].lower(), own)
    return (kind or getattr(keras.layers, class_name))(**config, name=name)


def _penalty(config: dict[str, Any], own: bool) -> Any:
    l1, l2 = config["l1"], config["l2"]
    if own and isinstance(l1, TracedFloat) and isinstance(l2, TracedFloat):
        return Penalty(l1, l2, (l1.place, l2.place))
    return keras.regularizers.L1L2(float(l1), float(l2))


def reads(layer: keras.layers.Layer) -> list[Any]:
    """What a layer reads in the network: its input, and a mask behind it; or several inputs."""
    return layer.input if isinstance(layer.input, list) else [layer.input]


def repeats(model: keras.Model) -> int:
    """How often the longest loop within the network runs: the steps that a recurrent layer reads, or 1."""
    looping = keras.layers.RNN | keras.layers.Bidirectional
    return max([1, *(reads(layer)[0].shape[1] for layer in model.layers if isinstance(layer, looping))])


def mixes_examples(model: keras.Model) -> bool:
    """Whether the output for one example depends on the others in its batch."""
    return any(isinstance(layer, keras.layers.BatchNormalization) and not getattr(layer, "frozen", False)
               for layer in model.layers)
