"""A stack of layers as a graph of single Keras layers, and which of them each one reads.

Five kinds of layers are blocks that no Keras class provides. They are made of Keras's own layers, so a saved
model opens wherever Keras is installed. The model builder and the script export read the same graph.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from core.catalog.layers.layer import Layer, layer

# The index that stands for the network's input in `Node.inputs`.
INPUT = -1
# Not a layer of Keras but operations on an input of words: their places, counted from 1; 0 for padding.
PLACES = "Places"
# Nor are these: of a pair, the numbers of the user and of the item, each (batch,); 1 for a known one and 0
# for an unknown one, (batch, 1); and the sum of the numbers in a row, (batch, 1).
USERS, ITEMS, KNOWN, SUM = "Users", "Items", "Known", "Sum"
# Layers that read a list of all their inputs.
MERGING = ("Add", "Multiply", "Concatenate")
FACTORIZATION = "MatrixFactorization"
# Layers behind which a mask is still there; a recurrent one keeps it if it returns sequences.
_MASKED = ("AttentionBlock", "Dense", "Dropout", "GaussianNoise", "BatchNormalization", "LayerNormalization",
           "Activation")


@dataclass(frozen=True)
class Node:
    """One Keras layer.

    Attributes:
        layer: its class, or `PLACES`, `USERS`, `ITEMS`, `KNOWN` or `SUM`.
        inputs: indices of the nodes that it reads; `INPUT` is the network's input. MultiHeadAttention has
            two, query and value, as its first two arguments; `MERGING` layers take a list of all their
            inputs.
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
        making.entry, making.masked = entry, is_masked(layers[:entry])
        last = _BLOCKS.get(spec["class_name"], _single)(making, spec, last)
    return making.nodes


def is_masked(layers: Sequence[Mapping[str, Any]]) -> bool:
    """Whether the output of these layers comes with a mask of the padding of sentences, as Keras has it."""
    if not layers or not layers[0]["config"].get("mask_zero"):
        return False
    return all(spec["class_name"] in _MASKED or _inner(spec).get("return_sequences") for spec in layers[1:])


def _inner(spec: Mapping[str, Any]) -> Mapping[str, Any]:
    """The config of a recurrent layer that reads in both directions is that of the layer within."""
    return spec["config"].get("layer", spec)["config"]


def is_chain(nodes: Sequence[Node]) -> bool:
    """Whether each node reads only the one before it, as in a `keras.Sequential`."""
    return all(node.inputs == (place - 1,) for place, node in enumerate(nodes))


@dataclass
class _Making:
    """masked: whether what the next node reads comes with a mask."""

    nodes: list[Node] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    entry: int = 0
    masked: bool = False

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
    # Keras's attention takes the mask off what it reads, so it gets a copy: the sum needs the mask, too.
    read = making.add(layer("Rescaling", scale=1.0), last) if making.masked else last
    place = making.add(layer("MultiHeadAttention", num_heads=config["num_heads"], key_dim=config["key_dim"],
                             **kernel), read, read)
    place = making.add(layer("Add"), place, last)
    between = making.add(layer("LayerNormalization"), place)
    place = making.add(layer("Dense", units=config["units"], activation=config["activation"], **kernel),
                       between)
    place = making.add(layer("Dense", units=config["channels"], **kernel), place)
    place = making.add(layer("Add"), place, between)
    return making.add(layer("LayerNormalization"), place)


def _placed_embedding(making: _Making, spec: Layer, last: int) -> int:
    """Vaswani et al., 2017, section 3.5, with learned positions: one table for words, one for places.

    Both tables mask the padding, so their sum does, too.
    """
    config = spec["config"]
    shared = {"output_dim": config["output_dim"], "mask_zero": config["mask_zero"]}
    words = making.add(layer("Embedding", input_dim=config["input_dim"], **shared), last)
    places = making.add(layer(PLACES), last)
    places = making.add(layer("Embedding", input_dim=config["length"] + 1, **shared), places)
    return making.add(layer("Add"), words, places)


def _looked_up(making: _Making, which: int, rows: int, width: int, config: dict[str, Any], **own: Any) -> int:
    """The rows of these users, or items; zeros for an unknown one, whose row is never trained."""
    penalty = {name: config[name] for name in ("embeddings_regularizer",) if name in config}
    found = making.add(layer("Embedding", input_dim=rows, output_dim=width, **own, **penalty), which)
    return making.add(layer("Multiply"), found, making.add(layer(KNOWN), which))


def _factorization(making: _Making, spec: Layer, last: int) -> int:
    """Koren, Bell and Volinsky, "Matrix Factorization Techniques for Recommender Systems", 2009, formula 4.

    The overall mean is left to the output layer.
    """
    config = spec["config"]
    columns = [(making.add(layer(which), last), config[rows]) for which, rows in
               ((USERS, "users"), (ITEMS, "items"))]
    vectors = [_looked_up(making, which, rows, config["width"], config) for which, rows in columns]
    biases = [_looked_up(making, which, rows, 1, config, embeddings_initializer="zeros")
              for which, rows in columns]
    # Their dot product in two steps, so that the picture can show what each dimension contributes.
    product = making.add(layer(SUM), making.add(layer("Multiply"), *vectors))
    return making.add(layer("Add"), product, *biases)


def _pair_embedding(making: _Making, spec: Layer, last: int) -> int:
    """He et al., "Neural Collaborative Filtering", 2017, figure 2: the layers below the Dense ones."""
    config = spec["config"]
    vectors = [_looked_up(making, making.add(layer(which), last), config[rows], config["width"], config)
               for which, rows in ((USERS, "users"), (ITEMS, "items"))]
    return making.add(layer("Concatenate"), *vectors)


def answering(layers: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """What the output layer has of its own behind these layers.

    A factorization answers by itself: the output layer passes its number on, with a weight that stays 1, and
    adds the mean. Any other weight would undo the penalties: rows half as large, times two, answer the same.
    """
    own = bool(layers) and layers[-1]["class_name"] == FACTORIZATION
    return {"kernel_initializer": "ones", "kernel_constraint": "unit_norm"} if own else {}


_BLOCKS = {"ResidualBlock": _residual, "AttentionBlock": _attention, "PlacedEmbedding": _placed_embedding,
           FACTORIZATION: _factorization, "PairEmbedding": _pair_embedding}
