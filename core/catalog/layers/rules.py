"""The output shape of each kind of layer for one example, computed without Keras.

Each function takes the values of a kind's parameters and the shape of one example, and returns the shape of
the layer's output, or raises `Misfit`. The arithmetic is that of Keras's `compute_output_shape`.
"""

import math
from collections.abc import Callable

from core.catalog.layers.layer import Misfit, Shape, Values
from core.datasets.pairs import PairShape
from core.datasets.words import TextShape

Rule = Callable[[Values, Shape], Shape]
# Pixels of an image's side: layers that enlarge it, one after another, would soon fill any memory.
LARGEST = 512
RANKS = {2: "a series (steps, channels)", 3: "an image (height, width, channels)"}


def need(rank: int, shape: Shape) -> None:
    """Raises `Misfit` if an example has a different number of dimensions."""
    if len(shape) != rank:
        raise Misfit(f"needs {RANKS[rank]}", rank=rank)


def slid(size: int, window: int, stride: int, padding: str) -> int:
    """Positions of a window that slides over `size` values; 0 if it does not fit."""
    if padding == "valid":
        return max(0, (size - window) // stride + 1)
    return -(-size // stride)


def _slid(shape: Shape, window: int, stride: int, padding: str) -> Shape:
    """All sizes except the channels; raises `Misfit` if the window is larger."""
    sizes = tuple(slid(size, window, stride, padding) for size in shape[:-1])
    if min(sizes) < 1:
        what = f"an image of at least {window}x{window} pixels" if len(shape) == 3 else (
            f"a series of at least {window} steps")
        raise Misfit(f"needs {what}", "Nothing would be left of the input: use padding same, a smaller "
                     "window, or fewer layers that shrink the input before it.")
    return sizes


def unchanged(values: Values, shape: Shape) -> Shape:
    return shape


def image_unchanged(values: Values, shape: Shape) -> Shape:
    need(3, shape)
    return shape


def dense(values: Values, shape: Shape) -> Shape:
    return (*shape[:-1], values["units"])


def flatten(values: Values, shape: Shape) -> Shape:
    return (math.prod(shape),)


def rows(values: Values, shape: Shape) -> Shape:
    """An image as its rows, a table as a series of single numbers; a series unchanged."""
    if len(shape) == 1:
        return (*shape, 1)
    return shape[0], math.prod(shape[1:])


def convolution(rank: int) -> Rule:
    def rule(values: Values, shape: Shape) -> Shape:
        need(rank, shape)
        sizes = _slid(shape, values["kernel_size"], values["strides"], values["padding"])
        return (*sizes, values["filters"])
    return rule


def pooling(values: Values, shape: Shape) -> Shape:
    need(3, shape)
    size = values["pool_size"]
    return (*_slid(shape, size, size, values["padding"]), shape[-1])


def _enlarged(shape: Shape, grown: Callable[[int], int]) -> Shape:
    """All sizes except the channels; raises `Misfit` if the image gets too large."""
    need(3, shape)
    sizes = tuple(map(grown, shape[:-1]))
    if max(sizes) > LARGEST:
        raise Misfit(f"needs an image that it does not enlarge beyond {LARGEST}x{LARGEST} pixels",
                     "Use fewer layers that enlarge the image, or smaller strides and sizes.")
    return sizes


def transposed(values: Values, shape: Shape) -> Shape:
    """The sizes that a convolution with the same values would have read to give this image."""
    size, stride = values["kernel_size"], values["strides"]
    more = max(size - stride, 0) if values["padding"] == "valid" else 0
    return (*_enlarged(shape, lambda length: length * stride + more), values["filters"])


def upsampled(values: Values, shape: Shape) -> Shape:
    return (*_enlarged(shape, lambda length: length * values["size"]), shape[-1])


def global_pooling(rank: int) -> Rule:
    def rule(values: Values, shape: Shape) -> Shape:
        need(rank, shape)
        return (shape[-1],)
    return rule


def recurrent(values: Values, shape: Shape) -> Shape:
    need(2, shape)
    # Both directions side by side, unless they are added up.
    units = values["units"] * (2 if values.get("merge_mode") == "concat" else 1)
    return (shape[0], units) if values["return_sequences"] else (units,)


def embedding(values: Values, shape: Shape) -> Shape:
    return words_of(shape)[0], values["width"]


def words_of(shape: Shape) -> TextShape:
    """The shape of a sentence, whose words can be looked up. Raises `Misfit` for any other example."""
    if not isinstance(shape, TextShape):
        raise Misfit("needs sentences", "It looks up words, so it can only be the first layer, and only of a "
                     "dataset of sentences.")
    return shape


def pairs_of(shape: Shape) -> PairShape:
    """The shape of a user and an item, which can be looked up. Raises `Misfit` for any other example."""
    if not isinstance(shape, PairShape):
        raise Misfit("needs pairs of a user and an item", "It looks both up in tables, so it can only be the "
                     "first layer, and only of a dataset of ratings.")
    return shape


def factorization(values: Values, shape: Shape) -> Shape:
    pairs_of(shape)
    return (1,)


def pair_embedding(values: Values, shape: Shape) -> Shape:
    pairs_of(shape)
    return (2 * values["width"],)


def attention(values: Values, shape: Shape) -> Shape:
    need(2, shape)
    return shape


def residual(values: Values, shape: Shape) -> Shape:
    need(3, shape)
    return (*(slid(size, 3, values["strides"], "same") for size in shape[:-1]), values["filters"])
