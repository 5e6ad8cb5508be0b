"""Random changes to images inside the compiled step: shift, turn, zoom, flip, noise.

The same as Keras's RandomTranslation, RandomRotation, RandomZoom, RandomFlip and GaussianNoise, one after the
other: drawn uniformly between plus and minus the amount, separately for each image. The first three resample
bilinearly; a point outside the image has the value of the nearest edge. Resampling once for all three would
blur small images less, but then an exported script, which uses Keras's layers, would reach a lower accuracy
than its run.
"""

import math
from typing import Any

import jax
import jax.numpy as jnp


def augmented(x: Any, amounts: Any, key: Any) -> Any:
    """Images changed by up to `amounts`, which may be traced: float32 (n, height, width, channels).

    x: the same shape, pixels in 0..1. amounts: (5,), from `core.catalog.augmentation.amounts`; 0 changes
    nothing. key: of jax.random. Noise may go beyond 0..1, as in Keras.
    """
    x, amounts, (places, noise) = jnp.asarray(x), jnp.asarray(amounts), jax.random.split(key)
    luck = draws(x.shape[0], places)
    matrices, offsets = transformations(x.shape[1:3], amounts, luck)

    def moved(place: Any, x: Any) -> Any:
        return jax.lax.cond(amounts[place] > 0,
                            lambda: resampled(x, matrices[place], offsets[place]), lambda: x)

    # A loop, since it compiles its body once.
    x = flipped(jax.lax.fori_loop(0, 3, moved, x), amounts[3], luck)
    return jax.lax.cond(amounts[4] > 0, lambda: x + amounts[4] * normal(noise, x.shape), lambda: x)


def draws(count: int, key: Any) -> Any:
    """The random factor of each change for each image, -1..1, (6, count): down, right, turn, zoom, and flips.

    Below 0, it is flipped left to right, or top to bottom. All are drawn at once, since each draw takes long
    to compile.
    """
    return jax.random.uniform(key, (6, count), minval=-1.0, maxval=1.0)


def transformations(size: tuple[int, int], amounts: Any, luck: Any) -> tuple[Any, Any]:
    """Where each image's pixels come from when it is shifted, turned and zoomed, as (row, column).

    Matrices (3, n, 2, 2) and offsets (3, n, 2): the pixel at position p, counted from the image's centre,
    gets the value at `matrix @ p + offset`, counted from there too. size: height and width. luck: from
    `draws`.
    """
    count, plain = luck.shape[1], jnp.zeros((luck.shape[1], 2))
    offset = -amounts[0] * luck[:2].T * jnp.array(size, jnp.float32)
    angle, scale = jnp.deg2rad(amounts[1] * luck[2]), 1 + amounts[2] * luck[3]
    cos, sin = jnp.cos(angle), jnp.sin(angle)
    # Keras's [[cos, -sin], [sin, cos]] is of (column, row): here of (row, column).
    turn = jnp.stack([jnp.stack([cos, sin], -1), jnp.stack([-sin, cos], -1)], -2)
    shift = jnp.broadcast_to(jnp.eye(2), (count, 2, 2))
    return jnp.stack([shift, turn, scale[:, None, None] * jnp.eye(2)]), jnp.stack([offset, plain, plain])


def flipped(x: Any, flip: Any, luck: Any) -> Any:
    """Every second image mirrored. flip: of its bits 1 is left and right, 2 is top and bottom."""
    sides = (luck[4:] < 0)[..., None, None, None]
    x = jnp.where((flip % 2 >= 1) & sides[0], x[:, :, ::-1], x)
    return jnp.where((flip >= 2) & sides[1], x[:, ::-1], x)


def resampled(x: Any, matrix: Any, offset: Any) -> Any:
    """Images whose pixels come from where `matrix` and `offset` say; bilinear, with repeated edges."""
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
    """Normal random numbers, float32, as `jax.random.normal` draws them, but from a simpler hash.

    In a compiled loop on a CPU, jax.random takes 20 ns per number, as long as a small network takes to learn
    from it. Source of the hash: Wellons, "Prospecting for Hash Functions", 2018, `lowbias32`.
    """
    first, second = jax.random.bits(key, (2,), jnp.uint32)
    numbers = jax.lax.iota(jnp.uint32, math.prod(shape))
    mixed = _mixed(_mixed(numbers + first) ^ second)
    # The middle of one of 2**23 parts of -1..1, which float32 holds exactly: never an end, so always finite.
    even = (mixed >> 9).astype(jnp.float32) * 2.0 ** -22 + (2.0 ** -23 - 1)
    return (math.sqrt(2) * jax.lax.erf_inv(even)).reshape(shape)


def _mixed(numbers: Any) -> Any:
    """A hash of uint32 numbers: every bit of the result depends on all bits of the number."""
    numbers = (numbers ^ (numbers >> 16)) * jnp.uint32(0x7feb352d)
    numbers = (numbers ^ (numbers >> 15)) * jnp.uint32(0x846ca68b)
    return numbers ^ (numbers >> 16)
