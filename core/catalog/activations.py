"""The activation functions on offer, under Keras's names, with their formulas in NumPy for pictures."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.special import erf, expit

Function = Callable[[np.ndarray], np.ndarray]

# Klambauer et al., "Self-Normalizing Neural Networks", 2017, section 2.
SELU_ALPHA, SELU_SCALE = 1.6732632423543772, 1.0507009873554805


@dataclass(frozen=True)
class Activation:
    """One activation. `function` maps float arrays to float arrays of the same shape."""

    name: str
    help: str
    function: Function


def slope(function: Function, x: np.ndarray, width: float = 1e-4) -> np.ndarray:
    """The slope of `function` at `x`, by central differences."""
    return (function(x + width) - function(x - width)) / (2 * width)


_ENTRIES = (
    Activation("relu", "`max(0, x)`: zero below zero, the identity above. Fast, and the usual first choice. "
               "A unit whose sum is below zero for every example is dead: it has no slope to learn by.",
               lambda x: np.maximum(x, 0)),
    Activation("leaky_relu", "`x`, or `0.2 x` below zero: like relu, but with a slope there, so that no unit "
               "dies.",
               lambda x: np.where(x > 0, x, 0.2 * x)),
    Activation("elu", "`x`, or `exp(x) - 1` below zero, where it tends to -1; smooth, and keeps the mean "
               "output near zero.",
               lambda x: np.where(x > 0, x, np.expm1(np.minimum(x, 0)))),
    Activation("selu", "elu, scaled so that the outputs of deep stacks stay at mean 0 and variance 1. Made "
               "for the lecun_normal initializer.",
               lambda x: SELU_SCALE * np.where(x > 0, x, SELU_ALPHA * np.expm1(np.minimum(x, 0)))),
    Activation("gelu", "`x P(X < x)`: weighs the input by how likely a normal number lies below it; smooth, "
               "and usual in transformers.",
               lambda x: x * 0.5 * (1 + erf(x / np.sqrt(2)))),
    Activation("silu", "`x sigmoid(x)`, also called swish: like a relu without its corner; dips a little "
               "below zero.",
               lambda x: x * expit(x)),
    Activation("tanh", "Squeezes to -1..1 around zero. The usual choice in recurrent networks. Large sums "
               "are all the same to it: its slope tends to zero there.",
               np.tanh),
    Activation("sigmoid", "`1 / (1 + exp(-x))`: squeezes to 0..1. Its slope is at most 0.25, so that usually "
               "little of the gradient is left after a few layers: deep stacks learn slowly.",
               expit),
    Activation("softplus", "`log(1 + exp(x))`: a smooth relu that is never exactly zero.",
               lambda x: np.logaddexp(0, x)),
    Activation("linear", "`x`: no activation at all. However many layers, the network stays linear.",
               lambda x: x),
)

ACTIVATIONS: dict[str, Activation] = {entry.name: entry for entry in _ENTRIES}
