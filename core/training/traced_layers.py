"""Layers and penalties whose numbers can be arguments of a compiled program, with Keras's own arithmetic.

Within `layer_numbers(values)`, each one uses the element of `values` at its `place` (see
`core.catalog.stacks`) instead of its own number. If its own number is 0, it does nothing, as in Keras.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import jax.numpy as jnp
import keras

_values: ContextVar[Any] = ContextVar("layer_numbers", default=None)


@contextmanager
def layer_numbers(values: Any) -> Iterator[None]:
    """All layers called inside take their numbers from `values`: (numbers,), an array or traced."""
    token = _values.set(values)
    try:
        yield
    finally:
        _values.reset(token)


def _number(own: float) -> Any:
    """The number to use now: `own`, or the traced one at its place."""
    values, place = _values.get(), getattr(own, "place", None)
    return own if values is None or place is None else values[place]


class _Argument:
    """A traced number above zero that a Keras optimizer takes for its own.

    Keras asks whether some of its numbers are 0, which a traced number cannot answer. That it stays above 0
    is part of the program.
    """

    def __init__(self, value: Any):
        self._value = value

    def __jax_array__(self) -> Any:
        return self._value

    def __gt__(self, other: float) -> bool:
        return True

    def __ne__(self, other: object) -> bool:
        return True

    def __rsub__(self, other: float) -> Any:
        return other - self._value

    def __mul__(self, other: Any) -> Any:
        return self._value * other

    __rmul__ = __mul__


@contextmanager
def optimizer_numbers(optimizer: Any, values: Mapping[str, Any]) -> Iterator[None]:
    """Code traced inside uses `values` for the optimizer's own parameters with these names."""
    own = {name: getattr(optimizer, name) for name in values}
    for name, value in values.items():
        setattr(optimizer, name, _Argument(value))
    try:
        yield
    finally:
        for name, value in own.items():
            setattr(optimizer, name, value)


class Dropout(keras.layers.Dropout):
    """`keras.layers.Dropout` with the same masks, at a rate that may be traced."""

    def call(self, inputs: Any, training: bool = False) -> Any:
        if not training or not self.rate:
            return inputs
        return _dropped(inputs, _number(self.rate), inputs.shape, self.seed_generator)


class SpatialDropout2D(keras.layers.SpatialDropout2D):
    """`keras.layers.SpatialDropout2D` with the same masks, at a rate that may be traced."""

    def call(self, inputs: Any, training: bool = False) -> Any:
        if not training or not self.rate:
            return inputs
        return _dropped(inputs, _number(self.rate), self._get_noise_shape(inputs), self.seed_generator)


class GaussianNoise(keras.layers.GaussianNoise):
    """`keras.layers.GaussianNoise` with the same noise, at a deviation that may be traced."""

    def call(self, inputs: Any, training: bool = False) -> Any:
        if not training or not self.stddev:
            return inputs
        noise = keras.random.normal(inputs.shape, dtype=self.compute_dtype, seed=self.seed_generator)
        return inputs + _number(self.stddev) * noise


def _dropped(inputs: Any, rate: Any, shape: tuple[int, ...], seed: Any) -> Any:
    kept = 1 - rate
    mask = keras.random.uniform(shape, seed=seed) < kept
    return jnp.where(mask, inputs / kept, 0)


@keras.saving.register_keras_serializable(package="playground")
class Penalty(keras.regularizers.L1L2):
    """`keras.regularizers.L1L2` with strengths that may be traced.

    places: of l1 and l2 among the stack's numbers. They are part of its config, because some Keras layers
    serialize the layer inside them and read it again.
    """

    def __init__(self, l1: float, l2: float, places: tuple[int, int]):
        super().__init__(l1, l2)
        self.places = tuple(places)

    def __call__(self, x: Any) -> Any:
        values, sums = _values.get(), jnp.zeros((), x.dtype)
        l1, l2 = (self.l1, self.l2) if values is None else (values[place] for place in self.places)
        if self.l1:
            sums += l1 * jnp.abs(x).sum()
        if self.l2:
            sums += l2 * jnp.square(x).sum()
        return sums

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "places": list(self.places)}
