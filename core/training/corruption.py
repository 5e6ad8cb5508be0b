"""Damages the inputs of a network that has to give them back: noise, masked patches, hidden words.

P. Vincent and others, "Extracting and Composing Robust Features with Denoising Autoencoders", 2008.
T. Mikolov and others, "Efficient Estimation of Word Representations in Vector Space", 2013, section 3.1:
a word is guessed from the average of those around it.
"""

from typing import Any

import jax
import jax.numpy as jnp
from jaxtyping import Float, Int32, UInt32

from core.datasets.hidden_words import GAP, hidden

# Patches along the side of an image, and stretches along a series.
PATCHES = 7


def corrupted(x: Float[Any, "n *shape"], amounts: Float[Any, "2"],
              key: UInt32[Any, "2"]) -> Float[Any, "n *shape"]:
    """Prepared inputs with noise, of which a share is then set to 0.

    amounts: the noise's standard deviation, and that share; may be traced, 0 changes nothing. What
    is set to 0: patches of an image, in all its channels; stretches of a series; single columns of a table.
    """
    noise, mask = jax.random.split(key)
    places, sizes = x.shape[1:-1] or x.shape[1:], []
    for size in places:
        sizes.append(max(2, size // PATCHES) if x.ndim > 2 else 1)
    cells = [-(-size // patch) for size, patch in zip(places, sizes, strict=True)]
    hidden = jax.random.uniform(mask, (x.shape[0], *cells)) < amounts[1]
    for axis, (size, patch) in enumerate(zip(places, sizes, strict=True), 1):
        hidden = jax.lax.slice_in_dim(jnp.repeat(hidden, patch, axis), 0, size, axis=axis)
    hidden = hidden.reshape(*hidden.shape, *(1,) * (x.ndim - hidden.ndim))
    return jnp.where(hidden, 0.0, x + amounts[0] * jax.random.normal(noise, x.shape))


def with_gaps(x: Float[Any, "n length"], share: Float[Any, ""],
              key: UInt32[Any, "2"]) -> tuple[Float[Any, "n length"], Int32[Any, "n length"]]:
    """Sentences with gaps, and the numbers of the words that were there, 0 elsewhere.

    x: words by number. share: of the words that are hidden, see `core.datasets.hidden_words.hidden`.
    """
    places = hidden(x, jax.random.uniform(key, x.shape), share, jnp)
    return jnp.where(places, float(GAP), x), jnp.where(places, x, 0.0).astype(jnp.int32)
