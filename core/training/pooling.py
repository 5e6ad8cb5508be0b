"""Pooling: max pooling that stays fast inside a compiled loop on a CPU, with the same results as Keras's.

The gradient of XLA's `reduce_window` is slow there: 10 ms a step for a small network. Where windows do not
overlap, a reshape and a maximum with its own gradient stays fast. Average pooling is fast as it is.
"""

from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
import keras
from jaxtyping import Float, Int

from core.training.convolution import Images, around

# Where in its window each maximum stands.
Places = Int[Any, "n rows columns channels"]


class MaxPooling2D(keras.layers.MaxPooling2D):
    """`keras.layers.MaxPooling2D`; where windows overlap, or on a GPU, it runs Keras's own code."""

    def call(self, inputs: Images) -> Images:
        if not _plain(self):
            return super().call(inputs)
        return _window_maximum(tuple(self.pool_size), _fitted(self, inputs))


class GlobalAveragePooling1D(keras.layers.GlobalAveragePooling1D):
    """`keras.layers.GlobalAveragePooling1D`; a series that is all padding gives zeros, not 0 / 0.

    Such a series only fills a batch, with weight zero; but 0 times NaN would be NaN.
    """

    def call(self, inputs: Any, mask: Any = None) -> Any:
        if mask is None:
            return super().call(inputs)
        weights = jnp.asarray(mask, inputs.dtype)[..., None]
        return (inputs * weights).sum(1) / jnp.maximum(weights.sum(1), 1)


def _plain(layer: Any) -> bool:
    return (layer.pool_size == layer.strides and layer.data_format == "channels_last"
            and jax.default_backend() == "cpu")


def _fitted(layer: Any, x: Images) -> Images:
    """x cut to the size that the windows fill, or padded with values that are never a maximum."""
    (rows, columns), (_, height, width, _) = layer.pool_size, x.shape
    if layer.padding == "valid":
        return x[:, :height // rows * rows, :width // columns * columns, :]
    more = ((0, 0), around(height, rows, rows), around(width, columns, columns), (0, 0))
    return jnp.pad(x, more, constant_values=-jnp.inf)


@partial(jax.custom_vjp, nondiff_argnums=(0,))
def _window_maximum(window: tuple[int, int], x: Images) -> Images:
    """The maximum of each window, (n, height, width, channels); the windows fill the image."""
    return _windows(window, x).max(axis=(2, 4))


def _windows(window: tuple[int, int], x: Images) -> Float[Any, "n down rows across columns channels"]:
    """x as (n, rows of windows, rows, columns of windows, columns, channels)."""
    (rows, columns), (_, height, width, channels) = window, x.shape
    return x.reshape(x.shape[0], height // rows, rows, width // columns, columns, channels)


def _window_maximum_forward(window: tuple[int, int], x: Images) -> tuple[Images, Places]:
    """The maximum and its position in the window: the first of several equal ones, as in Keras.

    The position comes from comparing the window's values with each other, never with the maximum: XLA may
    compute x a second time for that, with other rounding, and then no value equals the maximum.
    """
    rows, columns = window
    values = _windows(window, x)
    best = values[:, :, 0, :, 0]
    place = jnp.zeros(best.shape, jnp.int32)
    for index in range(1, rows * columns):
        here = values[:, :, index // columns, :, index % columns]
        place = jnp.where(here > best, index, place)
        best = jnp.maximum(best, here)
    # Not `best` itself: as a maximum over axes of its own it takes a quarter less of a CNN's step.
    return _window_maximum(window, x), place


def _window_maximum_backward(window: tuple[int, int], place: Places, gradient: Images) -> tuple[Images]:
    """The gradient goes to the maximum's place alone. A sum over a mask of ties would be slower."""
    rows, columns = window
    n, height, width, channels = gradient.shape
    places = jnp.arange(rows * columns).reshape(1, 1, rows, 1, columns, 1)
    spread = jnp.where(place[:, :, None, :, None, :] == places, gradient[:, :, None, :, None, :], 0)
    return (spread.reshape(n, height * rows, width * columns, channels),)


_window_maximum.defvjp(_window_maximum_forward, _window_maximum_backward)
