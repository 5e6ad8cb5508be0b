"""Counts a network's parameters without building it; agrees with Keras's `count_params`."""

from collections.abc import Callable, Sequence

import core.catalog.layers.rules as rules
from core.catalog.layers.layer import Entry, Shape, Values
from core.catalog.layers.stack import walk


def parameters(entries: Sequence[Entry], shape: Shape, units: int) -> int:
    """Parameters of the layers and of the output layer, trained or not. shape: an example's."""
    return sum(counts(entries, shape, units))


def counts(entries: Sequence[Entry], shape: Shape, units: int) -> list[int]:
    """The parameters of each layer, the output layer last. shape: an example's."""
    found, last = [], shape
    for kind, values, reads, gives in walk(entries, shape):
        found.append(_COUNTS.get(kind.name, _none)(values, reads))
        last = gives
    return [*found, _dense(last[-1], units)]


def _none(values: Values, shape: Shape) -> int:
    return 0


def _dense(channels: int, units: int) -> int:
    return (channels + 1) * units


def _convolution(directions: int) -> Callable[[Values, Shape], int]:
    return lambda values, shape: _dense(shape[-1] * values["kernel_size"] ** directions, values["filters"])


def _separable(values: Values, shape: Shape) -> int:
    return shape[-1] * values["kernel_size"] ** 2 + _dense(shape[-1], values["filters"])


def _recurrent(gates: int, biases: int = 1) -> Callable[[Values, Shape], int]:
    """Each gate reads the input and the last answer. biases: a GRU of Keras has one for each of the two."""
    return lambda values, shape: gates * values["units"] * (shape[-1] + values["units"] + biases)


def _bidirectional(values: Values, shape: Shape) -> int:
    return 2 * _COUNTS[values["cell"]](values, shape)


def _attention(values: Values, shape: Shape) -> int:
    """Questions, keys, values and answers of all heads, two Dense layers, two normalizations."""
    channels, width = shape[-1], values["num_heads"] * values["key_dim"]
    heads = 3 * _dense(channels, width) + _dense(width, channels)
    return heads + _dense(channels, values["units"]) + _dense(values["units"], channels) + 2 * 2 * channels


def _embedding(values: Values, shape: Shape) -> int:
    """A row for each word; with positions, one more for each place and for padding."""
    vocabulary = rules.words_of(shape).vocabulary
    return values["width"] * (vocabulary + (shape[0] + 1 if values["positions"] else 0))


def _factorization(values: Values, shape: Shape) -> int:
    """A row for each user and item and for an unknown one, and its bias."""
    pairs = rules.pairs_of(shape)
    return (values["width"] + 1) * (pairs.users + pairs.items + 2)


def _pair_embedding(values: Values, shape: Shape) -> int:
    pairs = rules.pairs_of(shape)
    return values["width"] * (pairs.users + pairs.items + 2)


def _residual(values: Values, shape: Shape) -> int:
    """Two convolutions without bias, each normalized; a third one where the shortcut has to change shape."""
    filters, channels = values["filters"], shape[-1]
    shortcut = channels * filters + 4 * filters if rules.residual(values, shape) != shape else 0
    return 9 * filters * (channels + filters) + 2 * 4 * filters + shortcut


_COUNTS: dict[str, Callable[[Values, Shape], int]] = {
    "Dense": lambda values, shape: _dense(shape[-1], values["units"]),
    "Conv1D": _convolution(1), "Conv2D": _convolution(2), "Conv2DTranspose": _convolution(2),
    "SeparableConv2D": _separable,
    "BatchNormalization": lambda values, shape: 4 * shape[-1],
    "LayerNormalization": lambda values, shape: 2 * shape[-1],
    "SimpleRNN": _recurrent(1), "LSTM": _recurrent(4), "GRU": _recurrent(3, 2),
    "MatrixFactorization": _factorization, "PairEmbedding": _pair_embedding,
    "Embedding": _embedding, "Bidirectional": _bidirectional, "Attention": _attention, "Residual": _residual,
}
