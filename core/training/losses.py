"""Losses and metrics per example, with parameters that can be arguments of a compiled program.

Outputs are logits (n, classes), or one logit (n, 1) for the second of two classes, or numbers (n, outputs),
or logits of pixels (n, outputs), or of words (n, vocabulary); y is int32 (n,) or float32 (n, outputs), of
hidden words int32 (n,) or (n, words), 0 for none. Each loss equals that of Keras's
class in `core.catalog.losses`, without reduction; see keras/src/losses/losses.py.
"""

from collections.abc import Callable, Mapping
from typing import Any

import jax
import jax.numpy as jnp
from jaxtyping import Float, Num, PyTree

from core.datasets.words import PADDING
from core.runs.guesses import GUESSES

Numbers = Mapping[str, Any]
# Any, because arrays are NumPy's outside a compiled program and traced inside.
Outputs = Float[Any, "n outputs"]
Targets = Num[Any, "n *outputs"]
PerExample = Float[Any, "n"]


def _targets(outputs: Outputs, y: Targets) -> Outputs:
    return jax.nn.one_hot(y, outputs.shape[-1], dtype=outputs.dtype)


def _cross_entropy(outputs: Outputs, y: Targets, numbers: Numbers) -> PerExample:
    smoothing = numbers["label_smoothing"]
    targets = _targets(outputs, y) * (1 - smoothing) + smoothing / outputs.shape[-1]
    return -jnp.sum(targets * jax.nn.log_softmax(outputs), -1)


def _binary_cross_entropy(outputs: Outputs, y: Targets, numbers: Numbers) -> PerExample:
    """-log sigmoid(z) for the second class, -log sigmoid(-z) for the first, for logits z of any size."""
    smoothing, z = numbers["label_smoothing"], outputs[:, 0]
    target = y.astype(outputs.dtype) * (1 - smoothing) + smoothing / 2
    return jax.nn.softplus(z) - target * z


def _mse_probabilities(outputs: Outputs, y: Targets, numbers: Numbers) -> PerExample:
    return jnp.mean(jnp.square(_targets(outputs, y) - jax.nn.softmax(outputs)), -1)


def _categorical_hinge(outputs: Outputs, y: Targets, numbers: Numbers) -> PerExample:
    targets = _targets(outputs, y)
    # As Keras writes it, so that the best other output is never below the 0 that stands for the true class.
    margin = _largest((1 - targets) * outputs) - jnp.sum(targets * outputs, -1) + 1
    return jnp.where(margin > 0, margin, 0)


def _largest(values: Float[Any, "n k"]) -> PerExample:
    """The largest of values (n, k), (n,), with the gradient of `jnp.max`: equal values share it.

    The gradients of `jnp.max` and `jnp.maximum` look for values that equal the maximum. XLA may compute the
    values a second time for that, with other rounding, and then none does. So they are compared with each
    other.
    """
    first = (values[:, :, None] >= values[:, None, :]).all(-1).astype(values.dtype)
    return jnp.sum(jax.lax.stop_gradient(first / first.sum(-1, keepdims=True)) * values, -1)


def _pixel_cross_entropy(outputs: Outputs, y: Targets, numbers: Numbers) -> PerExample:
    return jnp.mean(jax.nn.softplus(outputs) - y * outputs, -1)


def _mse(outputs: Outputs, y: Targets, numbers: Numbers) -> PerExample:
    return jnp.mean(jnp.square(outputs - y), -1)


def _mae(outputs: Outputs, y: Targets, numbers: Numbers) -> PerExample:
    return jnp.mean(jnp.abs(outputs - y), -1)


def _huber(outputs: Outputs, y: Targets, numbers: Numbers) -> PerExample:
    error, delta = jnp.abs(outputs - y), numbers["delta"]
    return jnp.mean(jnp.where(error <= delta, 0.5 * jnp.square(error),
                              delta * error - 0.5 * jnp.square(delta)), -1)


def _word_cross_entropy(outputs: Outputs, y: Targets, numbers: Numbers) -> PerExample:
    words = _words(y)
    told = jnp.take_along_axis(jax.nn.log_softmax(outputs), words, axis=-1)
    return -_mean_of_hidden(told, words)


