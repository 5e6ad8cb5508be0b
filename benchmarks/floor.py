"""The matrix products that a network's training step cannot do without, and the time that they alone take.

A dense layer, and a convolution as patches times its kernel, makes three: its outputs, and the gradients of
its kernel and of its inputs; the first layer needs no gradient of its inputs. No activation, no pooling, no
gathering of patches, no optimizer: nobody who computes the same products goes faster.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from math import prod
from typing import Any

import numpy as np

from core.catalog.architectures import Layer, Shape

# Products for each gate in one; https://keras.io/api/layers/recurrent_layers/ names the gates.
GATES = {"SimpleRNN": 1, "LSTM": 4, "GRU": 3}
WEIGHTLESS = ("Flatten", "Reshape", "MaxPooling2D", "Dropout", "GlobalAveragePooling1D")
# Rows looked up in a table: no product, but what follows needs the gradient of its inputs.
TABLES = ("Embedding", "PlacedEmbedding")
# One measurement takes about so long: enough calls' worth to make starting it nothing.
SECONDS = 0.5
TRIAL_SECONDS = 0.05


@dataclass(frozen=True)
class Product:
    """`times` products of a (rows, inner) and an (inner, columns) matrix, one after another.

    transposed: which of the two lies in memory the other way round, "left", "right" or "".
    """

    rows: int
    inner: int
    columns: int
    transposed: str = ""
    times: int = 1

    @property
    def operations(self) -> int:
        """Multiplications and additions, all times."""
        return 2 * self.rows * self.inner * self.columns * self.times

    def ways(self) -> list["Product"]:
        """The same arithmetic with either matrix or the result lying the other way round."""
        flipped = Product(self.columns, self.inner, self.rows, times=self.times)
        return [replace(product, transposed=side)
                for product in (self, flipped) for side in ("", "left", "right")]

    def shapes(self) -> tuple[Shape, Shape]:
        """The two matrices as they lie in memory."""
        left, right = (self.rows, self.inner), (self.inner, self.columns)
        return (left[::-1] if self.transposed == "left" else left,
                right[::-1] if self.transposed == "right" else right)


def products(layers: Sequence[Layer], shape: Shape, units: int, batch_size: int) -> list[Product]:
    """The products of one training step. shape: of one example. Raises `KeyError` for an unknown layer."""
    found: list[Product] = []
    first = True
    for layer in [*layers, {"class_name": "Dense", "config": {"units": units}}]:
        name, config = layer["class_name"], layer["config"]
        if name in TABLES:
            shape, first = (shape[0], config["output_dim"]), False
        elif name in WEIGHTLESS:
            shape = _weightless(name, config, shape)
        else:
            shape, needed = _PRODUCTS[name](config, shape, batch_size, first)
            found, first = found + needed, False
    return found


# The shape behind a layer, and its products. first: whether nothing before it learns.
_Made = tuple[Shape, list[Product]]


def _dense(config: Mapping[str, Any], shape: Shape, batch_size: int, first: bool) -> _Made:
    units = config["units"]
    return (*shape[:-1], units), _three(batch_size * prod(shape[:-1]), shape[-1], units, first)


def _convolution(config: Mapping[str, Any], shape: Shape, batch_size: int, first: bool) -> _Made:
    height, width, channels = shape
    rows, columns = config["kernel_size"]
    if config.get("padding", "valid") == "valid":
        height, width = height - rows + 1, width - columns + 1
    return (height, width, config["filters"]), _three(
        batch_size * height * width, rows * columns * channels, config["filters"], first)


def _transposed(config: Mapping[str, Any], shape: Shape, batch_size: int, first: bool) -> _Made:
    """Each pixel is spread over a patch."""
    height, width, channels = shape
    (down, across), (rows, columns) = config["strides"], config["kernel_size"]
    return (height * down, width * across, config["filters"]), _three(
        batch_size * height * width, channels, rows * columns * config["filters"], first)


def _attention(config: Mapping[str, Any], shape: Shape, batch_size: int, first: bool) -> _Made:
    """A layer of a transformer's encoder.

    Queries, keys, values and outputs, and the two dense layers. Among them every step with every other: those
    products are counted as if one matrix served all examples and heads, which is faster than one for each.
    """
    steps, channels = shape
    rows, inner = batch_size * steps, config["num_heads"] * config["key_dim"]
    heads, key = rows * config["num_heads"], config["key_dim"]
    compared = [Product(heads, key, steps), *[Product(heads, steps, key)] * 2]
    return shape, [
        *_three(rows, channels, inner, first) * 3, *compared,
        Product(heads, steps, key), *[Product(heads, key, steps), Product(heads, steps, key)],
        *_three(rows, inner, channels, False),
        *_three(rows, channels, config["units"], False), *_three(rows, config["units"], channels, False)]


def _weightless(name: str, config: Mapping[str, Any], shape: Shape) -> Shape:
    if name == "Flatten":
        return (prod(shape),)
    if name == "GlobalAveragePooling1D":
        return shape[1:]
    if name == "Reshape":
        return tuple(config["target_shape"])
    if name == "MaxPooling2D":
        rows, columns = config["pool_size"]
        return (shape[0] // rows, shape[1] // columns, shape[2])
    return shape


def _three(rows: int, inputs: int, outputs: int, first: bool) -> list[Product]:
    """Outputs, gradient of the kernel, and gradient of the inputs unless it is the `first` layer."""
    found = [Product(rows, inputs, outputs), Product(inputs, rows, outputs, "left")]
    return found if first else [*found, Product(rows, outputs, inputs, "right")]


def _recurrent(gates: int, config: Mapping[str, Any], shape: Shape, batch_size: int, first: bool) -> _Made:
    """The inputs of all time steps at once, the memory's one after another, there and back."""
    (steps, features), units = shape, config["units"]
    rows, outputs = batch_size * steps, gates * units
    return (units,), [*_three(rows, features, outputs, first),
            Product(batch_size, units, outputs, times=steps),
            Product(batch_size, outputs, units, "right", times=steps),
            Product(units, rows, outputs, "left")]


