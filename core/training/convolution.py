"""Convolutions that stay fast inside a compiled loop on a CPU, with the same results as Keras's.

XLA's CPU convolution is slow inside a loop (115 ms a step for a small network, 8 ms outside). Written as
patches times a matrix, a convolution stays fast; so does a depthwise one, written as a sum of shifted
products.
"""

from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
import keras
from jaxtyping import Float

Pair = tuple[int, int]
Images = Float[Any, "n height width channels"]
Series = Float[Any, "n steps channels"]
# Of each place of a window: its pixels times the channels.
Patches = Float[Any, "n height width values"]
Kernel = Float[Any, "rows columns channels filters"]


class Conv2D(keras.layers.Conv2D):
    """`keras.layers.Conv2D`; with dilation, groups, or on a GPU, it runs Keras's own code."""

    def convolution_op(self, inputs: Images, kernel: Kernel) -> Images:
        if not _plain(self):
            return super().convolution_op(inputs, kernel)
        return _convolution(inputs, jnp.asarray(kernel), self.strides, self.padding)


class Conv2DTranspose(keras.layers.Conv2DTranspose):
    """`keras.layers.Conv2DTranspose`; with dilation, or on a GPU, it runs Keras's own code."""

    def call(self, inputs: Images) -> Images:
        if not _plain(self) or self.output_padding is not None:
            return super().call(inputs)
        return _finished(self, _transposed(inputs, jnp.asarray(self.kernel), self.strides, self.padding))


class Conv1D(keras.layers.Conv1D):
    """`keras.layers.Conv1D`; with dilation, groups, or on a GPU, it runs Keras's own code."""

    def call(self, inputs: Series) -> Series:
        if not _plain(self):
            return super().call(inputs)
        padding = self.padding
        if padding == "causal":
            inputs, padding = jnp.pad(inputs, ((0, 0), (self.kernel_size[0] - 1, 0), (0, 0))), "valid"
        # Treated as an image with a single row.
        outputs = _convolution(inputs[:, None], jnp.asarray(self.kernel)[None], (1, *self.strides), padding)
        return _finished(self, outputs[:, 0])


