"""Keras layers whose arithmetic is fast inside a compiled loop on a CPU, with Keras's own numbers.

XLA's CPU convolution loses its speed inside a loop (115 ms a step against 8 ms alone for a small
network), and so does the gradient of `reduce_window`. A convolution as patches times a matrix, and
pooling as reshape and maximum with a gradient of its own, keep it. A dropout rate can be an argument of
the compiled program, so that another rate compiles nothing.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
import keras


class Conv2D(keras.layers.Conv2D):
    """`keras.layers.Conv2D`; with strides or dilation, groups, or on a GPU, it is just that."""

    def convolution_op(self, inputs: Any, kernel: Any) -> Any:
        """inputs: (n, height, width, channels), kernel: (rows, columns, channels, filters)."""
        plain = (all(stride == 1 for stride in self.strides) and self.groups == 1
                 and all(rate == 1 for rate in self.dilation_rate)
                 and self.data_format == "channels_last" and jax.default_backend() == "cpu")
        if not plain:
            return super().convolution_op(inputs, kernel)
        kernel = jnp.asarray(kernel)
        rows, columns, channels, filters = kernel.shape
        if self.padding == "same":
            inputs = jnp.pad(inputs, ((0, 0), _around(rows), _around(columns), (0, 0)))
        height, width = inputs.shape[1] - rows + 1, inputs.shape[2] - columns + 1
        patches = [inputs[:, row:row + height, column:column + width, :]
                   for row in range(rows) for column in range(columns)]
        return _product(jnp.concatenate(patches, axis=-1), kernel.reshape(rows * columns * channels, filters))


@jax.custom_vjp
def _product(patches: Any, kernel: Any) -> Any:
    """(..., inputs) times (inputs, filters)."""
    return patches @ kernel


def _product_backward(factors: tuple[Any, Any], gradient: Any) -> tuple[Any, Any]:
    """The kernel's gradient as the transpose of one that XLA's matrix library is quicker at."""
    patches, kernel = factors
    rows, flat = patches.reshape(-1, patches.shape[-1]), gradient.reshape(-1, gradient.shape[-1])
    return gradient @ kernel.T, (flat.T @ rows).T


_product.defvjp(lambda patches, kernel: (patches @ kernel, (patches, kernel)), _product_backward)


class MaxPooling2D(keras.layers.MaxPooling2D):
    """`keras.layers.MaxPooling2D`; where windows overlap or are padded, it is just that."""

    def call(self, inputs: Any) -> Any:
        plain = (self.pool_size == self.strides and self.padding == "valid"
                 and self.data_format == "channels_last" and jax.default_backend() == "cpu")
        if not plain:
            return super().call(inputs)
        (rows, columns), (_, height, width, _) = self.pool_size, inputs.shape
        cropped = inputs[:, :height // rows * rows, :width // columns * columns, :]
        return _window_maximum(tuple(self.pool_size), cropped)


@partial(jax.custom_vjp, nondiff_argnums=(0,))
def _window_maximum(window: tuple[int, int], x: Any) -> Any:
    """The maximum of each window: (n, height, width, channels), which windows fill, to one a window."""
    return _windows(window, x).max(axis=(2, 4))


def _windows(window: tuple[int, int], x: Any) -> Any:
    """x as (n, rows of windows, rows, columns of windows, columns, channels)."""
    (rows, columns), (_, height, width, channels) = window, x.shape
    return x.reshape(x.shape[0], height // rows, rows, width // columns, columns, channels)


def _window_maximum_forward(window: tuple[int, int], x: Any) -> tuple[Any, Any]:
    """The maximum, and where in its window it stands: the first of several, as Keras takes it."""
    maximum: Any = _window_maximum(window, x)
    rows, columns = window
    place = jnp.full(maximum.shape, rows * columns - 1)
    for index in reversed(range(rows * columns - 1)):
        here = x[:, index // columns::rows, index % columns::columns, :]
        place = jnp.where(here == maximum, index, place)
    return maximum, place


def _window_maximum_backward(window: tuple[int, int], place: Any, gradient: Any) -> tuple[Any]:
    """The gradient goes to the maximum's place alone. A sum over a mask of ties would be slower."""
    rows, columns = window
    n, height, width, channels = gradient.shape
    places = jnp.arange(rows * columns).reshape(1, 1, rows, 1, columns, 1)
    spread = jnp.where(place[:, :, None, :, None, :] == places, gradient[:, :, None, :, None, :], 0)
    return (spread.reshape(n, height * rows, width * columns, channels),)


_window_maximum.defvjp(_window_maximum_forward, _window_maximum_backward)


_dropout_rate: ContextVar[Any] = ContextVar("dropout_rate", default=None)


@contextmanager
def dropout_rate(rate: Any) -> Iterator[None]:
    """Every `Dropout` called within uses `rate`, a number or a traced one, unless its own is 0."""
    token = _dropout_rate.set(rate)
    try:
        yield
    finally:
        _dropout_rate.reset(token)


class Dropout(keras.layers.Dropout):
    """`keras.layers.Dropout`, with the same masks; within `dropout_rate`, at that rate."""

    def call(self, inputs: Any, training: bool = False) -> Any:
        rate = _dropout_rate.get()
        if rate is None or not training or not self.rate:
            return super().call(inputs, training=training)
        kept = 1 - rate
        mask = keras.random.uniform(inputs.shape, seed=self.seed_generator) < kept
        return jnp.where(mask, inputs / kept, 0)


def _around(size: int) -> tuple[int, int]:
    """Zeros before and after, for "same" padding with stride 1: the odd one goes after."""
    return (size - 1) // 2, size // 2


LAYERS: dict[str, type[keras.layers.Layer]] = {
    "Conv2D": Conv2D, "MaxPooling2D": MaxPooling2D, "Dropout": Dropout}