def _words(y: Targets) -> Num[Any, "n words"]:
    return y if y.ndim > 1 else y[:, None]


def _mean_of_hidden(values: Float[Any, "n words"], words: Num[Any, "n words"]) -> PerExample:
    """The mean over the hidden words of each sentence; 0 where none is."""
    counted = words != PADDING
    return jnp.sum(jnp.where(counted, values, 0.0), -1) / jnp.maximum(counted.sum(-1), 1)


_FORMULAS: dict[str, Callable[[Outputs, Targets, Numbers], PerExample]] = {
    "cross_entropy": _cross_entropy, "binary_cross_entropy": _binary_cross_entropy,
    "mse_probabilities": _mse_probabilities, "categorical_hinge": _categorical_hinge,
    "mse": _mse, "mae": _mae, "huber": _huber, "pixel_cross_entropy": _pixel_cross_entropy,
    "word_cross_entropy": _word_cross_entropy}


def example_losses(loss_name: str, outputs: Outputs, y: Targets, numbers: Numbers) -> PerExample:
    """The loss of each example, (n,). numbers: values of the loss's parameters, which may be traced."""
    return _FORMULAS[loss_name](outputs, y, numbers)


def example_metrics(task: str, outputs: Outputs, y: Targets,
                    deviation: Float[Any, "outputs"] | float = 1.0) -> PerExample:
    """For each example, (n,): 1 if its class is right, or its absolute error, averaged over outputs.

    Of a reconstruction, the root of the mean squared error over the example's values, as the network sees
    them; outputs are its `predictions` then. Of hidden words, the share of them that is guessed.
    deviation: of the targets, (outputs,), which converts standardized errors into their own units.
    """
    if task == "classification":
        told = outputs[:, 0] > 0 if outputs.shape[-1] == 1 else jnp.argmax(outputs, -1)
        return (told == y).astype(outputs.dtype)
    if task == "guessing":
        right = jnp.argmax(outputs, -1)[:, None] == _words(y)
        return _mean_of_hidden(right.astype(outputs.dtype), _words(y))
    if task == "reconstruction":
        return jnp.sqrt(jnp.mean(jnp.square(outputs - y), -1))
    return jnp.mean(jnp.abs(outputs - y) * deviation, -1)


def predictions(task: str, outputs: Outputs, loss_name: str = "") -> Float[Any, "n units"]:
    """Probabilities (n, classes) of logits; numbers (n, outputs) as they are, standardized ones too.

    The pixels (n, outputs) of their logits, if it is this loss that needs those. Of hidden words the
    `GUESSES` likeliest: their probabilities, then their numbers, (n, 2 `GUESSES`), because those of all words
    of a large vocabulary would fill the memory.
    """
    if task == "guessing":
        likely, words = jax.lax.top_k(jax.nn.softmax(outputs), GUESSES)
        return jnp.concatenate([likely, words.astype(outputs.dtype)], -1)
    if loss_name == "pixel_cross_entropy":
        return jax.nn.sigmoid(outputs)
    if task != "classification":
        return outputs
    if outputs.shape[-1] == 1:
        return jax.nn.sigmoid(jnp.concatenate([-outputs, outputs], -1))
    return jax.nn.softmax(outputs)


def clipped(gradients: PyTree, norm: Float[Any, ""] | float) -> PyTree:
    """Gradients of any tree, scaled down together if their global norm exceeds `norm`; unchanged for 0.

    norm: a number or traced. A gradient that is not finite makes all of them so, as with Keras's
    `global_clipnorm`. Source: keras/src/optimizers/base_optimizer.py, `clip_by_global_norm`.
    """
    leaves = jax.tree.leaves(gradients)
    own = jnp.sqrt(jnp.sum(jnp.stack([jnp.sum(jnp.square(leave)) for leave in leaves])))
    scale = norm * jnp.minimum(1 / own, 1 / jnp.asarray(norm, jnp.float32)) + (own - own)
    scale = jnp.where(norm > 0, scale, 1.0)
    return jax.tree.map(lambda gradient: gradient * scale, gradients)