class SeparableConv2D(keras.layers.SeparableConv2D):
    """`keras.layers.SeparableConv2D`; with dilation, several filters a channel, or on a GPU, Keras's own."""

    def call(self, inputs: Images) -> Images:
        if not _plain(self) or self.depth_multiplier != 1:
            return super().call(inputs)
        kernel, pointwise = jnp.asarray(self.depthwise_kernel), jnp.asarray(self.pointwise_kernel)
        rows, columns = kernel.shape[:2]
        filled = _filled(inputs, (rows, columns), self.strides, self.padding)
        shifted = _shifted(filled, (rows, columns), self.strides)
        depthwise = sum(pixels * kernel[place // columns, place % columns, :, 0]
                        for place, pixels in enumerate(shifted))
        return _finished(self, _product(depthwise, pointwise[0, 0]))


def _plain(layer: Any) -> bool:
    return (getattr(layer, "groups", 1) == 1 and all(rate == 1 for rate in layer.dilation_rate)
            and layer.data_format == "channels_last" and jax.default_backend() == "cpu")


def _finished(layer: Any, outputs: Float[Any, "n *places filters"]) -> Float[Any, "n *places filters"]:
    if layer.use_bias:
        outputs = outputs + jnp.asarray(layer.bias)
    return outputs if layer.activation is None else layer.activation(outputs)


def around(size: int, window: int, stride: int) -> tuple[int, int]:
    """Zeros before and after, for "same" padding: the odd one goes after."""
    missing = max(0, (-(-size // stride) - 1) * stride + window - size)
    return missing // 2, missing - missing // 2


def _filled(inputs: Images, window: Pair, strides: tuple[int, ...], padding: str) -> Images:
    """inputs with the zeros around them that the padding asks for."""
    if padding != "same":
        return inputs
    pairs = zip(inputs.shape[1:3], window, strides, strict=True)
    return jnp.pad(inputs, ((0, 0), *(around(*pair) for pair in pairs), (0, 0)))


def _seen(inputs: Images, axis: int, window: int, stride: int) -> list[Images]:
    """The pixels that each position of a window sees along one axis."""
    last = (inputs.shape[axis] - window) // stride * stride
    return [jax.lax.slice_in_dim(inputs, place, place + last + 1, stride, axis) for place in range(window)]


def _shifted(inputs: Images, window: Pair, strides: Pair) -> list[Images]:
    """The image pixels that each pixel of the window sees, at all positions."""
    return [column for row in _seen(inputs, 1, window[0], strides[0])
            for column in _seen(row, 2, window[1], strides[1])]


@partial(jax.custom_vjp, nondiff_argnums=(1, 2))
def _patches(inputs: Images, window: Pair, strides: Pair) -> Patches:
    """The patches that the window sees at all its positions.

    Done in two rounds: 6 pieces for 3 x 3 pixels where one round has 9, and each piece takes time to compile.
    """
    columns = jnp.concatenate(_seen(inputs, 2, window[1], strides[1]), axis=-1)
    return jnp.concatenate(_seen(columns, 1, window[0], strides[0]), axis=-1)


def _patches_forward(inputs: Images, window: Pair, strides: Pair) -> tuple[Patches, Images]:
    return _patches(inputs, window, strides), inputs


def _patches_backward(window: Pair, strides: Pair, inputs: Images, gradient: Patches) -> tuple[Images]:
    """Adds up, in a single loop, the contributions of all window positions to each pixel."""
    return jax.vjp(lambda x: jnp.concatenate(_shifted(x, window, strides), axis=-1), inputs)[1](gradient)


_patches.defvjp(_patches_forward, _patches_backward)


@partial(jax.custom_vjp, nondiff_argnums=(1, 2, 3))
def _written(patches: Patches, sizes: Pair, window: Pair, strides: Pair) -> Images:
    """Images of these sizes, with the patches added up where the window sees them: `_patches` transposed."""
    filters = patches.shape[-1] // (window[0] * window[1])
    like = jax.ShapeDtypeStruct((patches.shape[0], *sizes, filters), patches.dtype)
    return jax.linear_transpose(
        lambda x: jnp.concatenate(_shifted(x, window, strides), axis=-1), like)(patches)[0]


_written.defvjp(lambda patches, sizes, window, strides: (_written(patches, sizes, window, strides), None),
                lambda sizes, window, strides, _, gradient: (_patches(gradient, window, strides),))


def _transposed(inputs: Images, kernel: Float[Any, "rows columns filters channels"],
                strides: tuple[int, ...], padding: str) -> Images:
    """The gradient, by its images, of a convolution with this kernel; `inputs` is that by what it gives.

    Sizes and padding as in Keras's `compute_conv_transpose_padding_args_for_jax`.
    """
    rows, columns, filters, channels = kernel.shape
    window, (down, across) = (rows, columns), strides
    written = _product(inputs, kernel.reshape(rows * columns * filters, channels).T)
    whole = tuple((size - 1) * stride + side
                  for size, side, stride in zip(inputs.shape[1:3], window, strides, strict=True))
    image: Any = _written(written, (whole[0], whole[1]), window, (down, across))
    edges = [_cut(*axis, padding) for axis in zip(inputs.shape[1:3], window, strides, strict=True)]
    # Negative: pixels outside the image are cut off; positive: no filter reaches the last ones.
    return jax.lax.pad(image, jnp.zeros((), image.dtype), ((0, 0, 0), *edges, (0, 0, 0)))


def _cut(size: int, window: int, stride: int, padding: str) -> tuple[int, int, int]:
    """Pixels to add before, after and between the (size - 1) * stride + window that filters write on."""
    if padding == "valid":
        return 0, max(stride - window, 0), 0
    more = stride + window - 2
    before = min(more // 2 + more % 2, window - 1) - (window - 1)
    return before, stride - window - before, 0


def _convolution(inputs: Images, kernel: Kernel, strides: tuple[int, ...], padding: str) -> Images:
    rows, columns, channels, filters = kernel.shape
    window, (down, across) = (rows, columns), strides
    patches = _patches(_filled(inputs, window, strides, padding), window, (down, across))
    return _product(patches, kernel.reshape(rows * columns * channels, filters))


@jax.custom_vjp
def _product(patches: Float[Any, "*places inputs"],
             kernel: Float[Any, "inputs filters"]) -> Float[Any, "*places filters"]:
    return patches @ kernel


def _product_backward(factors: tuple[Any, Any], gradient: Float[Any, "*places filters"]) -> tuple[Any, Any]:
    """The kernel's gradient as the transpose of a product that XLA's matrix library computes faster."""
    patches, kernel = factors
    rows, flat = patches.reshape(-1, patches.shape[-1]), gradient.reshape(-1, gradient.shape[-1])
    return gradient @ kernel.T, (flat.T @ rows).T


_product.defvjp(lambda patches, kernel: (patches @ kernel, (patches, kernel)), _product_backward)
