"""Images changed at random, inside a compiled step: shifted, turned, zoomed, mirrored, with noise.

The draws are those of Keras's RandomTranslation, RandomRotation, RandomZoom, RandomFlip and GaussianNoise in
this order: uniform in plus or minus the amount, each image for itself. All of the geometry is one
resampling, bilinear, where a place outside the image has the value of the nearest edge.
"""

import math
from typing import Any

import jax
import jax.numpy as jnp


def augmented(x: Any, amounts: Any, key: Any) -> Any:
    """Images changed by up to `amounts`, all of which may be traced: float32 (n, height, width, channels).

    x: the same shape, pixels in 0..1. amounts: (5,), as `core.tables.augmentation.amounts` makes them; what
    is 0 does nothing. key: of jax.random. Noise may lead out of 0..1, as in Keras.
    """
    x, (places, noise) = jnp.asarray(x), jax.random.split(key)
    moved = jax.lax.cond(
        amounts[:4].any(),
        lambda: resampled(x, *transformations(x.shape[0], x.shape[1:3], amounts, places)), lambda: x)
    return jax.lax.cond(amounts[4] > 0,
                        lambda: moved + amounts[4] * normal(noise, x.shape),
                        lambda: moved)


def transformations(count: int, size: tuple[int, int], amounts: Any, key: Any) -> tuple[Any, Any]:
    """Where each image's pixels come from: matrix (n, 2, 2) and offset (n, 2), of (row, column).

    The pixel at place p, counted from the image's centre, takes the value at `matrix @ p + offset`,
    also from there. size: height and width. amounts, key: as those of `augmented`.
    """
    draws = jax.random.uniform(key, (6, count), minval=-1.0, maxval=1.0)
    shift, rotation, zoom, flip = amounts[0], amounts[1], amounts[2], amounts[3]
    offset = -shift * draws[:2] * jnp.array(size, jnp.float32)[:, None]
    angle, scale = jnp.deg2rad(rotation * draws[2]), 1 + zoom * draws[3]
    # The bits of the flip: 1 is left and right, 2 is top and bottom.
    columns = jnp.where((flip % 2 >= 1) & (draws[4] < 0), -scale, scale)
    rows = jnp.where((flip >= 2) & (draws[5] < 0), -scale, scale)
    cos, sin = jnp.cos(angle), jnp.sin(angle)
    # Keras's [[cos, -sin], [sin, cos]] is of (column, row): here of (row, column).
    matrix = jnp.stack([jnp.stack([cos * rows, sin * columns], -1),
                        jnp.stack([-sin * rows, cos * columns], -1)], -2)
    return matrix, offset.T


def resampled(x: Any, matrix: Any, offset: Any) -> Any:
    """Images as `transformations` says where their pixels come from, bilinear, edges repeated."""
    x = jnp.asarray(x)
    count, height, width, channels = x.shape
    centre = jnp.array([height - 1, width - 1], jnp.float32) / 2
    rows, columns = jnp.arange(height) - centre[0], jnp.arange(width) - centre[1]

    def source(axis: int, size: int) -> Any:
        """The coordinate along `axis` that each pixel is taken from, (n, height, width)."""
        place = (matrix[:, axis, 0, None, None] * rows[:, None] + matrix[:, axis, 1, None, None] * columns
                 + (offset[:, axis] + centre[axis])[:, None, None])
        return jnp.clip(place, 0, size - 1)

    row, column = source(0, height), source(1, width)
    # The last whole place has no neighbour beyond it: its own is one back, with all of the weight.
    top = jnp.minimum(jnp.floor(row), max(height - 2, 0)).astype(jnp.int32)
    left = jnp.minimum(jnp.floor(column), max(width - 2, 0)).astype(jnp.int32)
    down, right = (row - top)[..., None], (column - left)[..., None]
    flat = x.reshape(count, height * width, channels)
    image, start = jnp.arange(count)[:, None, None], top * width + left

    def at(step: int) -> Any:
        return flat.at[image, start + step].get(mode="promise_in_bounds")

    below, beside = (width if height > 1 else 0), (1 if width > 1 else 0)
    upper = at(0) * (1 - right) + at(beside) * right
    lower = at(below) * (1 - right) + at(below + beside) * right
    return upper * (1 - down) + lower * down


def normal(key: Any, shape: tuple[int, ...]) -> Any:
    """Normal random numbers, float32, as `jax.random.normal` draws them, but from a plainer hash.

    jax.random takes 20 ns a number in a compiled loop on a CPU, as long as a small network takes to learn
    from it. Source of the hash: Wellons, "Prospecting for Hash Functions", 2018, `lowbias32`.
    """
    first, second = jax.random.bits(key, (2,), jnp.uint32)
    numbers = jax.lax.iota(jnp.uint32, math.prod(shape))
    mixed = _mixed(_mixed(numbers + first) ^ second)
    # The middle of one of 2**23 parts of -1..1, which float32 holds exactly: never an end, so always finite.
    even = (mixed >> 9).astype(jnp.float32) * 2.0 ** -22 + (2.0 ** -23 - 1)
    return (math.sqrt(2) * jax.lax.erf_inv(even)).reshape(shape)


def _mixed(numbers: Any) -> Any:
    """uint32 numbers, each to another one, of which every bit depends on all of its bits."""
    numbers = (numbers ^ (numbers >> 16)) * jnp.uint32(0x7feb352d)
    numbers = (numbers ^ (numbers >> 15)) * jnp.uint32(0x846ca68b)
    return numbers ^ (numbers >> 16)
