"""Batch normalization that ignores the examples that only pad the last batch."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import jax.numpy as jnp
import keras

_weights: ContextVar[Any] = ContextVar("example_weights", default=None)


@contextmanager
def example_weights(weights: Any) -> Iterator[None]:
    """Layers called inside that mix examples weight each by `weights`, (n,): 1, or 0 for padding."""
    token = _weights.set(weights)
    try:
        yield
    finally:
        _weights.reset(token)


class BatchNormalization(keras.layers.BatchNormalization):
    """`keras.layers.BatchNormalization`; within `example_weights`, it counts only the real examples.

    Keras's own way of leaving out values, a mask, fails for a single channel. Masked steps are left out, too.

    Attributes:
        frozen: whether it is not trained: then it uses its running statistics, as Keras's does where it is
            not trainable.
    """

    frozen = False

    def call(self, inputs: Any, training: Any = None, mask: Any = None) -> Any:
        return super().call(inputs, training=training and not self.frozen, mask=mask)

    def _moments(self, inputs: Any, mask: Any) -> tuple[Any, Any]:
        """Mean and variance of each channel, (channels,), over all other axes."""
        weights = _weights.get()
        if weights is None:
            return super()._moments(inputs, mask)
        weights = weights.reshape(-1, *(1,) * (inputs.ndim - 1))
        axes = tuple(range(inputs.ndim - 1))
        if mask is not None:
            weights = weights * jnp.asarray(mask, inputs.dtype)[..., None]
        count = weights.sum() * (inputs[0, ..., 0].size // (1 if mask is None else mask[0].size))
        mean = (inputs * weights).sum(axes) / count
        return mean, (jnp.square(inputs - mean) * weights).sum(axes) / count
