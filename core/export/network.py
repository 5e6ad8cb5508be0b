"""The model section of the script: a list of layers, or function calls where a layer reads two others."""

from collections.abc import Mapping, Sequence
from typing import Any

from core.catalog.augmentation import keras_layers
from core.catalog.layers.graph import answering, is_masked
from core.catalog.losses import LOSSES
from core.export.section import Section, joined
from core.export.writing import call, indented, layer, literal
from core.runs.config import RunConfig

Layer = Mapping[str, Any]

_RESIDUAL = '''\
def residual_block(x, filters, strides=1, activation="relu", shortcut=False{more}):
    """Two convolutions whose result is added to the input (He et al., 2016)."""
    y = keras.layers.Conv2D(
        filters, 3, strides=strides, padding="same", use_bias=False{hand})(x)
    y = keras.layers.BatchNormalization()(y)
    y = keras.layers.Activation(activation)(y)
    y = keras.layers.Conv2D(filters, 3, padding="same", use_bias=False{hand})(y)
    y = keras.layers.BatchNormalization()(y)
    if shortcut:
        # The input has another shape, so it is converted to this one.
        x = keras.layers.Conv2D(
            filters, 1, strides=strides, padding="same", use_bias=False{hand})(x)
        x = keras.layers.BatchNormalization()(x)
    return keras.layers.Activation(activation)(keras.layers.Add()([y, x]))'''

_ATTENTION = '''\
def attention_block(x, num_heads, key_dim, units, activation="relu"{more}):
    """Each step asks all others, then a small network works on each (Vaswani et al., 2017)."""
{copied}    y = keras.layers.MultiHeadAttention(num_heads, key_dim{hand})({read}, {read})
    x = keras.layers.LayerNormalization()(keras.layers.Add()([y, x]))
    y = keras.layers.Dense(units, activation=activation{hand})(x)
    y = keras.layers.Dense(x.shape[-1]{hand})(y)
    return keras.layers.LayerNormalization()(keras.layers.Add()([y, x]))'''

# Behind an embedding with a mask.
_COPIED = """\
    # A copy, because attention takes the mask of the padding off what it reads.
    read = keras.layers.Rescaling(1.0)(x)
"""

_PLACED = '''\
def placed_embedding(x, words, length, width, mask_zero=True):
    """A row of numbers for each word, plus one for its place in the sentence."""
    places = keras.ops.cumsum(keras.ops.ones_like(x), axis=1)
    places = places * keras.ops.cast(keras.ops.not_equal(x, 0), x.dtype)
    y = keras.layers.Embedding(words, width, mask_zero=mask_zero)(x)
    places = keras.layers.Embedding(length + 1, width, mask_zero=mask_zero)(places)
    return keras.layers.Add()([y, places])'''

_LOOKED_UP = '''\
def looked_up(numbers, count, width, **own):
    """A row for each user, or item; zeros for an unknown one, whose number is 0."""
    known = keras.ops.cast(keras.ops.not_equal(numbers, 0), "float32")
    rows = keras.layers.Embedding(count, width, **own)(numbers)
    return keras.layers.Multiply()([rows, keras.ops.expand_dims(known, -1)])'''

_FACTORIZATION = '''\
def matrix_factorization(x, users, items, width{more}):
    """The product of a user's and an item's row, plus a bias for each (Koren et al., 2009)."""
    user, item = x[:, 0], x[:, 1]
    product = keras.layers.Multiply()([
        looked_up(user, users, width{hand}), looked_up(item, items, width{hand})])
    biases = [looked_up(numbers, count, 1, embeddings_initializer="zeros"{hand})
              for numbers, count in ((user, users), (item, items))]
    return keras.layers.Add()([keras.ops.sum(product, axis=-1, keepdims=True), *biases])'''

_PAIR = '''\
def pair_embedding(x, users, items, width{more}):
    """A user's and an item's row side by side (He et al., 2017)."""
    return keras.layers.Concatenate()([
        looked_up(x[:, 0], users, width{hand}), looked_up(x[:, 1], items, width{hand})])'''

