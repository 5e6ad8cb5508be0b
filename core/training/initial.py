"""First weights, drawn with NumPy by Keras's formulas.

Keras's own initializers compile a small program for each new shape: 0.6 to 1.4 s for a new network. NumPy
draws from the same distributions in milliseconds, with a seed derived from the run's.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from scipy.stats import truncnorm

# The purposes of random numbers: the same seed gives each purpose a stream of its own.
WEIGHTS, DROPOUT, ORDER, AUGMENTATION, PROBE, TEST_PROBE = 1, 2, 3, 4, 5, 6
AGENT, AGENT_KEY = 7, 8

# Standard deviation of a normal distribution that is cut off at two standard deviations.
CUT_NORMAL = float(truncnorm.std(-2, 2))

Shape = tuple[int, ...]


def stream(seed: int, purpose: int, index: int) -> np.random.Generator:
    """The random numbers of one purpose: independent of every other purpose and index."""
    return np.random.default_rng([seed, purpose, index])


def initial_values(variables: Sequence[Any], seed: int) -> list[np.ndarray]:
    """A first value for each Keras variable; the variables need not have one yet.

    Raises `NotImplementedError` for an initializer that is not in the table below.
    """
    return [_value(variable, seed, index) for index, variable in enumerate(variables)]


def _value(variable: Any, seed: int, index: int) -> np.ndarray:
    if variable.path.endswith("seed_generator_state"):
        # Dropout's own random state: a seed and a counter.
        drawn = stream(seed, DROPOUT, index).integers(2**31)
        return np.array([drawn, 0], variable.dtype)
    # The variable was made in a StatelessScope, so it holds its initializer and no value.
    initializer = variable._initializer
    if initializer is None:
        return np.asarray(variable.value)
    shape, name = tuple(variable.shape), type(initializer).__name__
    if name == "function":
        # The bias of an LSTM, a quarter of which is ones: Keras composes it from two initializers.
        return np.asarray(initializer(shape, dtype=variable.dtype))
    if name not in _FORMULAS:
        raise NotImplementedError(f"No NumPy formula for the initializer {name} of {variable.path}.")
    # Most variables belong to the optimizer and start at zero: creating a stream would take longer.
    random = None if name in _FIXED else stream(seed, WEIGHTS, index)
    return np.asarray(_FORMULAS[name](initializer, shape, random), variable.dtype)


def fans(shape: Shape) -> tuple[int, int]:
    """Inputs and outputs of one unit; for a convolution's kernel, times the pixels that it covers."""
    if len(shape) < 2:
        return (shape[0], shape[0]) if shape else (1, 1)
    field = int(np.prod(shape[:-2]))
    return shape[-2] * field, shape[-1] * field


def cut_normal(shape: Shape, random: np.random.Generator) -> np.ndarray:
    """Standard normal numbers; those beyond 2 are drawn again."""
    values = random.standard_normal(shape)
    while (beyond := np.abs(values) > 2).any():
        values[beyond] = random.standard_normal(beyond.sum())
    return values


def _variance_scaling(initializer: Any, shape: Shape, random: np.random.Generator) -> np.ndarray:
    """Glorot & Bengio 2010 and He et al. 2015, as `keras.initializers.VarianceScaling` has them."""
    fan_in, fan_out = fans(shape)
    size = {"fan_in": fan_in, "fan_out": fan_out, "fan_avg": (fan_in + fan_out) / 2}[initializer.mode]
    variance = initializer.scale / max(1.0, size)
    if initializer.distribution == "uniform":
        limit = np.sqrt(3 * variance)
        return random.uniform(-limit, limit, shape)
    if initializer.distribution == "truncated_normal":
        return cut_normal(shape, random) * np.sqrt(variance) / CUT_NORMAL
    return random.normal(0, np.sqrt(variance), shape)


def _orthogonal(initializer: Any, shape: Shape, random: np.random.Generator) -> np.ndarray:
    """Saxe et al. 2014: Q of a random matrix, signs fixed so that it is uniformly distributed."""
    rows, columns = int(np.prod(shape[:-1])), shape[-1]
    q, r = np.linalg.qr(random.normal(size=(max(rows, columns), min(rows, columns))))
    q = q * np.sign(np.diag(r))
    return initializer.gain * (q if rows >= columns else q.T).reshape(shape)


_Formula = Callable[[Any, Shape, Any], np.ndarray]
_FIXED = ("Zeros", "Ones", "Constant")

_FORMULAS: dict[str, _Formula] = {
    "Zeros": lambda initializer, shape, random: np.zeros(shape),
    "Ones": lambda initializer, shape, random: np.ones(shape),
    "Constant": lambda initializer, shape, random: np.full(shape, initializer.value),
    "Orthogonal": _orthogonal,
    "RandomNormal": lambda initializer, shape, random: (
        random.normal(initializer.mean, initializer.stddev, shape)),
    "RandomUniform": lambda initializer, shape, random: (
        random.uniform(initializer.minval, initializer.maxval, shape)),
    "TruncatedNormal": lambda initializer, shape, random: (
        initializer.mean + initializer.stddev * cut_normal(shape, random)),
    **dict.fromkeys(("GlorotUniform", "GlorotNormal", "HeUniform", "HeNormal", "LecunUniform",
                     "LecunNormal", "VarianceScaling"), _variance_scaling),
}
