"""Convolutions that keep their speed inside a compiled loop on a CPU, with Keras's own numbers.

XLA's CPU convolution loses its speed inside a loop (115 ms a step against 8 ms alone for a small network). A
convolution as patches times a matrix keeps it, and so does a depthwise one as a sum of shifted products.
"""

from typing import Any

import jax
import jax.numpy as jnp
import keras


class Conv2D(keras.layers.Conv2D):
    """`keras.layers.Conv2D`; with dilation, groups, or on a GPU, it is just that."""

    def convolution_op(self, inputs: Any, kernel: Any) -> Any:
        """inputs: (n, height, width, channels), kernel: (rows, columns, channels, filters)."""
        if not _plain(self):
            return super().convolution_op(inputs, kernel)
        return _convolution(inputs, jnp.asarray(kernel), self.strides, self.padding)


class Conv1D(keras.layers.Conv1D):
    """`keras.layers.Conv1D`; with dilation, groups, or on a GPU, it is just that."""

    def call(self, inputs: Any) -> Any:
        """inputs: (n, steps, channels)."""
        if not _plain(self):
            return super().call(inputs)
        padding = self.padding
        if padding == "causal":
            inputs, padding = jnp.pad(inputs, ((0, 0), (self.kernel_size[0] - 1, 0), (0, 0))), "valid"
        # As an image of one row.
        outputs = _convolution(inputs[:, None], jnp.asarray(self.kernel)[None], (1, *self.strides), padding)
        return _finished(self, outputs[:, 0])


class SeparableConv2D(keras.layers.SeparableConv2D):
    """`keras.layers.SeparableConv2D`; with dilation, several filters a channel, or on a GPU, just that."""

    def call(self, inputs: Any) -> Any:
        """inputs: (n, height, width, channels)."""
        if not _plain(self) or self.depth_multiplier != 1:
            return super().call(inputs)
        kernel, pointwise = jnp.asarray(self.depthwise_kernel), jnp.asarray(self.pointwise_kernel)
        rows, columns = kernel.shape[:2]
        shifted = _shifted(inputs, (rows, columns), self.strides, self.padding)
        depthwise = sum(one * kernel[place // columns, place % columns, :, 0]
                        for place, one in enumerate(shifted))
        return _finished(self, _product(depthwise, pointwise[0, 0]))


def _plain(layer: Any) -> bool:
    return (getattr(layer, "groups", 1) == 1 and all(rate == 1 for rate in layer.dilation_rate)
            and layer.data_format == "channels_last" and jax.default_backend() == "cpu")


def _finished(layer: Any, outputs: Any) -> Any:
    if layer.use_bias:
        outputs = outputs + jnp.asarray(layer.bias)
    return outputs if layer.activation is None else layer.activation(outputs)


def around(size: int, window: int, stride: int) -> tuple[int, int]:
    """Zeros before and after, for "same" padding: the odd one goes after."""
    missing = max(0, (-(-size // stride) - 1) * stride + window - size)
    return missing // 2, missing - missing // 2


def _shifted(inputs: Any, window: tuple[int, int], strides: tuple[int, ...], padding: str) -> list[Any]:
    """What each pixel of the window sees at all places of it: (n, rows, columns, channels) each."""
    pairs = list(zip(inputs.shape[1:3], window, strides, strict=True))
    if padding == "same":
        inputs = jnp.pad(inputs, ((0, 0), *(around(*pair) for pair in pairs), (0, 0)))
    height, width = ((size - one) // stride * stride + 1
                     for size, one, stride in zip(inputs.shape[1:3], window, strides, strict=True))
    return [inputs[:, row:row + height:strides[0], column:column + width:strides[1], :]
            for row in range(window[0]) for column in range(window[1])]


def _convolution(inputs: Any, kernel: Any, strides: tuple[int, ...], padding: str) -> Any:
    """inputs: (n, height, width, channels), kernel: (rows, columns, channels, filters)."""
    rows, columns, channels, filters = kernel.shape
    patches = jnp.concatenate(_shifted(inputs, (rows, columns), strides, padding), axis=-1)
    return _product(patches, kernel.reshape(rows * columns * channels, filters))


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