# What several blocks are made of.
_PARTS = {"MatrixFactorization": _LOOKED_UP, "PairEmbedding": _LOOKED_UP}
# The function's name, its source, and its positional arguments.
_BLOCKS = {"ResidualBlock": ("residual_block", _RESIDUAL, ("filters",)),
           "AttentionBlock": ("attention_block", _ATTENTION, ("num_heads", "key_dim", "units")),
           "PlacedEmbedding": ("placed_embedding", _PLACED, ("input_dim", "length", "output_dim")),
           "MatrixFactorization": ("matrix_factorization", _FACTORIZATION, ("users", "items", "width")),
           "PairEmbedding": ("pair_embedding", _PAIR, ("users", "items", "width"))}


def model_section(config: RunConfig) -> Section:
    """`model`, not compiled yet."""
    dataset, loss = config.data, LOSSES[config.loss]
    maximum = 1 if config.scaling == "standard" else dataset.pixel_maximum or 1
    first = keras_layers(config.augmentation_parameters, maximum) if config.augments else []
    activation = {"activation": loss.output} if loss.output != "linear" else {}
    units = ("VOCABULARY" if dataset.guesses else
             "CLASSES" if dataset.classes and not loss.binary else str(config.output_units))
    output = call("keras.layers.Dense", units, **{
        key: literal(value) for key, value in (activation | answering(config.layers())).items()})
    ends = [output]
    if dataset.reconstructs and len(dataset.shape) > 1:
        ends.append(call("keras.layers.Reshape", literal(dataset.shape)))
    layers, text = [*first, *config.layers()], "The network, layer by layer."
    if dataset.classes and loss.output == "linear":
        text += " It outputs one logit per class; their softmax gives the probabilities."
    if first:
        text += " The first layers change the images at random, only during training."
    shape = f"keras.Input({literal(dataset.shape)})"
    blocks = [name for name in _BLOCKS if any(entry["class_name"] == name for entry in layers)]
    if not blocks:
        inner = "".join(f"{line},\n" for line in (shape, *map(layer, layers), *ends))
        code = f"model = keras.Sequential([\n{indented(inner)}])"
    else:
        code = joined(*{_PARTS[name]: None for name in blocks if name in _PARTS},
                      *(_definition(name, layers) for name in blocks),
                      "\n".join([f"inputs = {shape}", *_applied(layers), *_ended(ends),
                                 "model = keras.Model(inputs, outputs)"]))
    return Section("Model", text, joined(code, "model.summary()"), frozenset({"import keras"}))


def _definition(name: str, layers: Sequence[Layer]) -> str:
    """The function for a block, with an argument for the initializer only if a block needs it."""
    own = [entry["config"] for entry in layers if entry["class_name"] == name]
    hands = any(key.startswith(("kernel_", "embeddings_")) for config in own for key in config)
    masked = is_masked(layers[:[entry["class_name"] for entry in layers].index(name)])
    written = _BLOCKS[name][1].replace("{more}", ", **kernel" * hands).replace("{hand}", ", **kernel" * hands)
    return written.replace("{copied}", _COPIED * masked).replace("{read}", "read" if masked else "x")


def _ended(ends: Sequence[str]) -> list[str]:
    """The last layers, whose result is called `outputs`."""
    return [f"outputs = {ends[0]}(x)", *(f"outputs = {end}(outputs)" for end in ends[1:])]


def _applied(layers: Sequence[Layer]) -> list[str]:
    lines, last = [], "inputs"
    for entry in layers:
        block = entry["class_name"] in _BLOCKS
        lines.append(f"x = {_block(entry, last)}" if block else f"x = {layer(entry)}({last})")
        last = "x"
    return lines


def _block(entry: Layer, last: str) -> str:
    name, _, places = _BLOCKS[entry["class_name"]]
    values = {key: value for key, value in entry["config"].items() if key != "channels"}
    positional = [literal(values.pop(key)) for key in places]
    plain = {"strides": 1, "shortcut": False, "activation": "relu", "mask_zero": True}
    named = {key: literal(value) for key, value in values.items() if plain.get(key) != value}
    return call(name, last, *positional, **named)
