"""Keras layers whose arithmetic is fast inside a compiled loop on a CPU, with Keras's own numbers.

XLA's CPU convolution loses its speed inside a loop (115 ms a step against 8 ms alone for a small
network), and so does the gradient of `reduce_window`. A convolution as patches times a matrix, and
pooling as reshape and maximum, keep it.
"""

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
        return jnp.concatenate(patches, axis=-1) @ kernel.reshape(rows * columns * channels, filters)


class MaxPooling2D(keras.layers.MaxPooling2D):
    """`keras.layers.MaxPooling2D`; where windows overlap or are padded, it is just that."""

    def call(self, inputs: Any) -> Any:
        plain = (self.pool_size == self.strides and self.padding == "valid"
                 and self.data_format == "channels_last" and jax.default_backend() == "cpu")
        if not plain:
            return super().call(inputs)
        (rows, columns), (_, height, width, channels) = self.pool_size, inputs.shape
        height, width = height // rows, width // columns
        cropped = inputs[:, :height * rows, :width * columns, :]
        return cropped.reshape(-1, height, rows, width, columns, channels).max(axis=(2, 4))


def _around(size: int) -> tuple[int, int]:
    """Zeros before and after, for "same" padding with stride 1: the odd one goes after."""
    return (size - 1) // 2, size // 2


LAYERS: dict[str, type[keras.layers.Layer]] = {"Conv2D": Conv2D, "MaxPooling2D": MaxPooling2D}
