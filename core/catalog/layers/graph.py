"""A stack of layers as a graph of single Keras layers, and which of them each one reads.

Two kinds of layers are blocks that no Keras class provides. They are made of Keras's own layers, so a saved
model opens wherever Keras is installed. The model builder and the script export read the same graph.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from core.catalog.layers.layer import Layer, layer

# The index that stands for the network's input in `Node.inputs`.
INPUT = -1


@dataclass(frozen=True)
class Node:
    """One Keras layer.

    Attributes:
        inputs: indices of the nodes that it reads; `INPUT` is the network's input. MultiHeadAttention has
            two, query and value, as its first two arguments; Add takes a list of all its inputs.
        entry: which layer of the stack it belongs to, from 0.
    """

    name: str
    layer: Layer
    inputs: tuple[int, ...]
    entry: int


def graph(layers: Sequence[Layer]) -> list[Node]:
    """The nodes of a stack, each after the nodes that it reads; the last one is the output."""
    making = _Making()
    last = INPUT
    for entry, spec in enumerate(layers):
        making.entry = entry
        last = _BLOCKS.get(spec["class_name"], _single)(making, spec, last)
    return making.nodes


def is_chain(nodes: Sequence[Node]) -> bool:
    """Whether each node reads only the one before it, as in a `keras.Sequential`."""
    return all(node.inputs == (place - 1,) for place, node in enumerate(nodes))


@dataclass
class _Making:
    nodes: list[Node] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    entry: int = 0

    def add(self, spec: Layer, *inputs: int) -> int:
        """Add a node, named after its class and how many of those there are. Returns its place."""
        class_name, config = spec["class_name"], dict(spec["config"])
        self.counts[class_name] += 1
        name = config.pop("name", f"{class_name.lower()}_{self.counts[class_name]}")
        self.nodes.append(Node(name, layer(class_name, **config), inputs, self.entry))
        return len(self.nodes) - 1


def _single(making: _Making, spec: Layer, last: int) -> int:
    return making.add(spec, last)


def _kernel(config: dict[str, Any]) -> dict[str, Any]:
    """The initializer and the penalties of a block's kernels, for its parts."""
    return {name: config[name] for name in ("kernel_initializer", "kernel_regularizer") if name in config}


def _residual(making: _Making, spec: Layer, last: int) -> int:
    """He et al., "Deep Residual Learning for Image Recognition", 2016, figure 2 and option B."""
    config = spec["config"]
    more = {"padding": "same", "use_bias": False, **_kernel(config)}
    strides = {} if config["strides"] == 1 else {"strides": [config["strides"]] * 2}

    def convolution(size: int, **own: Any) -> Layer:
        return layer("Conv2D", filters=config["filters"], kernel_size=[size, size], **own, **more)

    place = making.add(convolution(3, **strides), last)
    place = making.add(layer("BatchNormalization"), place)
    place = making.add(layer("Activation", activation=config["activation"]), place)
    place = making.add(convolution(3), place)
    place = making.add(layer("BatchNormalization"), place)
    shortcut = last
    if config["shortcut"]:
        shortcut = making.add(convolution(1, **strides), last)
        shortcut = making.add(layer("BatchNormalization"), shortcut)
    place = making.add(layer("Add"), place, shortcut)
    return making.add(layer("Activation", activation=config["activation"]), place)


def _attention(making: _Making, spec: Layer, last: int) -> int:
    """Vaswani et al., "Attention Is All You Need", 2017, figure 1: a layer of the encoder."""
    config = spec["config"]
    kernel = _kernel(config)
    place = making.add(layer("MultiHeadAttention", num_heads=config["num_heads"], key_dim=config["key_dim"],
                             **kernel), last, last)
    place = making.add(layer("Add"), place, last)
    between = making.add(layer("LayerNormalization"), place)
    place = making.add(layer("Dense", units=config["units"], activation=config["activation"], **kernel),
                       between)
    place = making.add(layer("Dense", units=config["channels"], **kernel), place)
    place = making.add(layer("Add"), place, between)
    return making.add(layer("LayerNormalization"), place)


_BLOCKS = {"ResidualBlock": _residual, "AttentionBlock": _attention}
