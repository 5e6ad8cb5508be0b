"""The activations on offer, under Keras's own names, with their formulas in NumPy for pictures."""

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
    Activation("relu", "Zero below zero, the identity above. Fast, and the usual first choice.",
               lambda x: np.maximum(x, 0)),
    Activation("leaky_relu", "Like relu, but with a slope of 0.2 below zero, so that no unit dies.",
               lambda x: np.where(x > 0, x, 0.2 * x)),
    Activation("elu", "Smooth below zero, where it tends to -1; keeps the mean output near zero.",
               lambda x: np.where(x > 0, x, np.expm1(np.minimum(x, 0)))),
    Activation("selu", "A scaled elu that keeps the outputs of deep stacks at mean 0, variance 1.",
               lambda x: SELU_SCALE * np.where(x > 0, x, SELU_ALPHA * np.expm1(np.minimum(x, 0)))),
    Activation("gelu", "Weighs the input by how likely a normal number lies below it; smooth.",
               lambda x: x * 0.5 * (1 + erf(x / np.sqrt(2)))),
    Activation("silu", "The input times its sigmoid, also called swish; smooth, dips below zero.",
               lambda x: x * expit(x)),
    Activation("tanh", "Squeezes to -1..1 around zero. The usual choice in recurrent networks.",
               np.tanh),
    Activation("sigmoid", "Squeezes to 0..1. Its slope is at most 0.25, so deep stacks learn slowly.",
               expit),
    Activation("softplus", "A smooth relu: log(1 + exp(x)). Never exactly zero.",
               lambda x: np.logaddexp(0, x)),
    Activation("linear", "No activation at all: however many layers, the network stays linear.",
               lambda x: x),
)

ACTIVATIONS: dict[str, Activation] = {entry.name: entry for entry in _ENTRIES}
