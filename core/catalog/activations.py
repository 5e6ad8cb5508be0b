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
    Activation("relu", "`max(0, x)`: zero for negative sums, unchanged otherwise. Fast, and the usual first "
               "choice. A unit whose sum is below zero for every example is dead: its slope is zero, so it "
               "cannot learn.",
               lambda x: np.maximum(x, 0)),
    Activation("leaky_relu", "`x`, or `0.2 x` below zero: like relu, but with a slope below zero too, so "
               "that no unit dies.",
               lambda x: np.where(x > 0, x, 0.2 * x)),
    Activation("elu", "`x`, or `exp(x) - 1` below zero, where it approaches -1. It is smooth and keeps the "
               "mean output near zero.",
               lambda x: np.where(x > 0, x, np.expm1(np.minimum(x, 0)))),
    Activation("selu", "elu, scaled so that the outputs of many layers keep mean 0 and variance 1. Made for "
               "the lecun_normal initializer.",
               lambda x: SELU_SCALE * np.where(x > 0, x, SELU_ALPHA * np.expm1(np.minimum(x, 0)))),
    Activation("gelu", "`x P(X < x)`: multiplies the input by the probability that a standard normal number "
               "lies below it. Smooth, and common in transformers.",
               lambda x: x * 0.5 * (1 + erf(x / np.sqrt(2)))),
    Activation("silu", "`x sigmoid(x)`, also called swish: like relu without the corner; it dips a little "
               "below zero.",
               lambda x: x * expit(x)),
    Activation("tanh", "Squeezes its input to -1..1. The usual choice in recurrent networks. For large sums "
               "it is almost flat: its slope approaches zero there.",
               np.tanh),
    Activation("sigmoid", "`1 / (1 + exp(-x))`: squeezes its input to 0..1. Its slope is at most 0.25, so "
               "after a few layers usually little of the gradient is left: deep networks learn slowly.",
               expit),
    Activation("softplus", "`log(1 + exp(x))`: a smooth version of relu that is never exactly zero.",
               lambda x: np.logaddexp(0, x)),
    Activation("linear", "`x`: no activation at all. The network stays linear, however many layers it has.",
               lambda x: x),
)

ACTIVATIONS: dict[str, Activation] = {entry.name: entry for entry in _ENTRIES}