_PRODUCTS: dict[str, Callable[[Mapping[str, Any], Shape, int, bool], _Made]] = {
    "Dense": _dense, "Conv2D": _convolution, "Conv2DTranspose": _transposed, "AttentionBlock": _attention,
    **{name: partial(_recurrent, gates) for name, gates in GATES.items()}}


class Floor:
    """The products of one training step, compiled as a loop over steps.

    Matrices of one shape share their memory: what a real step reads again, it may find in the cache.
    """

    def __init__(self, needed: Sequence[Product]):
        import jax
        self.products = tuple(needed)
        random = np.random.default_rng(0)
        # Small, so that what one product hands to the next neither grows nor dies away.
        lefts, rights = (
            {product.shapes()[side]: random.uniform(-1, 1, product.shapes()[side]).astype(np.float32)
             / product.inner for product in self.products} for side in (0, 1))
        results = [np.zeros((product.rows, product.columns), np.float32)
                   for product in self.products for _ in range(product.times)]
        self._arguments = [jax.device_put(array) for array in (lefts, rights, results)]
        self.compiled = jax.jit(self._loop).lower(np.int32(0), *self._arguments).compile()
        self._count = 1

    def seconds(self, about: float = SECONDS) -> float:
        """Seconds that the products of one step take: the mean over a loop of about this many seconds."""
        import jax
        while True:
            began = time.monotonic()
            jax.block_until_ready(self.compiled(np.int32(self._count), *self._arguments))
            passed = time.monotonic() - began
            if passed >= about / 2:
                return passed / self._count
            self._count = max(self._count + 1, int(self._count * min(100.0, about / max(passed, 1e-6))))

    def _loop(self, count: Any, lefts: Any, rights: Any, results: Any) -> Any:
        """`count` steps. Every product depends on the one before, and every result is kept.

        Otherwise a compiler takes a product out of the loop, or computes no more of it than is used.
        """
        import jax

        def step(_: Any, carry: Any) -> Any:
            rights, results = carry
            rights, value, made = dict(rights), results[-1][0, 0], []
            for product in self.products:
                left, right = product.shapes()
                sides = (0
                         if product.transposed == "left" else 1), (1 if product.transposed == "right" else 0)
                for _ in range(product.times):
                    rights[right] = rights[right].at[0, 0].set(value)
                    made.append(jax.lax.dot_general(lefts[left], rights[right],
                                                    ((sides[:1], sides[1:]), ((), ()))))
                    value = made[-1][0, 0]
            return rights, made

        return jax.lax.fori_loop(0, count, step, (rights, results))


def fastest(needed: Sequence[Product]) -> Floor:
    """The products, each in the fastest of the ways that its matrices can lie in memory."""
    chosen = {product: min(product.ways(), key=lambda way: Floor([way]).seconds(TRIAL_SECONDS))
              for product in dict.fromkeys(needed)}
    return Floor([chosen[product] for product in needed])
