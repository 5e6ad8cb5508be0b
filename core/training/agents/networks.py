"""The agents' networks: small Keras models of Dense layers, and Keras's Adam."""

from collections.abc import Callable, Sequence
from typing import Any

import jax
import jax.numpy as jnp
import keras
from jaxtyping import Float, Int

from core.training.initial import initial_values
from core.training.model import without_values

Weights = list[Float[Any, "..."]]
# A batch is learned from in parts of so many steps: any batch size runs through one compiled part.
PART = 64


class DenseNetwork:
    """A Keras model of Dense layers; it holds no values."""

    def __init__(self, name: str, width: int, hidden: Sequence[int], outputs: int, activation: str):
        layers = [keras.layers.Dense(units, activation, name=f"{name}_{number}")
                  for number, units in enumerate(hidden, 1)]
        with without_values():
            self.model = keras.Sequential([keras.Input((width,), name=f"{name}_inputs"), *layers,
                                           keras.layers.Dense(outputs, name=f"{name}_outputs")], name=name)

    @property
    def variables(self) -> list[Any]:
        return self.model.trainable_variables

    def __call__(self, weights: Weights, inputs: Float[Any, "some width"]) -> Float[Any, "some outputs"]:
        return self.model.stateless_call(weights, [], inputs, training=True)[0]


class Adam:
    """Keras's Adam for some variables; its learning rate is an argument."""

    def __init__(self, variables: list[Any]):
        self.optimizer = keras.optimizers.Adam()
        with without_values():
            self.optimizer.build(variables)

    def first(self, seed: int) -> Weights:
        return initial_values(self.optimizer.variables, seed)

    def apply(self, values: Weights, gradients: Weights, weights: Weights,
              learning_rate: Float[Any, ""]) -> tuple[Weights, Weights]:
        """The weights after a step, and the optimizer's own variables."""
        own = self.optimizer.learning_rate
        values = [learning_rate if variable is own else value
                  for variable, value in zip(self.optimizer.variables, values, strict=True)]
        return self.optimizer.stateless_apply(values, gradients, weights)


def summed(part: Callable[[Int[Any, ""]], tuple[Any, Float[Any, ""]]], like: Any,
           count: Int[Any, ""]) -> tuple[Any, Float[Any, ""]]:
    """The sum of gradients and squared errors over all parts of a batch of `count` steps.

    part: gives those of one part by its number. like: weights.
    """
    def add(number: Int[Any, ""], sums: tuple[Any, Float[Any, ""]]) -> tuple[Any, Float[Any, ""]]:
        return jax.tree.map(jnp.add, sums, part(number))

    nothing = jax.tree.map(jnp.zeros_like, like), jnp.float32(0)
    return jax.lax.fori_loop(0, (count + PART - 1) // PART, add, nothing)
